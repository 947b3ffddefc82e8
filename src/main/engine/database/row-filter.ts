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
