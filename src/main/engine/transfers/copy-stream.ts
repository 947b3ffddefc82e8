import { createHash, type Hash } from 'node:crypto';
import { MIB } from '../../../shared/domain/part-plan.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { isMd5Etag } from '../s3/etag.ts';
import type { CopySource } from '../s3/object-traits.ts';
import type { StoredObject, StoredPart } from '../s3/s3-connection.ts';
import type { WriteCondition } from '../s3/write-conditions.ts';
import { compareCuts } from './copy-cuts.ts';
import { askSource, askTarget, type CopyJob } from './copy-job.ts';
import type { PartCopier } from './copy-parts.ts';
import { sendWishes, type Wish } from './copy-traits.ts';

/** Parts of a copy through this computer, bytes: held in memory one by one. */
const PART_BYTES = 8 * MIB;
/** Larger parts would be too much to hold. Times 10,000 parts: 1.2 TiB. */
const MAX_PART_BYTES = 128 * MIB;
/** Up to this size an object goes in one request. */
export const STREAM_SINGLE_BYTES = 8 * MIB;
/** Parts up to this size go two at a time. */
const PAIR_BYTES = 16 * MIB;

/**
 * Fetches a small object from one connection and puts it through the other. The bytes are
 * held against the source's MD5, where its ETag is one, and by the target against ours.
 */
export async function streamWhole(
  job: CopyJob,
  source: CopySource,
  wishes: readonly Wish[],
  condition: WriteCondition,
): Promise<StoredObject> {
  const { signal, meter } = job.context;
  const bytes = await fetchRange(job, source, 0, source.head.size, signal);
  const md5 = md5Of(source);
  if (md5 !== null && createHash('md5').update(bytes).digest('hex') !== md5) {
    throw mismatch(job);
  }
  return sendWishes(job, wishes, async ({ traits }) => {
    const progress = meter.request();
    try {
      return await askTarget(job, bytes.length, signal, (connection) =>
        connection.putObject({
          ...job.to,
          contentType: source.contentType,
          metadata: source.head.metadata,
          traits,
          body: bytes,
          onProgress: progress.onProgress,
          ...condition,
          signal,
        }),
      );
    } catch (error) {
      progress.undo();
      throw error;
    }
  });
}

/** Fetches the parts of an object from one connection and sends them through the other. */
export async function streamParts(job: CopyJob, source: CopySource): Promise<PartCopier> {
  const { signal } = job.context;
  const cut = await askSource(job, 0, signal, (connection) =>
    source.head.etag.includes('-')
      ? connection.partLayout({ ...job.from, signal })
      : Promise.resolve(null),
  );
  // Cut as the source was, the copy has the source's ETag, which proves every byte.
  const cutSize = cut?.partSize ?? 0;
  const partSize = cutSize > 0 && cutSize <= 64 * MIB ? cutSize : PART_BYTES;
  const md5 = md5Of(source);
  const whole = md5 === null ? null : new OrderedHash(createHash('md5'));
  const sums = new Map<number, string>();
  return {
    partSize,
    maxPartSize: MAX_PART_BYTES,
    atOnce: partSize > PAIR_BYTES ? 1 : 2,
    async send(upload, { number, start, length }, inner) {
      const bytes = await fetchRange(job, source, start, length, inner);
      whole?.add(number, bytes);
      if (whole === null) {
        sums.set(number, createHash('md5').update(bytes).digest('hex'));
      }
      return askTarget(job, length, inner, (connection) =>
        connection.uploadPart({
          ...job.to,
          uploadId: upload.uploadId,
          partNumber: number,
          body: bytes,
          signal: inner,
        }),
      );
    },
    async check({ partSize: bytesEach, partCount }, parts) {
      if (whole === null) {
        const copy = { parts, sums, partSize: bytesEach };
        const outcome = await compareCuts(job, source, copy);
        if (outcome === 'different') throw mismatch(job);
        return;
      }
      const sum = whole.digest(source.head.size);
      if (sum === null)
        await rereadAndCompare(job, source, { parts, bytesEach, partCount });
      else if (sum !== md5) throw mismatch(job);
    },
  };
}

/**
 * Parts of an earlier attempt went by unseen: the source is fetched once more, held against
 * its own MD5 and, part by part, against the ETags of the copy where those are MD5s.
 */
async function rereadAndCompare(
  job: CopyJob,
  source: CopySource,
  copy: {
    readonly parts: readonly StoredPart[];
    readonly bytesEach: number;
    readonly partCount: number;
  },
): Promise<void> {
  const { signal } = job.context;
  const { parts, bytesEach, partCount } = copy;
  if (parts.length !== partCount || !parts.every(({ etag }) => isMd5Etag(etag))) return;
  const whole = createHash('md5');
  let differing = 0;
  for (const { number, etag, size } of parts) {
    const start = (number - 1) * bytesEach;
    const bytes = await fetchRange(job, source, start, size, signal);
    whole.update(bytes);
    if (createHash('md5').update(bytes).digest('hex') !== etag) differing += 1;
  }
  // Under a key of KMS no ETag is a sum: then all of them differ.
  if (differing === parts.length) return;
  if (differing > 0 || whole.digest('hex') !== md5Of(source)) throw mismatch(job);
}

/** A range of the source, which must still be the object that was looked at. */
async function fetchRange(
  job: CopyJob,
  source: CopySource,
  start: number,
  length: number,
  signal: AbortSignal,
): Promise<Buffer> {
  // A range over an empty object is an error, and no range needs no asking.
  if (length === 0) return Buffer.alloc(0);
  const bytes = await askSource(job, length, signal, async (connection) => {
    const body = await connection.getObject({
      ...job.from,
      range: { start, end: start + length - 1 },
      ifMatch: source.head.etag,
      signal,
    });
    if (body.totalSize !== source.head.size || body.length !== length) {
      body.discard();
      throw new AppError('object.changed', { params: { ...job.from } });
    }
    return body.bytes();
  });
  return bytes;
}

/** The source's MD5 in hex, where its ETag is one. */
function md5Of(source: CopySource): string | null {
  const { etag } = source.head;
  const opaque = (source.traits.encryption ?? '').startsWith('aws:');
  return isMd5Etag(etag) && !opaque ? etag.toLowerCase() : null;
}

function mismatch(job: CopyJob): AppError {
  return new AppError('transfer.checksum-mismatch', { params: { key: job.from.key } });
}

/**
 * Hashes parts in their order though they come in any. What comes out of order by more
 * than a few parts ends the sum rather than fill the memory; so does a gap.
 */
class OrderedHash {
  readonly #hash: Hash;
  readonly #early = new Map<number, Buffer>();
  #next = 1;
  #bytes = 0;
  #given = false;

  constructor(hash: Hash) {
    this.#hash = hash;
  }

  add(number: number, bytes: Buffer): void {
    if (this.#given || number < this.#next) return;
    this.#early.set(number, bytes);
    for (;;) {
      const due = this.#early.get(this.#next);
      if (due === undefined) break;
      this.#early.delete(this.#next);
      this.#hash.update(due);
      this.#bytes += due.length;
      this.#next += 1;
    }
    if (this.#early.size <= 2) return;
    this.#early.clear();
    this.#given = true;
  }

  /** `null`: not all of `size` bytes were seen in order. */
  digest(size: number): string | null {
    return this.#bytes === size && !this.#given ? this.#hash.digest('hex') : null;
  }
}
