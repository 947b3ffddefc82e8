import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { S3Server } from '../../../../tools/s3-server/index.ts';
import type { S3Target } from '../testing/s3-target.ts';
import { openServerBench, type ServerBench } from '../testing/server-bench.ts';
import { settleLostUpload } from './lost-upload.ts';
import { type TransferBench, waitFor } from './testing.ts';

const MIB = 1024 * 1024;
const IN_PARTS = { advanced: { partSizeMiB: 5 } as never };
let at: ServerBench;
let target: S3Target;
let bench: TransferBench;
let server: S3Server;
let bucket: string;

beforeEach(async ({ skip }) => {
  at = await openServerBench(skip);
  ({ server, bench, bucket, target } = at);
  bench.configure(IN_PARTS);
});

afterEach(async () => {
  await at?.close();
});

function loseCreateAnswer(): void {
  server.faults.add({
    match: { operation: 'CreateMultipartUpload' },
    times: 1,
    action: { kind: 'lostResponse' },
  });
}

describe('an upload whose id got lost', () => {
  test('is found and ended before the next attempt', async () => {
    loseCreateAnswer();
    const content = randomBytes(18 * MIB);
    const group = await bench.upload(bucket, [bench.file('big.bin', content)]);
    expect(await bench.end(group)).toMatchObject({ done: 1, failed: 0 });
    expect((await bench.read(bucket, 'big.bin')).equals(content)).toBe(true);
    expect(server.uploads(bucket)).toEqual([]);
    expect((await bench.rows())[0]).toMatchObject({ note: '' });
  });

  test('is found and ended when the transfer is cancelled', async () => {
    loseCreateAnswer();
    server.faults.add({
      match: { operation: 'ListMultipartUploads' },
      // The first looks whether somebody else has begun one.
      skip: 1,
      times: 3,
      action: { kind: 'error500' },
    });
    const group = await bench.upload(bucket, [
      bench.file('big.bin', randomBytes(18 * MIB)),
    ]);
    await bench.until((rows) => rows[0]?.waitReason === 'backoff');
    expect(server.uploads(bucket)).toHaveLength(1);
    server.faults.clear();
    await bench.service.handlers['transfers.cancel']({ ids: null });
    expect(await bench.end(group)).toMatchObject({ cancelled: 1 });
    await waitFor(() => (server.uploads(bucket).length === 0 ? true : undefined));
  });

  test('is cancelled at once although its answer hangs, and still found', async () => {
    server.faults.add({
      match: { operation: 'CreateMultipartUpload' },
      action: { kind: 'stall', when: 'response' },
    });
    const group = await bench.upload(bucket, [
      bench.file('big.bin', randomBytes(18 * MIB)),
    ]);
    await waitFor(() => (server.faults.hits.length > 0 ? true : undefined));
    const started = Date.now();
    await bench.service.handlers['transfers.cancel']({ ids: null });
    expect(Date.now() - started).toBeLessThan(20_000);
    expect(await bench.end(group)).toMatchObject({ cancelled: 1 });
    expect(server.uploads(bucket)).toEqual([]);
  });

  test('is found although the clock was set right in the meantime', async () => {
    server.clockSkewMs = 3_600_000;
    try {
      loseCreateAnswer();
      server.faults.add({
        match: { operation: 'ListMultipartUploads' },
        skip: 1,
        times: 3,
        action: { kind: 'error500' },
      });
      const content = randomBytes(18 * MIB);
      const group = await bench.upload(bucket, [bench.file('big.bin', content)]);
      await waitFor(() => (searches().length > 1 ? true : undefined));
      server.clockSkewMs = 0;
      expect(await bench.end(group)).toMatchObject({ done: 1, failed: 0 });
      expect(server.uploads(bucket)).toEqual([]);
      expect((await bench.rows())[0]).toMatchObject({ note: '' });
    } finally {
      server.clockSkewMs = 0;
    }
  });

  test('is found although the server took its time', async () => {
    const { signal } = new AbortController();
    const beganAt = Date.now();
    const [outcome] = await Promise.all([
      settleLostUpload({
        connection: bench.s3,
        parts: { knowsUpload: () => false },
        target: { bucket, key: 'late' },
        upload: { beganAt, endedAt: beganAt + 10_000, clock: null },
        now: Date.now,
        request: (work) => work(),
        signal,
      }),
      waitFor(() => (searches().length > 0 ? true : undefined), 5_000).then(() =>
        createUpload('late'),
      ),
    ]);
    expect(outcome).toBe('settled');
    expect(server.uploads(bucket)).toEqual([]);
  });

  test('leaves the uploads of others to the same key alone', async () => {
    const old = await createUpload('big.bin');
    // Times of uploads tell seconds: beyond the slack for clocks.
    await new Promise((resolve) => {
      setTimeout(resolve, 4_500);
    });
    const longer = await createUpload('big.bin.2');
    loseCreateAnswer();
    const group = await bench.upload(bucket, [
      bench.file('big.bin', randomBytes(18 * MIB)),
    ]);
    expect(await bench.end(group)).toMatchObject({ done: 1 });
    expect(
      server
        .uploads(bucket)
        .map(({ uploadId }) => uploadId)
        .sort(),
    ).toEqual([old, longer].sort());
  });

  test('is left alone, with a note, when it cannot be told from another', async () => {
    const source = bench.file('big.bin', randomBytes(18 * MIB));
    const other = await createUpload('big.bin');
    loseCreateAnswer();
    const group = await bench.upload(bucket, [source]);
    expect(await bench.end(group)).toMatchObject({ done: 1 });
    const left = server.uploads(bucket).map(({ uploadId }) => uploadId);
    expect(left).toHaveLength(2);
    expect(left).toContain(other);
    expect((await bench.rows())[0]?.note).toContain('unfinished upload');
  });

  test('of a key that may not list uploads is noted in its row', async () => {
    bench.configure(IN_PARTS, target.limited);
    loseCreateAnswer();
    const group = await bench.upload(
      target.limitedBucket,
      [bench.file('big.bin', randomBytes(18 * MIB))],
      { prefix: target.limitedPrefix },
    );
    expect(await bench.end(group)).toMatchObject({ done: 1 });
    expect((await bench.rows())[0]?.note).toContain('unfinished upload');
  });
});

