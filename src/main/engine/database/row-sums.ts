import type { GroupId } from '../../../shared/domain/ids.ts';
import type { TransferState } from '../../../shared/domain/transfer.ts';
import type { Database, SqlRow, SqlValue } from './database.ts';
import type { TallyEntry } from './tally.ts';

/** Rows alike, for counting. */
export interface RowSum {
  readonly entry: TallyEntry;
  /** How many. */
  readonly count: number;
}

/** Adds up rows of the table `transfers` by group and state; `where`: SQL, or empty. */
export function sumRows(
  database: Database,
  where: string,
  values: readonly SqlValue[],
): readonly RowSum[] {
  return database
    .all(
      `SELECT group_id, state, wait_reason, count(*) AS count,
        sum(coalesce(bytes_total, bytes_done)) AS bytes_total,
        sum(bytes_done) AS bytes_done, max(finished_at) AS finished_at
        FROM transfers ${where} GROUP BY group_id, state, wait_reason`,
      ...values,
    )
    .map((row) => ({ entry: readEntry(row), count: row['count'] as number }));
}

function readEntry(row: SqlRow): TallyEntry {
  return {
    groupId: row['group_id'] as GroupId,
    state: row['state'] as TransferState,
    waitReason: row['wait_reason'] as TallyEntry['waitReason'],
    bytesTotal: row['bytes_total'] as number,
    bytesDone: row['bytes_done'] as number,
    finishedAt: row['finished_at'] as number | null,
  };
}
