import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { S3Server } from '../../../../tools/s3-server/index.ts';
import { openServerBench, type ServerBench } from '../testing/server-bench.ts';

import { CONNECTION, type TransferBench, waitFor } from './testing.ts';

const MIB = 1024 * 1024;
/** The SDK's path does not have checksums come with the content. */
const LEAN = process.env['DIPPER_LEAN'] !== '0';
let at: ServerBench;
let bench: TransferBench;
let server: S3Server;
let bucket: string;

beforeEach(async ({ skip }) => {
  at = await openServerBench(skip);
  ({ server, bench, bucket } = at);
  bench.configure({ advanced: { partSizeMiB: 5 } as never });
});

afterEach(async () => {
  await at?.close();
});

test.each([
  ['by the MD5 sums of its parts', 'generic', 'etag'],
  ['by its checksum where the provider has them', 'aws', 'crc32'],
])('a download of an object in parts is checked %s', async (_how, providerId, sum) => {
  bench.configure({
    providerId,
    addressing: 'path',
    advanced: { partSizeMiB: 5 } as never,
  });
  const content = randomBytes(18 * MIB);
  await bench.end(await bench.upload(bucket, [bench.file('big.bin', content)]));
  server.faults.add({
    match: { operation: 'GetObject' },
    times: 1,
    action: { kind: 'corrupt', what: 'response', atByte: 7_000_000 },
  });
  const group = await bench.download(bucket, ['big.bin']);
  expect(await bench.end(group)).toMatchObject({ done: 1, failed: 0 });
  const place = path.join(bench.folder, 'down/big.bin');
  expect(readFileSync(place).equals(content)).toBe(true);
  const row = (await bench.rows()).find(({ kind }) => kind === 'download');
  expect(row).toMatchObject({ integrity: sum, note: '' });
  expect(server.faults.hits).toHaveLength(1);
});

test('bytes that spoilt on the server never pass for the object', async () => {
  server.faults.add({
    match: { operation: 'PutObject' },
    times: 1,
    action: { kind: 'corrupt', what: 'stored' },
  });
  await bench.end(await bench.upload(bucket, [bench.file('a.bin', randomBytes(99_000))]));
  await bench.download(bucket, ['a.bin']);
  await bench.until((rows) =>
    rows.some(
      ({ kind, attempt, error }) =>
        kind === 'download' &&
        attempt >= 3 &&
        error?.code === 'transfer.checksum-mismatch',
    ),
  );
  expect(existsSync(path.join(bench.folder, 'down/a.bin'))).toBe(false);
  await bench.service.handlers['transfers.cancel']({ ids: null });
});

test.each([300_000, 2 * MIB + 3])(
  'what comes in one piece is checked on its way: %d bytes, spoilt once',
  async (size) => {
    const content = randomBytes(size);
    await bench.end(await bench.upload(bucket, [bench.file('a.bin', content)]));
    server.faults.add({
      match: { operation: 'GetObject' },
      times: 1,
      action: { kind: 'corrupt', what: 'response', atByte: size - 1 },
    });
    expect(await bench.end(await bench.download(bucket, ['a.bin']))).toMatchObject({
      done: 1,
      failed: 0,
    });
    const place = path.join(bench.folder, 'down/a.bin');
    expect(readFileSync(place).equals(content)).toBe(true);
    const row = (await bench.rows()).find(({ kind }) => kind === 'download');
    expect(row).toMatchObject({ integrity: 'md5', attempt: 1 });
  },
);

test('what was gone on with is checked as a whole', async () => {
  const content = randomBytes(3 * MIB);
  await bench.end(await bench.upload(bucket, [bench.file('a.bin', content)]));
  server.faults.add({
    match: { operation: 'GetObject' },
    times: 1,
    action: { kind: 'reset', when: 'response', afterBytes: 2 * MIB },
  });
  await bench.end(await bench.download(bucket, ['a.bin']));
  expect(readFileSync(path.join(bench.folder, 'down/a.bin')).equals(content)).toBe(true);
  const row = (await bench.rows()).find(({ kind }) => kind === 'download');
  expect(row).toMatchObject({ integrity: 'md5', attempt: 1 });
  const ranges = server.requests
    .filter(({ operation }) => operation === 'GetObject')
    .map(({ headers }) => headers['range']);
  expect(ranges).toEqual([undefined, expect.stringMatching(/^bytes=[1-9]\d*-$/)]);
});

