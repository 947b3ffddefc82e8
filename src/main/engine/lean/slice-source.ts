import { readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { DiskPace } from '../files/disk-pace.ts';
import { localError } from '../files/local-error.ts';
import type { Fingerprint } from '../s3/file-body.ts';
import type { FileSlice } from '../s3/s3-connection.ts';
import type { BodySource } from './lane.ts';
import type { SlabPool } from './slabs.ts';
import { fingerprintOf, sameFile, sourceChanged } from './small-file.ts';

/** Options of {@link openSliceSource}. */
export interface SliceSourceOptions {
  readonly slice: FileSlice;
  /** Of the file when its sums were taken. */
  readonly fingerprint: Fingerprint;
  readonly slabs: SlabPool;
  readonly disk: DiskPace;
  readonly onSent: (bytes: number) => void;
}

/**
 * A slice of a file, read into slabs. Fails with `transfer.source-changed` before its last
 * bytes when the file is no longer the one that was measured, so that no server ever
 * completes it.
 */
export async function openSliceSource(options: SliceSourceOptions): Promise<BodySource> {
  const { slice, fingerprint, slabs, disk } = options;
  let file: FileHandle;
  try {
    file = await open(slice.path, 'r');
  } catch (error) {
    throw localError(error, slice.path);
  }
  let position = 0;

  async function read(slab: Buffer, length: number, from: number): Promise<number> {
    if (disk.quick) return disk.now(() => readSync(file.fd, slab, 0, length, from));
    const { bytesRead } = await disk.later(() => file.read(slab, 0, length, from));
    return bytesRead;
  }

  async function fill(slab: Buffer): Promise<Buffer> {
    const wanted = Math.min(slab.length, slice.length - position);
    const bytesRead = await read(slab, wanted, slice.start + position);
    if (bytesRead === 0) throw sourceChanged(slice);
    position += bytesRead;
    if (position === slice.length) {
      const now = fingerprintOf(await file.stat({ bigint: true }));
      if (!sameFile(now, fingerprint)) throw sourceChanged(slice);
    }
    return slab.subarray(0, bytesRead);
  }

  return {
    length: slice.length,
    async next() {
      if (position >= slice.length) return null;
      const slab = slabs.take();
      try {
        return await fill(slab);
      } catch (error) {
        slabs.give(slab);
        throw localError(error, slice.path);
      }
    },
    sent: (count) => options.onSent(count),
    // A view starts where its slab does: the slab is all of the memory behind it.
    release: (bytes) => slabs.give(Buffer.from(bytes.buffer)),
    close: () => file.close(),
  };
}
