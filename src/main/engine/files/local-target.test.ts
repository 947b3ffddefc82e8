import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freeName, openTemp, prepareParent, tempPath } from './local-target.ts';
import { publish } from './publish.ts';

let base: string;
let root: string;

beforeEach(() => {
  base = realpathSync(mkdtempSync(path.join(tmpdir(), 'dipper-target-')));
  root = path.join(base, 'root');
  mkdirSync(root);
});

afterEach(() => {
  rmSync(base, { recursive: true, force: true });
});

test('the folders of a target inside the root are made', async () => {
  await prepareParent(root, path.join(root, 'a/b/c.txt'));
  expect(statSync(path.join(root, 'a/b')).isDirectory()).toBe(true);
});

test('a target outside the root is refused', async () => {
  await expect(prepareParent(root, path.join(root, '../x'))).rejects.toThrow(
    'local.outside-target',
  );
});

test('a link that leads out is refused and nothing is made behind it', async () => {
  const outside = path.join(base, 'outside');
  mkdirSync(outside);
  symlinkSync(outside, path.join(root, 'link'));
  await expect(prepareParent(root, path.join(root, 'link/sub/x'))).rejects.toThrow(
    'local.outside-target',
  );
  await expect(prepareParent(root, path.join(root, 'link/x'))).rejects.toThrow(
    'local.outside-target',
  );
  expect(readdirSync(outside)).toEqual([]);
});

test('a link that stays inside is fine', async () => {
  mkdirSync(path.join(root, 'real'));
  symlinkSync('real', path.join(root, 'link'));
  await prepareParent(root, path.join(root, 'link/x'));
});

test('a temporary file gets its name, content and time at once', async () => {
  const target = path.join(root, 'file.txt');
  const temp = tempPath(target, 7);
  expect(path.basename(temp)).toBe('file.txt.7.part');
  const handle = await openTemp(temp, true);
  await handle.write(Buffer.from('content'), 0, 7, 0);
  await publish(handle, temp, target, {
    modified: 1_000_000_000_000,
    rules: { windows: false },
    durable: true,
    claim: { kind: 'replace' },
  });
  expect(readFileSync(target, 'utf8')).toBe('content');
  expect(statSync(target).mtimeMs).toBe(1_000_000_000_000);
  expect(readdirSync(root)).toEqual(['file.txt']);
});

test('a link in place of the temporary file is not written through', async () => {
  const victim = path.join(base, 'victim');
  writeFileSync(victim, 'precious');
  const temp = tempPath(path.join(root, 'file'), 1);
  symlinkSync(victim, temp);
  const handle = await openTemp(temp, true);
  await handle.write(Buffer.from('bad'), 0, 3, 0);
  await handle.close();
  expect(readFileSync(victim, 'utf8')).toBe('precious');
});

test('the first free number is taken', async () => {
  writeFileSync(path.join(root, 'a.txt'), '');
  writeFileSync(path.join(root, 'a 2.txt'), '');
  expect(await freeName(path.join(root, 'a.txt'))).toBe(path.join(root, 'a 3.txt'));
});

test('the temporary name of a very long name still fits', () => {
  const name = path.basename(tempPath(path.join(root, 'n'.repeat(255)), 123_456));
  expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
});
