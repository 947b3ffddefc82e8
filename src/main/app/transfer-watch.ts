import type { GroupFinished, TransferBatch } from '../../shared/contract/transfers.ts';
import type { GroupId } from '../../shared/domain/ids.ts';
import type { Settings } from '../../shared/domain/settings.ts';
import type { Notifier, PowerBlocker, WindowPort } from '../platform/desktop.ts';
import type { Clock } from '../platform/system.ts';
import { finishedText } from './texts.ts';

/** A batch this long is worth a notification even while one looks at the window, ms. */
const LONG_MS = 10_000;

/** What main itself does about transfers: stay awake, tell when they end, ask at quit. */
export interface TransferWatch {
  /** Something is being transferred right now. */
  readonly busy: boolean;
  /** Remembers when a group began. */
  began(groupId: GroupId): void;
  changed(batch: TransferBatch): void;
  finished(group: GroupFinished): void;
  /** The engine is gone, and with it all that ran. */
  engineGone(): void;
}

/** Makes the watch. */
export function createTransferWatch(options: {
  readonly clock: Clock;
  readonly power: PowerBlocker;
  readonly notifier: Notifier;
  readonly window: Pick<WindowPort, 'isFocused'>;
  readonly settings: () => Settings;
}): TransferWatch {
  const { clock, power, notifier, window, settings } = options;
  const startedAt = new Map<GroupId, number>();
  let busy = false;

  let awake = false;

  function setAwake(next: boolean): void {
    if (next !== awake) power.setActive(next);
    awake = next;
  }

  return {
    get busy() {
      return busy;
    },
    began(groupId) {
      startedAt.set(groupId, clock.now());
    },
    changed({ totals }) {
      const { running, planning, queued, paused } = totals;
      busy = running + planning > 0;
      // Planning stands still, too, once all that it found is paused.
      setAwake(running > 0 || (planning > 0 && (queued > 0 || paused === 0)));
    },
    finished(group) {
      const start = startedAt.get(group.groupId);
      startedAt.delete(group.groupId);
      const text = finishedText(group);
      if (text === null || !settings().notifyWhenDone) return;
      // A group of an earlier run: it certainly took long.
      const long = start === undefined || clock.now() - start > LONG_MS;
      if (long || !window.isFocused()) notifier.notify(text);
    },
    engineGone() {
      busy = false;
      setAwake(false);
    },
  };
}
