import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { walk } from './walk.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'dipper-walk-'));
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

async function collect(place: string): Promise<string[]> {
  const found: string[] = [];
  for await (const entry of walk(place, 'root', new AbortController().signal)) {
    found.push(`${entry.kind} ${entry.relative}`);
  }
  return found.sort();
}

test('files at every depth and empty folders are found', async () => {
  mkdirSync(path.join(root, 'a/b'), { recursive: true });
  mkdirSync(path.join(root, 'empty'));
  writeFileSync(path.join(root, 'one.txt'), '1');
  writeFileSync(path.join(root, 'a/b/two.txt'), '22');
  expect(await collect(root)).toEqual([
    'empty-folder root/empty',
    'file root/a/b/two.txt',
    'file root/one.txt',
  ]);
});

test('of a long folder everything is found once, also by whoever stops early', async () => {
  mkdirSync(path.join(root, 'sub'));
  const names = Array.from({ length: 700 }, (_, n) =>
    n % 9 === 0 ? `sub/${n}` : `${n}`,
  );
  for (const name of names) writeFileSync(path.join(root, name), name);
  const expected = names.map((name) => `file root/${name}`).sort();
  expect(await collect(root)).toEqual(expected);
  expect(await collect(`${root}${path.sep}.${path.sep}`)).toEqual(expected);
  const controller = new AbortController();
  const seen: string[] = [];
  const stopped = async (): Promise<void> => {
    for await (const entry of walk(root, 'root', controller.signal)) {
      seen.push(entry.path);
      if (seen.length === 100) controller.abort(new Error('enough'));
    }
  };
  await expect(stopped()).rejects.toThrow('enough');
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen.length).toBeLessThan(names.length);
});

test('links are followed, but not round in circles', async () => {
  mkdirSync(path.join(root, 'a/b'), { recursive: true });
  writeFileSync(path.join(root, 'a/file'), 'x');
  symlinkSync(path.join(root, 'a/file'), path.join(root, 'link'));
  symlinkSync('../..', path.join(root, 'a/b/up'));
  symlinkSync('nowhere', path.join(root, 'dangling'));
  expect(await collect(root)).toEqual([
    'file root/a/file',
    'file root/link',
    'unreadable root/a/b/up',
    'unreadable root/dangling',
  ]);
});

test.skipIf(process.platform === 'win32')('a pipe is named as special', async () => {
  execFileSync('mkfifo', [path.join(root, 'pipe')]);
  expect(await collect(root)).toEqual(['special root/pipe']);
});

test('a single file is a walk of its own', async () => {
  writeFileSync(path.join(root, 'one.txt'), '1');
  expect(await collect(path.join(root, 'one.txt'))).toEqual(['file root']);
});

test('a path that is not there is reported', async () => {
  expect(await collect(path.join(root, 'gone'))).toEqual(['unreadable root']);
});
