import { z } from 'zod';
import { ConnectionId } from './ids.ts';
import { TransferKind } from './transfer.ts';

/** What remains of a transfer that was done: enough to prove later what was moved. */
export const Receipt = z.strictObject({
  kind: TransferKind,
  connectionId: ConnectionId,
  bucket: z.string(),
  /** Of the object that was made or read. */
  key: z.string(),
  /** Local file; `null`: there was none. */
  localPath: z.string().nullable(),
  /** Bytes. */
  size: z.number(),
  /** Of the local file, ms since 1970; `null`: not known. */
  modified: z.number().nullable(),
  /** How the content was checked, as in the panel's rows. */
  integrity: z.string(),
  /** Sums that were computed, such as `crc32=…` in base64, separated by blanks. */
  checksums: z.string(),
  /** Bytes of a part; 0: sent or fetched as one. */
  partSize: z.number(),
  etag: z.string(),
  versionId: z.string().nullable(),
  /** ms since 1970. */
  startedAt: z.number(),
  finishedAt: z.number(),
});
export type Receipt = z.infer<typeof Receipt>;
