import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openJournal, type TestJournal } from './testing.ts';

let journal: TestJournal;
beforeEach(() => {
  journal = openJournal();
});
afterEach(() => journal.close());

const INSERT = `INSERT INTO groups
  (kind, connection_id, bucket, prefix, folder, conflict, plan, planned, created_at)
  VALUES ('upload', 'c', 'b', '', '', 'ask', ?, 1, 1)`;

test('a full disk stops every write and every step that waits for one, once and for all', () => {
  const { database } = journal;
  const told: unknown[] = [];
  database.onBroken((error) => told.push(error.code));
  database.run(INSERT, 'kept');
  database.flush();
  const { page_count: pages } = database.get('PRAGMA page_count') ?? {};
  database.get(`PRAGMA max_page_count = ${Number(pages) + 2}`);
  const broken = expect.objectContaining({ code: 'storage.write-failed' });
  expect(() => database.run(INSERT, 'x'.repeat(1_000_000))).toThrow(broken);
  // A request asks for this commit before it leaves.
  expect(() => database.flushUrgent()).toThrow(broken);
  expect(() => database.flush()).toThrow(broken);
  expect(() => database.run(INSERT, 'small')).toThrow(broken);
  expect(() => database.transaction(() => undefined)).toThrow(broken);
  expect(told).toEqual(['storage.write-failed']);
  database.close();
  using again = new DatabaseSync(path.join(journal.folder, 'transfers.db'));
  expect(again.prepare('SELECT plan FROM groups').all()).toEqual([{ plan: 'kept' }]);
});

test('what could not be committed is owed: nothing passes for written', () => {
  const { database } = journal;
  database.flush();
  database.get('PRAGMA busy_timeout = 10');
  using other = new DatabaseSync(path.join(journal.folder, 'transfers.db'));
  other.exec('BEGIN IMMEDIATE');
  expect(() => database.run(INSERT, 'late')).toThrow(
    expect.objectContaining({ code: 'storage.write-failed' }),
  );
  other.exec('COMMIT');
  expect(() => database.flushUrgent()).toThrow('storage.write-failed');
});

test('a mistake in a statement is no full disk', () => {
  const { database } = journal;
  const told: unknown[] = [];
  database.onBroken((error) => told.push(error));
  expect(() => database.run(INSERT, null)).toThrow(/NOT NULL/);
  database.run(INSERT, 'fine');
  database.flush();
  expect(told).toEqual([]);
});
