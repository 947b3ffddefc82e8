import { BulkChange, type Tag } from '../../../shared/domain/aspects.ts';
import type { GroupId, TransferId } from '../../../shared/domain/ids.ts';
import type { ObjectTurns } from '../aspects/object-turns.ts';
import type { Database } from './database.ts';
import type { NewTransfer, StoredTransfer } from './stored-transfer.ts';
import type { TransferStore } from './transfer-store.ts';

/** How far the objects of a bulk change were counted. */
export interface EditPlace {
  /** Item of the plan that is being listed. */
  readonly item: number;
  /** Everything up to this key of it has its row; empty: nothing. */
  readonly after: string;
}

/** A row of a bulk change, and the keys it stands for. */
export interface PlannedEdit {
  readonly row: NewTransfer;
  /** One: the row is that object's own. */
  readonly keys: readonly string[];
}

/** What a row that stands for many objects has before it. */
export interface EditBatch {
  readonly keys: readonly string[];
  /** All keys before this one are through. */
  readonly next: number;
}

/** The objects of a bulk change. */
export interface EditCounts {
  /** Counted until now. */
  readonly found: number;
  readonly done: number;
}

/** What tells an object of one key from the next. */
export interface TagOwner {
  readonly etag: string;
  /** Bytes. */
  readonly size: number;
  /** `null`: the bucket keeps none, or nobody tells. */
  readonly version: string | null;
  /** The ETag is the MD5 of the content. */
  readonly isSum: boolean;
}

/** Tags that an object may have lost to a rewrite of its headers. */
export interface OwedTags {
  readonly tags: readonly Tag[];
  /** The object before. */
  readonly owner: TagOwner;
  /** The object after; `null`: the answer did not come. */
  readonly made: { readonly etag: string; readonly version: string | null } | null;
}

/** The tables `edits`, `edit_batches` and `edit_tags`. */
export class EditStore {
  /** Of the objects that are being changed. */
  readonly turns: ObjectTurns;
  readonly #database: Database;
  readonly #store: TransferStore;
  /** Thousands of objects in a row ask for the same one. */
  #last: { readonly groupId: GroupId; readonly change: BulkChange } | undefined;

  constructor(database: Database, store: TransferStore, turns: ObjectTurns) {
    this.turns = turns;
    this.#database = database;
    this.#store = store;
  }

