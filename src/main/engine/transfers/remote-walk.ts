import { listingWidth } from '../listing/listing-width.ts';
import { pagesOf } from '../listing/pages-of.ts';
import type { S3Connection } from '../s3/s3-connection.ts';
import type { RequestGate } from './request-gate.ts';

/** An object found under a prefix. */
export interface RemoteObject {
  readonly key: string;
  readonly size: number;
  /** ms since 1970; `null`: unknown. */
  readonly modified: number | null;
  readonly etag: string;
}

/** Lists everything under a prefix, in order, page by page. Throws `AppError`. */
export async function* walkRemote(input: {
  readonly connection: S3Connection;
  readonly gate: RequestGate;
  readonly bucket: string;
  readonly prefix: string;
  readonly signal: AbortSignal;
}): AsyncGenerator<readonly RemoteObject[]> {
  const { connection, gate, bucket, prefix, signal } = input;
  const pages = pagesOf({
    source: ({ cursor, maxKeys }, stop) =>
      gate.request(0, stop, () =>
        connection.listPage({
          bucket,
          prefix,
          delimiter: '',
          cursor,
          ...(maxKeys === undefined ? {} : { maxKeys }),
          signal: stop,
        }),
      ),
    prefix,
    width: listingWidth(connection),
    signal,
  });
  for await (const page of pages) {
    yield page.keys.map((key, index) => {
      const modified = page.modified[index] ?? Number.NaN;
      return {
        key,
        size: page.sizes[index] ?? 0,
        modified: Number.isNaN(modified) ? null : modified,
        etag: page.etags[index] ?? '',
      };
    });
  }
}
