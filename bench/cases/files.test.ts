import { createHash } from 'node:crypto';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Pattern } from '../null-server/pattern.ts';
import { checkFiles, checkReceived, planMixed, planSmall, writeFiles } from './files.ts';

const pattern = new Pattern();
const plan = [
  { name: 'a/one', size: 3_000 },
  { name: 'two', size: 0 },
];
const expected = plan.map((file) => ({ ...file, key: file.name }));
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dipper-bench-'));
  await writeFiles(folder, plan, pattern);
});
afterEach(() => rm(folder, { recursive: true }));

test('files as written pass', () => {
  expect(() => checkFiles(folder, expected, pattern)).not.toThrow();
});

test('one wrong byte, a missing byte and a file too many are found', async () => {
  const path = join(folder, 'a/one');
  const good = await readFile(path);
  const bad = Buffer.from(good);
  bad[2_999] = (bad[2_999] ?? 0) ^ 1;
  await writeFile(path, bad);
  expect(() => checkFiles(folder, expected, pattern)).toThrow('a/one differs');
  await writeFile(path, good.subarray(1));
  expect(() => checkFiles(folder, expected, pattern)).toThrow('another size');
  await writeFile(path, good);
  await appendFile(join(folder, 'one.part'), '');
  expect(() => checkFiles(folder, expected, pattern)).toThrow('one.part was left behind');
});

test('what arrived is checked part by part', async () => {
  const bytes = await readFile(join(folder, 'a/one'));
  const part = (from: number, to: number) => ({
    size: to - from,
    sha256: createHash('sha256').update(bytes.subarray(from, to)).digest('hex'),
  });
  const two = { key: 'p/two', parts: [part(0, 0)] };
  const check = (...parts: ReturnType<typeof part>[]) =>
    checkReceived([{ key: 'p/a/one', parts }, two], 'p/', plan, pattern);
  expect(() => check(part(0, 1_000), part(1_000, 3_000))).not.toThrow();
  expect(() => check(part(1_000, 3_000), part(0, 1_000))).toThrow('other bytes from 0');
  expect(() => check(part(0, 1_000))).toThrow('1000 of 3000 bytes');
  expect(() => checkReceived([two], 'p/', plan, pattern)).toThrow('did not arrive');
});

test('the mixed tree has empty, small and big files, and every name once', () => {
  const mixed = planMixed(400);
  const sizes = mixed.map(({ size }) => size);
  expect([Math.min(...sizes), Math.max(...sizes)]).toEqual([0, 40_000_000]);
  expect(new Set(mixed.map(({ name }) => name)).size).toBe(400);
  expect(planSmall(2, 5)).toEqual([
    { name: '0000000', size: 5 },
    { name: '0000001', size: 5 },
  ]);
});
