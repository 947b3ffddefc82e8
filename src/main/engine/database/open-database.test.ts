import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { GroupId } from '../../../shared/domain/ids.ts';
import { backUp } from './back-up.ts';
import { CopyStore } from './copy-store.ts';
import { GroupStore } from './group-store.ts';
import { MIGRATIONS } from './migrations.ts';
import { openDatabase } from './open-database.ts';
import { TransferStore } from './transfer-store.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'dipper-db-'));
  file = path.join(folder, 'transfers.db');
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const INSERT_GROUP = `INSERT INTO groups
  (kind, connection_id, bucket, prefix, folder, conflict, plan, planned, created_at)
  VALUES ('upload', 'c', 'b', '', '', 'ask', '{}', 1, 1)`;

function open(migrations?: readonly string[]) {
  return openDatabase(file, () => 42, migrations);
}

test('a new journal is in WAL mode with foreign keys and its schema', () => {
  using database = open().database;
  expect(database.get('PRAGMA journal_mode')).toEqual({ journal_mode: 'wal' });
  expect(database.get('PRAGMA foreign_keys')).toEqual({ foreign_keys: 1 });
  expect(database.get('PRAGMA user_version')).toEqual({
    user_version: MIGRATIONS.length,
  });
});

test('what was written is there after closing and opening again', () => {
  const first = open().database;
  first.run(INSERT_GROUP);
  first.close();
  using second = open().database;
  expect(second.all('SELECT id FROM groups')).toEqual([{ id: 1 }]);
});

test('a damaged journal is moved aside and a fresh one begun, with a notice', () => {
  writeFileSync(
    file,
    'this is not a database, but it is long enough to look at'.repeat(99),
  );
  const { database, notice } = open();
  using opened = database;
  expect(notice?.code).toBe('storage.corrupt');
  expect(notice?.params['restored']).toBe(false);
  expect(opened.all('SELECT * FROM groups')).toEqual([]);
  expect(readdirSync(folder)).toContain('transfers.db.corrupt-42');
});

test('a damaged journal is replaced by its backup where there is one', () => {
  const first = open().database;
  first.run(INSERT_GROUP);
  backUp(first);
  first.close();
  writeFileSync(file, 'x'.repeat(9_000));
  const { database, notice } = open();
  using opened = database;
  expect(notice?.params['restored']).toBe(true);
  expect(opened.all('SELECT id FROM groups')).toEqual([{ id: 1 }]);
});

test.each(['gone', 'empty'])('a journal that is %s comes back from its copy', (how) => {
  const first = open().database;
  first.run(INSERT_GROUP);
  backUp(first);
  first.close();
  rmSync(file);
  if (how === 'empty') writeFileSync(file, '');
  const { database, notice } = open();
  using opened = database;
  expect(notice?.code).toBe('storage.corrupt');
  expect(notice?.params['restored']).toBe(true);
  expect(opened.all('SELECT id FROM groups')).toEqual([{ id: 1 }]);
});

test('what a restored copy calls unfinished waits for the user', () => {
  const first = open().database;
  first.run(INSERT_GROUP);
  for (const state of ['queued', 'running', 'waiting', 'done']) {
    first.run(
      `INSERT INTO transfers (group_id, kind, state, state_rank, lane, connection_id, name,
        bucket, key, created_at) VALUES (1, 'delete', ?, 2, 0, 'c', 'x', 'b', ?, 1)`,
      state,
      `photos-${state}/`,
    );
  }
  backUp(first);
  first.close();
  writeFileSync(file, 'x'.repeat(9_000));
  using database = open().database;
  expect(database.all('SELECT state, state_rank FROM transfers ORDER BY id')).toEqual([
    { state: 'paused', state_rank: 3 },
    { state: 'paused', state_rank: 3 },
    { state: 'paused', state_rank: 3 },
    { state: 'done', state_rank: 2 },
  ]);
});

test('a journal that cannot be opened for another reason stays where it is', () => {
  // SQLite cannot open a folder: nothing is wrong with any journal.
  mkdirSync(file);
  expect(open).toThrow(expect.objectContaining({ code: 'storage.write-failed' }));
  expect(readdirSync(folder)).toEqual(['transfers.db']);
});

test('a migration keeps the rows and leaves a backup of the state before it', () => {
  const base = 'CREATE TABLE notes (text TEXT) STRICT';
  const first = open([base]).database;
  first.run("INSERT INTO notes VALUES ('kept')");
  first.close();
  using second = open([base, 'ALTER TABLE notes ADD COLUMN time INTEGER']).database;
  expect(second.all('SELECT * FROM notes')).toEqual([{ text: 'kept', time: null }]);
  expect(readdirSync(folder)).toContain('transfers.db.bak');
});

test('a failed transaction leaves nothing, the writes around it stay', () => {
  using database = open().database;
  database.run(INSERT_GROUP);
  expect(() =>
    database.transaction(() => {
      database.run(INSERT_GROUP);
      throw new Error('stop');
    }),
  ).toThrow('stop');
  database.flush();
  expect(database.all('SELECT id FROM groups')).toEqual([{ id: 1 }]);
});

test('collected writes reach other connections after a moment', async () => {
  using writer = open().database;
  using reader = open().database;
  writer.run(INSERT_GROUP);
  expect(writer.all('SELECT id FROM groups')).toHaveLength(1);
  expect(reader.all('SELECT id FROM groups')).toHaveLength(0);
  await expect.poll(() => reader.all('SELECT id FROM groups').length).toBe(1);
});

test.each(['queued', 'running', 'waiting', 'paused', 'failed', 'cancelled', 'done'])(
  'the move of a folder that an older version queued goes on where it was to go: %s',
  (state) => {
    const ranks = ['running', 'waiting', 'queued', 'paused', 'failed'];
    const rank = ranks.includes(state) ? ranks.indexOf(state) : 5;
    const before = open(MIGRATIONS.slice(0, 2)).database;
    before.run(`INSERT INTO groups
      (kind, connection_id, bucket, prefix, folder, conflict, plan, planned, created_at)
      VALUES ('move', 'c', 'b', '', 'other/x/', 'ask', '{"kind":"none"}', 1, 1)`);
    before.run(
      `INSERT INTO transfers (group_id, kind, state, state_rank, lane, connection_id,
        name, bucket, key, target_bucket, target_key, created_at)
        VALUES (1, 'move', ?, ?, 0, 'c', 'd', 'b', 'd/', 'other', 'x/d/', 1)`,
      state,
      rank,
    );
    before.close();
    using database = open().database;
    const groups = new GroupStore(database);
    const id = 1 as GroupId;
    const anew = rank < 4;
    expect(new CopyStore(database).target(id)).toEqual({
      connectionId: 'c',
      bucket: 'other',
    });
    expect(groups.get(id)).toMatchObject({
      folder: 'x/',
      planned: !anew,
      paused: state === 'paused',
    });
    expect(groups.plan(id)).toEqual(
      anew
        ? {
            kind: 'copy',
            items: [{ item: { key: 'd/', folder: true }, targetKey: 'x/d/' }],
          }
        : { kind: 'none' },
    );
    const listener = { changed: () => undefined, reloaded: () => undefined };
    const store = new TransferStore(database, listener);
    expect(store.page('all', 0, 9).total).toBe(anew ? 0 : 1);
  },
);
