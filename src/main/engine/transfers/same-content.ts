import { fileSums } from '../checksums/file-sums.ts';
import { isMd5Etag, multipartEtag } from '../s3/etag.ts';
import type { RunContext } from './run-context.ts';

/** MD5 of a file in hex. Throws `local.*`, and `transfer.cancelled` on abort. */
export async function md5OfFile(path: string, signal: AbortSignal): Promise<string> {
  const [sum] = await fileSums({ path, name: 'md5', partSize: null, signal });
  return sum?.toString('hex') ?? '';
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
  const { partSize } = layout;
  const sums = await fileSums({ path: file, name: 'md5', partSize, signal });
  const parts = sums.map((sum) => ({ etag: sum.toString('hex') }));
  return multipartEtag(parts) === etag.toLowerCase();
}
