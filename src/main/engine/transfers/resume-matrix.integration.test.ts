import { randomBytes } from 'node:crypto';
import { truncateSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { S3Server } from '../../../../tools/s3-server/index.ts';
import { openS3Target, type S3Target } from '../testing/s3-target.ts';
import { openBench, ownServer, type TransferBench, waitFor } from './testing.ts';

const MIB = 1024 * 1024;
const TIB = MIB * MIB;
const IN_PARTS = { advanced: { partSizeMiB: 5 } as never };
const NEW_KEY = {
  name: 'rotated',
  accessKeyId: 'ROTATEDKEY0000000001',
  secretAccessKey: 'rotated-secret',
  policy: { kind: 'all' },
} as const;
const NEW_KEYS = {
  accessKeyId: NEW_KEY.accessKeyId,
  secretAccessKey: NEW_KEY.secretAccessKey,
  sessionToken: '',
};

let target: S3Target;
let bench: TransferBench;
let server: S3Server;
let bucket: string;
let content: Buffer;
let source: string;

beforeEach(async ({ skip }) => {
  target = await openS3Target({ rotated: NEW_KEY });
  bucket = await target.makeBucket();
  bench = openBench(target);
  server = ownServer(target, skip);
  bench.configure(IN_PARTS);
  bench.service.setLimits({ maxTransfers: 4, partsPerTransfer: 1 });
  content = randomBytes(24 * MIB);
  source = bench.file('big.bin', content);
});

afterEach(async () => {
  target.server?.faults.clear();
  await bench.close();
  await target.close();
});

/** Uploads until two parts of five were answered and the third is on its way. */
async function half(): Promise<Awaited<ReturnType<TransferBench['upload']>>> {
  server.clearRequests();
  server.faults.add({
    match: { operation: 'UploadPart', partNumber: 3 },
    times: 1,
    action: { kind: 'delay', ms: 3_600_000 },
  });
  const group = await bench.upload(bucket, [source]);
  await waitFor(() => (server.faults.hits.length === 1 ? true : undefined));
  return group;
}

/** Parts that arrived; the third may have twice, as it was on its way. */
function partsSent(): readonly number[] {
  return server.requests
    .filter(({ operation, status }) => operation === 'UploadPart' && status === 200)
    .map(({ partNumber }) => partNumber ?? 0)
    .filter((number) => number !== 3)
    .sort((a, b) => a - b);
}

function created(): number {
  return server.requests.filter(({ operation }) => operation === 'CreateMultipartUpload')
    .length;
}

describe('an upload that was half done goes on with the parts that are there after', () => {
  const events: readonly (readonly [string, () => unknown])[] = [
    [
      'a pause',
      async () => {
        await bench.service.handlers['transfers.pause']({ ids: null });
        await bench.service.handlers['transfers.resume']({ ids: null });
      },
    ],
    ['sleep of the computer', () => bench.service.resumed()],
    [
      'the loss of the connection',
      async () => {
        server.faults.add({
          match: { operation: 'UploadPart' },
          times: 2,
          action: { kind: 'reset', when: 'request', afterBytes: 100_000 },
        });
        bench.service.resumed();
        // The one that is held, and both that were cut.
        await waitFor(() => (server.faults.hits.length >= 3 ? true : undefined));
      },
    ],
    ['new credentials', () => bench.configure(IN_PARTS, NEW_KEYS)],
    [
      'another name of the bookmark',
      () => bench.configure({ ...IN_PARTS, nickname: 'another' }),
    ],
    [
      'another part size in the bookmark',
      () => bench.configure({ advanced: { partSizeMiB: 9 } as never }),
    ],
    ['the end of the process', () => bench.restart()],
  ];

  test.each(events)('%s', async (_name, happen) => {
    const group = await half();
    const wasCreated = created();
    await happen();
    server.faults.clear();
    bench.service.setLimits({ maxTransfers: 4, partsPerTransfer: 1 });
    expect(await bench.end(group)).toMatchObject({ done: 1, failed: 0 });
    expect((await bench.read(bucket, 'big.bin')).equals(content)).toBe(true);
    expect(partsSent()).toEqual([1, 2, 4, 5]);
    expect([wasCreated, created()]).toEqual([1, 1]);
    expect(server.uploads(bucket)).toEqual([]);
    expect((await bench.rows())[0]).toMatchObject({ note: '' });
  });
});

describe('an upload that was half done begins again, and says so, when', () => {
  test.each([
    ['the file has other content of the same length', () => randomBytes(24 * MIB)],
    ['the file is shorter', () => randomBytes(17 * MIB)],
    ['the file is small now', () => randomBytes(10)],
  ])('%s', async (_name, change) => {
    const group = await half();
    await bench.service.handlers['transfers.pause']({ ids: null });
    server.faults.clear();
    content = change();
    writeFileSync(source, content);
    utimesSync(source, 1_700_000_000, 1_700_000_000);
    await bench.service.handlers['transfers.resume']({ ids: null });
    expect(await bench.end(group)).toMatchObject({ done: 1, failed: 0 });
    expect((await bench.read(bucket, 'big.bin')).equals(content)).toBe(true);
    expect((await bench.rows())[0]?.note).toContain('changed');
    expect(server.uploads(bucket)).toEqual([]);
  });

  test('the server has forgotten it', async () => {
    const group = await half();
    await bench.service.handlers['transfers.pause']({ ids: null });
    server.faults.clear();
    for (const { key, uploadId } of server.uploads(bucket)) {
      await bench.s3.abortUpload({ bucket, key, uploadId });
    }
    await bench.service.handlers['transfers.resume']({ ids: null });
    expect(await bench.end(group)).toMatchObject({ done: 1, failed: 0 });
    expect((await bench.read(bucket, 'big.bin')).equals(content)).toBe(true);
    expect((await bench.rows())[0]?.note).toContain('forgotten');
  });
});

test('an upload whose file is gone fails, and its upload ends when it is cancelled', async () => {
  await half();
  await bench.service.handlers['transfers.pause']({ ids: null });
  server.faults.clear();
  unlinkSync(source);
  await bench.service.handlers['transfers.resume']({ ids: null });
  await bench.until((rows) => rows[0]?.state === 'failed');
  expect((await bench.rows())[0]?.error).toMatchObject({ code: 'local.not-found' });
  await bench.service.handlers['transfers.cancel']({ ids: null });
  await waitFor(() => (server.uploads(bucket).length === 0 ? true : undefined));
});

/** A file that takes no place. */
function sparse(size: number): string {
  const path = bench.file('huge.bin', '');
  truncateSync(path, size);
  return path;
}

describe('very large files', () => {
  test('one of 5 TiB is begun in 9,987 parts of 525 MiB', async () => {
    server.faults.add({
      match: { operation: 'CreateMultipartUpload' },
      action: { kind: 'stall', when: 'response' },
    });
    await bench.upload(bucket, [sparse(5 * TIB)]);
    await waitFor(() => (server.faults.hits.length > 0 ? true : undefined));
    const sql = 'SELECT part_size, part_count, source_size FROM uploads';
    expect(bench.database.get(sql)).toEqual({
      part_size: 525 * MIB,
      part_count: 9_987,
      source_size: 5 * TIB,
    });
    await bench.service.handlers['transfers.cancel']({ ids: null });
    await waitFor(() => (server.uploads(bucket).length === 0 ? true : undefined));
  });

  test('one byte more is refused before anything is sent', async () => {
    const group = await bench.upload(bucket, [sparse(5 * TIB + 1)]);
    expect(await bench.end(group)).toMatchObject({ failed: 1 });
    expect((await bench.rows())[0]?.error).toMatchObject({ code: 'transfer.too-large' });
    expect(created()).toBe(0);
    expect(server.uploads(bucket)).toEqual([]);
  });
});