test('parts the server refuses to put together leave no upload behind', async () => {
  server.faults.add({
    match: { operation: 'CompleteMultipartUpload' },
    times: 1,
    action: { kind: 'error', status: 400, code: 'InvalidPart' },
  });
  const content = randomBytes(18 * MIB);
  const group = await bench.upload(bucket, [bench.file('big.bin', content)]);
  expect(await bench.end(group)).toMatchObject({ done: 1 });
  expect(server.uploads(bucket)).toEqual([]);
  expect((await bench.read(bucket, 'big.bin')).equals(content)).toBe(true);
});

test.each([
  [1, [1, 2, 3, 4]],
  [3, [1, 1, 2, 2, 3, 3, 4, 4]],
] as const)(
  'a Complete refused as spoilt %i times leaves no upload behind',
  async (times, sent) => {
    const action = { kind: 'error', status: 400, code: 'BadDigest' } as const;
    server.faults.add({
      match: { operation: 'CompleteMultipartUpload' },
      times,
      action,
    });
    const content = randomBytes(18 * MIB);
    const group = await bench.upload(bucket, [bench.file('big.bin', content)]);
    expect(await bench.end(group)).toMatchObject({ done: 1 });
    expect(server.uploads(bucket)).toEqual([]);
    expect((await bench.read(bucket, 'big.bin')).equals(content)).toBe(true);
    expect(partsSent()).toEqual(sent);
  },
);

test('a part on the server that is not ours is sent again, one that is ours is not', async () => {
  const content = randomBytes(24 * MIB);
  server.faults.add({
    match: { operation: 'UploadPart', partNumber: 3 },
    times: 1,
    action: { kind: 'delay', ms: 3_600_000 },
  });
  bench.service.setLimits({ maxTransfers: 4, partsPerTransfer: 1 });
  const group = await bench.upload(bucket, [bench.file('big.bin', content)]);
  // Part 3 is on its way only when the parts before it were answered.
  await waitFor(() => (server.faults.hits.length > 0 ? true : undefined));
  await bench.service.handlers['transfers.pause']({ ids: null });
  server.faults.clear();
  const [{ uploadId } = { uploadId: '' }] = server.uploads(bucket);
  const spoilt = bench.file('spoilt', randomBytes(5 * MIB));
  const ours = bench.file('ours', content.subarray(15 * MIB, 20 * MIB));
  for (const [partNumber, path] of [
    [2, spoilt],
    [3, spoilt],
    [4, ours],
  ] as const) {
    const body = { path, start: 0, length: 5 * MIB };
    await bench.s3.uploadPart({ bucket, key: 'big.bin', uploadId, partNumber, body });
  }
  server.clearRequests();
  await bench.service.handlers['transfers.resume']({ ids: null });
  expect(await bench.end(group)).toMatchObject({ done: 1 });
  expect((await bench.read(bucket, 'big.bin')).equals(content)).toBe(true);
  expect(partsSent()).toEqual([2, 3, 5]);
});

