import type { RemotePage, S3Connection } from '../s3/s3-connection.ts';
import type { RequestGate } from './request-gate.ts';

/** An object found under a prefix. */
export interface RemoteObject {
  readonly key: string;
  readonly size: number;
  /** ms since 1970; `null`: unknown. */
  readonly modified: number | null;
  readonly etag: string;
}

/** Lists everything under a prefix, page by page. Throws `AppError`. */
export async function* walkRemote(input: {
  readonly connection: S3Connection;
  readonly gate: RequestGate;
  readonly bucket: string;
  readonly prefix: string;
  readonly signal: AbortSignal;
}): AsyncGenerator<readonly RemoteObject[]> {
  const { connection, gate, bucket, prefix, signal } = input;
  let cursor: string | null = null;
  do {
    const at: string | null = cursor;
    const page: RemotePage = await gate.request(0, signal, () =>
      connection.listPage({ bucket, prefix, delimiter: '', cursor: at, signal }),
    );
    yield page.keys.map((key, index) => {
      const modified = page.modified[index] ?? Number.NaN;
      return {
        key,
        size: page.sizes[index] ?? 0,
        modified: Number.isNaN(modified) ? null : modified,
        etag: page.etags[index] ?? '',
      };
    });
    cursor = page.cursor;
  } while (cursor !== null);
}
