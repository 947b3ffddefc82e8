import { readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { DiskPace } from '../files/disk-pace.ts';
import { localError } from '../files/local-error.ts';
import type { Fingerprint } from '../s3/file-body.ts';
import type { FileSlice } from '../s3/s3-connection.ts';
import { fingerprintOf, sameFile, sourceChanged } from './small-file.ts';

/** Reads a slice of a file from its start to its end. */
export interface SliceReader {
  /** Of the file, to which it is held when its last bytes are read. */
  readonly fingerprint: Fingerprint;
  /** Bytes not yet read. */
  readonly left: number;
  /**
   * Fills `into`, or as much of it as the slice still has; returns how many bytes. Throws
   * `local.…`, and `transfer.source-changed` instead of the last bytes when the file is no
   * longer the one it was, so that no server ever completes it.
   */
  read(into: Buffer): Promise<number>;
  close(): Promise<void>;
}

/**
 * Opens a slice. `measured`: what the file was when its sums were taken; without it, it is
 * to stay what it is now. Throws `local.…` and `transfer.source-changed`.
 */
export async function openSliceReader(
  slice: FileSlice,
  disk: DiskPace,
  measured?: Fingerprint,
): Promise<SliceReader> {
  let file: FileHandle;
  try {
    file = await open(slice.path, 'r');
  } catch (error) {
    throw localError(error, slice.path);
  }
  let fingerprint: Fingerprint;
  try {
    fingerprint = measured ?? fingerprintOf(await file.stat({ bigint: true }));
    if (fingerprint.size < BigInt(slice.start + slice.length)) throw sourceChanged(slice);
  } catch (error) {
    await file.close();
    throw localError(error, slice.path);
  }
  let position = 0;

  async function readSome(into: Buffer, offset: number, length: number): Promise<number> {
    const from = slice.start + position;
    if (disk.quick) {
      return disk.now(() => readSync(file.fd, into, offset, length, from));
    }
    const { bytesRead } = await disk.later(() => file.read(into, offset, length, from));
    return bytesRead;
  }

  return {
    fingerprint,
    get left() {
      return slice.length - position;
    },
    async read(into) {
      const wanted = Math.min(into.length, slice.length - position);
      try {
        for (let done = 0; done < wanted; ) {
          const bytesRead = await readSome(into, done, wanted - done);
          if (bytesRead === 0) throw sourceChanged(slice);
          done += bytesRead;
          position += bytesRead;
        }
        if (position === slice.length) {
          const now = fingerprintOf(await file.stat({ bigint: true }));
          if (!sameFile(now, fingerprint)) throw sourceChanged(slice);
        }
      } catch (error) {
        throw localError(error, slice.path);
      }
      return wanted;
    },
    close: () => file.close(),
  };
}
