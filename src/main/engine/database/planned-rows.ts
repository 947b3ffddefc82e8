import type { GroupId } from '../../../shared/domain/ids.ts';
import type { Database } from './database.ts';

/** What planning asks of the rows a group has so far. */
export class PlannedRows {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Whether a download of the group already goes to this (folded) path, or below it. */
  foldTaken(groupId: GroupId, fold: string, separator: string): boolean {
    const row = this.#database.get(
      `SELECT 1 AS hit FROM transfers WHERE group_id = ? AND fold = ?
        UNION ALL SELECT 1 FROM transfers WHERE group_id = ? AND fold > ? AND fold < ?
        LIMIT 1`,
      groupId,
      fold,
      groupId,
      fold + separator,
      fold + String.fromCharCode(separator.charCodeAt(0) + 1),
    );
    return row !== undefined;
  }

  /** Whether a download of the group makes a file of exactly this (folded) path. */
  foldIsFile(groupId: GroupId, fold: string): boolean {
    return (
      this.#database.get(
        'SELECT 1 AS hit FROM transfers WHERE group_id = ? AND fold = ? LIMIT 1',
        groupId,
        fold,
      ) !== undefined
    );
  }

  /** Whether anything of the group is planned. */
  hasRows(groupId: GroupId): boolean {
    return (
      this.#database.get(
        'SELECT 1 AS hit FROM transfers WHERE group_id = ? LIMIT 1',
        groupId,
      ) !== undefined
    );
  }

  /** Whether the group has this source already, from before a restart. */
  hasKey(groupId: GroupId, key: string): boolean {
    return (
      this.#database.get(
        `SELECT 1 AS hit FROM transfers
          WHERE group_id = ? AND key = ? AND kind <> 'upload'`,
        groupId,
        key,
      ) !== undefined
    );
  }
}
