import { usualPartSizes } from '../checksums/compare-content.ts';
import { isMd5Etag, multipartEtag } from '../s3/etag.ts';
import { isKmsEncryption } from '../s3/is-kms-encryption.ts';
import type { CopySource } from '../s3/object-traits.ts';
import type { PartLayout, StoredPart } from '../s3/s3-connection.ts';
import { askSource, type CopyJob } from './copy-job.ts';
import type { EtagFormula } from './source-sum.ts';

/** Parts of the source that are looked at to see whether all are of one size. */
const LOOKS = 16;

/** What the source's ETag is the sum of. */
export interface SourceCut extends EtagFormula {
  /** Another sum than the ETag proves other bytes; else they may only be cut otherwise. */
  readonly certain: boolean;
}

/**
 * How the source's ETag follows from its bytes; `null`: not at all, or nobody knows. Where
 * the server does not tell, it is what programs usually do.
 */
export async function cutOf(job: CopyJob, source: CopySource): Promise<SourceCut | null> {
  const { etag, size } = source.head;
  const quirks = job.context.connection.quirks();
  // Under a key of KMS an ETag is no MD5.
  if (isKmsEncryption(source.traits.encryption)) return null;
  if (isMd5Etag(etag)) {
    return quirks.etag === 'md5' ? { partSize: null, certain: true } : null;
  }
  if (quirks.multipartEtag !== 'md5') return null;
  const count = Number(/^[0-9a-f]{32}-([1-9]\d*)$/i.exec(etag)?.[1] ?? 0);
  if (count === 0 || count > size) return null;
  if (count === 1) return { partSize: size, certain: true };
  const told = (await layoutOf(job, 1))?.partSize ?? 0;
  const fits = told > 0 && Math.ceil(size / told) === count;
  if (fits) return { partSize: told, certain: false };
  const [guess] = told > 0 ? [] : usualPartSizes(size, count);
  return guess === undefined ? null : { partSize: guess, certain: false };
}

/** Whether the source's parts, as far as some of them tell, are all of one size. */
export async function isCutEvenly(
  job: CopyJob,
  source: CopySource,
  partSize: number,
): Promise<boolean> {
  const { size } = source.head;
  const count = Math.ceil(size / partSize);
  for (const number of spread(count)) {
    const length = number < count ? partSize : size - (count - 1) * partSize;
    if ((await layoutOf(job, number))?.partSize !== length) return false;
  }
  return true;
}

/** A copy in parts, all sent, as it is before it becomes an object. */
export interface CutCopy {
  readonly parts: readonly StoredPart[];
  /** MD5 in hex of the parts that were sent just now, by number. */
  readonly sums: ReadonlyMap<number, string>;
  /** Bytes of all parts but the last. */
  readonly partSize: number;
}

/**
 * Whether a copy that was cut as its source was has the source's bytes: then its ETag will
 * be the source's. `unknown` where that proves nothing: ETags that are no sums, parts of
 * several sizes, a server that does not tell.
 */
export async function compareCuts(
  job: CopyJob,
  source: CopySource,
  { parts, sums, partSize }: CutCopy,
): Promise<'same' | 'different' | 'unknown'> {
  const { etag } = source.head;
  const expected = multipartEtag(parts);
  if (expected === null || !etag.endsWith(`-${parts.length}`)) return 'unknown';
  if (expected === etag.toLowerCase()) return 'same';
  if (isKmsEncryption(source.traits.encryption)) return 'unknown';
  // Under a key of KMS an ETag is no MD5, here or there.
  const isSum = parts.every(
    ({ number, etag: told }) => isMd5Etag(told) && (sums.get(number) ?? told) === told,
  );
  if (!isSum || sums.size === 0) return 'unknown';
  return (await isCutEvenly(job, source, partSize)) ? 'different' : 'unknown';
}

function layoutOf(job: CopyJob, partNumber: number): Promise<PartLayout | null> {
  const { signal } = job.context;
  return askSource(job, 0, signal, (connection) =>
    connection.partLayout({ ...job.from, partNumber, signal }),
  );
}

/** The first and the last of `count` numbers and some between. */
function spread(count: number): ReadonlySet<number> {
  const step = Math.max(1, count / LOOKS);
  const numbers = new Set([count]);
  for (let at = 1; at < count; at += step) numbers.add(Math.round(at));
  return numbers;
}
