import { randomBytes } from 'node:crypto';
import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openS3Target, type S3Target } from '../testing/s3-target.ts';
import { openBench, ownServer, type TransferBench, waitFor } from './testing.ts';

const MIB = 1024 * 1024;
const IN_PARTS = { advanced: { partSizeMiB: 5 } as never };
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
  bench.configure(IN_PARTS);
  bench.service.setLimits({ maxTransfers: 4, partsPerTransfer: 1 });
});

afterEach(async () => {
  target.server?.faults.clear();
  await bench.close();
});

/**
 * Holds a part until the faults are cleared, and never takes it: of one that is only late
 * the server may have so much in its buffers that it keeps it.
 */
function holdPart(partNumber: number): void {
  target.server?.faults.add({
    match: { operation: 'UploadPart', partNumber },
    times: 1,
    action: { kind: 'stall', when: 'before' },
  });
}

/** Waits until a part is held: those before it were answered, as one goes at a time. */
async function partHeld(): Promise<void> {
  await waitFor(() => (target.server?.faults.hits.length === 1 ? true : undefined));
}

function partsSent(): number[] {
  return (target.server?.requests ?? [])
    .filter((record) => record.operation === 'UploadPart' && record.status === 200)
    .map((record) => record.partNumber ?? 0)
    .sort((a, b) => a - b);
}

test('more small files than others run at once', async ({ skip }) => {
  const server = ownServer(target, skip);
  bench.service.setLimits({ maxTransfers: 2, smallTransfers: 6, partsPerTransfer: 1 });
  server.faults.add({
    match: { operation: 'PutObject' },
    action: { kind: 'stall', when: 'before' },
  });
  const running = async (count: number): Promise<string> => {
    await waitFor(() => (server.faults.hits.length === count ? true : undefined));
    const rows = await bench.rows();
    const names = rows.filter(({ state }) => state === 'running').map(({ name }) => name);
    return names
      .map((name) => name.slice(0, 1))
      .sort()
      .join('');
  };
  const upload = (name: string, bytes: number): Promise<unknown> =>
    bench.upload(bucket, [bench.file(name, Buffer.alloc(bytes))]);
  for (const name of ['m1', 'm2']) await upload(name, 100_000);
  for (const name of ['s1', 's2', 's3', 's4', 's5']) await upload(name, 10);
  expect(await running(6)).toBe('mmssss');
  // Of the others no more run than may.
  await bench.service.handlers['transfers.cancel']({ ids: null });
  server.faults.clear();
  server.faults.add({
    match: { operation: 'PutObject' },
    action: { kind: 'stall', when: 'before' },
  });
  for (const name of ['m3', 'm4', 'm5']) await upload(name, 100_000);
  expect(await running(2)).toBe('mm');
});

test('a paused upload goes on without sending finished parts again', async ({ skip }) => {
  const server = ownServer(target, skip);
  const content = randomBytes(24 * MIB);
  const source = bench.file('big.bin', content);
  server.clearRequests();
  holdPart(3);
  const group = await bench.upload(bucket, [source]);
  await partHeld();
  await bench.service.handlers['transfers.pause']({ ids: null });
  expect((await bench.rows())[0]).toMatchObject({ state: 'paused', bytesDone: 10 * MIB });
  expect(bench.finished).toEqual([]);
  target.server?.faults.clear();
  await bench.service.handlers['transfers.resume']({ ids: null });
  expect(await bench.end(group)).toMatchObject({ done: 1, bytes: 24 * MIB });
  expect(partsSent()).toEqual([1, 2, 3, 4, 5]);
  expect((await bench.read(bucket, 'big.bin')).equals(content)).toBe(true);
});

