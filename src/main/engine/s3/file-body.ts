import { createHash, hash } from 'node:crypto';
import { readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { Flowing } from '../bandwidth/throttle.ts';
import type { DiskPace } from '../files/disk-pace.ts';
import type { FileSlice } from './s3-connection.ts';

/** Bytes per read: large enough for a disk, small enough to cancel and report often. */
const CHUNK_BYTES = 256 * 1024;
/** So many bytes are summed without a pause: few milliseconds of the slowest sums. */
const TURN_BYTES = 4 * CHUNK_BYTES;
/** Up to this length a body is read once and sent from memory. */
const KEPT_BYTES = CHUNK_BYTES;

/** Which sums to compute over a body. */
export interface DigestWishes {
  readonly md5: boolean;
  readonly crc32: boolean;
  readonly sha256: boolean;
}

/** Sums over a body in the spelling of their headers; empty where not wished for. */
export interface Digests {
  /** Hexadecimal, as in ETags. */
  readonly md5Hex: string;
  /** Base64, as in Content-MD5. */
  readonly md5Base64: string;
  /** Base64 of the big-endian sum, as in x-amz-checksum-crc32. */
  readonly crc32Base64: string;
  /** Hexadecimal, as in x-amz-content-sha256. */
  readonly sha256Hex: string;
}

/** What tells one version of a file from the next. */
export interface Fingerprint {
  readonly size: bigint;
  readonly modifiedNs: bigint;
  readonly inode: bigint;
}

/** A body that was read once: its sums, and the file's state to hold it against later. */
export interface MeasuredBody {
  readonly digests: Digests;
  /** `null` for bytes in memory. */
  readonly fingerprint: Fingerprint | null;
  /** The bytes themselves where keeping them costs less than reading them again. */
  readonly bytes: Buffer | null;
}

/**
 * Reads a body once and computes what the request must say ahead of the bytes. With `pace`,
 * a quick disk is read synchronously.
 */
export async function measureBody(
  body: FileSlice | Uint8Array,
  wishes: DigestWishes,
  signal: AbortSignal | undefined,
  pace?: DiskPace,
): Promise<MeasuredBody> {
  if (body instanceof Uint8Array) {
    return { digests: measureBytes(body, wishes), fingerprint: null, bytes: null };
  }
  const sums = createSums(wishes);
  const file = await openSlice(body);
  try {
    const fingerprint = await takeFingerprint(file);
    if (fingerprint.size < BigInt(body.start + body.length)) throw sourceChanged(body);
    const kept = body.length <= KEPT_BYTES;
    let bytes: Buffer | null = null;
    if (kept || wishes.md5 || wishes.crc32 || wishes.sha256) {
      const buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, Math.max(1, body.length)));
      for (let done = 0; done < body.length; ) {
        signal?.throwIfAborted();
        const wanted = Math.min(buffer.length, body.length - done);
        const offset = kept ? done : 0;
        const into = { buffer, offset, length: wanted, position: body.start + done };
        const quick = pace?.quick === true;
        const bytesRead = quick
          ? pace.now(() => readSync(file.fd, buffer, into))
          : (await file.read(into)).bytesRead;
        if (bytesRead === 0) throw sourceChanged(body);
        // Others have their turn, too.
        if (quick && done % TURN_BYTES === 0) await setImmediate();
        sums.update(buffer.subarray(offset, offset + bytesRead));
        done += bytesRead;
      }
      if (kept) bytes = buffer.subarray(0, body.length);
    }
    return { digests: sums.digest(), fingerprint, bytes };
  } finally {
    await file.close();
  }
}

/** The sums of bytes in memory, at once. */
export function measureBytes(bytes: Uint8Array, wishes: DigestWishes): Digests {
  return spell({
    md5: wishes.md5 ? hash('md5', bytes, 'buffer') : null,
    crc32: wishes.crc32 ? crc32(bytes) : null,
    sha256Hex: wishes.sha256 ? hash('sha256', bytes) : '',
  });
}

/** Sums in the spelling of their headers. */
function spell(sums: {
  readonly md5: Buffer | null;
  readonly crc32: number | null;
  readonly sha256Hex: string;
}): Digests {
  let crc32Base64 = '';
  if (sums.crc32 !== null) {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(sums.crc32);
    crc32Base64 = bytes.toString('base64');
  }
  return {
    md5Hex: sums.md5?.toString('hex') ?? '',
    md5Base64: sums.md5?.toString('base64') ?? '',
    crc32Base64,
    sha256Hex: sums.sha256Hex,
  };
}

