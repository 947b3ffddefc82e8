import type { StoredTransfer } from '../database/stored-transfer.ts';
import { type Fingerprint, modifiedMs } from '../files/fingerprint.ts';
import type { ExistingObject } from './existing-keys.ts';
import { isSameTime, sourceTime } from './object-time.ts';
import type { RunContext } from './run-context.ts';

/** Metadata by which an upload knows its own object again. */
export const RETRY_ID = 'dipper-retry-id';
/** The server's clock and ours need not agree better, ms. */
const CLOCK_MS = 2_000;

/** What the journal knows of the file as an earlier attempt sent it. */
export interface SentFile {
  /** Bytes. */
  readonly size: number | null;
  /** ms since 1970. */
  readonly modified: number | null;
  /** Of an upload in parts. */
  readonly retryId: string | null;
}

/** What the attempt before noted; read it before {@link noteSent}. */
export function sentBefore(row: StoredTransfer, retryId: string | null): SentFile {
  return { size: row.bytesTotal, modified: row.modified, retryId };
}

/** Notes what is about to be sent. The journal has it before the request leaves. */
export function noteSent({ row, store }: RunContext, source: Fingerprint): void {
  const modified = modifiedMs(source);
  const { size } = source;
  // A row that was planned from the very same file says so already.
  const known = isSameTime(row.modified ?? 0, modified);
  if (row.bytesTotal === size && known) return;
  store.update(row, { bytesTotal: size, modified });
}

/**
 * Whether the object is what an earlier attempt of this row stored, whose answer was lost
 * or whose file changed under its hands. The file may be another one by now, so the
 * content says nothing; size, the file's own time and when it was stored do.
 */
export function isOurEarlier(
  { row }: Pick<RunContext, 'row'>,
  found: ExistingObject,
  sent: SentFile,
): boolean {
  if (!found.etag) return false;
  if (sent.retryId !== null && found.metadata[RETRY_ID] === sent.retryId) return true;
  const time = found.metadata['mtime'] === undefined ? null : sourceTime(found);
  if (time === null || sent.modified === null || found.size !== sent.size) return false;
  const isLater = (found.modified ?? 0) + CLOCK_MS >= row.createdAt;
  return isLater && isSameTime(time, sent.modified);
}