test.runIf(LEAN).each([2 * MIB, 33 * MIB])(
  'the checksum that comes with %d bytes is taken on their way, also of ranges',
  async (size) => {
    bench.configure({ providerId: 'aws', addressing: 'path' });
    const content = randomBytes(size);
    await bench.end(await bench.upload(bucket, [bench.file('a.bin', content)]));
    server.clearRequests();
    await bench.end(await bench.download(bucket, ['a.bin']));
    const place = path.join(bench.folder, 'down/a.bin');
    expect(readFileSync(place).equals(content)).toBe(true);
    const row = (await bench.rows()).find(({ kind }) => kind === 'download');
    expect(row).toMatchObject({ integrity: 'crc32', attempt: 0 });
    // Nothing had to be asked about the object: its file was not looked at.
    const asked = server.requests.filter(({ operation }) => operation === 'HeadObject');
    expect(asked).toEqual([]);
  },
);

test('a range that spoilt is noticed by the checksum of the whole', async () => {
  bench.configure({ providerId: 'aws', addressing: 'path' });
  const content = randomBytes(33 * MIB);
  await bench.end(await bench.upload(bucket, [bench.file('a.bin', content)]));
  server.faults.add({
    match: { operation: 'GetObject' },
    skip: 2,
    times: 1,
    action: { kind: 'corrupt', what: 'response', atByte: 77 },
  });
  expect(await bench.end(await bench.download(bucket, ['a.bin']))).toMatchObject({
    done: 1,
  });
  const place = path.join(bench.folder, 'down/a.bin');
  expect(readFileSync(place).equals(content)).toBe(true);
  const row = (await bench.rows()).find(({ kind }) => kind === 'download');
  expect(row).toMatchObject({ integrity: 'crc32', attempt: 1 });
});

test('the pause a server asks for is kept', async () => {
  server.faults.add({
    match: { operation: 'PutObject' },
    times: 1,
    action: { kind: 'slowDown', retryAfterSeconds: 3 },
  });
  const started = Date.now();
  const group = await bench.upload(bucket, [bench.file('a.txt', 'a')]);
  expect(await bench.end(group)).toMatchObject({ done: 1 });
  expect(Date.now() - started).toBeGreaterThan(2_900);
});

test('a folder on its way up over its own name is refused before anything moves', async () => {
  const keys = ['a/a/a/x', 'a/a/x'];
  for (const key of keys) {
    await bench.put(bucket, key, key);
  }
  const { groupId } = await bench.service.handlers['transfers.move']({
    connectionId: CONNECTION,
    bucket,
    items: [{ item: { key: 'a/a/', folder: true }, targetKey: 'a/' }],
    targetConnectionId: CONNECTION,
    targetBucket: bucket,
    conflict: 'ask',
  });
  expect(await bench.end(groupId)).toMatchObject({ failed: 1 });
  for (const key of keys) expect(String(await bench.read(bucket, key))).toBe(key);
});

test('a folder without its slash is no folder: nothing is deleted', async () => {
  const remove = bench.service.handlers['transfers.remove'];
  const items = [{ key: 'photo', folder: true }];
  await expect(remove({ connectionId: CONNECTION, bucket, items })).rejects.toMatchObject(
    { code: 'input.invalid' },
  );
});

test('while a group runs, its folder is called changed now and then', async () => {
  server.faults.add({
    match: { operation: 'PutObject' },
    action: { kind: 'delay', ms: 900 },
  });
  bench.service.setLimits({ maxTransfers: 1, partsPerTransfer: 1 });
  const files = Array.from({ length: 6 }, (_, n) => bench.file(`up/${n}`, 'x'));
  const begun = performance.now();
  const group = await bench.upload(bucket, files, { prefix: 'new/' });
  await bench.end(group);
  const most = Math.ceil((performance.now() - begun) / 2_000);
  expect(bench.progressed.length).toBeGreaterThanOrEqual(1);
  expect(bench.progressed.length).toBeLessThanOrEqual(most);
  expect(bench.progressed[0]).toMatchObject({ groupId: group, bucket, prefix: 'new/' });
  expect(bench.prefixes.length).toBe(bench.progressed.length + 1);
});

test('revisions go on without a gap, and beyond those of the engine before', async () => {
  await bench.end(await bench.upload(bucket, [bench.file('a.txt', 'a')]));
  const early = (await bench.service.handlers['transfers.totals']()).revision;
  await waitFor(() => (bench.batches.at(-1)?.totals.done === 1 ? true : undefined));
  // What the early answer held may be told again, never left out.
  const known = bench.batches.flatMap(({ from, to }) => [from, to]);
  expect(known).toContain(early);
  const page = { filter: 'all', offset: 0, limit: 10 } as const;
  const { revision } = await bench.service.handlers['transfers.page'](page);
  const steps = bench.batches.map(({ from, to }) => to - from);
  expect(steps.every((step) => step === 1)).toBe(true);
  for (const [index, { from }] of bench.batches.entries()) {
    if (index > 0) expect(from).toBe(bench.batches[index - 1]?.to);
  }
  expect(revision).toBe(bench.batches.at(-1)?.to);
  await bench.restart();
  const after = await bench.service.handlers['transfers.totals']();
  expect(after.revision).toBeGreaterThan(bench.batches.at(-1)?.to ?? 0);
});
