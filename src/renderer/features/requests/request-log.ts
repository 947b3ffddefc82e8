import { createStore, type StoreApi } from 'zustand/vanilla';
import type { RequestEntry } from '../../../shared/domain/request-entry.ts';
import type { Api } from '../../bridge/api.ts';

/** How often the engine is asked while the log is on screen, ms. */
const ASK_EVERY_MS = 600;
/** Entries shown. */
const SHOWN = 2_000;

/** What the request log shows. */
export interface RequestLogState {
  /** Oldest first. */
  readonly entries: readonly RequestEntry[];
  readonly text: string;
  readonly errorsOnly: boolean;
}

/** The request log of a window. Asks for nothing while it is not on screen. */
export interface RequestLog {
  readonly store: StoreApi<RequestLogState>;
  /** It is on screen and kept up to date until the returned function is called. */
  readonly watch: () => () => void;
  readonly setView: (view: {
    readonly text?: string;
    readonly errorsOnly?: boolean;
  }) => void;
  readonly clear: () => Promise<void>;
  readonly dispose: () => void;
}

/** Makes the request log of a window. */
export function createRequestLog(
  api: Api,
  onError: (error: unknown) => void,
): RequestLog {
  const store = createStore<RequestLogState>(() => ({
    entries: [],
    text: '',
    errorsOnly: false,
  }));
  let timer: ReturnType<typeof setTimeout> | null = null;
  let newest = 0;
  let watched = false;
  /** Answers of before a clear, or of a log that was closed, come too late. */
  let round = 0;

  function askAgain(): void {
    timer = setTimeout(() => void ask(), ASK_EVERY_MS);
  }

  async function ask(): Promise<void> {
    timer = null;
    const mine = round;
    try {
      const page = await api.requests.page({ after: newest, limit: SHOWN });
      if (mine !== round) return;
      const anew = page.newest < newest;
      newest = page.newest;
      if (page.entries.length > 0 || anew) {
        const before = anew ? [] : store.getState().entries;
        store.setState({ entries: [...before, ...page.entries].slice(-SHOWN) });
      }
    } catch (error) {
      if (mine !== round) return;
      onError(error);
    }
    askAgain();
  }

  function stop(): void {
    round += 1;
    if (timer !== null) clearTimeout(timer);
    timer = null;
  }

  return {
    store,
    watch() {
      stop();
      watched = true;
      void ask();
      return () => {
        watched = false;
        stop();
      };
    },
    setView: (view) => store.setState(view),
    async clear() {
      stop();
      store.setState({ entries: [] });
      try {
        await api.requests.clear();
      } finally {
        if (watched) void ask();
      }
    },
    dispose: stop,
  };
}

/** What a person stopped: no failure. */
const STOPPED = 'transfer.cancelled';

/** How a request ended, in words: the server's where it said something. */
export function outcomeOf({ status, error }: RequestEntry): string {
  const words = error === STOPPED ? 'Stopped' : error;
  // A head's answer has no words of its own.
  if (words === `HTTP ${status}`) return String(status);
  return [status === 0 ? '' : String(status), words].filter(Boolean).join(' ');
}

/** Whether a request failed. */
export function isFailed({ status, error }: RequestEntry): boolean {
  if (error === STOPPED) return false;
  return error !== '' || status === 0 || status >= 400;
}

/** The entries that fit, in order. */
export function filterEntries(
  entries: readonly RequestEntry[],
  { text, errorsOnly }: Pick<RequestLogState, 'text' | 'errorsOnly'>,
): readonly RequestEntry[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '' && !errorsOnly) return entries;
  return entries.filter((entry) => {
    if (errorsOnly && !isFailed(entry)) return false;
    return wanted === '' || lineOf(entry).toLowerCase().includes(wanted);
  });
}

/** A request as a line of text, with tabs, for the clipboard. */
export function lineOf(entry: RequestEntry): string {
  return [
    new Date(entry.at).toISOString(),
    entry.method,
    entry.operation,
    entry.bucket === '' ? '/' : `${entry.bucket}/${entry.key}`,
    entry.status === 0 ? '-' : String(entry.status),
    `${Math.round(entry.ms)} ms`,
    `${entry.bytes} bytes`,
    entry.requestId,
    entry.error,
  ].join('\t');
}
