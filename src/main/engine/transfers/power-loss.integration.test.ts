import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
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

/** Begins a download that is paused with some of it done; returns what it is of. */
async function pausedDownload(size: number): Promise<Buffer> {
  const content = randomBytes(size);
  server.seed(bucket, [{ key: 'big.bin', body: content }]);
  server.faults.add({
    match: { operation: 'GetObject' },
    skip: size > 32 * MIB ? 3 : 0,
    action: { kind: 'stall', when: 'response', afterBytes: 2 * MIB },
  });
  bench.service.setLimits({ maxTransfers: 2, partsPerTransfer: 1 });
  await bench.download(bucket, ['big.bin']);
  await waitFor(() => (server.faults.hits.length > 0 ? true : undefined));
  await bench.until((rows) => (rows[0]?.bytesDone ?? 0) >= MIB);
  await bench.service.handlers['transfers.pause']({ ids: null });
  await bench.until((rows) => rows[0]?.state === 'paused');
  server.faults.clear();
  server.clearRequests();
  return content;
}

async function resumed(content: Buffer): Promise<void> {
  await bench.service.handlers['transfers.resume']({ ids: null });
  await bench.until((rows) => rows[0]?.state === 'done');
  const file = path.join(bench.folder, 'down', 'big.bin');
  expect(readFileSync(file).equals(content)).toBe(true);
}

/** What is not on the disk yet was written before the computer was started. */
function loseWhatWasInMemory(): void {
  bench.database.run(`UPDATE parts SET etag = 'unsynced@1' WHERE etag <> ''`);
}

test.each([
  ['in ranges', 40 * MIB],
  ['in one stream', 20 * MIB],
])('a download %s goes on while the computer runs', async (_way, size) => {
  const content = await pausedDownload(size);
  await resumed(content);
  expect(sent()).toBeLessThan(size - MIB);
});

test.each([
  ['in ranges', 40 * MIB],
  ['in one stream', 20 * MIB],
])('a download %s begins again after the power failed', async (_way, size) => {
  const content = await pausedDownload(size);
  loseWhatWasInMemory();
  await resumed(content);
  expect(sent()).toBe(size);
});

/** Bytes asked for by ranges since the pause. */
function sent(): number {
  let sum = 0;
  for (const record of server.requests) {
    if (record.operation === 'GetObject') sum += record.bytesOut;
  }
  return sum;
}
