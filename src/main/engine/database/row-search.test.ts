import { afterEach, beforeEach, expect, test } from 'vitest';
import type { GroupId } from '../../../shared/domain/ids.ts';
import type { Database } from './database.ts';
import { RowSearch } from './row-search.ts';
import { addGroup, newRow, openJournal, type TestJournal } from './testing.ts';
import type { TransferStore } from './transfer-store.ts';

let journal: TestJournal;
let database: Database;
let store: TransferStore;
let group: GroupId;

beforeEach(() => {
  journal = openJournal();
  ({ database, store } = journal);
  group = addGroup(database);
});

afterEach(() => {
  journal.close();
});

function insert(keys: readonly string[]): void {
  store.insert(
    keys.map((key) => {
      const name = key.slice(key.lastIndexOf('/') + 1);
      return newRow(group, name, { key, localPath: `/${key}` });
    }),
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
