import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import type { DiskPace } from './disk-pace.ts';
import { type Fingerprint, fingerprintOf, sameFingerprint } from './fingerprint.ts';

/** Opening a pipe must not wait for its writer. Windows has no such flag. */
export const READ_FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

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
  const fd = openSync(path, READ_FLAGS);
  try {
    const source = fingerprintOf(fstatSync(fd, { bigint: true }), path);
    if (source.size > limit) return null;
    const bytes = readBytes(fd, 0, source.size);
    const after = fingerprintOf(fstatSync(fd, { bigint: true }), path);
    return bytes !== null && sameFingerprint(source, after) ? { bytes, source } : null;
  } finally {
    closeSync(fd);
  }
}

/** Just these bytes of an open file; `null`: it ends before. */
export function readBytes(fd: number, start: number, length: number): Buffer | null {
  const bytes = Buffer.allocUnsafe(length);
  for (let done = 0; done < length; ) {
    const count = readSync(fd, bytes, done, length - done, start + done);
    if (count === 0) return null;
    done += count;
  }
  return bytes;
}
