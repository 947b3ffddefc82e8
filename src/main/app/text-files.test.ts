import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { diskOperations, type FileOperations } from '../storage/file-operations.ts';
import { writeTextFile } from './text-files.ts';

test('an export that cannot be written leaves the one that was there', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'dipper-text-'));
  try {
    const path = join(folder, 'export.json');
    const disk = diskOperations();
    await writeTextFile(disk, path, 'old');
    const full: FileOperations = {
      ...disk,
      async writeSynced(place, text) {
        await writeFile(place, text.slice(0, 1));
        throw new Error('ENOSPC');
      },
    };
    await expect(writeTextFile(full, path, 'new')).rejects.toMatchObject({
      code: 'storage.write-failed',
      params: { path },
    });
    expect([await readdir(folder), await readFile(path, 'utf8')]).toEqual([
      ['export.json'],
      'old',
    ]);
    await writeTextFile(disk, path, 'new');
    expect([await readdir(folder), await readFile(path, 'utf8')]).toEqual([
      ['export.json'],
      'new',
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
