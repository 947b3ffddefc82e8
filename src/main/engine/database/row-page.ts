import type { TransferFilter, TransferState } from '../../../shared/domain/transfer.ts';
import type { Database } from './database.ts';
import { readTransfer, STATE_RANK, type StoredTransfer } from './stored-transfer.ts';
import type { Tally } from './tally.ts';

/** A page of the panel. */
export interface RowPage {
  /** Rows under the filter. */
  readonly total: number;
  readonly rows: readonly StoredTransfer[];
}

/** Ranks a filter of the panel covers, both included. */
const FILTER_RANKS: Readonly<Record<TransferFilter, readonly [number, number]>> = {
  all: [0, 5],
  active: [0, 3],
  failed: [4, 4],
  finished: [5, 5],
};

/** Reads a page of the table `transfers`; the tally says how long the whole is. */
export function readPage(
  database: Database,
  tally: Tally,
  page: {
    readonly filter: TransferFilter;
    readonly offset: number;
    readonly limit: number;
  },
): RowPage {
  const [first, last] = FILTER_RANKS[page.filter];
  let total = 0;
  for (const [state, rank] of Object.entries(STATE_RANK)) {
    if (rank < first || rank > last) continue;
    total += tally.state(state as TransferState).count;
  }
  // The inner query walks the index alone, so a far offset does not read rows.
  const rows = database.all(
    `SELECT t.* FROM (SELECT id FROM transfers INDEXED BY transfers_rank
        WHERE state_rank BETWEEN ? AND ? ORDER BY state_rank, position, id
        LIMIT ? OFFSET ?) AS p
      JOIN transfers t ON t.id = p.id ORDER BY t.state_rank, t.position, t.id`,
    first,
    last,
    page.limit,
    page.offset,
  );
  return { total, rows: rows.map(readTransfer) };
}
