import { z } from 'zod';
import { ConnectionId, GroupId, TransferId } from './ids.ts';
import { TransferKind, TransferRow } from './transfer.ts';

/**
 * Which kinds of transfers the panel shows; `other`: deletes, moves, copies and edits.
 */
export const PanelKind = z.enum(['all', 'upload', 'download', 'other']);
export type PanelKind = z.infer<typeof PanelKind>;

/** Everything that one drop or one command put into the queue. */
export const GroupRow = z.strictObject({
  id: GroupId,
  kind: TransferKind,
  connectionId: ConnectionId,
  /** The first file or folder that was asked for; empty: not known. */
  name: z.string(),
  /** How many files and folders were asked for. */
  items: z.int(),
  bucket: z.string(),
  /** Where uploads go; where downloads, deletes and moves come from. */
  prefix: z.string(),
  /**
   * Local folder of a download; `bucket/prefix` a move goes to; what an edit changes
   * (`acl`, `headers`, `tags`); else empty.
   */
  folder: z.string(),
  /** Its folders are still being walked or listed: counts grow. */
  planning: z.boolean(),
  createdAt: z.number(),
  queued: z.int(),
  running: z.int(),
  waiting: z.int(),
  paused: z.int(),
  failed: z.int(),
  cancelled: z.int(),
  skipped: z.int(),
  done: z.int(),
  /** Of all but what was cancelled or skipped. */
  bytesTotal: z.number(),
  bytesDone: z.number(),
  /** Objects of a bulk change, whose rows stand for many: counted until now, and done. */
  objects: z.strictObject({ total: z.int(), done: z.int() }).optional(),
  /** Bytes per second, 0 when nothing of it runs. */
  speed: z.number(),
  /** `null`: cannot be told yet. */
  secondsLeft: z.number().nullable(),
});
export type GroupRow = z.infer<typeof GroupRow>;

/**
 * One entry of the panel. A `day` takes one line and stands above what ended on it (ms of
 * its midnight), a group's head and a transfer take two; see panel-lines.ts.
 */
export const PanelEntry = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('day'), day: z.number() }),
  z.strictObject({ type: z.literal('group'), group: GroupRow, open: z.boolean() }),
  z.strictObject({ type: z.literal('row'), row: TransferRow, inGroup: z.boolean() }),
]);
export type PanelEntry = z.infer<typeof PanelEntry>;

/** What is known of one transfer beyond its row. */
export const TransferDetail = z.strictObject({
  id: TransferId,
  /** Size of its parts in bytes; `null`: it moves in one piece. */
  partSize: z.number().nullable(),
  partCount: z.int().nullable(),
  /** Parts the server has, or that are on this computer. */
  partsDone: z.int(),
  /** Of a multipart upload that is open; empty: none. */
  uploadId: z.string(),
  /** Of the object that is being downloaded; empty: not known. */
  etag: z.string(),
  /** Algorithm of the upload's checksums; empty: none. */
  checksumAlgorithm: z.string(),
  /** File the download writes to until it is whole; empty: none. */
  tempPath: z.string(),
});
export type TransferDetail = z.infer<typeof TransferDetail>;
