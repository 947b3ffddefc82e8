import type { ConnectionId, GroupId, TransferId } from '../../../shared/domain/ids.ts';
import type { Database } from './database.ts';

/** Where the copies of a group go. */
export interface CopyTarget {
  readonly connectionId: ConnectionId;
  readonly bucket: string;
}

/** A row of the table `copies`: what was asked of the server, before it was asked. */
export interface StoredCopy {
  readonly sourceEtag: string;
  readonly sourceSize: number;
  /**
   * Tells the object that was at the target before; `null`: there was none. Once
   * `verified`, the copy itself.
   */
  readonly targetBefore: string | null;
  /** `verified`: the copy is whole and the source may go. */
  readonly phase: 'asked' | 'verified';
}

/** The tables `copy_targets` and `copies`. */
export class CopyStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Where the copies of a group go; `undefined`: it is no group of copies. */
  target(groupId: GroupId): CopyTarget | undefined {
    const row = this.#database.get(
      'SELECT connection_id, bucket FROM copy_targets WHERE group_id = ?',
      groupId,
    );
    if (row === undefined) return undefined;
    return {
      connectionId: row['connection_id'] as ConnectionId,
      bucket: row['bucket'] as string,
    };
  }

  saveTarget(groupId: GroupId, target: CopyTarget): void {
    this.#database.run(
      'INSERT OR REPLACE INTO copy_targets VALUES (?, ?, ?)',
      groupId,
      target.connectionId,
      target.bucket,
    );
  }

  /** Connections that copies of unfinished groups go to. */
  openTargets(): readonly ConnectionId[] {
    return this.#database
      .all(
        `SELECT DISTINCT t.connection_id FROM copy_targets t
          JOIN groups g ON g.id = t.group_id WHERE g.finished = 0`,
      )
      .map((row) => row['connection_id'] as ConnectionId);
  }

  entry(id: TransferId): StoredCopy | undefined {
    const row = this.#database.get(
      `SELECT source_etag, source_size, target_before, phase FROM copies
        WHERE transfer_id = ?`,
      id,
    );
    if (row === undefined) return undefined;
    return {
      sourceEtag: row['source_etag'] as string,
      sourceSize: row['source_size'] as number,
      targetBefore: row['target_before'] as string | null,
      phase: row['phase'] as StoredCopy['phase'],
    };
  }

  /** Committed by the request that follows. */
  save(id: TransferId, copy: StoredCopy): void {
    this.#database.run(
      'INSERT OR REPLACE INTO copies VALUES (?, ?, ?, ?, ?)',
      id,
      copy.sourceEtag,
      copy.sourceSize,
      copy.targetBefore,
      copy.phase,
    );
  }

  forget(id: TransferId): void {
    this.#database.run('DELETE FROM copies WHERE transfer_id = ?', id);
  }
}
