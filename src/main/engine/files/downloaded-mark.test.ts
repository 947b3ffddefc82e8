import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { markAsDownloaded } from './downloaded-mark.ts';
import { openTemp, tempPath } from './local-target.ts';
import { publish } from './publish.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'dipper-mark-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

// Where there are no streams the same name makes a file beside: its content is what counts.
test('on Windows a file is marked as coming from the internet', async () => {
  const file = path.join(folder, 'setup.exe');
  await writeFile(file, 'MZ');
  await markAsDownloaded(file, true);
  expect(await readFile(`${file}:Zone.Identifier`, 'latin1')).toBe(
    '[ZoneTransfer]\r\nZoneId=3\r\n',
  );
});

test('elsewhere nothing is written', async () => {
  await markAsDownloaded(path.join(folder, 'setup.exe'), false);
  expect(await readdir(folder)).toEqual([]);
});

test('a place that takes no mark is no failure', async () => {
  await markAsDownloaded(path.join(folder, 'missing', 'setup.exe'), true);
  expect(await readdir(folder)).toEqual([]);
});

test('a download is marked before it gets its name', async () => {
  const target = path.join(folder, 'setup.exe');
  const temp = tempPath(target, 1);
  const handle = await openTemp(temp, true);
  await publish(handle, temp, target, {
    modified: null,
    rules: { windows: true },
    durable: true,
    claim: { kind: 'replace' },
  });
  const marked = process.platform === 'win32' ? target : temp;
  expect(await readFile(`${marked}:Zone.Identifier`, 'latin1')).toContain('ZoneId=3');
});
