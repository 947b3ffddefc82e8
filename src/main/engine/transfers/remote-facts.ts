import type { ObjectBody } from '../s3/s3-connection.ts';
import { sourceTime } from './object-time.ts';
import type { RunContext } from './run-context.ts';

/** What the first answer told about the object. */
export interface RemoteFacts {
  readonly size: number;
  readonly etag: string;
  /** ms since 1970. */
  readonly modified: number | null;
}

/** Reads the facts off an answer and writes them to the row where they are new. */
export function remoteFacts(
  { row, store }: Pick<RunContext, 'row' | 'store'>,
  body: ObjectBody,
): RemoteFacts {
  const facts = { size: body.totalSize, etag: body.etag, modified: sourceTime(body) };
  const { size, modified } = facts;
  if (row.bytesTotal !== size || row.modified !== modified) {
    store.update(row, { bytesTotal: size, modified });
  }
  return facts;
}
