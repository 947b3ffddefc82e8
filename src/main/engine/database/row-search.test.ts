import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ConnectionId, GroupId } from '../../../shared/domain/ids.ts';
import type { Database } from './database.ts';
import { GroupStore } from './group-store.ts';
import { openDatabase } from './open-database.ts';
import { RowSearch } from './row-search.ts';
import { TransferStore } from './transfer-store.ts';

const CONNECTION = 'c' as ConnectionId;
const silent = { changed: () => undefined, reloaded: () => undefined };
let folder: string;
let database: Database;
let store: TransferStore;
let group: GroupId;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'dipper-search-'));
  database = openDatabase(path.join(folder, 'transfers.db'), Date.now).database;
  store = new TransferStore(database, silent);
  group = new GroupStore(database).insert(
    {
      kind: 'upload',
      connectionId: CONNECTION,
      bucket: 'b',
      prefix: '',
      folder: '',
      conflict: 'ask',
      name: 'k',
      items: 1,
    },
    { kind: 'none' },
    0,
  );
});

afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true, force: true });
});

function insert(keys: readonly string[]): void {
  store.insert(
    keys.map((key) => ({
      groupId: group,
      kind: 'upload',
      state: 'queued',
      lane: 0,
      connectionId: CONNECTION,
      name: key.slice(key.lastIndexOf('/') + 1),
      bucket: 'b',
      key,
      localPath: `/${key}`,
      bytesTotal: 1,
      objectsTotal: 1,
      createdAt: 0,
    })),
  );
}

function found(search: RowSearch): readonly string[] {
  return [...search.matches(0, 5).values()]
    .flat()
    .map(({ id }) => store.get(id)?.key ?? '');
}

function foundFor(text: string): readonly string[] {
  const search = new RowSearch(database, text, () => 0);
  search.step();
  return found(search);
}

test('a search finds parts of keys whatever their case, and signs stand for themselves', () => {
  insert(['a/100%.txt', 'a/100x.txt', 'B/Under_score', 'B/underXscore', 'plain']);
  expect({
    percent: foundFor('0%'),
    underscore: foundFor('der_s'),
    folder: foundFor('b/'),
    none: foundFor('nothing'),
  }).toEqual({
    percent: ['a/100%.txt'],
    underscore: ['B/Under_score'],
    folder: ['B/Under_score', 'B/underXscore'],
    none: [],
  });
});

test('a long queue is searched in steps, and what comes later is found too', () => {
  insert(
    Array.from({ length: 9_000 }, (_, i) => (i % 3_000 === 0 ? `hit-${i}` : `${i}`)),
  );
  // Every look at the clock is a second after the last: one slice for each step.
  let now = 0;
  const search = new RowSearch(database, 'HIT', () => {
    now += 1_000;
    return now;
  });
  search.step();
  const first = { found: found(search), searching: search.searching };
  search.step();
  search.step();
  const all = { found: found(search), searching: search.searching };
  insert(['hit-late']);
  search.step();
  expect({ first, all, late: found(search).at(-1) }).toEqual({
    first: { found: ['hit-0', 'hit-3000'], searching: true },
    all: { found: ['hit-0', 'hit-3000', 'hit-6000'], searching: false },
    late: 'hit-late',
  });
});

test('a text that everything contains is cut off, and says so', () => {
  insert(Array.from({ length: 3_000 }, (_, i) => `file-${i}`));
  const search = new RowSearch(database, 'file', () => 0);
  search.step();
  expect({
    found: found(search).length,
    capped: search.capped,
    searching: search.searching,
  }).toEqual({ found: 2_000, capped: true, searching: false });
});
