import { existsSync, readFileSync, statSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { TransferRow } from '../../../shared/domain/transfer.ts';
import {
  NEW,
  noise,
  OLD,
  openPolicyBench,
  type PolicyBench,
} from '../testing/policy-bench.ts';
import { openS3Target, type S3Target } from '../testing/s3-target.ts';
import { ownServer, type TransferBench } from './testing.ts';

const MIB = 1024 * 1024;

let target: S3Target;
let at: PolicyBench;
let bench: TransferBench;
let bucket: string;
/** Leaves the test out that runs. */
let skip: () => never;

beforeAll(async () => {
  target = await openS3Target();
});

afterAll(async () => {
  await target.close();
});

beforeEach(async (context) => {
  skip = context.skip;
  at = await openPolicyBench(target, skip);
  ({ bench, bucket } = at);
});

afterEach(async () => {
  await at.close();
});

test.each([
  ['newer', NEW, OLD, 'remote'],
  ['newer', OLD, NEW, 'local!'],
  ['different', OLD, NEW, 'remote'],
  ['rename-existing', OLD, NEW, 'remote'],
] as const)(
  'downloading with %s an object of %i over a file of %i leaves %s',
  async (conflict, theirs, mine, expected) => {
    await at.put('a.txt', 'remote', { mtime: `${theirs}.250000000` });
    const local = at.fileOf('down/a.txt', 'local!', mine);
    await bench.end(await bench.download(bucket, ['a.txt'], { conflict }));
    expect(readFileSync(local, 'utf8')).toBe(expected);
    if (expected === 'remote') {
      expect(statSync(local).mtimeMs).toBeCloseTo(theirs * 1_000 + 250, 0);
    }
    const kept = path.join(bench.folder, 'down/a 2.txt');
    expect(existsSync(kept)).toBe(conflict === 'rename-existing');
    if (existsSync(kept)) expect(readFileSync(kept, 'utf8')).toBe('local!');
  },
);

test.each([
  ['newer', 'skipped'],
  ['different', 'skipped'],
  ['resume', 'skipped'],
] as const)(
  'a second download with %s fetches nothing again',
  async (conflict, state) => {
    await at.put('dir/a.txt', 'content');
    const items = [{ key: 'dir/', folder: true }];
    await bench.end(await bench.download(bucket, [], { items }));
    const group = await bench.end(await bench.download(bucket, [], { items, conflict }));
    expect(group).toMatchObject({ done: 0, [state]: 1 });
  },
);

test.each([
  ['one stream', 3 * MIB, 2 * MIB + 17],
  ['ranges', 33 * MIB, 25 * MIB + 5],
] as const)('resume fetches only the rest, in %s', async (_case, size, have) => {
  const content = noise(size, 'c');
  const uploaded = bench.file('a.bin', content);
  utimesSync(uploaded, OLD, OLD);
  await bench.end(await bench.upload(bucket, [uploaded]));
  const local = at.fileOf(
    'down/a.bin',
    content.subarray(0, have),
    Date.now() / 1_000 + 5,
  );
  const group = await bench.download(bucket, ['a.bin'], { conflict: 'resume' });
  const ofGroup = (rows: readonly TransferRow[]): TransferRow | undefined =>
    rows.find(({ groupId }) => groupId === group);
  await bench.until((rows) => {
    const state = ofGroup(rows)?.state;
    return state === 'done' || state === 'failed' || state === 'waiting';
  });
  const row = ofGroup(await bench.rows());
  expect(row).toMatchObject({ state: 'done', error: null, conflict: null });
  expect(row?.note).toContain('rest');
  await bench.end(group);
  expect(readFileSync(local).equals(content)).toBe(true);
  expect(statSync(local).mtimeMs).toBe(OLD * 1_000);
  expect(bench.list(path.join(bench.folder, 'down'))).toEqual(['a.bin']);
});

test('what is no beginning of the object is asked about, and kept when told to skip', async () => {
  const content = noise(3 * MIB, 'd');
  await at.put('a.bin', content);
  const wrong = Buffer.from(content.subarray(0, 2 * MIB));
  wrong[2 * MIB - 3] = (wrong[2 * MIB - 3] ?? 0) ^ 1;
  const local = at.fileOf('down/a.bin', wrong, Date.now() / 1_000 + 5);
  const group = await bench.download(bucket, ['a.bin'], { conflict: 'resume' });
  await bench.until((rows) => rows[0]?.waitReason === 'conflict');
  expect((await bench.rows())[0]?.conflict).toMatchObject({ resumable: false });
  await at.answer('skip');
  expect(await bench.end(group)).toMatchObject({ skipped: 1 });
  expect(readFileSync(local).equals(wrong)).toBe(true);
});

test('a file that only looks like the beginning is found out and nothing wrong is kept', async () => {
  const content = noise(3 * MIB, 'e');
  await at.put('a.bin', content);
  const wrong = Buffer.from(content.subarray(0, 2 * MIB));
  // Where nobody looks before the end.
  wrong[MIB] = (wrong[MIB] ?? 0) ^ 1;
  const local = at.fileOf('down/a.bin', wrong, Date.now() / 1_000 + 5);
  const group = await bench.download(bucket, ['a.bin'], { conflict: 'resume' });
  await bench.until((rows) => rows[0]?.waitReason === 'conflict');
  expect(readFileSync(local).equals(wrong)).toBe(true);
  await at.answer('overwrite');
  expect(await bench.end(group)).toMatchObject({ done: 1 });
  expect(readFileSync(local).equals(content)).toBe(true);
});

test.each(['skip', 'rename', 'rename-existing', 'newer'] as const)(
  'with %s a local file that comes while the object is on its way is not lost',
  async (conflict) => {
    ownServer(target, skip);
    await at.put('a.txt', 'remote', { mtime: `${NEW}.000000000` });
    if (conflict === 'newer') at.fileOf('down/a.txt', 'older', OLD);
    const group = await at.meanwhile(
      { operation: 'GetObject', keyPattern: 'a.txt' },
      () => bench.download(bucket, ['a.txt'], { conflict }),
      // Later than the object.
      () => at.fileOf('down/a.txt', 'theirs', NEW + 100),
    );
    await bench.end(group);
    const folder = path.join(bench.folder, 'down');
    const all = bench
      .list(folder)
      .map((name) => readFileSync(path.join(folder, name), 'utf8'));
    expect(all).toContain('theirs');
    const both = conflict === 'rename' || conflict === 'rename-existing';
    expect(all.length).toBe(both ? 2 : 1);
  },
);
