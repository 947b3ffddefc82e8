import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ConflictAnswer } from '../../../shared/domain/transfer.ts';
import { openS3Target, type S3Target } from '../testing/s3-target.ts';
import { openBench, ownServer, type TransferBench, waitFor } from './testing.ts';

let target: S3Target;
let bench: TransferBench;
let bucket: string;

beforeAll(async () => {
  target = await openS3Target();
});

afterAll(async () => {
  await target.close();
});

beforeEach(async () => {
  bucket = await target.makeBucket();
  bench = openBench(target);
});

afterEach(async () => {
  await bench.close();
});

async function put(key: string, text: string): Promise<void> {
  await bench.put(bucket, key, text);
}

async function answer(given: ConflictAnswer, forAll: boolean): Promise<void> {
  const { handlers } = bench.service;
  const row = await handlers['transfers.nextConflict']();
  if (row === null) throw new Error('nothing asked');
  await handlers['transfers.answerConflict']({ id: row.id, answer: given, forAll });
}

test('overwrite replaces an object without asking', async () => {
  await put('a.txt', 'old');
  const source = bench.file('a.txt', 'new');
  const group = await bench.end(
    await bench.upload(bucket, [source], { conflict: 'overwrite' }),
  );
  expect(group.done).toBe(1);
  expect((await bench.read(bucket, 'a.txt')).toString()).toBe('new');
});

test('skip leaves an object as it is', async () => {
  await put('a.txt', 'old');
  const source = bench.file('a.txt', 'new');
  const group = await bench.end(
    await bench.upload(bucket, [source], { conflict: 'skip' }),
  );
  expect(group).toMatchObject({ done: 0, skipped: 1 });
  expect((await bench.read(bucket, 'a.txt')).toString()).toBe('old');
});

test('rename finds the next free name and says so', async () => {
  await put('a.txt', 'old');
  await put('a 2.txt', 'older');
  const source = bench.file('a.txt', 'new');
  await bench.end(await bench.upload(bucket, [source], { conflict: 'rename' }));
  expect((await bench.read(bucket, 'a 3.txt')).toString()).toBe('new');
  expect((await bench.read(bucket, 'a.txt')).toString()).toBe('old');
  expect((await bench.rows())[0]).toMatchObject({ name: 'a 3.txt', key: 'a 3.txt' });
  expect((await bench.rows())[0]?.note).toContain('a 3.txt');
});

test('ask shows both sides and the others go on', async () => {
  await put('a.txt', 'old!');
  const files = [bench.file('a.txt', 'new'), bench.file('b.txt', 'b')];
  const group = await bench.upload(bucket, files);
  await bench.until((rows) => rows.some((row) => row.state === 'done'));
  const asked = await bench.service.handlers['transfers.nextConflict']();
  expect(asked).toMatchObject({
    key: 'a.txt',
    waitReason: 'conflict',
    conflict: { sourceSize: 3, targetSize: 4 },
  });
  const { totals } = await bench.service.handlers['transfers.totals']();
  expect(totals).toMatchObject({ conflicts: 1, waiting: 1, done: 1 });
  await answer('overwrite', false);
  expect(await bench.end(group)).toMatchObject({ done: 2 });
  expect((await bench.read(bucket, 'a.txt')).toString()).toBe('new');
});

test.each([
  ['overwrite' as const, { done: 6, skipped: 0, cancelled: 0 }],
  ['skip' as const, { done: 0, skipped: 6, cancelled: 0 }],
  ['rename' as const, { done: 6, skipped: 0, cancelled: 0 }],
  ['cancel' as const, { done: 0, skipped: 0, cancelled: 6 }],
])('%s for all settles every conflict of the group', async (given, counts) => {
  for (let n = 0; n < 6; n += 1) {
    await put(`dir/${n}.txt`, 'old');
    bench.file(`dir/${n}.txt`, `new ${n}`);
  }
  const group = await bench.upload(bucket, [path.join(bench.folder, 'dir')]);
  await bench.until((rows) => rows.some((row) => row.waitReason === 'conflict'));
  await answer(given, true);
  expect(await bench.end(group)).toMatchObject(counts);
  const keys = await bench.keys(bucket);
  expect(keys).toHaveLength(given === 'rename' ? 12 : 6);
});

test('a folder with many existing files is listed once instead of asked file by file', async ({
  skip,
}) => {
  const server = ownServer(target, skip);
  for (let n = 0; n < 40; n += 1) {
    await put(`dir/${n}.txt`, 'old');
    bench.file(`dir/${n}.txt`, 'new');
  }
  server.clearRequests();
  await bench.end(
    await bench.upload(bucket, [path.join(bench.folder, 'dir')], { conflict: 'skip' }),
  );
  const heads = server.requests.filter(({ method }) => method === 'HEAD');
  expect(heads.length).toBeLessThanOrEqual(4);
  expect(server.requests.length).toBeLessThan(10);
});

test('a new folder costs one look and no HEAD at all', async ({ skip }) => {
  const server = ownServer(target, skip);
  for (let n = 0; n < 20; n += 1) bench.file(`dir/${n}/file.txt`, 'new');
  server.clearRequests();
  await bench.end(await bench.upload(bucket, [path.join(bench.folder, 'dir')]));
  const methods = server.requests.map(({ method }) => method);
  expect(methods.filter((method) => method === 'HEAD')).toEqual([]);
  expect(methods.filter((method) => method === 'GET')).toHaveLength(1);
});

test('an object that appears in mid-race is not overwritten where the server can tell', async ({
  skip,
}) => {
  const server = ownServer(target, skip);
  // This profile sends If-None-Match.
  bench.configure({ providerId: 'aws' });
  const source = bench.file('a.txt', 'mine');
  server.faults.add({
    match: { operation: 'PutObject', keyPattern: 'a.txt' },
    times: 1,
    action: { kind: 'delay', ms: 3_600_000 },
  });
  const group = await bench.upload(bucket, [source], { conflict: 'skip' });
  await waitFor(() => (server.faults.hits.length > 0 ? true : undefined));
  server.seed(bucket, [{ key: 'a.txt', body: 'theirs' }]);
  server.faults.clear();
  expect(await bench.end(group)).toMatchObject({ skipped: 1 });
  expect((await bench.read(bucket, 'a.txt')).toString()).toBe('theirs');
});

test.each([
  ['overwrite' as const, ['a.txt'], 'remote'],
  ['skip' as const, ['a.txt'], 'local'],
  ['rename' as const, ['a 2.txt', 'a.txt'], 'local'],
])('a download with %s treats a local file rightly', async (conflict, files, content) => {
  await put('a.txt', 'remote');
  bench.file('down/a.txt', 'local');
  await bench.end(await bench.download(bucket, ['a.txt'], { conflict }));
  expect(bench.list(path.join(bench.folder, 'down'))).toEqual(files);
  expect(readFileSync(path.join(bench.folder, 'down/a.txt'), 'utf8')).toBe(content);
});

test('a download asks about a local file and takes a new name when told to', async () => {
  await put('a.txt', 'remote');
  bench.file('down/a.txt', 'local');
  const group = await bench.download(bucket, ['a.txt']);
  await bench.until((rows) => rows[0]?.waitReason === 'conflict');
  await answer('rename', false);
  expect(await bench.end(group)).toMatchObject({ done: 1 });
  expect(readFileSync(path.join(bench.folder, 'down/a 2.txt'), 'utf8')).toBe('remote');
});
