import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { S3Server } from '../../../../tools/s3-server/index.ts';
import type { S3Target } from '../testing/s3-target.ts';
import { openServerBench, type ServerBench } from '../testing/server-bench.ts';
import { OTHER, type TransferBench } from './testing.ts';

const MIB = 1024 * 1024;
let at: ServerBench;
let target: S3Target;
let server: S3Server;
let bench: TransferBench;
let bucket: string;

beforeEach(async ({ skip }) => {
  at = await openServerBench(skip, {
    copyLimits: { maxSingle: 6 * MIB, partBytes: 5 * MIB },
  });
  ({ server, bench, bucket, target } = at);
});

afterEach(async () => {
  await at?.close();
});

async function put(key: string, body: Uint8Array | string) {
  await bench.put(bucket, key, body);
}

function asked(operation: string): number {
  return server.requests.filter((request) => request.operation === operation).length;
}

describe('another connection to the same bucket', () => {
  test('moves nothing onto or into itself', async () => {
    bench.configureOther();
    await put('d/a', 'x');
    const changes = {
      targetConnectionId: OTHER,
      targetBucket: bucket,
      conflict: 'overwrite',
    } as const;
    await expect(
      bench.copy('move', bucket, { 'd/a': 'd/a' }, changes),
    ).rejects.toMatchObject({ code: 'copy.onto-itself' });
    await expect(
      bench.copy('move', bucket, { 'd/': 'd/' }, changes),
    ).rejects.toMatchObject({ code: 'copy.onto-itself' });
    await expect(
      bench.copy('copy', bucket, { 'd/': 'd/e/' }, changes),
    ).rejects.toMatchObject({ code: 'copy.into-itself' });
    expect(await bench.keys(bucket)).toEqual(['d/a']);
  });

  test.each([5, 9 * MIB])(
    'moves nothing onto itself under another name of the server: %i bytes',
    async (size) => {
      const name = target.endpoint.includes('//127.0.0.1')
        ? target.endpoint.replace('127.0.0.1', '0.0.0.0')
        : target.endpoint.replace('0.0.0.0', '127.0.0.1');
      bench.configureOther({ endpoint: name });
      const bytes = randomBytes(size);
      await put('a', bytes);
      const to = { targetConnectionId: OTHER, targetBucket: bucket };
      const group = await bench.copy(
        'move',
        bucket,
        { a: 'a' },
        { ...to, conflict: 'overwrite' },
      );
      expect(await bench.end(group)).toMatchObject({ done: 0, failed: 1 });
      expect((await bench.rows())[0]?.error?.code).toBe('copy.onto-itself');
      expect((await bench.read(bucket, 'a')).equals(bytes)).toBe(true);
    },
  );
});

test('of one move none goes where another one comes from', async () => {
  await put('a', 'a');
  await put('b', 'b');
  const chain = bench.copy('move', bucket, { a: 'b', b: 'c' }, { conflict: 'overwrite' });
  await expect(chain).rejects.toMatchObject({ code: 'input.invalid' });
  expect(await bench.keys(bucket)).toEqual(['a', 'b']);
});

async function meet(conflict: 'ask' | 'skip' | 'rename') {
  await bench.service.handlers['transfers.pause']({ ids: null });
  await bench.until((rows) => rows[0]?.state === 'paused');
  await put('b', 'theirs');
  server.faults.clear();
  await bench.service.handlers['transfers.resume']({ ids: null });
  await bench.until(
    ([row]) => row?.waitReason === 'conflict' || row?.finishedAt !== null,
  );
  const [row] = await bench.rows();
  if (conflict === 'ask') expect(row?.waitReason).toBe('conflict');
  else expect(row?.state).toBe(conflict === 'skip' ? 'skipped' : 'done');
  expect(String(await bench.read(bucket, 'b'))).toBe('theirs');
  expect(await bench.keys(bucket)).toEqual(
    conflict === 'rename' ? ['b', 'b 2'] : ['a', 'b'],
  );
}

describe('what came to the target while a move was paused is not replaced', () => {
  test.each(['ask', 'skip', 'rename'] as const)('on the server: %s', async (conflict) => {
    await put('a', 'ours');
    server.faults.add({
      match: { operation: 'CopyObject' },
      action: { kind: 'stall', when: 'before' },
    });
    await bench.copy('move', bucket, { a: 'b' }, { conflict });
    await expect.poll(() => asked('CopyObject'), { timeout: 60_000 }).toBe(1);
    await meet(conflict);
  });

  test.each(['ask', 'skip', 'rename'] as const)('in parts: %s', async (conflict) => {
    const bytes = randomBytes(12 * MIB);
    await put('a', bytes);
    server.faults.add({
      match: { operation: 'UploadPartCopy', partNumber: 2 },
      action: { kind: 'stall', when: 'before' },
    });
    await bench.copy('move', bucket, { a: 'b' }, { conflict });
    await bench.until((rows) => (rows[0]?.bytesDone ?? 0) === 7 * MIB);
    await meet(conflict);
    if (conflict === 'rename') {
      expect((await bench.read(bucket, 'b 2')).equals(bytes)).toBe(true);
    } else {
      await bench.service.handlers['transfers.cancel']({ ids: null });
    }
    await expect.poll(() => server.uploads(bucket), { timeout: 60_000 }).toEqual([]);
  });
});
