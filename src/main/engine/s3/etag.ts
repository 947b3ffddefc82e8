import { createHash } from 'node:crypto';
import { AppError } from '../../../shared/errors/app-error.ts';

/** The ETag without its quotes, as this engine keeps it. Weak tags stay whole. */
export function bareEtag(etag: string | undefined): string {
  if (etag === undefined) return '';
  const quoted = etag.length > 1 && etag.startsWith('"') && etag.endsWith('"');
  return quoted ? etag.slice(1, -1) : etag;
}

/** The ETag as headers and documents carry it. */
export function quotedEtag(etag: string): string {
  return etag.startsWith('W/') || etag.startsWith('"') ? etag : `"${etag}"`;
}

/** Whether an ETag looks like the MD5 of the whole body. */
export function isMd5Etag(etag: string): boolean {
  return /^[0-9a-f]{32}$/i.test(etag);
}

/**
 * The ETag S3 gives a multipart upload: MD5 of the parts' MD5 sums and their number.
 * `null` when a part's own ETag is no MD5 sum.
 */
export function multipartEtag(
  parts: readonly { readonly etag: string }[],
): string | null {
  const hash = createHash('md5');
  for (const { etag } of parts) {
    if (!isMd5Etag(etag)) return null;
    hash.update(Buffer.from(etag, 'hex'));
  }
  return `${hash.digest('hex')}-${parts.length}`;
}

/**
 * Holds the ETag of an answer against the one that was asked for: some servers pass If-Match
 * over and answer with whatever is there. Throws `object.changed`.
 */
export function assertAskedFor(
  asked: {
    readonly bucket: string;
    readonly key: string;
    readonly ifMatch?: string | undefined;
  },
  etag: string,
): void {
  const { bucket, key, ifMatch = '' } = asked;
  if (ifMatch === '' || etag === '' || tagOf(ifMatch) === tagOf(etag)) return;
  throw new AppError('object.changed', { params: { bucket, key } });
}

/** What stays the same where something on the way makes a strong tag a weak one. */
function tagOf(etag: string): string {
  return bareEtag(etag.startsWith('W/') ? etag.slice(2) : etag).toLowerCase();
}

/** `If-Match` and such want quotes. */
export function ifMatchField(etag: string | undefined): { readonly IfMatch?: string } {
  return etag === undefined || etag === '' ? {} : { IfMatch: quotedEtag(etag) };
}
