import { createStore, type StoreApi } from 'zustand/vanilla';
import type { SerializedError } from '../../shared/errors/error.ts';

/** What a toast says and how serious it is. */
export interface ToastMessage {
  readonly id: number;
  readonly tone: 'info' | 'success' | 'warning' | 'error';
  readonly title: string;
  readonly detail?: string | undefined;
  /** Shown through the message catalogue instead of `title`. */
  readonly error?: SerializedError | undefined;
  readonly action?: { readonly label: string; readonly run: () => void } | undefined;
  /** Milliseconds until it goes by itself; 0: stays. */
  readonly lifetimeMs: number;
}

/** Toasts on screen, oldest first. */
export interface ToastsState {
  readonly toasts: readonly ToastMessage[];
}

/** Shows and removes toasts. */
export interface Toasts {
  readonly store: StoreApi<ToastsState>;
  /** Shows a toast and returns its id. */
  readonly show: (
    toast: Omit<ToastMessage, 'id' | 'lifetimeMs'> & { readonly lifetimeMs?: number },
  ) => number;
  readonly showError: (error: SerializedError) => void;
  readonly dismiss: (id: number) => void;
}

/** Most toasts at once; the oldest goes first. */
const MOST = 4;

/** Makes the toasts of a window. */
export function createToasts(): Toasts {
  const store = createStore<ToastsState>(() => ({ toasts: [] }));
  let nextId = 1;
  const show: Toasts['show'] = (toast) => {
    const id = nextId;
    nextId += 1;
    const lifetimeMs = toast.lifetimeMs ?? (toast.tone === 'error' ? 12_000 : 5_000);
    store.setState(({ toasts }) => ({
      toasts: [...toasts, { ...toast, id, lifetimeMs }].slice(-MOST),
    }));
    return id;
  };
  return {
    store,
    show,
    showError: (error) => {
      show({ tone: 'error', title: error.code, error });
    },
    dismiss: (id) => {
      store.setState(({ toasts }) => ({ toasts: toasts.filter((t) => t.id !== id) }));
    },
  };
}
