import type { GroupId, TransferId } from '../../../shared/domain/ids.ts';
import type { TransferFilter } from '../../../shared/domain/transfer.ts';
import type { Database } from './database.ts';
import { readTransfer, type StoredTransfer } from './stored-transfer.ts';

/** Ranks a filter of the panel covers, both included. */
export const FILTER_RANKS: Readonly<Record<TransferFilter, readonly [number, number]>> = {
  all: [0, 5],
  active: [0, 3],
  failed: [4, 4],
  finished: [5, 5],
};

/** Reads the rows of groups for the panel. */
export class PanelStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** A page of one group's rows under a filter, unfinished first. */
  rowsOf(
    groupId: GroupId,
    filter: TransferFilter,
    offset: number,
    limit: number,
  ): readonly StoredTransfer[] {
    const [first, last] = FILTER_RANKS[filter];
    // The inner query walks the index alone, so a far offset does not read rows.
    return this.#database
      .all(
        `SELECT t.* FROM (SELECT id FROM transfers INDEXED BY transfers_group
            WHERE group_id = ? AND state_rank BETWEEN ? AND ?
            ORDER BY state_rank, position, id LIMIT ? OFFSET ?) AS p
          JOIN transfers t ON t.id = p.id ORDER BY t.state_rank, t.position, t.id`,
        groupId,
        first,
        last,
        limit,
        offset,
      )
      .map(readTransfer);
  }

  /**
   * The place of a group's first row in the order of running, of those that wait for their
   * turn if there are any; `undefined`: no rows.
   */
  firstPosition(groupId: GroupId): number | undefined {
    // One look into the index for each rank.
    const row = this.#database.get(
      `SELECT min(first) FILTER (WHERE rank BETWEEN 1 AND 3) AS waiting, min(first) AS first
        FROM (SELECT r.column1 AS rank, (SELECT min(position) FROM transfers
            INDEXED BY transfers_group
            WHERE group_id = ?1 AND state_rank = r.column1) AS first
          FROM (VALUES (0), (1), (2), (3), (4), (5)) AS r)`,
      groupId,
    );
    return ((row?.['waiting'] ?? row?.['first']) as number | null) ?? undefined;
  }

  /** Rows of a group that wait for their turn, in that order. */
  movable(groupId: GroupId, limit: number): readonly TransferId[] {
    return this.#database
      .all(
        `SELECT id FROM transfers INDEXED BY transfers_group
          WHERE group_id = ? AND state_rank IN (1, 2, 3) ORDER BY position, id LIMIT ?`,
        groupId,
        limit,
      )
      .map((row) => row['id'] as TransferId);
  }

  /** Rows by id, in the order asked for; those that are gone are left out. */
  rowsById(ids: readonly TransferId[]): readonly StoredTransfer[] {
    return ids.flatMap((id) => {
      const rows = this.#database.all('SELECT * FROM transfers WHERE id = ?', id);
      return rows.map(readTransfer);
    });
  }
}
