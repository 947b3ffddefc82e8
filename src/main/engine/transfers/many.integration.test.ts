import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openS3Target, type S3Target } from '../testing/s3-target.ts';
import { CONNECTION, openBench, type TransferBench, waitFor } from './testing.ts';

const FILES = 20_000;
const MAX_OPEN_ROWS = 10_000;
const MIB = 1024 * 1024;
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
  bench = openBench(target, { maxOpenRows: MAX_OPEN_ROWS });
});

afterEach(async () => {
  await bench.close();
});

function makeFiles(): string {
  const root = path.join(bench.folder, 'many');
  for (let folder = 0; folder < 100; folder += 1) {
    const place = path.join(root, String(folder));
    mkdirSync(place, { recursive: true });
    for (let n = 0; n < FILES / 100; n += 1) writeFileSync(path.join(place, `${n}`), '');
  }
  return root;
}

test('20,000 files are queued in little memory, the loop stays free, and cancel is quick', async () => {
  const root = makeFiles();
  bench.registry.forget(CONNECTION);
  const before = process.memoryUsage().heapUsed;
  const group = await bench.upload(bucket, [root]);
  // Of the time between two turns of the loop, what we ourselves used up: a busy machine
  // makes us wait, too.
  let worst = 0;
  let last = performance.now();
  let used = process.cpuUsage();
  const ticker = setInterval(() => {
    const { user, system } = process.cpuUsage(used);
    worst = Math.max(worst, Math.min(performance.now() - last, (user + system) / 1_000));
    last = performance.now();
    used = process.cpuUsage();
  }, 5);
  const { handlers } = bench.service;
  const queued = async (): Promise<number> => {
    const { totals } = await handlers['transfers.totals']();
    return totals.queued + totals.waiting;
  };
  // Planning holds back once enough is queued.
  await waitFor(async () => ((await queued()) > MAX_OPEN_ROWS ? true : undefined));
  await delay(300);
  const held = await queued();
  expect(held).toBeLessThanOrEqual(MAX_OPEN_ROWS + 500);
  expect((await handlers['transfers.totals']()).totals.planning).toBe(1);
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(60 * MIB);
  const page = await handlers['transfers.page']({
    filter: 'active',
    offset: 9_000,
    limit: 50,
  });
  expect(page).toMatchObject({ total: held });
  expect(page.rows).toHaveLength(50);
  await handlers['transfers.cancel']({ ids: null });
  clearInterval(ticker);
  expect(await bench.end(group)).toMatchObject({ cancelled: held, done: 0 });
  expect(worst).toBeLessThan(1_000);
  await handlers['transfers.clear']({ ids: null });
  const empty = await handlers['transfers.page']({ filter: 'all', offset: 0, limit: 1 });
  expect(empty.total).toBe(0);
});

test('planning that a restart cut short goes on, and every file arrives once', async () => {
  const root = path.join(bench.folder, 'some');
  for (let n = 0; n < 1_500; n += 1) bench.file(`some/${n % 10}/${n}.txt`, `${n}`);
  bench.registry.forget(CONNECTION);
  const group = await bench.upload(bucket, [root]);
  await bench.until((rows) => rows.length > 0);
  await bench.restart();
  expect(await bench.end(group)).toMatchObject({ done: 1_500, failed: 0, skipped: 0 });
  expect(await bench.keys(bucket)).toHaveLength(1_500);
  if (target.server === null) return;
  const puts = target.server.requests.filter(
    ({ operation }) => operation === 'PutObject',
  );
  expect(new Set(puts.map(({ key }) => key)).size).toBe(1_500);
});
