import { randomBytes } from 'node:crypto';
import { renameSync, utimesSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { S3Server } from '../../../../tools/s3-server/index.ts';
import { openServerBench, type ServerBench } from '../testing/server-bench.ts';

import { type TransferBench, waitFor } from './testing.ts';

const MIB = 1024 * 1024;

let at: ServerBench;
let bench: TransferBench;
let server: S3Server;
let bucket: string;

beforeEach(async ({ skip }) => {
  at = await openServerBench(skip);
  ({ server, bench, bucket } = at);
});

afterEach(async () => {
  await at?.close();
});

/** Loses the answer of the last request of an upload, and holds whoever asks about it. */
async function loseTheAnswer(
  operation: 'PutObject' | 'CompleteMultipartUpload',
): Promise<void> {
  server.faults.add({
    match: { operation },
    times: 1,
    action: { kind: 'lostResponse' },
  });
  await waitFor(() => (server.faults.hits.length === 1 ? true : undefined));
}

/** Holds all looks but those before the first byte and before Complete. */
function holdHeads(looks: number): void {
  server.faults.add({
    match: { operation: 'HeadObject' },
    skip: looks,
    action: { kind: 'delay', ms: 3_600_000 },
  });
}

describe('an object whose answer was lost, and whose file changed since', () => {
  test.each([
    ['in one piece', 'PutObject', 200_000, 'rename'],
    ['in one piece', 'PutObject', 200_000, 'skip'],
    ['in parts', 'CompleteMultipartUpload', 20 * MIB, 'rename'],
    ['in parts', 'CompleteMultipartUpload', 20 * MIB, 'skip'],
  ] as const)(
    '%s is replaced, not taken for somebody else’s (%s, %i, %s)',
    async (...given) => {
      const [, operation, size, conflict] = given;
      const path = bench.file('changing.bin', randomBytes(size));
      holdHeads(operation === 'PutObject' ? 1 : 2);
      const lost = loseTheAnswer(operation);
      const group = await bench.upload(bucket, [path], { conflict });
      await lost;
      await waitFor(() => (server.faults.hits.length === 2 ? true : undefined));
      await bench.service.handlers['transfers.pause']({ ids: null });
      const changed = randomBytes(size + 1_000);
      writeFileSync(path, changed);
      server.faults.clear();
      await bench.service.handlers['transfers.resume']({ ids: null });
      expect(await bench.end(group)).toMatchObject({ done: 1, failed: 0, skipped: 0 });
      expect((await bench.read(bucket, 'changing.bin')).equals(changed)).toBe(true);
      expect((await bench.rows())[0]).toMatchObject({
        key: 'changing.bin',
        state: 'done',
      });
      expect(server.uploads(bucket)).toEqual([]);
    },
  );

  test('somebody else’s object of the same size is still kept', async () => {
    const path = bench.file('changing.bin', randomBytes(50_000));
    server.faults.add({
      match: { operation: 'PutObject' },
      action: { kind: 'error500' },
    });
    const group = await bench.upload(bucket, [path], { conflict: 'rename' });
    await waitFor(() => (server.faults.hits.length >= 1 ? true : undefined));
    await bench.service.handlers['transfers.pause']({ ids: null });
    server.faults.clear();
    const theirs = randomBytes(50_000);
    await bench.put(bucket, 'changing.bin', theirs);
    await bench.service.handlers['transfers.resume']({ ids: null });
    expect(await bench.end(group)).toMatchObject({ done: 1 });
    expect((await bench.read(bucket, 'changing.bin')).equals(theirs)).toBe(true);
    expect((await bench.rows())[0]?.key).toBe('changing 2.bin');
  });
});

test('a request that was given up on and arrives late is known though the file changed', async () => {
  bench.configure({ providerId: 'minio', addressing: 'path' });
  const path = bench.file('changing.bin', randomBytes(200_000));
  server.faults.add({
    match: { operation: 'PutObject' },
    times: 1,
    action: { kind: 'lostResponse' },
  });
  // As if it had not arrived yet when it is looked for, and has when it is sent again.
  server.faults.add({
    match: { operation: 'HeadObject' },
    times: 2,
    action: { kind: 'error', status: 404, code: 'NoSuchKey' },
  });
  const group = await bench.upload(bucket, [path], { conflict: 'rename' });
  await waitFor(() =>
    server.faults.hits.some(({ operation }) => operation === 'PutObject')
      ? true
      : undefined,
  );
  const changed = randomBytes(201_000);
  writeFileSync(path, changed);
  expect(await bench.end(group)).toMatchObject({ done: 1, failed: 0, skipped: 0 });
  expect(await bench.keys(bucket)).toEqual(['changing.bin']);
  expect((await bench.read(bucket, 'changing.bin')).equals(changed)).toBe(true);
});

test('a file that another one of its size and time replaces in mid-way is not mixed with it', async () => {
  bench.configure({ advanced: { partSizeMiB: 5 } as never });
  bench.service.setLimits({ maxTransfers: 1, partsPerTransfer: 1 });
  const seconds = 1_600_000_000;
  const path = bench.file('replaced.bin', randomBytes(20 * MIB));
  const content = randomBytes(20 * MIB);
  const other = bench.file('other.bin', content);
  for (const file of [path, other]) utimesSync(file, seconds, seconds);
  server.faults.add({
    match: { operation: 'UploadPart', partNumber: 2 },
    times: 1,
    action: { kind: 'delay', ms: 3_600_000 },
  });
  const group = await bench.upload(bucket, [path]);
  await waitFor(() => server.faults.hits.length > 0 || undefined);
  renameSync(other, path);
  server.faults.clear();
  expect(await bench.end(group)).toMatchObject({ done: 1 });
  expect((await bench.read(bucket, 'replaced.bin')).equals(content)).toBe(true);
});
