import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TransferId } from '../../../shared/domain/ids.ts';
import { MIB } from '../../../shared/domain/part-plan.ts';
import type { Database } from '../database/database.ts';
import { openDatabase } from '../database/open-database.ts';
import { PartStore } from '../database/part-store.ts';
import { noteStream, RangeJournal } from './range-journal.ts';

const START = 1_700_000_000_000;
const id = 1 as TransferId;
let folder: string;
let database: Database;
let parts: PartStore;
let time: number;
let synced: PromiseWithResolvers<void>;
let syncs: number;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'dipper-ranges-'));
  database = openDatabase(path.join(folder, 'transfers.db'), () => 1).database;
  database.run(`INSERT INTO groups
    (id, kind, connection_id, bucket, prefix, folder, conflict, plan, planned, created_at)
    VALUES (1, 'download', 'c', 'b', '', '', 'ask', '{}', 1, 1)`);
  database.run(`INSERT INTO transfers
    (id, group_id, kind, state, state_rank, lane, connection_id, name, bucket, key,
      created_at)
    VALUES (1, 1, 'download', 'running', 0, 1, 'c', 'n', 'b', 'k', 1)`);
  parts = new PartStore(database);
  time = START + 60_000;
  synced = Promise.withResolvers();
  syncs = 0;
});

afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true, force: true });
});

function sync(): Promise<void> {
  syncs += 1;
  return synced.promise;
}

function journal(): RangeJournal {
  return new RangeJournal({ parts, id, sync, now: () => time, startedAt: START });
}

function good(startedAt: number): number[] {
  return RangeJournal.good(parts.parts(id), startedAt).map((part) => part.number);
}

test('a range counts at once, and after the power failed once it was forced down', async () => {
  const ranges = journal();
  ranges.wrote(1, 40 * MIB);
  expect(good(START + 900)).toEqual([1]);
  expect(good(START + 3_600_000)).toEqual([]);
  ranges.wrote(2, 30 * MIB);
  expect(syncs).toBe(1);
  ranges.wrote(3, 10 * MIB);
  expect(good(START + 3_600_000)).toEqual([]);
  synced.resolve();
  await ranges.settle();
  expect(good(START + 3_600_000)).toEqual([1, 2]);
  expect(good(START)).toEqual([1, 2, 3]);
});

test('a slow download is forced down after some seconds', async () => {
  const ranges = journal();
  ranges.wrote(1, 1);
  time += 5_000;
  ranges.wrote(2, 1);
  expect(syncs).toBe(1);
  synced.resolve();
  await ranges.settle();
  expect(good(0)).toEqual([1, 2]);
});

test('a disk that fails says so at the next range, and nothing is called safe', async () => {
  const ranges = journal();
  ranges.wrote(1, 100 * MIB);
  synced.reject(new Error('EIO'));
  await ranges.settle();
  expect(() => ranges.wrote(2, 1)).toThrow('EIO');
  expect(good(0)).toEqual([]);
});

test('a stream is gone on with until the computer is started again', () => {
  noteStream(parts, id, START);
  expect(good(START - 1_200)).toEqual([0]);
  expect(good(START + 90_000)).toEqual([]);
});
