import { createStore, type StoreApi } from 'zustand/vanilla';

/** Colour and sign of a message. Errors are announced at once and stay until dismissed. */
export type ToastTone = 'info' | 'success' | 'warning' | 'error';

/** A short message in the corner of the window. */
export interface ToastMessage {
  readonly title: string;
  readonly description?: string | undefined;
  /** `info` unless told. */
  readonly tone?: ToastTone;
  /** One thing to do about it, such as Undo. Choosing it closes the message. */
  readonly action?: { readonly label: string; readonly onSelect: () => void } | undefined;
  /** Milliseconds; 0 stays. 6 s unless told, 10 s with an action, errors stay. */
  readonly timeoutMs?: number;
}

/** A message on screen. */
export interface ToastItem extends ToastMessage {
  readonly id: string;
  readonly tone: ToastTone;
  readonly timeoutMs: number;
}

/** Shows and takes back messages; usable outside React. */
export interface Toasts {
  /** Messages on screen, oldest first. */
  readonly store: StoreApi<{ readonly items: readonly ToastItem[] }>;
  /** Shows a message and returns its id. */
  readonly show: (message: ToastMessage) => string;
  readonly close: (id: string) => void;
}

/** Most messages at once; the oldest goes first. */
const MOST = 4;

/** Makes the message list of a window. */
export function createToasts(): Toasts {
  const store: Toasts['store'] = createStore(() => ({ items: [] }));
  let count = 0;
  return {
    store,
    show: (message) => {
      count += 1;
      const id = `toast-${count}`;
      const tone = message.tone ?? 'info';
      const usual = tone === 'error' ? 0 : message.action === undefined ? 6_000 : 10_000;
      const item = { ...message, id, tone, timeoutMs: message.timeoutMs ?? usual };
      store.setState(({ items }) => ({ items: [...items, item].slice(-MOST) }));
      return id;
    },
    close: (id) => {
      store.setState(({ items }) => ({ items: items.filter((item) => item.id !== id) }));
    },
  };
}
