import type { RequestEntry } from '../../../shared/domain/request-entry.ts';

/** Entries kept. */
const KEPT = 2_000;

/** Takes requests as they end. Must cost next to nothing: every request passes here. */
export interface RequestSink {
  add(entry: Omit<RequestEntry, 'seq'>): void;
}

/** The newest requests of all connections, in memory only. */
export interface RequestLog extends RequestSink {
  /** Entries after `after`, oldest first, at most `limit` of the newest. */
  page(input: { readonly after: number; readonly limit: number }): {
    entries: RequestEntry[];
    newest: number;
  };
  clear(): void;
}

/** An empty log: a ring of the newest {@link KEPT} entries. */
export function createRequestLog(kept = KEPT): RequestLog {
  const ring: RequestEntry[] = [];
  let newest = 0;
  /** Entries up to here were cleared. */
  let cleared = 0;
  return {
    add(entry) {
      newest += 1;
      ring[newest % kept] = { ...entry, seq: newest };
    },
    page({ after, limit }) {
      // A reader from before the engine's restart counted further than we have.
      const known = after > newest ? 0 : after;
      const first = Math.max(known, cleared, newest - kept, newest - limit) + 1;
      const entries: RequestEntry[] = [];
      for (let seq = first; seq <= newest; seq += 1) {
        const entry = ring[seq % kept];
        if (entry !== undefined) entries.push(entry);
      }
      return { entries, newest };
    },
    clear() {
      cleared = newest;
      ring.length = 0;
    },
  };
}
