import { Toast as Base } from '@base-ui/react/toast';
import { createContext, useContext } from 'react';

/** Colour and sign of a message. Errors are announced at once and stay until dismissed. */
export type ToastTone = 'info' | 'success' | 'error';

/** A short message in the corner of the window. */
export interface ToastMessage {
  readonly title: string;
  readonly description?: string | undefined;
  readonly tone?: ToastTone;
  /** One thing to do about it, such as Undo. Choosing it closes the message. */
  readonly action?: { readonly label: string; readonly onSelect: () => void };
  /** Milliseconds; 0 stays. 6 s unless told, 10 s with an action, errors stay. */
  readonly timeoutMs?: number;
}

/** What a message carries besides its text. */
export interface ToastData {
  readonly tone: ToastTone;
  readonly action: ToastMessage['action'];
}

/** Shows and takes back messages; usable outside React. */
export interface Toasts {
  /** Shows a message and returns its id. */
  readonly show: (message: ToastMessage) => string;
  readonly close: (id: string) => void;
  /** For the host alone. */
  readonly manager: Base.Provider.Props['toastManager'] & object;
}

/** Makes the message list of a window. */
export function createToasts(): Toasts {
  const manager = Base.createToastManager<ToastData>();
  return {
    manager: manager as Toasts['manager'],
    show: (message) => {
      const tone = message.tone ?? 'info';
      const usual = tone === 'error' ? 0 : message.action === undefined ? 6_000 : 10_000;
      return manager.add({
        title: message.title,
        description: message.description,
        timeout: message.timeoutMs ?? usual,
        priority: tone === 'error' ? 'high' : 'low',
        data: { tone, action: message.action },
      });
    },
    close: (id) => manager.close(id),
  };
}

/** The message list of the window. Set by `UiProvider`. */
export const ToastsContext = createContext<Toasts | null>(null);

/** The message list around this component. Throws outside a `UiProvider`. */
export function useToasts(): Toasts {
  const toasts = useContext(ToastsContext);
  if (toasts === null) throw new Error('useToasts needs a UiProvider around it');
  return toasts;
}
