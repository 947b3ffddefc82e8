import { copyFileSync, existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { GroupId } from '../../../shared/domain/ids.ts';
import type { Database } from './database.ts';
import { openDatabase } from './open-database.ts';
import {
  addGroup,
  CONNECTION,
  newRow,
  openJournal,
  silent,
  type TestJournal,
} from './testing.ts';
import { TransferStore } from './transfer-store.ts';

let journal: TestJournal;
let database: Database;
let store: TransferStore;
let group: GroupId;

beforeEach(() => {
  journal = openJournal();
  ({ database, store } = journal);
  group = addGroup(database, { kind: 'download', folder: '/f' });
});

afterEach(() => {
  journal.close();
});

function insert(from: number, count: number): void {
  store.insert(
    Array.from({ length: count }, (_, n) =>
      newRow(group, `${from + n}`, { kind: 'download', localPath: undefined }),
    ),
  );
}

function startNext(): string | undefined {
  const row = store.nextRunnable(CONNECTION, 0, () => false);
  if (row !== undefined) store.step(row, 'start');
  return row?.name;
}

/** The journal as an engine finds it that begins after this one was killed now. */
function afterKill<T>(look: (store: TransferStore) => T): T {
  const copy = path.join(journal.folder, 'copy.db');
  for (const suffix of ['', '-wal']) {
    const from = database.path + suffix;
    if (existsSync(from)) copyFileSync(from, copy + suffix);
  }
  const opened = openDatabase(copy, Date.now).database;
  try {
    return look(new TransferStore(opened, silent));
  } finally {
    opened.close();
    for (const suffix of ['', '-wal', '-shm']) rmSync(copy + suffix, { force: true });
  }
}

test('rows come in their order, also those that were added meanwhile', () => {
  insert(0, 150);
  const order = Array.from({ length: 100 }, startNext);
  insert(150, 10);
  for (let next = startNext(); next !== undefined; next = startNext()) order.push(next);
  expect(order).toEqual(Array.from({ length: 160 }, (_, n) => `${n}`));
});

test('rows that are planned are committed before the first request of one of them', () => {
  const planned = (from: number, count: number) =>
    store.plan(Array.from({ length: count }, (_, n) => newRow(group, `${from + n}`)));
  database.flush();
  planned(0, 100);
  store.commit();
  expect(afterKill((found) => found.planned.hasRows(group))).toBe(false);
  startNext();
  store.commit();
  const ran = () => afterKill((found) => found.interrupted.map((row) => row.name));
  expect(ran()).toContain('0');
  planned(100, 500);
  const order = Array.from({ length: 250 }, startNext);
  store.commit();
  expect(order.at(-1)).toBe('250');
  expect(ran()).toEqual(expect.arrayContaining(order));
  expect(ran()).not.toContain('599');
});

test('what is busy is passed over and not lost', () => {
  insert(0, 130);
  const busy = new Set(Array.from({ length: 100 }, (_, n) => `${n}`));
  const first = store.nextRunnable(CONNECTION, 0, (id) => {
    return busy.has(store.get(id)?.name ?? '');
  });
  expect(first?.name).toBe('100');
  expect(startNext()).toBe('0');
});

test('a change of what is queued counts at once', () => {
  insert(0, 3);
  const row = store.nextRunnable(CONNECTION, 0, () => false);
  if (row === undefined) throw new Error('none');
  store.step(row, 'pause');
  expect(startNext()).toBe('1');
  store.stepAll('resume', { sql: '', values: [] });
  expect(startNext()).toBe('0');
});

test('a row whose start was not committed counts as one that ran', () => {
  insert(0, 100);
  startNext();
  // As right before a request or before a file gets its name.
  store.commit();
  startNext();
  const seen = afterKill((found) => ({
    ran: found.interrupted.map((row) => row.name),
    next: found.nextRunnable(CONNECTION, 0, () => false)?.attempt,
  }));
  expect(seen.ran).toEqual(expect.arrayContaining(['0', '1']));
  expect(seen.ran).not.toContain('99');
  expect(seen.next).toBe(1);
});

test('what still runs while the next rows are read counts as what ran, too', () => {
  insert(0, 300);
  const order = Array.from({ length: 70 }, startNext);
  store.commit();
  const ran = afterKill((found) => found.interrupted.map((row) => row.name));
  expect(ran).toEqual(expect.arrayContaining(order));
  expect(ran).not.toContain('299');
});

test('an end is seen by whoever reads or changes rows after it', () => {
  insert(0, 3);
  for (let n = 0; n < 3; n += 1) {
    const row = store.nextRunnable(CONNECTION, 0, () => false);
    if (row === undefined) throw new Error('none');
    store.step(row, 'start');
    store.step(row, 'finish', { finishedAt: 1, integrity: 'md5' });
    if (n === 0) expect(store.get(row.id)?.state).toBe('done');
    if (n === 1) expect(store.page('finished', 0, 9).rows).toHaveLength(2);
  }
  expect(store.remove({ sql: '', values: [] })).toBe(3);
  expect(store.planned.hasRows(group)).toBe(false);
});

test('after an end in order only what ran did', () => {
  insert(0, 5);
  startNext();
  store.settle();
  database.flush();
  const seen = afterKill((found) => found.interrupted.map((row) => row.name));
  expect(seen).toEqual(['0']);
});

test('an end may be lost, and then its row is looked at again', () => {
  insert(0, 2);
  const row = store.nextRunnable(CONNECTION, 0, () => false);
  if (row === undefined) throw new Error('none');
  store.step(row, 'start');
  database.flush();
  store.step(row, 'finish', { finishedAt: 1, integrity: 'md5' });
  store.commit();
  expect(afterKill((found) => found.get(row.id)?.attempt)).toBe(1);
  database.flush();
  expect(afterKill((found) => found.get(row.id)?.state)).toBe('done');
});

test('a start that is not written yet is seen by whoever reads or changes rows', () => {
  insert(0, 3);
  const row = store.nextRunnable(CONNECTION, 0, () => false);
  if (row === undefined) throw new Error('none');
  store.step(row, 'start');
  expect(store.get(row.id)?.state).toBe('running');
  store.step(row, 'interrupt');
  startNext();
  expect(store.page('active', 0, 10).rows.map(({ state }) => state)).toEqual([
    'running',
    'queued',
    'queued',
  ]);
  startNext();
  expect(store.stepAll('pause', { sql: '', values: [] })).toBe(1);
  database.flush();
  const states = afterKill((found) => found.interrupted.map(({ name }) => name));
  expect(states).toEqual(['0', '1']);
});