/**
 * The bytes of a slice as a stream of exactly its length, as fast as `flow` lets them.
 * `onBytes` hears of bytes once the socket took them. Fails with `transfer.source-changed` before its last bytes when
 * the file is no longer the one that was measured, so that no server ever completes it.
 */
export function streamSlice(
  slice: FileSlice,
  fingerprint: Fingerprint,
  onBytes: (bytes: number) => void,
  flow?: Flowing,
  signal?: AbortSignal,
): Readable {
  return new SliceStream(slice, fingerprint, onBytes, flow, signal);
}

class SliceStream extends Readable {
  readonly #slice: FileSlice;
  readonly #fingerprint: Fingerprint;
  readonly #onBytes: (bytes: number) => void;
  readonly #flow: Flowing | undefined;
  readonly #signal: AbortSignal | undefined;
  #file: FileHandle | null = null;
  #position = 0;
  #unreported = 0;

  constructor(
    slice: FileSlice,
    fingerprint: Fingerprint,
    onBytes: (bytes: number) => void,
    flow: Flowing | undefined,
    signal: AbortSignal | undefined,
  ) {
    super({ highWaterMark: CHUNK_BYTES });
    this.#slice = slice;
    this.#fingerprint = fingerprint;
    this.#onBytes = onBytes;
    this.#flow = flow;
    this.#signal = signal;
  }

  override _construct(callback: (error?: Error | null) => void): void {
    void this.#open(callback);
  }

  async #open(callback: (error?: Error | null) => void): Promise<void> {
    try {
      this.#file = await openSlice(this.#slice);
    } catch (error) {
      callback(error as Error);
      return;
    }
    callback();
  }

  override _read(): void {
    void this.#pushNext();
  }

  async #pushNext(): Promise<void> {
    try {
      this.push(await this.#next());
    } catch (error) {
      this.destroy(error as Error);
    }
  }

  async #next(): Promise<Buffer | null> {
    // Being asked for more means that the chunk before went out.
    if (this.#unreported > 0) this.#onBytes(this.#unreported);
    this.#unreported = 0;
    const file = this.#file;
    const left = this.#slice.length - this.#position;
    if (left <= 0 || file === null) return null;
    const wanted = Math.min(CHUNK_BYTES, left);
    const may = (await this.#flow?.some(wanted, this.#signal)) ?? wanted;
    const buffer = Buffer.allocUnsafe(may);
    const at = this.#slice.start + this.#position;
    const { bytesRead } = await file.read(buffer, 0, buffer.length, at);
    if (bytesRead === 0) throw sourceChanged(this.#slice);
    if (bytesRead === left && !same(await takeFingerprint(file), this.#fingerprint)) {
      throw sourceChanged(this.#slice);
    }
    this.#position += bytesRead;
    this.#unreported = bytesRead;
    return buffer.subarray(0, bytesRead);
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    void this.#close(error, callback);
  }

  async #close(
    error: Error | null,
    callback: (error?: Error | null) => void,
  ): Promise<void> {
    const file = this.#file;
    this.#file = null;
    try {
      await file?.close();
    } catch {
      // Only read from: a failure to close it costs no data.
    }
    callback(error);
  }
}

async function openSlice(slice: FileSlice): Promise<FileHandle> {
  try {
    return await open(slice.path, 'r');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // It was there when it was queued.
    const known =
      code === 'ENOENT'
        ? 'local.not-found'
        : code === 'EACCES' || code === 'EPERM'
          ? 'local.denied'
          : code === 'EBUSY'
            ? 'local.busy'
            : 'local.io';
    throw new AppError(known, { params: { path: slice.path }, cause: error });
  }
}

async function takeFingerprint(file: FileHandle): Promise<Fingerprint> {
  const stat = await file.stat({ bigint: true });
  return { size: stat.size, modifiedNs: stat.mtimeNs, inode: stat.ino };
}

function same(a: Fingerprint, b: Fingerprint): boolean {
  return a.size === b.size && a.modifiedNs === b.modifiedNs && a.inode === b.inode;
}

function sourceChanged(slice: FileSlice): AppError {
  return new AppError('transfer.source-changed', { params: { path: slice.path } });
}

function createSums(wishes: DigestWishes) {
  const md5 = wishes.md5 ? createHash('md5') : null;
  const sha256 = wishes.sha256 ? createHash('sha256') : null;
  let crc = 0;
  return {
    update(bytes: Uint8Array): void {
      md5?.update(bytes);
      sha256?.update(bytes);
      if (wishes.crc32) crc = crc32(bytes, crc);
    },
    digest(): Digests {
      return spell({
        md5: md5?.digest() ?? null,
        crc32: wishes.crc32 ? crc : null,
        sha256Hex: sha256?.digest('hex') ?? '',
      });
    },
  };
}
