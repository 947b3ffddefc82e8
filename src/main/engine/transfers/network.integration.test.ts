import { randomBytes } from 'node:crypto';
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
  bench.service.setLimits({ maxTransfers: 2, partsPerTransfer: 1 });
});

afterEach(async () => {
  target.server?.faults.clear();
  await bench.close();
});

/** This computer by a name that does not say so: it counts as a server far away. */
function farAway(): string {
  return target.endpoint.replace(/\/\/(?:127\.0\.0\.1|localhost)/, '//0.0.0.0');
}

/** An upload that stands still in a part. */
async function hold(partNumber: number) {
  const content = randomBytes(18 * MIB);
  const fault = target.server?.faults.add({
    match: { operation: 'UploadPart', partNumber },
    times: 1,
    // Never taken: of a part that is only late, the server may have got so much into its
    // buffers that it keeps it, though nobody waits for the answer any more.
    action: { kind: 'stall', when: 'before' },
  });
  const group = await bench.upload(bucket, [bench.file('big.bin', content)]);
  await waitFor(() => fault?.hits === 1 || undefined);
  await bench.until((rows) => (rows[0]?.bytesDone ?? 0) >= 10 * MIB);
  return { content, group };
}

function partsSent(): (number | undefined)[] {
  return (target.server?.requests ?? [])
    .filter(({ operation, status }) => operation === 'UploadPart' && status === 200)
    .map(({ partNumber }) => partNumber);
}

test('without a network all waits, and goes on by itself when it is back', async ({
  skip,
}) => {
  const server = ownServer(target, skip);
  bench.configure({ ...IN_PARTS, endpoint: farAway() });
  server.clearRequests();
  const { content, group } = await hold(3);
  const smalls = Array.from({ length: 6 }, (_, n) => bench.file(`s${n}.txt`, `${n}`));
  bench.service.setOnline(false);
  await bench.until((rows) => rows[0]?.waitReason === 'offline');
  const sent = server.requests.length;
  const second = await bench.upload(bucket, smalls);
  await bench.until(
    (rows) => rows.filter(({ waitReason }) => waitReason === 'offline').length === 3,
  );
  expect(server.requests.length).toBe(sent);
  for (const row of await bench.rows()) {
    expect(row).toMatchObject({ error: null });
    expect(['waiting', 'queued']).toContain(row.state);
  }
  server.faults.clear();
  bench.service.setOnline(true);
  expect(await bench.end(group)).toMatchObject({ done: 1, failed: 0 });
  expect(await bench.end(second)).toMatchObject({ done: 6, failed: 0 });
  expect(partsSent()).toEqual([1, 2, 3, 4]);
  expect((await bench.read(bucket, 'big.bin')).equals(content)).toBe(true);
});

test('a server on this computer needs no network', async () => {
  bench.configure({ endpoint: target.endpoint.replace('0.0.0.0', '127.0.0.1') });
  bench.service.setOnline(false);
  const group = await bench.upload(bucket, [bench.file('near.txt', 'x')]);
  expect(await bench.end(group)).toMatchObject({ done: 1 });
});

test('a system that is wrong about its network holds nothing up for ever', async ({
  skip,
}) => {
  const server = ownServer(target, skip);
  await bench.close();
  bench = openBench(target, { offlineProbeMs: 500 });
  bench.service.setLimits({ maxTransfers: 2, partsPerTransfer: 1 });
  bench.configure({ ...IN_PARTS, endpoint: farAway() });
  const { group } = await hold(3);
  bench.service.setOnline(false);
  await bench.until((rows) => rows[0]?.state !== 'running');
  server.faults.clear();
  const smalls = Array.from({ length: 6 }, (_, n) => bench.file(`s${n}.txt`, `${n}`));
  const second = await bench.upload(bucket, smalls);
  expect(await bench.end(group)).toMatchObject({ done: 1, failed: 0 });
  expect(await bench.end(second)).toMatchObject({ done: 6, failed: 0 });
});

test('what was paused or cancelled without a network stays so', async ({ skip }) => {
  ownServer(target, skip);
  bench.configure({ ...IN_PARTS, endpoint: farAway() });
  const { group } = await hold(3);
  bench.service.setOnline(false);
  await bench.service.handlers['transfers.pause']({ ids: null });
  expect((await bench.rows())[0]?.state).toBe('paused');
  target.server?.faults.clear();
  bench.service.setOnline(true);
  expect((await bench.rows())[0]?.state).toBe('paused');
  await bench.service.handlers['transfers.cancel']({ ids: null });
  expect(await bench.end(group)).toMatchObject({ cancelled: 1 });
});

test('after sleep all goes on over new connections, with no error', async ({ skip }) => {
  const server = ownServer(target, skip);
  bench.configure(IN_PARTS);
  server.clearRequests();
  const { content, group } = await hold(3);
  bench.service.resumed();
  expect(await bench.end(group)).toMatchObject({ done: 1, failed: 0 });
  expect((await bench.rows())[0]).toMatchObject({ state: 'done', error: null });
  expect(partsSent()).toEqual([1, 2, 3, 4]);
  expect((await bench.read(bucket, 'big.bin')).equals(content)).toBe(true);
});
