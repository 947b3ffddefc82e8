import type { HeadObjectOutput } from '@aws-sdk/client-s3';
import { bareEtag } from '../s3/etag.ts';
import type { HeaderState } from './aspect-calls.ts';
import { decodeValue, utf8OfBytes } from './encoded-words.ts';

/** What the editor of headers makes of a HeadObject's answer. */
export function headerState(output: HeadObjectOutput): HeaderState {
  const rawMetadata = output.Metadata ?? {};
  return {
    headers: {
      contentType: utf8OfBytes(output.ContentType ?? ''),
      contentDisposition: utf8OfBytes(output.ContentDisposition ?? ''),
      cacheControl: utf8OfBytes(output.CacheControl ?? ''),
      contentEncoding: utf8OfBytes(output.ContentEncoding ?? ''),
      contentLanguage: utf8OfBytes(output.ContentLanguage ?? ''),
      expires: utf8OfBytes(output.ExpiresString ?? ''),
      metadata: Object.entries(rawMetadata)
        .map(([name, value]) => ({ name, value: decodeValue(value) }))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
    },
    etag: bareEtag(output.ETag),
    size: output.ContentLength ?? 0,
    rawMetadata,
    untold: output.MissingMeta ?? 0,
    head: output,
  };
}
