import { createHash } from 'node:crypto';
import { MIB } from '../../../shared/domain/part-plan.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { isMd5Etag } from '../s3/etag.ts';
import type { CopySource } from '../s3/object-traits.ts';
import type { StoredObject, StoredPart } from '../s3/s3-connection.ts';
import type { WriteCondition } from '../s3/write-conditions.ts';
import { compareCuts, cutOf, isCutEvenly, type SourceCut } from './copy-cuts.ts';
import { askSource, askTarget, type CopyJob } from './copy-job.ts';
import type { PartCopier } from './copy-parts.ts';
import { sendWishes, type Wish } from './copy-traits.ts';
import { etagOf, SourceSum } from './source-sum.ts';

/** Parts of a copy through this computer, bytes: held in memory one by one. */
const PART_BYTES = 8 * MIB;
/** Larger parts would be too much to hold. Times 10,000 parts: 1.2 TiB. */
const MAX_PART_BYTES = 128 * MIB;
/** Parts of the source up to this size are copied as they are, bytes. */
const MAX_ALIKE_BYTES = 64 * MIB;
/** Up to this size an object goes in one request. */
export const STREAM_SINGLE_BYTES = 8 * MIB;
/** Parts up to this size go two at a time. */
const PAIR_BYTES = 16 * MIB;

/**
 * Fetches a small object from one connection and puts it through the other. The bytes are
 * held against the source's ETag, where that is a sum, and by the target against ours.
 */
export async function streamWhole(
  job: CopyJob,
  source: CopySource,
  wishes: readonly Wish[],
  condition: WriteCondition,
): Promise<StoredObject> {
  const { signal, meter } = job.context;
  const { bytes, proven } = await fetchWhole(job, source);
  const sent = await sendWishes(job, wishes, async ({ traits }) => {
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
  return proven ? sent : { ...sent, integrity: 'size' };
}

async function fetchWhole(
  job: CopyJob,
  source: CopySource,
): Promise<{ readonly bytes: Buffer; readonly proven: boolean }> {
  const { signal, connection } = job.context;
  const { etag, size } = source.head;
  const bytes = await fetchRange(job, source, 0, size, signal);
  const cut = await cutOf(job, source);
  const proven = cut !== null && etagOf(bytes, cut) === etag.toLowerCase();
  if (proven) return { bytes, proven };
  if (cut?.certain === true) throw mismatch(job);
  if (!connection.secure) {
    const again = await fetchRange(job, source, 0, size, signal);
    if (!again.equals(bytes)) throw mismatch(job);
  }
  return { bytes, proven };
}

/** Fetches the parts of an object from one connection and sends them through the other. */
export async function streamParts(job: CopyJob, source: CopySource): Promise<PartCopier> {
  const cut = await cutOf(job, source);
  // Cut as the source was, the copy has the source's ETag, which proves every byte.
  const each = cut?.partSize ?? null;
  const alike = each !== null && each <= MAX_ALIKE_BYTES;
  const partSize = alike ? each : PART_BYTES;
  const whole = cut === null || alike ? null : new SourceSum(cut);
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
    async check({ partSize: bytesEach }, parts) {
      const sum = whole?.digest(source.head.size) ?? null;
      if (cut !== null && sum !== null) {
        if (sum === source.head.etag.toLowerCase()) return true;
        if (cut.certain || (await isCutEvenly(job, source, cut.partSize ?? 0))) {
          throw mismatch(job);
        }
      } else if (whole === null) {
        const copy = { parts, sums, partSize: bytesEach };
        const outcome = await compareCuts(job, source, copy);
        if (outcome === 'different') throw mismatch(job);
        if (outcome === 'same') return true;
      }
      return rereadAndCompare(job, source, { parts, sums, bytesEach, cut });
    },
  };
}

/**
 * Fetches the source once more and holds it against its own ETag, where that is a sum, and
 * part by part against what was sent: as long as it was in our hands, and after that as
 * the ETags of the copy's parts tell. For parts of an earlier attempt, which went by
 * unseen, and for what came over plain http with nothing to prove it. Returns whether the
 * ETag proved every byte.
 */
async function rereadAndCompare(
  job: CopyJob,
  source: CopySource,
  copy: {
    readonly parts: readonly StoredPart[];
    readonly sums: ReadonlyMap<number, string>;
    readonly bytesEach: number;
    readonly cut: SourceCut | null;
  },
): Promise<boolean> {
  const { signal, connection } = job.context;
  const { parts, sums, bytesEach, cut } = copy;
  if (cut?.certain !== true && connection.secure) return false;
  const whole = cut === null ? null : new SourceSum(cut);
  let told = 0;
  let same = 0;
  for (const { number, etag, size } of parts) {
    const start = (number - 1) * bytesEach;
    const bytes = await fetchRange(job, source, start, size, signal);
    whole?.add(number, bytes);
    const md5 = createHash('md5').update(bytes).digest('hex');
    const sent = sums.get(number);
    if (sent !== undefined && sent !== md5) throw mismatch(job);
    if (isMd5Etag(etag)) told += 1;
    if (etag.toLowerCase() === md5) same += 1;
  }
  // Under a key of KMS no ETag of the copy is a sum: then all of them differ.
  if (same > 0 && same < told) throw mismatch(job);
  const sum = whole?.digest(source.head.size) ?? null;
  const fits = sum !== null && sum === source.head.etag.toLowerCase();
  if (!fits && cut?.certain === true) throw mismatch(job);
  return fits && same === parts.length;
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

function mismatch(job: CopyJob): AppError {
  return new AppError('transfer.checksum-mismatch', { params: { key: job.from.key } });
}
