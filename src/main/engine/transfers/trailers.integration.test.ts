import { randomBytes } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type S3Server, startS3Server } from '../../../../tools/s3-server/index.ts';
import { selfSigned } from '../../../../tools/s3-server/testing/self-signed.ts';
import { openS3Target, type S3Target } from '../testing/s3-target.ts';
import { openBench, ownServer, type TransferBench, waitFor } from './testing.ts';

const MIB = 1024 * 1024;
const TLS = selfSigned();
const bucket = 'trailers';
let target: S3Target;
let server: S3Server;
let bench: TransferBench;

beforeEach(async ({ skip }) => {
  // The SDK's path sends headers.
  if (process.env['DIPPER_LEAN'] === '0') skip();
  target = await openS3Target();
  ownServer(target, skip);
  server = await startS3Server({ tls: TLS });
  server.createBucket(bucket);
  bench = openBench(target);
  configure();
});

afterEach(async () => {
  server.faults.clear();
  await bench.close();
  await server.close();
  await target.close();
});

/** Amazon's profile over https: bodies have their checksums behind them. */
function configure(): void {
  bench.configure({
    providerId: 'aws',
    addressing: 'path',
    endpoint: server.endpoint,
    advanced: { partSizeMiB: 5, caCertificate: TLS.cert } as never,
  });
}

/** Numbers of the parts that were sent so far with a checksum behind them, sorted. */
function partsSent(): readonly number[] {
  return server.requests
    .filter(({ headers }) => headers['x-amz-trailer'] !== undefined)
    .map(({ partNumber }) => partNumber ?? 0)
    .toSorted((a, b) => a - b);
}

test('a part that spoils on its way is sent again, the others are not', async () => {
  const content = randomBytes(18 * MIB);
  server.faults.add({
    match: { operation: 'UploadPart', partNumber: 2 },
    times: 1,
    action: { kind: 'corrupt', what: 'request', atByte: 3_000_000 },
  });
  const group = await bench.upload(bucket, [bench.file('big.bin', content)]);
  expect(await bench.end(group)).toMatchObject({ done: 1, failed: 0 });
  expect((await server.read(bucket, 'big.bin')).equals(content)).toBe(true);
  expect(partsSent()).toEqual([1, 2, 2, 3, 4]);
  expect((await bench.rows())[0]).toMatchObject({ integrity: 'crc32' });
});

test('an upload goes on after a restart with the sums of what went before', async () => {
  const content = randomBytes(18 * MIB);
  bench.service.setLimits({ maxTransfers: 1, partsPerTransfer: 1 });
  const held = server.faults.add({
    match: { operation: 'UploadPart', partNumber: 3 },
    action: { kind: 'stall', when: 'request', afterBytes: MIB },
  });
  await bench.upload(bucket, [bench.file('big.bin', content)]);
  await waitFor(() => (held.hits > 0 ? true : undefined));
  await bench.restart();
  server.faults.clear();
  configure();
  await bench.until((rows) => rows.every(({ state }) => state === 'done'));
  expect((await server.read(bucket, 'big.bin')).equals(content)).toBe(true);
  expect(partsSent()).toEqual([1, 2, 3, 3, 4]);
  expect(server.uploads(bucket)).toEqual([]);
});

test.each(['refused', 'stored'] as const)(
  'a server by whom framing is %s gets the very bytes all the same',
  async (framing) => {
    server.framing = framing;
    const big = randomBytes(18 * MIB);
    const small = randomBytes(300_000);
    const group = await bench.upload(bucket, [
      bench.file('big.bin', big),
      bench.file('small.bin', small),
    ]);
    expect(await bench.end(group)).toMatchObject({ done: 2, failed: 0 });
    expect((await server.read(bucket, 'big.bin')).equals(big)).toBe(true);
    expect((await server.read(bucket, 'small.bin')).equals(small)).toBe(true);
    // Nothing is tried twice.
    server.clearRequests();
    await bench.end(await bench.upload(bucket, [bench.file('next.bin', small)]));
    expect(server.requests.some(({ headers }) => 'x-amz-trailer' in headers)).toBe(false);
  },
);

test('a file that grows under way arrives as it is in the end', async () => {
  // More than the sockets between us hold.
  const size = 15 * MIB;
  const place = bench.file('log.txt', randomBytes(size));
  const held = server.faults.add({
    match: { operation: 'PutObject' },
    times: 1,
    action: { kind: 'bandwidth', direction: 'up', bytesPerSecond: 20_000 },
  });
  await bench.upload(bucket, [place]);
  await waitFor(() => (held.hits > 0 ? true : undefined));
  appendFileSync(place, 'one line more');
  server.faults.clear();
  await bench.until((rows) =>
    rows.every(({ state, attempt }) => state === 'done' && attempt > 0),
  );
  const [row] = await bench.rows();
  expect(row?.bytesTotal).toBe(size + 13);
  const stored = await server.read(bucket, 'log.txt');
  expect(stored.length).toBe(size + 13);
  expect(stored.subarray(size).toString()).toBe('one line more');
});
