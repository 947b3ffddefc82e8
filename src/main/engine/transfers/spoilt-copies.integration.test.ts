import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { S3Server } from '../../../../tools/s3-server/index.ts';
import type { S3Target } from '../testing/s3-target.ts';
import { openServerBench, type ServerBench } from '../testing/server-bench.ts';
import { OTHER, type TransferBench } from './testing.ts';

const MIB = 1024 * 1024;
let at: ServerBench;
let target: S3Target;
let bench: TransferBench;
let server: S3Server;
let bucket: string;
let there: string;

beforeEach(async ({ skip }) => {
  at = await openServerBench(skip);
  ({ server, bench, bucket, target } = at);
  there = await target.makeBucket();
  bench.configureOther();
});

afterEach(async () => {
  await at?.close();
});

/** An object whose ETag is that of parts of these sizes. */
async function putInParts(key: string, bytes: Buffer, sizes: readonly number[]) {
  const ref = { bucket, key };
  const created = await bench.s3.createUpload({ ...ref, contentType: '', metadata: {} });
  const { uploadId } = created;
  const parts = [];
  let start = 0;
  for (const [index, size] of sizes.entries()) {
    const body = bytes.subarray(start, start + size);
    const partNumber = index + 1;
    parts.push(await bench.s3.uploadPart({ ...ref, uploadId, partNumber, body }));
    start += size;
  }
  await bench.s3.completeUpload({ ...ref, uploadId, parts, checksum: '' });
}

function spoil(times: number): void {
  server.faults.add({
    match: { operation: 'GetObject' },
    times,
    action: { kind: 'corrupt', what: 'response', atByte: 5 },
  });
}

function asked(operation: string): number {
  return server.requests.filter((record) => record.operation === operation).length;
}

describe('a copy through this computer of an object in parts', () => {
  test('has every byte, though some were spoilt on the way', async () => {
    const bytes = randomBytes(21 * MIB);
    await putInParts('a', bytes, [6 * MIB, 6 * MIB, 6 * MIB, 3 * MIB]);
    server.clearRequests();
    spoil(1);
    const to = { targetConnectionId: OTHER, targetBucket: there };
    const group = await bench.copy('move', bucket, { a: 'b' }, to);
    expect(await bench.end(group)).toMatchObject({ done: 1, failed: 0 });
    expect((await bench.read(there, 'b')).equals(bytes)).toBe(true);
    // The spoilt parts never made an object.
    expect(asked('CompleteMultipartUpload')).toBe(1);
    expect(server.uploads(there)).toEqual([]);
  });

  test('is done where parts of several sizes prove nothing', async () => {
    const bytes = randomBytes(18 * MIB);
    await putInParts('a', bytes, [6 * MIB, 5 * MIB, 7 * MIB]);
    const to = { targetConnectionId: OTHER, targetBucket: there };
    const group = await bench.copy('copy', bucket, { a: 'b' }, to);
    expect(await bench.end(group)).toMatchObject({ done: 1, failed: 0 });
    expect((await bench.read(there, 'b')).equals(bytes)).toBe(true);
  });
});

test.each([
  ['in one part', [18 * MIB]],
  ['in parts that nobody can guess', [7 * MIB, 7 * MIB, 4 * MIB]],
  ['in parts of several sizes', [6 * MIB, 5 * MIB, 7 * MIB]],
])(
  'an object sent %s is copied byte for byte, though some were spoilt',
  async (_, sizes) => {
    const bytes = randomBytes(18 * MIB);
    await putInParts('a', bytes, sizes);
    // A server that does not tell how objects were cut.
    server.faults.add({
      match: { operation: 'HeadObject', partNumber: 1 },
      action: { kind: 'error', status: 400, code: 'InvalidArgument' },
    });
    spoil(1);
    const to = { targetConnectionId: OTHER, targetBucket: there };
    const group = await bench.copy('move', bucket, { a: 'b' }, to);
    expect(await bench.end(group)).toMatchObject({ done: 1, failed: 0 });
    expect((await bench.read(there, 'b')).equals(bytes)).toBe(true);
  },
);

test('a small object sent in parts is copied byte for byte', async () => {
  const bytes = randomBytes(6 * MIB);
  await putInParts('a', bytes, [5 * MIB, MIB]);
  spoil(1);
  const to = { targetConnectionId: OTHER, targetBucket: there };
  const group = await bench.copy('copy', bucket, { a: 'b' }, to);
  expect(await bench.end(group)).toMatchObject({ done: 1, failed: 0 });
  expect((await bench.read(there, 'b')).equals(bytes)).toBe(true);
});

