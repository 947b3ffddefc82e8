import { crc32 } from 'node:zlib';
import type { DiskPace } from '../files/disk-pace.ts';
import type { Fingerprint } from '../s3/file-body.ts';
import type { FileSlice } from '../s3/s3-connection.ts';
import type { BodySource } from './lane.ts';
import type { Header } from './signer.ts';
import { SLAB_BYTES, type SlabPool } from './slabs.ts';
import { openSliceReader } from './slice-reader.ts';

/** In place of the hash of a body whose checksum follows it. */
export const UNSIGNED_TRAILER = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER';

const CHECKSUM = 'x-amz-checksum-crc32';
/** Where the bytes of a chunk begin in its slab: room for the line before them. */
const DATA_AT = 16;
/**
 * Bytes of the file in a chunk: with its framing it fills a slab, and it is a multiple of a
 * cache line. Far above the 8 KiB that Amazon wants of all chunks but the last.
 */
const CHUNK_BYTES = SLAB_BYTES - 64;
/** A base64 CRC32. */
const SUM_LENGTH = 8;
const LINE_END = '\r\n';

/** Bytes that `length` bytes of a file take with their framing. */
export function framedLength(length: number): number {
  const rest = length % CHUNK_BYTES;
  const chunks = Math.floor(length / CHUNK_BYTES);
  return (
    chunks * chunkLength(CHUNK_BYTES) +
    (rest === 0 ? 0 : chunkLength(rest)) +
    endOf('').length +
    SUM_LENGTH
  );
}

/** What a request says of a framed body of so many bytes of a file. */
export function framedHeaders(length: number): readonly Header[] {
  return [
    ['content-encoding', 'aws-chunked'],
    ['x-amz-decoded-content-length', String(length)],
    ['x-amz-trailer', CHECKSUM],
  ];
}

/** Options of {@link openFramedSource}. */
export interface FramedSourceOptions {
  readonly slice: FileSlice;
  readonly slabs: SlabPool;
  readonly disk: DiskPace;
  /** Hears of bytes that went out, those of the framing included. */
  readonly onSent: (bytes: number) => void;
  /** Hears of the base64 CRC32 when the last bytes were read. */
  readonly onSum: (crc32Base64: string) => void;
}

/** A framed body, and the file as it was when it was opened. */
export interface FramedSource {
  readonly source: BodySource;
  readonly fingerprint: Fingerprint;
}

/**
 * A slice of a file as aws-chunked, its CRC32 behind it: read once, summed on its way out,
 * and sent out of the very memory that was summed. Fails with `transfer.source-changed`
 * before its last bytes when the file changed meanwhile.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
export async function openFramedSource(
  options: FramedSourceOptions,
): Promise<FramedSource> {
  const { slice, slabs, disk, onSent, onSum } = options;
  const reader = await openSliceReader(slice, disk);
  let sum = 0;
  let ended = false;

  async function fill(slab: Buffer): Promise<Buffer> {
    const room = Math.min(CHUNK_BYTES, reader.left);
    let end = DATA_AT;
    let start = DATA_AT;
    if (room > 0) {
      const data = slab.subarray(DATA_AT, DATA_AT + room);
      await reader.read(data);
      sum = crc32(data, sum);
      const line = sizeLine(room);
      start -= line.length;
      slab.write(line, start, 'latin1');
      end += room;
      end += slab.write(LINE_END, end, 'latin1');
    }
    if (reader.left === 0) {
      const value = Buffer.alloc(4);
      value.writeUInt32BE(sum);
      const text = value.toString('base64');
      end += slab.write(endOf(text), end, 'latin1');
      ended = true;
      onSum(text);
    }
    return slab.subarray(start, end);
  }

  const source: BodySource = {
    length: framedLength(slice.length),
    async next() {
      if (ended) return null;
      const slab = slabs.take();
      try {
        return await fill(slab);
      } catch (error) {
        slabs.give(slab);
        throw error;
      }
    },
    sent: onSent,
    // A view lies in its slab: the slab is all of the memory behind it.
    release: (bytes) => slabs.give(Buffer.from(bytes.buffer)),
    close: () => reader.close(),
  };
  return { source, fingerprint: reader.fingerprint };
}

function sizeLine(bytes: number): string {
  return `${bytes.toString(16)}${LINE_END}`;
}

function chunkLength(bytes: number): number {
  return sizeLine(bytes).length + bytes + LINE_END.length;
}

/** The empty chunk, the checksum, the empty line. */
function endOf(sum: string): string {
  return `${sizeLine(0)}${CHECKSUM}:${sum}${LINE_END}${LINE_END}`;
}
