import type { TransferId } from '../../../shared/domain/ids.ts';
import type { SqlValue } from './database.ts';

/** An extra condition on rows, beginning with `AND`. */
export interface RowFilter {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

/** A condition that holds for these ids. */
export function withIds(ids: readonly TransferId[]): RowFilter {
  return {
    sql: 'AND id IN (SELECT value FROM json_each(?))',
    values: [JSON.stringify(ids)],
  };
}

/** No pause before the next try is longer, ms. */
export const LONGEST_PAUSE_MS = 10 * 60_000;

/** Whether a pause is over, or would last longer than any: then the clock was set back. */
export function isPauseOver(until: number, now: number): boolean {
  return until <= now || until > now + LONGEST_PAUSE_MS;
}

/** Rows for which {@link isPauseOver}. */
export function pausesOver(now: number): RowFilter {
  return {
    sql: `AND wait_reason IN ('backoff', 'offline')
      AND (wait_until <= ? OR wait_until > ?)`,
    values: [now, now + LONGEST_PAUSE_MS],
  };
}