test('after a restart the queue goes on with the parts the server has', async ({
  skip,
}) => {
  const server = ownServer(target, skip);
  const content = randomBytes(24 * MIB);
  const source = bench.file('big.bin', content);
  const small = bench.file('small.txt', 'small');
  server.clearRequests();
  holdPart(3);
  const group = await bench.upload(bucket, [source, small]);
  await partHeld();
  await bench.restart();
  server.faults.clear();
  expect(bench.service.pendingConnections()).toEqual(['test-connection']);
  expect(await bench.end(group)).toMatchObject({ done: 2, failed: 0 });
  // The third was on its way when the engine stopped.
  expect(partsSent().filter((part) => part !== 3)).toEqual([1, 2, 4, 5]);
  expect((await bench.read(bucket, 'big.bin')).equals(content)).toBe(true);
});

test('a file that changed while it was paused begins again and says so', async ({
  skip,
}) => {
  const server = ownServer(target, skip);
  const source = bench.file('big.bin', randomBytes(24 * MIB));
  holdPart(2);
  const group = await bench.upload(bucket, [source]);
  await partHeld();
  await bench.service.handlers['transfers.pause']({ ids: null });
  const content = randomBytes(18 * MIB);
  writeFileSync(source, content);
  utimesSync(source, 1_700_000_000, 1_700_000_000);
  target.server?.faults.clear();
  await bench.service.handlers['transfers.resume']({ ids: null });
  expect(await bench.end(group)).toMatchObject({ done: 1 });
  expect((await bench.read(bucket, 'big.bin')).equals(content)).toBe(true);
  expect((await bench.rows())[0]?.note).toContain('changed');
  expect(server.uploads(bucket)).toEqual([]);
});

test('an upload the server forgot begins again', async ({ skip }) => {
  const server = ownServer(target, skip);
  const content = randomBytes(24 * MIB);
  const source = bench.file('big.bin', content);
  holdPart(2);
  const group = await bench.upload(bucket, [source]);
  await partHeld();
  await bench.service.handlers['transfers.pause']({ ids: null });
  for (const { key, uploadId } of server.uploads(bucket)) {
    await bench.s3.abortUpload({ bucket, key, uploadId });
  }
  target.server?.faults.clear();
  await bench.service.handlers['transfers.resume']({ ids: null });
  expect(await bench.end(group)).toMatchObject({ done: 1 });
  expect((await bench.read(bucket, 'big.bin')).equals(content)).toBe(true);
});

test('cancel leaves no upload on the server and no row running', async ({ skip }) => {
  const server = ownServer(target, skip);
  const source = bench.file('big.bin', randomBytes(24 * MIB));
  holdPart(2);
  const group = await bench.upload(bucket, [source]);
  await partHeld();
  expect(server.uploads(bucket)).toHaveLength(1);
  await bench.service.handlers['transfers.cancel']({ ids: null });
  expect(await bench.end(group)).toMatchObject({ cancelled: 1, done: 0 });
  expect(server.uploads(bucket)).toEqual([]);
  expect(await bench.keys(bucket)).toEqual([]);
  await bench.service.handlers['transfers.clear']({ ids: null });
  expect(await bench.rows()).toEqual([]);
});

