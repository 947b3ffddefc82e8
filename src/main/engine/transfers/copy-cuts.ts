import { isMd5Etag, multipartEtag } from '../s3/etag.ts';
import type { CopySource } from '../s3/object-traits.ts';
import type { PartLayout, StoredPart } from '../s3/s3-connection.ts';
import { askSource, type CopyJob } from './copy-job.ts';

/** Parts of the source that are looked at to see whether all are of one size. */
const LOOKS = 16;

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
  const { etag, size } = source.head;
  const count = parts.length;
  const expected = multipartEtag(parts);
  if (expected === null || !etag.endsWith(`-${count}`)) return 'unknown';
  if (expected === etag.toLowerCase()) return 'same';
  if ((source.traits.encryption ?? '').startsWith('aws:')) return 'unknown';
  // Under a key of KMS an ETag is no MD5, here or there.
  const isSum = parts.every(
    ({ number, etag: told }) => isMd5Etag(told) && (sums.get(number) ?? told) === told,
  );
  if (!isSum || sums.size === 0) return 'unknown';
  for (const number of spread(count)) {
    const length = number < count ? partSize : size - (count - 1) * partSize;
    if ((await layoutOf(job, number))?.partSize !== length) return 'unknown';
  }
  return 'different';
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
