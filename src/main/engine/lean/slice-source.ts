import type { DiskPace } from '../files/disk-pace.ts';
import type { Fingerprint } from '../s3/file-body.ts';
import type { FileSlice } from '../s3/s3-connection.ts';
import type { BodySource } from './lane.ts';
import type { SlabPool } from './slabs.ts';
import { openSliceReader } from './slice-reader.ts';

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
 * bytes when the file is no longer the one that was measured.
 */
export async function openSliceSource(options: SliceSourceOptions): Promise<BodySource> {
  const { slice, fingerprint, slabs, disk } = options;
  const reader = await openSliceReader(slice, disk, fingerprint);
  return {
    length: slice.length,
    async next() {
      if (reader.left === 0) return null;
      const slab = slabs.take();
      try {
        return slab.subarray(0, await reader.read(slab));
      } catch (error) {
        slabs.give(slab);
        throw error;
      }
    },
    sent: (count) => options.onSent(count),
    // A view lies in its slab: the slab is all of the memory behind it.
    release: (bytes) => slabs.give(Buffer.from(bytes.buffer)),
    close: () => reader.close(),
  };
}