test('a download is paused, goes on where it stopped, and cancel removes its file', async ({
  skip,
}) => {
  const server = ownServer(target, skip);
  const content = randomBytes(40 * MIB);
  const source = bench.file('big.bin', content);
  await bench.end(await bench.upload(bucket, [source]));
  server.faults.add({
    match: { operation: 'GetObject' },
    action: { kind: 'bandwidth', direction: 'down', bytesPerSecond: 8 * MIB },
  });
  const group = await bench.download(bucket, ['big.bin']);
  const row = () => bench.rows().then((rows) => rows.find((r) => r.kind === 'download'));
  await waitFor(async () => ((await row())?.bytesDone ?? 0) >= 17 * MIB || undefined);
  await bench.service.handlers['transfers.pause']({ ids: null });
  expect(await row()).toMatchObject({ state: 'paused' });
  const [temp] = bench.list(path.join(bench.folder, 'down'));
  expect(temp).toMatch(/^big\.bin\.\d+\.part$/);
  server.faults.clear();
  server.clearRequests();
  target.server?.faults.clear();
  await bench.service.handlers['transfers.resume']({ ids: null });
  expect(await bench.end(group)).toMatchObject({ done: 1 });
  const sent = server.requests.reduce((sum, { bytesOut }) => sum + bytesOut, 0);
  expect(sent).toBeLessThan(30 * MIB);
  expect(readFileSync(path.join(bench.folder, 'down/big.bin')).equals(content)).toBe(
    true,
  );

  server.faults.add({
    match: { operation: 'GetObject' },
    action: { kind: 'bandwidth', direction: 'down', bytesPerSecond: 4 * MIB },
  });
  const again = await bench.download(bucket, ['big.bin'], { conflict: 'rename' });
  await bench.until((rows) => rows.some((r) => r.state === 'running' && r.bytesDone > 0));
  await bench.service.handlers['transfers.cancel']({ ids: null });
  expect(await bench.end(again)).toMatchObject({ cancelled: 1 });
  expect(bench.list(path.join(bench.folder, 'down'))).toEqual(['big.bin']);
});

test('an object that changed during a pause is fetched anew', async ({ skip }) => {
  const server = ownServer(target, skip);
  const source = bench.file('big.bin', randomBytes(4 * MIB));
  await bench.end(await bench.upload(bucket, [source]));
  server.faults.add({
    match: { operation: 'GetObject' },
    action: { kind: 'bandwidth', direction: 'down', bytesPerSecond: MIB / 2 },
  });
  const group = await bench.download(bucket, ['big.bin']);
  await bench.until((rows) =>
    rows.some((r) => r.state === 'running' && r.bytesDone > MIB / 4),
  );
  await bench.service.handlers['transfers.pause']({ ids: null });
  server.faults.clear();
  const content = randomBytes(3 * MIB);
  writeFileSync(source, content);
  await bench.end(await bench.upload(bucket, [source], { conflict: 'overwrite' }));
  target.server?.faults.clear();
  await bench.service.handlers['transfers.resume']({ ids: null });
  expect(await bench.end(group)).toMatchObject({ done: 1 });
  expect(readFileSync(path.join(bench.folder, 'down/big.bin')).equals(content)).toBe(
    true,
  );
});

test('without credentials rows wait, and go on when the connection is configured', async () => {
  bench.registry.forget('test-connection' as never);
  const group = await bench.upload(bucket, [bench.file('a.txt', 'a')]);
  await bench.until((rows) => rows[0]?.waitReason === 'credentials');
  bench.configure();
  expect(await bench.end(group)).toMatchObject({ done: 1 });
});

test('a failed row is tried again on demand and its group ends again', async () => {
  const source = bench.file('late.txt', 'x');
  const group = await bench.upload('no-such-bucket-here', [source]);
  expect(await bench.end(group)).toMatchObject({ failed: 1 });
  expect((await bench.rows())[0]?.error?.code).toBe('bucket.not-found');
  bench.finished.length = 0;
  await bench.service.handlers['transfers.retry']({ ids: null });
  expect(await bench.end(group)).toMatchObject({ failed: 1, done: 0 });
});

test('batches form an unbroken chain of revisions', async () => {
  for (let n = 0; n < 30; n += 1) bench.file(`dir/${n}.txt`, `${n}`);
  await bench.end(await bench.upload(bucket, [path.join(bench.folder, 'dir')]));
  await waitFor(() => (bench.batches.at(-1)?.totals.done === 30 ? true : undefined));
  for (const [index, batch] of bench.batches.entries()) {
    if (index > 0) expect(batch.from).toBe(bench.batches[index - 1]?.to);
    expect(batch.upserts.length).toBeLessThanOrEqual(200);
  }
  expect(bench.batches.at(-1)?.totals).toMatchObject({ queued: 0, running: 0, done: 30 });
});
