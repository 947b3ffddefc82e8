import { z } from 'zod';
import { UploadRule } from '../../../shared/domain/bookmark.ts';
import type { ConnectionId, GroupId } from '../../../shared/domain/ids.ts';
import { RemoteItem } from '../../../shared/domain/listing.ts';
import {
  type ConflictPolicy,
  HiddenFiles,
  type TransferKind,
} from '../../../shared/domain/transfer.ts';
import type { Database, SqlRow, SqlValue } from './database.ts';

/** What a user action asked for; kept until every row of it is planned. */
export const GroupPlan = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('upload'),
    paths: z.array(z.string()),
    /** The rules as they were when it was asked for; older journals have none. */
    rules: z.array(UploadRule).optional(),
    excludeJunk: z.boolean().optional(),
    hidden: HiddenFiles.optional(),
  }),
  z.strictObject({
    kind: z.literal('download'),
    basePrefix: z.string(),
    items: z.array(RemoteItem),
  }),
  /** Where each item goes; the target's connection and bucket are in the copy store. */
  z.strictObject({
    kind: z.literal('copy'),
    items: z.array(z.strictObject({ item: RemoteItem, targetKey: z.string() })),
  }),
  /** What is changed is in the edit store. `after`: a folder is listed from this key on. */
  z.strictObject({
    kind: z.literal('edit'),
    items: z.array(RemoteItem.extend({ after: z.string().optional() })),
  }),
  /** Rows were inserted with the group. */
  z.strictObject({ kind: z.literal('none') }),
]);
export type GroupPlan = z.infer<typeof GroupPlan>;

/** A row of the table `groups`. */
export interface StoredGroup {
  readonly id: GroupId;
  readonly kind: TransferKind;
  readonly connectionId: ConnectionId;
  readonly bucket: string;
  /** Prefix whose listing changes. */
  readonly prefix: string;
  /** Local folder of a download, else empty. */
  readonly folder: string;
  readonly conflict: ConflictPolicy;
  readonly planned: boolean;
  readonly paused: boolean;
  readonly finished: boolean;
  /** Files and folders that the bookmark's rules left out of an upload. */
  readonly hidden: number;
  /** What to call it: the first file or folder that was asked for; may be empty. */
  readonly name: string;
  /** How many files and folders were asked for. */
  readonly items: number;
  readonly createdAt: number;
}

/** What a new group is made of. */
export type NewGroup = Omit<
  StoredGroup,
  'id' | 'planned' | 'paused' | 'finished' | 'hidden' | 'createdAt'
>;

/** The table `groups`. */
export class GroupStore {
  readonly #database: Database;
  /** Thousands of rows in a row ask for the same one. */
  #last: StoredGroup | undefined;

  constructor(database: Database) {
    this.#database = database;
  }

  insert(group: NewGroup, plan: GroupPlan, now: number): GroupId {
    const { lastId } = this.#write(
      `INSERT INTO groups (kind, connection_id, bucket, prefix, folder, conflict, plan,
        planned, created_at, name, items) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      group.kind,
      group.connectionId,
      group.bucket,
      group.prefix,
      group.folder,
      group.conflict,
      JSON.stringify(plan),
      plan.kind === 'none' ? 1 : 0,
      now,
      group.name,
      group.items,
    );
    return lastId as GroupId;
  }

  get(id: GroupId): StoredGroup | undefined {
    if (this.#last?.id === id) return this.#last;
    const row = this.#database.get(`${COLUMNS} WHERE id = ?`, id);
    this.#last = row === undefined ? undefined : readGroup(row);
    return this.#last;
  }

  /** The plan as it was asked for. Throws when the journal holds something else. */
  plan(id: GroupId): GroupPlan {
    const row = this.#database.get('SELECT plan FROM groups WHERE id = ?', id);
    return GroupPlan.parse(JSON.parse(String(row?.['plan'])));
  }

  /** Groups whose planning has not come to its end. */
  unplanned(): readonly StoredGroup[] {
    return this.#database.all(`${COLUMNS} WHERE planned = 0`).map(readGroup);
  }

  /** Groups that have not reported their end. */
  unfinished(): readonly StoredGroup[] {
    return this.#database.all(`${COLUMNS} WHERE finished = 0`).map(readGroup);
  }

  setPlanned(id: GroupId): void {
    this.#write(
      `UPDATE groups SET planned = 1, plan = '{"kind":"none"}' WHERE id = ?`,
      id,
    );
  }

  /** Plans something again, such as a folder that could not be listed. */
  replan(id: GroupId, plan: GroupPlan): void {
    this.#write(
      'UPDATE groups SET planned = 0, finished = 0, plan = ? WHERE id = ?',
      JSON.stringify(plan),
      id,
    );
  }

  /** How many files and folders its planning left out so far. */
  setHidden(id: GroupId, hidden: number): void {
    this.#write('UPDATE groups SET hidden = ? WHERE id = ?', hidden, id);
  }

  setFinished(id: GroupId, finished: boolean): void {
    this.#write('UPDATE groups SET finished = ? WHERE id = ?', finished ? 1 : 0, id);
  }

  setConflict(id: GroupId, conflict: ConflictPolicy): void {
    this.#write('UPDATE groups SET conflict = ? WHERE id = ?', conflict, id);
  }

  /** Rows that groups in planning add from now on start paused, or not. */
  setPaused(paused: boolean): void {
    this.#write('UPDATE groups SET paused = ? WHERE planned = 0', paused ? 1 : 0);
  }

  /** The same of these groups alone. */
  setPausedOf(ids: readonly GroupId[], paused: boolean): void {
    this.#write(
      `UPDATE groups SET paused = ?
        WHERE planned = 0 AND id IN (SELECT value FROM json_each(?))`,
      paused ? 1 : 0,
      JSON.stringify(ids),
    );
  }

  /** Forgets groups that ended and have no rows left. */
  removeEmpty(): void {
    this.#write(
      `DELETE FROM groups WHERE finished = 1 AND NOT EXISTS
        (SELECT 1 FROM transfers WHERE group_id = groups.id AND kind = 'upload')
        AND NOT EXISTS
        (SELECT 1 FROM transfers WHERE group_id = groups.id AND kind <> 'upload')`,
    );
  }

  #write(sql: string, ...values: readonly SqlValue[]): ReturnType<Database['run']> {
    this.#last = undefined;
    return this.#database.run(sql, ...values);
  }
}

const COLUMNS = `SELECT id, kind, connection_id, bucket, prefix, folder, conflict, planned,
  paused, finished, hidden, name, items, created_at FROM groups`;

function readGroup(row: SqlRow): StoredGroup {
  return {
    id: row['id'] as GroupId,
    kind: row['kind'] as TransferKind,
    connectionId: row['connection_id'] as ConnectionId,
    bucket: row['bucket'] as string,
    prefix: row['prefix'] as string,
    folder: row['folder'] as string,
    conflict: row['conflict'] as ConflictPolicy,
    planned: row['planned'] === 1,
    paused: row['paused'] === 1,
    finished: row['finished'] === 1,
    hidden: row['hidden'] as number,
    name: row['name'] as string,
    items: row['items'] as number,
    createdAt: row['created_at'] as number,
  };
}
