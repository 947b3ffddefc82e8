import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { MIB } from '../../../shared/domain/part-plan.ts';
import { localError } from '../files/local-error.ts';
import { isMd5Etag, multipartEtag } from '../s3/etag.ts';
import { type RunContext, throwIfStopped } from './run-context.ts';

/** Bytes read at a time. */
const CHUNK_BYTES = MIB;

/** MD5 of a file in hex. Throws `local.*`. */
export async function md5OfFile(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('md5');
  try {
    await pipeline(createReadStream(path), hash, { signal });
  } catch (error) {
    throw localError(error, path);
  }
  return hash.digest('hex');
}

/**
 * Whether a local file has the content of an object of the same size, by its ETag: the MD5
 * of the whole, or of even parts. `null`: it cannot be told.
 */
export async function hasSameContent(
  context: Pick<RunContext, 'row' | 'connection' | 'gate' | 'signal'>,
  file: string,
  object: { readonly size: number; readonly etag: string },
): Promise<boolean | null> {
  const { row, connection, gate, signal } = context;
  const { etag, size } = object;
  const quirks = connection.quirks();
  if (quirks.etag !== 'md5') return null;
  if (isMd5Etag(etag)) {
    // With a key of KMS the ETag is no MD5: then they only seem to differ.
    return (await md5OfFile(file, signal)) === etag.toLowerCase();
  }
  if (!/^[0-9a-f]{32}-\d+$/i.test(etag)) return null;
  const layout = await gate.request(0, signal, () =>
    connection.partLayout({ bucket: row.bucket, key: row.key, signal }),
  );
  if (layout === null || Math.ceil(size / layout.partSize) !== layout.partCount) {
    return null;
  }
  const sums = await partSums(file, layout.partSize, signal);
  return multipartEtag(sums) === etag.toLowerCase();
}

/** The MD5 of each part of a file. Throws `local.*`. */
async function partSums(
  path: string,
  partSize: number,
  signal: AbortSignal,
): Promise<readonly { readonly etag: string }[]> {
  const sums: { readonly etag: string }[] = [];
  try {
    await using handle = await open(path, 'r');
    const buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, partSize));
    for (let inPart = 0, hash = createHash('md5'); ; ) {
      throwIfStopped(signal);
      const wanted = Math.min(buffer.length, partSize - inPart);
      const { bytesRead } = await handle.read(buffer, 0, wanted, null);
      if (bytesRead > 0) hash.update(buffer.subarray(0, bytesRead));
      inPart += bytesRead;
      const isEnd = bytesRead === 0;
      if (inPart === partSize || (isEnd && inPart > 0)) {
        sums.push({ etag: hash.digest('hex') });
        hash = createHash('md5');
        inPart = 0;
      }
      if (isEnd) return sums;
    }
  } catch (error) {
    throw localError(error, path);
  }
}
