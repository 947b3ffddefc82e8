import { type BigIntStats, statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { DiskPace } from './disk-pace.ts';
import { localError } from './local-error.ts';

/** What tells that a file is still the one we began with. */
export interface Fingerprint {
  /** Bytes. */
  readonly size: number;
  /** Nanoseconds since 1970. */
  readonly mtimeNs: bigint;
  /** The number of the file in its file system; absent: from the journal, which has none. */
  readonly inode?: bigint;
}

/**
 * Looks at a file now, itself where `pace` says that the disk is quick. Throws `local.*`; a
 * folder or device is `local.io`.
 */
export async function fingerprint(path: string, pace?: DiskPace): Promise<Fingerprint> {
  try {
    return fingerprintOf(await look(path, pace), path);
  } catch (error) {
    throw localError(error, path);
  }
}

/** What `fstat` or `stat` of `path` tells. Throws `local.io` for what is no file. */
export function fingerprintOf(stats: BigIntStats, path: string): Fingerprint {
  if (!stats.isFile()) {
    throw new AppError('local.io', { params: { path, reason: 'not a file' } });
  }
  return { size: Number(stats.size), mtimeNs: stats.mtimeNs, inode: stats.ino };
}

function look(
  path: string,
  pace: DiskPace | undefined,
): BigIntStats | Promise<BigIntStats> {
  if (pace === undefined) return stat(path, { bigint: true });
  if (pace.quick) return pace.now(() => statSync(path, { bigint: true }));
  return pace.later(() => stat(path, { bigint: true }));
}

/** Whether both looks saw the same content, as far as one can tell without reading it. */
export function sameFingerprint(a: Fingerprint, b: Fingerprint): boolean {
  if (a.size !== b.size || a.mtimeNs !== b.mtimeNs) return false;
  return a.inode === undefined || b.inode === undefined || a.inode === b.inode;
}

/** ms since 1970. */
export function modifiedMs(print: Fingerprint): number {
  return Number(print.mtimeNs / 1_000_000n);
}
