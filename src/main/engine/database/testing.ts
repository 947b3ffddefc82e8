import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ConnectionId, GroupId } from '../../../shared/domain/ids.ts';
import type { Database } from './database.ts';
import { GroupStore, type NewGroup } from './group-store.ts';
import { openDatabase } from './open-database.ts';
import type { NewTransfer } from './stored-transfer.ts';
import { TransferStore } from './transfer-store.ts';

/** The connection of all rows of tests. */
export const CONNECTION = 'c' as ConnectionId;

/** Hears of changes, and tells nobody. */
export const silent = { changed: () => undefined, reloaded: () => undefined };

/** An empty journal in a folder of its own. */
export interface TestJournal {
  readonly folder: string;
  readonly database: Database;
  readonly store: TransferStore;
  /** Closes it and removes the folder. */
  close(): void;
}

/** Opens a journal. */
export function openJournal(): TestJournal {
  const folder = mkdtempSync(path.join(tmpdir(), 'dipper-journal-'));
  const { database } = openDatabase(path.join(folder, 'transfers.db'), Date.now);
  return {
    folder,
    database,
    store: new TransferStore(database, silent),
    close() {
      database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Adds a group that is planned. */
export function addGroup(database: Database, changes: Partial<NewGroup> = {}): GroupId {
  const group: NewGroup = {
    kind: 'upload',
    connectionId: CONNECTION,
    bucket: 'b',
    prefix: '',
    folder: '',
    conflict: 'ask',
    name: 'k',
    items: 1,
    ...changes,
  };
  return new GroupStore(database).insert(group, { kind: 'none' }, 0);
}

/** A queued upload to insert, of a file and to a key that differ by `name`. */
export function newRow(
  groupId: GroupId,
  name: string,
  changes: Partial<NewTransfer> = {},
): NewTransfer {
  return {
    groupId,
    kind: 'upload',
    state: 'queued',
    lane: 0,
    connectionId: CONNECTION,
    name,
    bucket: 'b',
    key: name,
    localPath: `/f/${name}`,
    bytesTotal: 1,
    objectsTotal: 1,
    createdAt: 0,
    ...changes,
  };
}
