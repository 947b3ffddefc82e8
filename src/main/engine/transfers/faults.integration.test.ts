import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FaultSpec, startS3Server } from '../../../../tools/s3-server/index.ts';
import { openS3Target, type S3Target } from '../testing/s3-target.ts';
import { CONNECTION, openBench, type TransferBench } from './testing.ts';

const MIB = 1024 * 1024;
const IN_PARTS = { advanced: { partSizeMiB: 5, requestTimeoutMs: 3_000 } as never };
let target: S3Target;
let bench: TransferBench;
let bucket: string;

beforeEach(async () => {
  target = await openS3Target();
  bucket = await target.makeBucket();
  bench = openBench(target);
  bench.configure(IN_PARTS);
});

afterEach(async () => {
  await bench.close();
  await target.close();
});

function fault(spec: FaultSpec): void {
  target.server?.faults.add(spec);
}

// These need a server that misbehaves on demand.
describe.skipIf(process.env['S3_ENDPOINT'] !== undefined)('over a bad server', () => {
  test('a folder is deleted although single deletes fail for a moment', async () => {
    const names = ['d/a', 'd/b', 'd/c'];
    target.server?.seed(
      bucket,
      names.map((key) => ({ key, body: 'x' })),
    );
    fault({
      match: { operation: 'DeleteObjects' },
      action: { kind: 'error', status: 501, code: 'NotImplemented' },
    });
    // More often than one call tries by itself.
    fault({
      match: { operation: 'DeleteObject', keyPattern: /b$/ },
      times: 4,
      action: { kind: 'error500' },
    });
    const { groupId } = await bench.service.handlers['transfers.remove']({
      connectionId: CONNECTION,
      bucket,
      items: [{ key: 'd/', folder: true }],
    });
    expect(await bench.end(groupId)).toMatchObject({ done: 1, failed: 0 });
    expect(await bench.keys(bucket)).toEqual([]);
  });

  test.each<[string, FaultSpec]>([
    [
      '503',
      { match: { operation: 'PutObject' }, times: 2, action: { kind: 'slowDown' } },
    ],
    [
      '500',
      { match: { operation: 'PutObject' }, times: 2, action: { kind: 'error500' } },
    ],
    [
      'a reset in mid-body',
      {
        match: { operation: 'PutObject' },
        times: 2,
        action: { kind: 'reset', when: 'request', afterBytes: 1_000 },
      },
    ],
    [
      'a lost answer',
      { match: { operation: 'PutObject' }, times: 1, action: { kind: 'lostResponse' } },
    ],
  ])('a small upload gets over %s', async (_name, spec) => {
    fault(spec);
    const content = randomBytes(100_000);
    const group = await bench.upload(bucket, [bench.file('a.bin', content)]);
    expect(await bench.end(group)).toMatchObject({ done: 1, failed: 0 });
    expect((await bench.read(bucket, 'a.bin')).equals(content)).toBe(true);
    expect((await bench.rows())[0]).toMatchObject({ state: 'done', error: null });
  });

  test.each<[string, FaultSpec]>([
    [
      '503 on parts',
      { match: { operation: 'UploadPart' }, times: 3, action: { kind: 'slowDown' } },
    ],
    [
      '500 on a part',
      { match: { operation: 'UploadPart' }, times: 2, action: { kind: 'error500' } },
    ],
    [
      'a reset in a part',
      {
        match: { operation: 'UploadPart', partNumber: 2 },
        times: 2,
        action: { kind: 'reset', when: 'request', afterBytes: MIB },
      },
    ],
    [
      'a lost answer to a part',
      {
        match: { operation: 'UploadPart', partNumber: 3 },
        times: 1,
        action: { kind: 'lostResponse' },
      },
    ],
    [
      'a lost answer to Complete',
      {
        match: { operation: 'CompleteMultipartUpload' },
        times: 1,
        action: { kind: 'lostResponse' },
      },
    ],
    [
      'an error inside a 200 of Complete',
      {
        match: { operation: 'CompleteMultipartUpload' },
        times: 1,
        action: { kind: 'errorIn200' },
      },
    ],
  ])('a large upload gets over %s', async (_name, spec) => {
    fault(spec);
    const content = randomBytes(22 * MIB);
    const group = await bench.upload(bucket, [bench.file('a.bin', content)]);
    expect(await bench.end(group)).toMatchObject({ done: 1, failed: 0 });
    expect((await bench.read(bucket, 'a.bin')).equals(content)).toBe(true);
    expect(target.server?.uploads(bucket)).toEqual([]);
    expect(target.server?.faults.hits.length).toBeGreaterThan(0);
  });

  test.each<[string, number, FaultSpec['action']]>([
    ['a small body that ends early', 500_000, { kind: 'truncate', afterBytes: 1_000 }],
    ['a body that ends early', 3 * MIB, { kind: 'truncate', afterBytes: MIB }],
    [
      'a reset in mid-body',
      3 * MIB,
      { kind: 'reset', when: 'response', afterBytes: MIB },
    ],
    ['a flipped bit', 200_000, { kind: 'corrupt', what: 'response', atByte: 77 }],
    ['a range that ends early', 40 * MIB, { kind: 'truncate', afterBytes: MIB }],
    ['503', 3 * MIB, { kind: 'slowDown' }],
  ])('a download gets over %s', async (_name, size, action) => {
    const content = randomBytes(size);
    await bench.end(await bench.upload(bucket, [bench.file('a.bin', content)]));
    fault({ match: { operation: 'GetObject' }, times: 2, action });
    const group = await bench.download(bucket, ['a.bin']);
    expect(await bench.end(group)).toMatchObject({ done: 1, failed: 0 });
    const result = readFileSync(path.join(bench.folder, 'down/a.bin'));
    expect(sha(result)).toBe(sha(content));
    expect(bench.list(path.join(bench.folder, 'down'))).toEqual(['a.bin']);
  });

  test('a folder that could not be listed is listed again on retry', async () => {
    await bench.end(
      await bench.upload(bucket, [bench.file('a.txt', 'a')], { prefix: 'f/' }),
    );
    fault({
      match: { operation: 'ListObjectsV2' },
      action: { kind: 'error', status: 403, code: 'AccessDenied' },
    });
    const items = [{ key: 'f/', folder: true }];
    const group = await bench.download(bucket, [], { items });
    expect(await bench.end(group)).toMatchObject({ failed: 1, done: 0 });
    target.server?.faults.clear();
    bench.finished.length = 0;
    await bench.service.handlers['transfers.retry']({ ids: null });
    expect(await bench.end(group)).toMatchObject({ failed: 0, done: 1 });
    expect(readFileSync(path.join(bench.folder, 'down/f/a.txt'), 'utf8')).toBe('a');
  });

  test('a refusal that cannot be helped fails at once and leaves nothing', async () => {
    fault({
      match: { operation: 'PutObject' },
      action: { kind: 'error', status: 403, code: 'AccessDenied' },
    });
    const group = await bench.upload(bucket, [bench.file('a.txt', 'a')]);
    expect(await bench.end(group)).toMatchObject({ failed: 1 });
    expect((await bench.rows())[0]).toMatchObject({
      state: 'failed',
      attempt: 1,
      error: { code: 'access.denied' },
    });
  });

  test('a row that fails again and again says why, and can be cancelled', async () => {
    fault({ match: { operation: 'DeleteObject' }, action: { kind: 'error500' } });
    const { groupId } = await bench.service.handlers['transfers.remove']({
      connectionId: 'test-connection' as never,
      bucket,
      items: [{ key: 'x', folder: false }],
    });
    await bench.until((rows) => (rows[0]?.attempt ?? 0) >= 2);
    expect((await bench.rows())[0]?.error?.code).toBe('provider.internal');
    await bench.service.handlers['transfers.cancel']({ ids: null });
    expect(await bench.end(groupId)).toMatchObject({ cancelled: 1 });
  });

  test('a server that goes away in mid-upload and comes back is waited for', async () => {
    const port = await freePort();
    const dataDir = path.join(bench.folder, 'server');
    let server = await startS3Server({ port, dataDir });
    server.createBucket('kept');
    bench.configure(
      { ...IN_PARTS, endpoint: server.endpoint, region: server.region },
      { ...server.users.full, sessionToken: '' },
    );
    server.faults.add({
      match: { operation: 'UploadPart', partNumber: 3 },
      times: 1,
      action: { kind: 'stall', when: 'request' },
    });
    bench.service.setLimits({ maxTransfers: 4, partsPerTransfer: 1 });
    const content = randomBytes(22 * MIB);
    const group = await bench.upload('kept', [bench.file('a.bin', content)]);
    await bench.until((rows) => (rows[0]?.bytesDone ?? 0) >= 10 * MIB);
    await server.close();
    await bench.until((rows) => rows[0]?.waitReason === 'offline');
    server = await startS3Server({ port, dataDir });
    try {
      expect(await bench.end(group)).toMatchObject({ done: 1, failed: 0 });
      expect(sha(await server.read('kept', 'a.bin'))).toBe(sha(content));
      const again = server.requests.filter((record) => record.partNumber === 1);
      expect(again).toEqual([]);
    } finally {
      await server.close();
    }
  });
});

function sha(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function freePort(): Promise<number> {
  const server = await startS3Server();
  await server.close();
  return server.port;
}
