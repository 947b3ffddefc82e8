import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { S3Server } from '../../../../tools/s3-server/index.ts';
import type { ConflictPolicy } from '../../../shared/domain/transfer.ts';
import { openServerBench, type ServerBench } from '../testing/server-bench.ts';

import { type TransferBench, waitFor } from './testing.ts';

const KIB = 1024;
/** Seconds since 1970 that the file had when it was uploaded; not when it was stored. */
const SOURCE_TIME = 1_600_000_000;
const SIZES = [0, 5 * KIB, 300 * KIB, 2 * 1024 * KIB, 40 * 1024 * KIB];
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

async function put(size: number): Promise<Buffer> {
  const body = randomBytes(size);
  const metadata = { mtime: String(SOURCE_TIME) };
  await bench.put(bucket, 'in/a.bin', body, metadata);
  return body;
}

const place = (): string => path.join(bench.folder, 'down/in/a.bin');

/** All of a folder: as most downloads are, with sizes known from the listing. */
async function download(conflict: ConflictPolicy): Promise<void> {
  await bench.download(bucket, [], { items: [{ key: 'in/', folder: true }], conflict });
}

/** What is written when a download is done, all of it together. */
const NOTE: readonly (readonly [table: string, event: string])[] = [
  ['transfers', `UPDATE ON transfers WHEN NEW.state = 'done'`],
  ['receipts', 'INSERT ON receipts'],
  ['publications', 'DELETE ON publications'],
  ['downloads', 'DELETE ON downloads'],
  ['parts', 'DELETE ON parts'],
];

/** Downloads, and ends the engine when the file has its name but nothing says so yet. */
async function dieBeforeTheNote(
  conflict: ConflictPolicy,
  meanwhile?: () => void,
): Promise<void> {
  for (const [table, event] of NOTE) {
    bench.database.exec(
      `CREATE TRIGGER dead_${table} BEFORE ${event} BEGIN SELECT RAISE(IGNORE); END`,
    );
  }
  await download(conflict);
  await waitFor(() => existsSync(place()) || undefined);
  await bench.crash(meanwhile);
  for (const [table] of NOTE) bench.database.exec(`DROP TRIGGER dead_${table}`);
}

async function end(): Promise<void> {
  await bench.until((rows) =>
    rows.every(({ state, waitReason }) => state === 'done' || waitReason === 'conflict'),
  );
}

const policies: readonly ConflictPolicy[] = ['ask', 'rename', 'rename-existing'];
test.each(policies.flatMap((policy) => SIZES.map((size) => [policy, size] as const)))(
  'a file that got its name before the engine died is not met as a stranger: %s, %i bytes',
  async (policy, size) => {
    const content = await put(size);
    await dieBeforeTheNote(policy);
    await end();
    expect(await bench.rows()).toMatchObject([{ state: 'done', integrity: 'md5' }]);
    expect(bench.list(path.dirname(place()))).toEqual(['a.bin']);
    expect(readFileSync(place()).equals(content)).toBe(true);
    const left = bench.database.all('SELECT * FROM publications, downloads');
    expect(left).toEqual([]);
  },
);

test('what took its place since is somebody else’s', async () => {
  await put(300 * KIB);
  await dieBeforeTheNote('ask', () => {
    renameSync(place(), `${place()} moved`);
    writeFileSync(place(), randomBytes(300 * KIB));
    utimesSync(place(), SOURCE_TIME, SOURCE_TIME);
  });
  await end();
  expect(await bench.rows()).toMatchObject([{ waitReason: 'conflict' }]);
});

/** Pauses a download when it has begun, and puts a file of its name, size and time there. */
async function meet(size: number, content: (object: Buffer) => Buffer): Promise<void> {
  const object = await put(size);
  const stall = { kind: 'stall', when: 'response', afterBytes: size / 2 } as const;
  server.faults.add({ match: { operation: 'GetObject' }, times: 1, action: stall });
  await download('ask');
  await waitFor(() => server.faults.hits.length > 0 || undefined);
  await bench.service.handlers['transfers.pause']({ ids: null });
  await bench.until((rows) => rows[0]?.state === 'paused');
  bench.file('down/in/a.bin', content(object));
  utimesSync(place(), SOURCE_TIME, SOURCE_TIME);
  await bench.service.handlers['transfers.resume']({ ids: null });
  await end();
}

test.each(SIZES.slice(1, 4))(
  'another file of the same size and time is asked about: %i bytes',
  async (size) => {
    await meet(size, () => randomBytes(size));
    expect(await bench.rows()).toMatchObject([
      { state: 'waiting', waitReason: 'conflict', conflict: { targetSize: size } },
    ]);
  },
);

test('a small file with the very content of the object is what was wanted', async () => {
  await meet(5 * KIB, (object) => object);
  expect(await bench.rows()).toMatchObject([{ state: 'done', integrity: 'md5' }]);
});
