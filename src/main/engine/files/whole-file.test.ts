import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDiskPace, type DiskPace } from './disk-pace.ts';
import { fingerprint, sameFingerprint } from './fingerprint.ts';
import { readWholeFile } from './whole-file.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dipper-whole-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Of a disk that has shown itself quick. */
function quickPace(): DiskPace {
  const pace = createDiskPace(() => 0);
  for (let calls = 0; calls < 8; calls += 1) pace.took(0);
  return pace;
}

test('a file up to the limit is read, with what it was then', async () => {
  const path = join(folder, 'file');
  await writeFile(path, 'twelve bytes');
  await utimes(path, 1_700_000_000.25, 1_700_000_000.25);
  const whole = readWholeFile(path, 12, quickPace());
  expect(whole?.bytes.toString()).toBe('twelve bytes');
  expect(whole?.source.size).toBe((await stat(path)).size);
  expect(whole && sameFingerprint(whole.source, await fingerprint(path))).toBe(true);
  await symlink(path, join(folder, 'link'));
  expect(readWholeFile(join(folder, 'link'), 12, quickPace())?.bytes).toHaveLength(12);
  await writeFile(path, '');
  expect(readWholeFile(path, 12, quickPace())?.bytes).toHaveLength(0);
});

test('what is larger, no file, not there or on a slow disk is left to the long way', async () => {
  const path = join(folder, 'large');
  await writeFile(path, 'thirteen byte');
  expect(readWholeFile(path, 12, quickPace())).toBeNull();
  expect(readWholeFile(folder, 12, quickPace())).toBeNull();
  expect(readWholeFile(join(folder, 'none'), 12, quickPace())).toBeNull();
  expect(
    readWholeFile(
      path,
      99,
      createDiskPace(() => 0),
    ),
  ).toBeNull();
});

test.skipIf(process.platform === 'win32')(
  'a pipe nobody writes to holds nothing up',
  () => {
    const path = join(folder, 'pipe');
    execFileSync('mkfifo', [path]);
    expect(readWholeFile(path, 12, quickPace())).toBeNull();
  },
);
