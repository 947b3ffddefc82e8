import type { BigIntStats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { localError, nodeCode } from './local-error.ts';

/**
 * What a file keeps when it gets another name in its folder. Not the number of its device:
 * that may be another one when the computer or a network drive was started anew.
 */
export interface FileIdentity {
  /** The number of the file in its file system. */
  readonly inode: bigint;
  /** Bytes. */
  readonly size: number;
  /** ms since 1970. */
  readonly modified: number;
}

/** The coarsest step of time that a file system in use has (FAT), ms. */
export const COARSEST_TIME_MS = 2_000;

/** Reads the identity off a look. */
export function identityOf(stats: BigIntStats): FileIdentity {
  return {
    inode: stats.ino,
    size: Number(stats.size),
    modified: Number(stats.mtimeNs / 1_000_000n),
  };
}

/** Of the file at a path; `undefined`: there is no file. Throws `local.…`. */
export async function identify(file: string): Promise<FileIdentity | undefined> {
  try {
    const stats = await lstat(file, { bigint: true });
    return stats.isFile() ? identityOf(stats) : undefined;
  } catch (error) {
    if (nodeCode(error) === 'ENOENT') return undefined;
    throw localError(error, file);
  }
}

/** Whether both are the same file, and it was not written to in between. */
export function isSameFile(a: FileIdentity, b: FileIdentity): boolean {
  return (
    a.inode === b.inode &&
    a.size === b.size &&
    Math.abs(a.modified - b.modified) <= COARSEST_TIME_MS
  );
}
