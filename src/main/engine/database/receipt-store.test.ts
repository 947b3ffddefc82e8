import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ConnectionId, TransferId } from '../../../shared/domain/ids.ts';
import type { Receipt } from '../../../shared/domain/receipt.ts';
import { NO_FACTS } from '../checksums/server-facts.ts';
import type { Database } from './database.ts';
import { openFactBook } from './fact-store.ts';
import { openDatabase } from './open-database.ts';
import { ReceiptStore } from './receipt-store.ts';

let folder: string;
let database: Database;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'dipper-receipts-'));
  database = openDatabase(path.join(folder, 'queue.db'), Date.now).database;
});

afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true, force: true });
});

function receipt(changes: Partial<Receipt> = {}): Receipt {
  return {
    kind: 'upload',
    connectionId: 'c' as ConnectionId,
    bucket: 'b',
    key: 'pics/2024/a.jpg',
    localPath: '/home/u/2024/a.jpg',
    size: 7,
    modified: 1_700_000_000_123.5,
    integrity: 'md5',
    checksums: '',
    partSize: 0,
    etag: '5d41402abc4b2a76b9719d911017c592',
    versionId: null,
    startedAt: 1,
    finishedAt: 2,
    ...changes,
  };
}

const all = { kind: null, text: '' } as const;
const id = (value: number): TransferId => value as TransferId;

test('a receipt reads back as it was written, whatever its paths', () => {
  const store = new ReceiptStore(database, '/');
  const name = fc.stringMatching(/^[a-c./ ]{0,12}$/);
  let next = 0;
  fc.assert(
    fc.property(
      name.filter((key) => key !== ''),
      fc.option(name),
      fc.constantFrom('', 'W/"x"', '5D41402ABC4B2A76B9719D911017C592', 'abc-2'),
      (key, localPath, etag) => {
        next += 1;
        const written = receipt({ key, localPath, etag });
        store.add(id(next), written);
        expect(store.get(id(next))).toEqual(written);
      },
    ),
  );
});

test('files of one folder share what their paths have in common', () => {
  const store = new ReceiptStore(database, '\\');
  for (let n = 1; n <= 50; n += 1) {
    const localPath = `C:\\Users\\u\\2024\\${n}.jpg`;
    store.add(id(n), receipt({ key: `pics/2024/${n}.jpg`, localPath }));
  }
  expect(database.all('SELECT folder FROM receipt_places')).toEqual([
    { folder: 'C:\\Users\\u\\' },
  ]);
  expect(store.get(id(50))?.localPath).toBe('C:\\Users\\u\\2024\\50.jpg');
});

test('receipts of an object come newest first; other connections have their own', () => {
  const store = new ReceiptStore(database, '/');
  store.add(id(1), receipt({ etag: 'one' }));
  store.add(id(2), receipt({ etag: 'two', localPath: '/elsewhere' }));
  store.add(id(3), receipt({ connectionId: 'other' as ConnectionId }));
  const found = store.ofObject('c' as ConnectionId, 'b', 'pics/2024/a.jpg');
  expect(found.map(({ etag }) => etag)).toEqual(['two', 'one']);
});

test('only the newest are kept', () => {
  const store = new ReceiptStore(database, '/', 3);
  for (let n = 1; n <= 9; n += 1) store.add(id(n), receipt({ key: `k${n}` }));
  store.prune();
  const kept = [...store.walk(all)].flat().map(({ key }) => key);
  expect(kept).toEqual(['k7', 'k8', 'k9']);
});

test('the history is found by kind and by a piece of a name', () => {
  const store = new ReceiptStore(database, '/');
  store.add(id(1), receipt({ key: 'Summer/x' }));
  store.add(id(2), receipt({ key: 'winter/x', kind: 'download' }));
  store.add(id(3), receipt({ key: 'z', localPath: '/tmp/SUMMER.txt' }));
  const keys = (filter: Parameters<typeof store.walk>[0]): readonly string[] =>
    [...store.walk(filter)].flat().map(({ key }) => key);
  expect(keys({ kind: null, text: 'summer' })).toEqual(['Summer/x', 'z']);
  expect(keys({ kind: 'download', text: '' })).toEqual(['winter/x']);
});

test('what a server taught holds over a restart, and not for ever', () => {
  const endpoint = 'https://s3.example';
  let now = 1_000;
  openFactBook(database, () => now).learn(endpoint, { checksumHeaders: 'refused' });
  openFactBook(database, () => now).learn(endpoint, { etag: 'opaque' });
  expect(openFactBook(database, () => now).read(endpoint)).toEqual({
    ...NO_FACTS,
    checksumHeaders: 'refused',
    etag: 'opaque',
  });
  now += 31 * 24 * 3_600_000;
  expect(openFactBook(database, () => now).read(endpoint)).toEqual(NO_FACTS);
  expect(openFactBook(database, () => now).read('https://other')).toEqual(NO_FACTS);
});