test('a part that is sent twice, spoilt the second time, is found', async () => {
  const bytes = randomBytes(21 * MIB);
  await bench.put(bucket, 'a', bytes);
  server.faults.add({
    match: { operation: 'UploadPart', partNumber: 1 },
    times: 1,
    action: { kind: 'error500' },
  });
  // All three parts were fetched once when the first comes again.
  server.faults.add({
    match: { operation: 'GetObject' },
    skip: 3,
    times: 1,
    action: { kind: 'corrupt', what: 'response', atByte: 5 },
  });
  const to = { targetConnectionId: OTHER, targetBucket: there };
  const group = await bench.copy('copy', bucket, { a: 'b' }, to);
  expect(await bench.end(group)).toMatchObject({ done: 1, failed: 0 });
  expect(server.faults.hits).toHaveLength(2);
  expect((await bench.read(there, 'b')).equals(bytes)).toBe(true);
});

test('what was spoilt before a restart is found after it', async () => {
  const bytes = randomBytes(21 * MIB);
  await bench.put(bucket, 'a', bytes);
  spoil(1);
  server.faults.add({
    match: { operation: 'UploadPart', partNumber: 3 },
    action: { kind: 'stall', when: 'before' },
  });
  const to = { targetConnectionId: OTHER, targetBucket: there };
  const group = await bench.copy('copy', bucket, { a: 'b' }, to);
  await bench.until((rows) => (rows[0]?.bytesDone ?? 0) === 16 * MIB);
  await bench.restart();
  bench.configureOther();
  server.faults.clear();
  expect(await bench.end(group)).toMatchObject({ done: 1, failed: 0 });
  expect((await bench.read(there, 'b')).equals(bytes)).toBe(true);
  expect(asked('CompleteMultipartUpload')).toBe(1);
});

test.each(['ask', 'skip'] as const)(
  'a move whose answer named another ETag takes what is there for its own: %s',
  async (conflict) => {
    await bench.put(bucket, 'a', 'content');
    server.faults.add({
      match: { operation: 'CopyObject' },
      times: 1,
      // In the middle of the ETag.
      action: { kind: 'corrupt', what: 'response', atByte: 180 },
    });
    const group = await bench.copy('move', bucket, { a: 'b' }, { conflict });
    await bench.until((rows) => rows[0]?.state === 'done' || rows[0]?.conflict !== null);
    expect(await bench.end(group)).toMatchObject({ done: 1, skipped: 0 });
    expect(server.faults.hits).toHaveLength(1);
    expect(await bench.keys(bucket)).toEqual(['b']);
  },
);

test('a move that was verified and interrupted before its source was gone copies nothing again', async () => {
  const bytes = randomBytes(18 * MIB);
  await putInParts('a', bytes, [6 * MIB, 5 * MIB, 7 * MIB]);
  server.faults.add({
    match: { operation: 'DeleteObject' },
    action: { kind: 'stall', when: 'before' },
  });
  const to = { targetConnectionId: OTHER, targetBucket: there };
  const group = await bench.copy('move', bucket, { a: 'b' }, { ...to, conflict: 'ask' });
  await expect.poll(() => asked('DeleteObject'), { timeout: 60_000 }).toBe(1);
  await bench.restart();
  bench.configureOther();
  server.faults.clear();
  expect(await bench.end(group)).toMatchObject({ done: 1, failed: 0 });
  expect(asked('CompleteMultipartUpload')).toBe(2);
  expect(await bench.keys(bucket)).toEqual([]);
  expect((await bench.read(there, 'b')).equals(bytes)).toBe(true);
});

test.each(['ask', 'skip'] as const)(
  'a copy that was completed unheard is known when it stands in its own way: %s',
  async (conflict) => {
    const bytes = randomBytes(18 * MIB);
    await putInParts('a', bytes, [6 * MIB, 5 * MIB, 7 * MIB]);
    server.faults.add({
      match: { operation: 'CompleteMultipartUpload' },
      times: 1,
      action: { kind: 'lostResponse' },
    });
    // As if the server had only begun with it when it was asked again.
    server.faults.add({
      match: { operation: 'HeadObject', bucket: there, keyPattern: /^b$/ },
      skip: 1,
      times: 1,
      action: { kind: 'error', status: 404, code: 'NoSuchKey' },
    });
    server.faults.add({
      match: { operation: 'ListParts' },
      times: 1,
      action: { kind: 'error', status: 403, code: 'AccessDenied' },
    });
    const to = { targetConnectionId: OTHER, targetBucket: there };
    const group = await bench.copy('move', bucket, { a: 'b' }, { ...to, conflict });
    expect(await bench.end(group)).toMatchObject({ done: 1, failed: 0, skipped: 0 });
    expect(server.faults.hits).toHaveLength(3);
    expect(await bench.keys(bucket)).toEqual([]);
    expect((await bench.read(there, 'b')).equals(bytes)).toBe(true);
  },
);