  begin(groupId: GroupId, change: BulkChange): void {
    this.#database.run(
      'INSERT INTO edits (group_id, change) VALUES (?, ?)',
      groupId,
      JSON.stringify(change),
    );
  }

  /** What a group changes. Throws when the journal holds something else. */
  change(groupId: GroupId): BulkChange {
    if (this.#last?.groupId === groupId) return this.#last.change;
    const row = this.#database.get(
      'SELECT change FROM edits WHERE group_id = ?',
      groupId,
    );
    const change = BulkChange.parse(JSON.parse(String(row?.['change'])));
    this.#last = { groupId, change };
    return change;
  }

  /** `undefined`: it is no bulk change. */
  counts(groupId: GroupId): EditCounts | undefined {
    const row = this.#database.get(
      'SELECT found, done FROM edits WHERE group_id = ?',
      groupId,
    );
    return row && { found: row['found'] as number, done: row['done'] as number };
  }

  /** Objects of rows that failed. */
  failed(groupId: GroupId): number {
    const row = this.#database.get(
      `SELECT sum(coalesce(objects_total, 1) - objects_done) AS failed FROM transfers
        WHERE group_id = ? AND state = 'failed'`,
      groupId,
    );
    return (row?.['failed'] as number | null) ?? 0;
  }

  place(groupId: GroupId): EditPlace {
    const row = this.#database.get(
      'SELECT item, after FROM edits WHERE group_id = ?',
      groupId,
    );
    return {
      item: (row?.['item'] as number | undefined) ?? 0,
      after: (row?.['after'] as string | undefined) ?? '',
    };
  }

  /** Adds rows with their keys and notes how far the counting has come, all or nothing. */
  plan(groupId: GroupId, planned: readonly PlannedEdit[], place: EditPlace): void {
    let found = 0;
    this.#database.transaction(() => {
      this.#store.insert(
        planned.map(({ row }) => row),
        (id, index) => {
          const keys = planned[index]?.keys ?? [];
          found += keys.length;
          if (keys.length < 2) return;
          this.#database.run(
            'INSERT INTO edit_batches (transfer_id, keys) VALUES (?, ?)',
            id,
            JSON.stringify(keys),
          );
        },
      );
      this.#database.run(
        'UPDATE edits SET item = ?, after = ?, found = found + ? WHERE group_id = ?',
        place.item,
        place.after,
        found,
        groupId,
      );
    });
  }

  /** Counts the items of another plan. */
  restart(groupId: GroupId): void {
    this.#database.run(
      `UPDATE edits SET item = 0, after = '' WHERE group_id = ?`,
      groupId,
    );
  }

  /** The keys of a row; `undefined`: it stands for one object, or all are through. */
  batch(id: TransferId): EditBatch | undefined {
    const row = this.#database.get(
      'SELECT keys, next FROM edit_batches WHERE transfer_id = ?',
      id,
    );
    if (row === undefined) return undefined;
    return {
      keys: JSON.parse(String(row['keys'])) as readonly string[],
      next: row['next'] as number,
    };
  }

  /**
   * Notes that the keys before `next` are through: `done` more of them are changed, and
   * the others have rows of their own. All or nothing.
   */
  advance(
    row: StoredTransfer,
    {
      next,
      done,
      others,
    }: {
      readonly next: number;
      readonly done: number;
      readonly others: readonly NewTransfer[];
    },
  ): void {
    this.#database.transaction(() => {
      this.#store.insert(others, (id, index) => {
        // What an object is owed goes with it.
        this.#database.run(
          'UPDATE edit_tags SET transfer_id = ? WHERE transfer_id = ? AND key = ?',
          id,
          row.id,
          others[index]?.key ?? '',
        );
      });
      this.#database.run(
        'UPDATE edit_batches SET next = ? WHERE transfer_id = ?',
        next,
        row.id,
      );
      this.#store.update(row, { objectsDone: row.objectsDone + done });
      this.#addDone(row.groupId, done);
    });
  }

  /** Notes the tags an object has before its headers are replaced. */
  oweTags(id: TransferId, key: string, tags: readonly Tag[], owner: TagOwner): void {
    this.#database.run(
      `INSERT OR REPLACE INTO edit_tags
        (transfer_id, key, tags, etag, size, version, is_sum) VALUES (?, ?, ?, ?, ?, ?, ?)`,
      id,
      key,
      JSON.stringify(tags),
      owner.etag,
      owner.size,
      owner.version,
      owner.isSum ? 1 : 0,
    );
  }

  /** Notes the object that took the place of the one tags are owed to. */
  noteMade(id: TransferId, key: string, made: NonNullable<OwedTags['made']>): void {
    this.#database.run(
      `UPDATE edit_tags SET made_etag = ?, made_version = ?
        WHERE transfer_id = ? AND key = ?`,
      made.etag,
      made.version,
      id,
      key,
    );
  }

  /** The tags an object had before an earlier attempt; `undefined`: it has what it had. */
  owedTags(id: TransferId, key: string): OwedTags | undefined {
    const row = this.#database.get(
      'SELECT * FROM edit_tags WHERE transfer_id = ? AND key = ?',
      id,
      key,
    );
    if (row === undefined) return undefined;
    const made = row['made_etag'] as string | null;
    return {
      tags: JSON.parse(String(row['tags'])) as readonly Tag[],
      owner: {
        etag: row['etag'] as string,
        size: row['size'] as number,
        version: row['version'] as string | null,
        isSum: row['is_sum'] === 1,
      },
      made:
        made === null
          ? null
          : { etag: made, version: row['made_version'] as string | null },
    };
  }

  /** An object is seen to have its tags. */
  settleTags(id: TransferId, key: string): void {
    this.#database.run(
      'DELETE FROM edit_tags WHERE transfer_id = ? AND key = ?',
      id,
      key,
    );
  }

  /** A row is at its end; `done` objects of it are not counted yet. */
  finish(row: StoredTransfer, done: number): void {
    this.#database.transaction(() => {
      this.#database.run('DELETE FROM edit_batches WHERE transfer_id = ?', row.id);
      this.#addDone(row.groupId, done);
    });
  }

  #addDone(groupId: GroupId, done: number): void {
    if (done === 0) return;
    this.#database.run(
      'UPDATE edits SET done = done + ? WHERE group_id = ?',
      done,
      groupId,
    );
  }
}
