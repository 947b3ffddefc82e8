import type { ConnectionId, GroupId } from '../../../shared/domain/ids.ts';
import type { Database } from './database.ts';
import type { RowFilter } from './row-filter.ts';
import { readTransfer, STATE_RANK, type StoredTransfer } from './stored-transfer.ts';

/** What retrying asks of rows that came to their end. */
export class SettledRows {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Groups and connections of the settled rows of a filter. */
  places(filter: RowFilter): {
    readonly groupIds: readonly GroupId[];
    readonly connectionIds: readonly ConnectionId[];
  } {
    const rows = this.#database.all(
      `SELECT DISTINCT group_id, connection_id FROM transfers
        WHERE state_rank >= ${STATE_RANK.failed} AND state <> 'done' ${filter.sql}`,
      ...filter.values,
    );
    return {
      groupIds: rows.map((row) => row['group_id'] as GroupId),
      connectionIds: rows.map((row) => row['connection_id'] as ConnectionId),
    };
  }

  /** Failed rows that stand for a folder that could not be listed. */
  unlisted(filter: RowFilter): readonly StoredTransfer[] {
    return this.#database
      .all(
        `SELECT * FROM transfers WHERE state_rank = ${STATE_RANK.failed}
          AND kind IN ('download', 'copy', 'move', 'edit') AND objects_total IS NULL ${filter.sql}`,
        ...filter.values,
      )
      .map(readTransfer);
  }
}
