import { Notification } from 'electron';
import type { Notifier } from '../platform/desktop.ts';

/** Notifications of the system; where there are none, nothing happens. */
export function createNotifier(onClick: () => void): Notifier {
  // Held while shown: a collected notification no longer answers to clicks.
  const shown = new Set<Notification>();
  return {
    notify({ title, body }) {
      if (!Notification.isSupported()) return;
      const notification = new Notification({ title, body });
      shown.add(notification);
      notification.on('click', onClick);
      notification.on('close', () => shown.delete(notification));
      notification.show();
    },
  };
}
