import { once } from 'node:events';
import { closeSync, existsSync, openSync, writeSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { backUp, backUpWithin, backupPath } from './back-up.ts';
import { openJournal, type TestJournal } from './testing.ts';

const MIB = 1_048_576;

let journal: TestJournal;
let copy: string;

beforeEach(() => {
  journal = openJournal();
  copy = backupPath(journal.database.path);
});
afterEach(() => journal.close());

/** A group whose plan is as long as that. */
function add(bytes: number): void {
  journal.database.run(
    `INSERT INTO groups
      (kind, connection_id, bucket, prefix, folder, conflict, plan, planned, created_at)
      VALUES ('upload', 'c', 'b', '', '', 'ask', ?, 1, 1)`,
    'x'.repeat(bytes),
  );
}

function copied(): unknown {
  using database = new DatabaseSync(copy, { readOnly: true });
  return database.prepare('SELECT count(*) AS groups FROM groups').get()?.['groups'];
}

test.each([
  ['short', 1],
  ['long', 24 * MIB],
])('a %s queue is copied in time', async (_name, bytes) => {
  add(bytes);
  expect(await backUpWithin(journal.database, 60_000)).toBe(true);
  expect(copied()).toBe(1);
  expect(existsSync(`${copy}.new`)).toBe(false);
});

test('a copy that takes too long leaves the earlier one, and the next one is whole', async () => {
  add(1);
  backUp(journal.database);
  add(24 * MIB);
  const started: Promise<unknown[]>[] = [];
  process.once('worker', (worker) => started.push(once(worker, 'exit')));
  // No thread is through within that time.
  expect(await backUpWithin(journal.database, 1)).toBe(false);
  await Promise.all(started);
  expect([started.length, copied()]).toEqual([1, 1]);
  expect(await backUpWithin(journal.database, 0)).toBe(false);
  expect(await backUpWithin(journal.database, 60_000)).toBe(true);
  expect(copied()).toBe(2);
});

test('a long queue that is damaged does not replace its copy', async () => {
  add(1);
  backUp(journal.database);
  add(24 * MIB);
  journal.database.flush();
  journal.database.get('PRAGMA wal_checkpoint(TRUNCATE)');
  const file = openSync(journal.database.path, 'r+');
  writeSync(file, Buffer.alloc(MIB, 0xff), 0, MIB, 12 * MIB);
  closeSync(file);
  await expect(backUpWithin(journal.database, 60_000)).rejects.toThrow(/malformed|full/);
  expect([copied(), existsSync(`${copy}.new`)]).toEqual([1, false]);
});
