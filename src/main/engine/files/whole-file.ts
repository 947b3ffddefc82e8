import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import type { DiskPace } from './disk-pace.ts';
import type { Fingerprint } from './fingerprint.ts';

/** Opening a pipe must not wait for its writer. Windows has no such flag. */
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** All of a file, and what it was while it was read. */
export interface WholeFile {
  readonly bytes: Buffer;
  readonly source: Fingerprint;
}

/**
 * Reads a file of at most `limit` bytes at once, while the disk is quick. `null`: it is
 * larger, changes, cannot be read, or the disk is slow; the long way will say so.
 */
export function readWholeFile(
  path: string,
  limit: number,
  pace: DiskPace,
): WholeFile | null {
  if (!pace.quick) return null;
  try {
    return pace.now(() => readNow(path, limit));
  } catch {
    return null;
  }
}

function readNow(path: string, limit: number): WholeFile | null {
  const fd = openSync(path, FLAGS);
  try {
    const stats = fstatSync(fd, { bigint: true });
    if (!stats.isFile() || stats.size > BigInt(limit)) return null;
    const source = { size: Number(stats.size), mtimeNs: stats.mtimeNs };
    const bytes = Buffer.allocUnsafe(source.size);
    for (let done = 0; done < source.size; ) {
      const count = readSync(fd, bytes, done, source.size - done, done);
      if (count === 0) return null;
      done += count;
    }
    const { size, mtimeNs } = fstatSync(fd, { bigint: true });
    return size === stats.size && mtimeNs === stats.mtimeNs ? { bytes, source } : null;
  } finally {
    closeSync(fd);
  }
}
