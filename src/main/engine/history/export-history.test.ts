import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ConnectionId, TransferId } from '../../../shared/domain/ids.ts';
import type { Database } from '../database/database.ts';
import { openDatabase } from '../database/open-database.ts';
import { ReceiptStore } from '../database/receipt-store.ts';
import { exportHistory } from './export-history.ts';

let folder: string;
let database: Database;
let receipts: ReceiptStore;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'dipper-history-'));
  database = openDatabase(path.join(folder, 'queue.db'), Date.now).database;
  receipts = new ReceiptStore(database, '/');
});

afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true, force: true });
});

function add(id: number, key: string): void {
  receipts.add(id as TransferId, {
    kind: 'upload',
    connectionId: 'c' as ConnectionId,
    bucket: 'b',
    key,
    localPath: `/up/${key}`,
    size: 5,
    modified: 0,
    integrity: 'etag',
    checksums: '',
    partSize: 5_242_880,
    etag: 'abc-2',
    versionId: 'v1',
    startedAt: 0,
    finishedAt: 1_000,
  });
}

test('the history is a table with a line for each transfer, safe to open', async () => {
  add(1, 'a.txt');
  add(2, '=cmd|x,"y"');
  const place = path.join(folder, 'history.csv');
  expect(await exportHistory(receipts, { kind: null, text: '' }, place)).toBe(2);
  expect(readFileSync(place, 'utf8').split('\r\n')).toEqual([
    'finished,started,kind,bucket,key,local file,bytes,checked by,checksums,part size,etag,version,file modified,connection',
    '1970-01-01T00:00:01.000Z,1970-01-01T00:00:00.000Z,upload,b,a.txt,/up/a.txt,5,MD5 of each part,,5242880,abc-2,v1,1970-01-01T00:00:00.000Z,c',
    `1970-01-01T00:00:01.000Z,1970-01-01T00:00:00.000Z,upload,b,"'=cmd|x,""y""","/up/=cmd|x,""y""",5,MD5 of each part,,5242880,abc-2,v1,1970-01-01T00:00:00.000Z,c`,
    '',
  ]);
});

test('a long history is written whole', async () => {
  for (let id = 1; id <= 2_500; id += 1) add(id, `k${id}`);
  const place = path.join(folder, 'history.csv');
  expect(await exportHistory(receipts, { kind: null, text: '' }, place)).toBe(2_500);
  expect(await exportHistory(receipts, { kind: null, text: 'k2499' }, place)).toBe(1);
  expect(readFileSync(place, 'utf8')).toContain(',k2499,');
});

test('a place that cannot be written to is told, and nothing is left there', async () => {
  add(1, 'a');
  const place = path.join(folder, 'none', 'history.csv');
  await expect(
    exportHistory(receipts, { kind: null, text: '' }, place),
  ).rejects.toMatchObject({ code: 'local.not-found' });
  await expect(
    exportHistory(receipts, { kind: null, text: '' }, folder),
  ).rejects.toMatchObject({ code: expect.stringMatching(/^local\./) as string });
  expect(readdirSync(path.dirname(folder))).not.toContain(
    `${path.basename(folder)}.part`,
  );
});
