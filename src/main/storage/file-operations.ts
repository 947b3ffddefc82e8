import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** The steps an atomic write is made of, so that a test can let the power fail between them. */
export interface FileOperations {
  /** `null`: there is no such file. */
  readonly read: (path: string) => Promise<string | null>;
  /** Creates the file, readable by its owner only, and waits until it is on the disk. */
  readonly writeSynced: (path: string, text: string) => Promise<void>;
  readonly copy: (from: string, to: string) => Promise<void>;
  readonly rename: (from: string, to: string) => Promise<void>;
  readonly remove: (path: string) => Promise<void>;
  /** Makes renames in a folder durable, where the system can. */
  readonly syncFolder: (path: string) => Promise<void>;
  /** A suffix for temporary names. */
  readonly unique: () => string;
}

/** {@link FileOperations} on the real disk. */
export function diskOperations(): FileOperations {
  return {
    async read(path) {
      try {
        return await readFile(path, 'utf8');
      } catch (error) {
        if (isMissing(error)) return null;
        throw error;
      }
    },
    async writeSynced(path, text) {
      await mkdir(dirname(path), { recursive: true });
      const file = await open(path, 'wx', 0o600);
      try {
        await file.writeFile(text, 'utf8');
        await file.sync();
      } finally {
        await file.close();
      }
    },
    copy: (from, to) => copyFile(from, to, constants.COPYFILE_FICLONE),
    rename,
    remove: (path) => rm(path, { force: true }),
    async syncFolder(path) {
      // Windows cannot open a folder; there a rename is durable with the journal.
      if (process.platform === 'win32') return;
      const folder = await open(path, 'r');
      try {
        await folder.sync();
      } finally {
        await folder.close();
      }
    },
    unique: () => randomUUID().slice(0, 8),
  };
}

/** Whether a file system error says that the file is not there. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
