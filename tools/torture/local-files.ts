import { execFile } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Digest, digestFile } from './content.ts';

const run = promisify(execFile);

/** Every file below a folder by absolute path. */
export async function digestFolder(folder: string): Promise<Map<string, Digest>> {
  const found = new Map<string, Digest>();
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isDirectory()) continue;
    const path = join(entry.parentPath, entry.name);
    found.set(path, await digestFile(path));
  }
  return found;
}

/** A file system of a few MiB that fills up, where this user may mount one. */
export class TinyDisk {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** `null`: not here (not Linux, or not root). */
  static async mount(folder: string, sizeMiB: number): Promise<TinyDisk | null> {
    await mkdir(folder, { recursive: true });
    try {
      await run('mount', ['-t', 'tmpfs', '-o', `size=${sizeMiB}m`, 'torture', folder]);
      return new TinyDisk(folder);
    } catch {
      return null;
    }
  }

  async grow(sizeMiB: number): Promise<void> {
    await run('mount', ['-o', `remount,size=${sizeMiB}m`, this.folder]);
  }

  async unmount(): Promise<void> {
    await run('umount', ['-l', this.folder]);
  }
}
