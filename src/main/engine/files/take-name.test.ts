import {
  linkSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { takeName } from './take-name.ts';

let folder: string;
let temp: string;
let target: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dipper-name-'));
  temp = join(folder, 'a.bin.7.part');
  target = join(folder, 'a.bin');
  writeFileSync(temp, 'new');
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('a file that has both names, as a crash in between leaves it, keeps one', async () => {
  linkSync(temp, target);
  await takeName(temp, target, { kind: 'replace' });
  expect(readdirSync(folder)).toEqual(['a.bin']);
  expect(readFileSync(target, 'utf8')).toBe('new');
});

test('what has the name is replaced only by a claim that covers it', async () => {
  writeFileSync(target, 'old');
  await expect(takeName(temp, target, { kind: 'absent' })).rejects.toMatchObject({
    code: 'conflict.exists',
  });
  expect(readFileSync(target, 'utf8')).toBe('old');
  await takeName(temp, target, { kind: 'replace' });
  expect(readdirSync(folder)).toEqual(['a.bin']);
  expect(readFileSync(target, 'utf8')).toBe('new');
});
