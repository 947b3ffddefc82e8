import type { TransferTotals } from '../domain/transfer.ts';

/** Totals of an empty queue. */
export const NO_TOTALS: TransferTotals = {
  queued: 0,
  running: 0,
  waiting: 0,
  paused: 0,
  failed: 0,
  cancelled: 0,
  skipped: 0,
  done: 0,
  conflicts: 0,
  planning: 0,
  bytesTotal: 0,
  bytesDone: 0,
  speed: 0,
  secondsLeft: null,
};