test.each([
  ['skip', 'theirs', ['big.bin']],
  ['overwrite', 'ours', ['big.bin']],
  ['rename', 'theirs', ['big 2.bin', 'big.bin']],
] as const)(
  'an object that came to the target during the upload is asked about: %s',
  async (answer, winner, keys) => {
    const content = randomBytes(18 * MIB);
    server.faults.add({
      match: { operation: 'UploadPart', partNumber: 2 },
      times: 1,
      action: { kind: 'delay', ms: 3_600_000 },
    });
    const group = await bench.upload(bucket, [bench.file('big.bin', content)]);
    await waitFor(() => (server.faults.hits.length > 0 ? true : undefined));
    const theirs = Buffer.from('theirs');
    await bench.put(bucket, 'big.bin', theirs);
    server.faults.clear();
    await bench.until((rows) => rows[0]?.waitReason === 'conflict');
    const id = (await bench.rows())[0]?.id ?? (0 as never);
    await bench.service.handlers['transfers.answerConflict']({
      id,
      answer,
      forAll: false,
    });
    await bench.end(group);
    expect(await bench.keys(bucket)).toEqual(keys);
    const kept = await bench.read(bucket, 'big.bin');
    expect(kept.equals(winner === 'ours' ? content : theirs)).toBe(true);
    await waitFor(() => (server.uploads(bucket).length === 0 ? true : undefined));
  },
);

test('cancelling and quitting at the same moment keeps it cancelled', async () => {
  server.faults.add({
    match: { operation: 'UploadPart' },
    action: { kind: 'delay', ms: 30_000 },
  });
  await bench.upload(bucket, [bench.file('big.bin', randomBytes(18 * MIB))]);
  await waitFor(() => (server.faults.hits.length > 0 ? true : undefined));
  const cancelled = bench.service.handlers['transfers.cancel']({ ids: null });
  const restarted = bench.restart();
  await Promise.allSettled([cancelled]);
  await restarted;
  expect((await bench.rows())[0]).toMatchObject({ state: 'cancelled' });
  await waitFor(() => (server.uploads(bucket).length === 0 ? true : undefined));
});

test('an upload begun anew while the one before is still being cleaned up leaves none', async () => {
  bench.service.setLimits({ maxTransfers: 1, partsPerTransfer: 1 });
  /** Holds a request up, does something and waits until it has come to it. */
  const untilHeld = async <T>(
    operation: 'UploadPart' | 'AbortMultipartUpload',
    act: () => T,
  ): Promise<T> => {
    const { length } = server.faults.hits;
    const action = { kind: 'delay', ms: 3_600_000 } as const;
    server.faults.add({ match: { operation }, times: 1, action });
    const result = act();
    await waitFor(() => server.faults.hits.length > length || undefined);
    return result;
  };
  const path = bench.file('big.bin', randomBytes(18 * MIB));
  await untilHeld('UploadPart', () => bench.upload(bucket, [path]));
  const { handlers } = bench.service;
  const ids = (await bench.rows()).map(({ id }) => id);
  const cancel = () => ({ done: handlers['transfers.cancel']({ ids }) });
  const first = await untilHeld('AbortMultipartUpload', cancel);
  bench.file('big.bin', randomBytes(19 * MIB));
  await untilHeld('UploadPart', () => handlers['transfers.retry']({ ids }));
  const second = cancel();
  await bench.until((rows) => rows[0]?.state === 'cancelled');
  server.faults.clear();
  await Promise.all([first.done, second.done]);
  expect(server.uploads(bucket)).toEqual([]);
});

async function createUpload(key: string): Promise<string> {
  const created = await bench.s3.createUpload({
    bucket,
    key,
    contentType: '',
    metadata: {},
  });
  return created.uploadId;
}

function searches(): readonly unknown[] {
  return server.requests.filter(({ operation }) => operation === 'ListMultipartUploads');
}

function partsSent(): number[] {
  return server.requests
    .filter((record) => record.operation === 'UploadPart' && record.status === 200)
    .map((record) => record.partNumber ?? 0)
    .sort((a, b) => a - b);
}
