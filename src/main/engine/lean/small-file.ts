import { type BigIntStats, closeSync, fstatSync, openSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { DiskPace } from '../files/disk-pace.ts';
import { localError } from '../files/local-error.ts';
import { READ_FLAGS, readBytes } from '../files/whole-file.ts';
import type { Fingerprint } from '../s3/file-body.ts';
import type { FileSlice } from '../s3/s3-connection.ts';

/** A slice that was read whole, and the file it came from. */
export interface SmallBody {
  readonly bytes: Buffer;
  readonly size: bigint;
}

/** Reads small files: by itself while the disk is quick, else by libuv's threads. */
export interface SmallFileReader {
  /** Throws `transfer.source-changed` and `local.…`. */
  read(slice: FileSlice): Promise<SmallBody>;
}

/** Nothing is known of the disk but what `pace` tells. */
export function createSmallFileReader(pace: DiskPace): SmallFileReader {
  return {
    async read(slice) {
      try {
        return pace.quick
          ? pace.now(() => readSlice(slice))
          : await pace.later(() => readSliceAsync(slice));
      } catch (error) {
        throw localError(error, slice.path);
      }
    },
  };
}

function readSlice(slice: FileSlice): SmallBody {
  const fd = openSync(slice.path, READ_FLAGS);
  try {
    const before = fstatSync(fd, { bigint: true });
    assertHolds(slice, before);
    const bytes = readBytes(fd, slice.start, slice.length);
    if (bytes === null) throw sourceChanged(slice);
    assertSame(slice, before, fstatSync(fd, { bigint: true }));
    return { bytes, size: before.size };
  } finally {
    closeSync(fd);
  }
}

async function readSliceAsync(slice: FileSlice): Promise<SmallBody> {
  const file = await open(slice.path, READ_FLAGS);
  try {
    const before = await file.stat({ bigint: true });
    assertHolds(slice, before);
    const bytes = Buffer.allocUnsafe(slice.length);
    for (let done = 0; done < slice.length; ) {
      const { bytesRead } = await file.read(
        bytes,
        done,
        slice.length - done,
        slice.start + done,
      );
      if (bytesRead === 0) throw sourceChanged(slice);
      done += bytesRead;
    }
    assertSame(slice, before, await file.stat({ bigint: true }));
    return { bytes, size: before.size };
  } finally {
    await file.close();
  }
}

function assertHolds(slice: FileSlice, stat: BigIntStats): void {
  if (!stat.isFile() || stat.size < BigInt(slice.start + slice.length)) {
    throw sourceChanged(slice);
  }
}

function assertSame(slice: FileSlice, before: BigIntStats, after: BigIntStats): void {
  if (!sameFile(fingerprintOf(before), fingerprintOf(after))) throw sourceChanged(slice);
}

/** What tells one version of a file from the next. */
export function fingerprintOf(stat: BigIntStats): Fingerprint {
  return { size: stat.size, modifiedNs: stat.mtimeNs, inode: stat.ino };
}

/** Whether two looks at a file saw the same version. */
export function sameFile(a: Fingerprint, b: Fingerprint): boolean {
  return a.size === b.size && a.modifiedNs === b.modifiedNs && a.inode === b.inode;
}

/** The file is not what it was when it was queued or measured. */
export function sourceChanged(slice: FileSlice): AppError {
  return new AppError('transfer.source-changed', { params: { path: slice.path } });
}
