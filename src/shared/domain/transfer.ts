import { z } from 'zod';
import { SerializedAppError } from '../errors/app-error.ts';
import { LimitsInForce } from './bandwidth.ts';
import { ConnectionId, GroupId, TransferId } from './ids.ts';

/**
 * What a transfer does. A `move` is a server-side copy followed by a delete (rename); an
 * `edit` changes what objects carry besides their bytes.
 */
export const TransferKind = z.enum([
  'upload',
  'download',
  'delete',
  'move',
  'copy',
  'edit',
]);
export type TransferKind = z.infer<typeof TransferKind>;

/** Where a transfer stands. The machine is in transfer-state.ts. */
export const TransferState = z.enum([
  'queued',
  'running',
  'waiting',
  'paused',
  'failed',
  'cancelled',
  'skipped',
  'done',
]);
export type TransferState = z.infer<typeof TransferState>;

/** Why a transfer waits. */
export const WaitReason = z.enum(['backoff', 'offline', 'credentials', 'conflict']);
export type WaitReason = z.infer<typeof WaitReason>;

/**
 * What to do when the target exists. `ask` stops that transfer until it is answered;
 * `newer` overwrites what is older than the source and `different` what has another
 * content, both leave the rest; `resume` leaves what is finished and goes on with the
 * beginning of a file; `rename` gives the new one another name and `rename-existing` the
 * one that is there.
 */
export const ConflictPolicy = z.enum([
  'ask',
  'overwrite',
  'newer',
  'different',
  'resume',
  'skip',
  'rename',
  'rename-existing',
]);
export type ConflictPolicy = z.infer<typeof ConflictPolicy>;

/**
 * Answer to one question; the words are those of {@link ConflictPolicy}. About an unfinished
 * upload that is there: `continue-upload` goes on with it, `start-anew` leaves it alone and
 * `discard-upload` ends it on the server, then starts anew.
 */
export const ConflictAnswer = z.enum([
  'overwrite',
  'newer',
  'different',
  'resume',
  'skip',
  'rename',
  'rename-existing',
  'cancel',
  'continue-upload',
  'start-anew',
  'discard-upload',
]);
export type ConflictAnswer = z.infer<typeof ConflictAnswer>;

/** Whether an upload takes what the bookmark's rules leave out; `only`: nothing else. */
export const HiddenFiles = z.enum(['leave-out', 'include', 'only']);
export type HiddenFiles = z.infer<typeof HiddenFiles>;

/**
 * An unfinished upload of the same file that no transfer of ours began. Sizes in bytes,
 * times in ms since 1970.
 */
export const OpenUpload = z.strictObject({
  uploadId: z.string(),
  partSize: z.number(),
  partCount: z.int(),
  /** Parts that are there and have the file's own bytes. */
  partsThere: z.int(),
  /** By this computer's clock; `null`: the server did not say. */
  begunAt: z.number().nullable(),
  /** The checksum its parts have; empty: none. */
  checksum: z.enum(['', 'crc32', 'crc32-whole']),
  /** The file's time when it was held against the parts, ns since 1970. */
  sourceMtimeNs: z.string().regex(/^-?\d+$/),
});
export type OpenUpload = z.infer<typeof OpenUpload>;

/** Both sides of a conflict, for the question. Sizes in bytes, times in ms since 1970. */
export const ConflictInfo = z.strictObject({
  sourceSize: z.number().nullable(),
  sourceModified: z.number().nullable(),
  targetSize: z.number().nullable(),
  targetModified: z.number().nullable(),
  /** What is there may be the beginning of the source, so that one could go on with it. */
  resumable: z.boolean().optional(),
  /** Not an object is in the way: somebody's unfinished upload could be gone on with. */
  openUpload: OpenUpload.optional(),
});
export type ConflictInfo = z.infer<typeof ConflictInfo>;

/** One row of the transfers panel. */
export const TransferRow = z.strictObject({
  id: TransferId,
  groupId: GroupId,
  kind: TransferKind,
  state: TransferState,
  connectionId: ConnectionId,
  /** What to call it: the file's name, or the folder's. */
  name: z.string(),
  bucket: z.string(),
  /** Object key, or a prefix for a recursive delete or move. */
  key: z.string(),
  /** Target bucket and key of a move or copy; `null` for everything else. */
  targetBucket: z.string().nullable().optional(),
  targetKey: z.string().nullable(),
  /** Local file of an upload or download. */
  localPath: z.string().nullable(),
  /** `null`: not known yet. */
  bytesTotal: z.number().nullable(),
  bytesDone: z.number(),
  /** Objects of a delete or move; 1 for files. `null`: still counting. */
  objectsTotal: z.number().nullable(),
  objectsDone: z.number(),
  /** Bytes per second, 0 when not running. */
  speed: z.number(),
  attempt: z.int(),
  waitReason: WaitReason.nullable(),
  /** When a `backoff` ends, ms since 1970. */
  waitUntil: z.number().nullable(),
  conflict: ConflictInfo.nullable(),
  error: SerializedAppError.nullable(),
  /** How the content was checked: `crc32`, `md5`, `etag`, `size`, or empty. */
  integrity: z.string(),
  /** Something the user should know about a transfer that did finish, such as a changed name. */
  note: z.string(),
  createdAt: z.number(),
  finishedAt: z.number().nullable(),
});
export type TransferRow = z.infer<typeof TransferRow>;

/** Counts and sums over the whole queue, computed in the engine. */
export const TransferTotals = z.strictObject({
  queued: z.int(),
  running: z.int(),
  waiting: z.int(),
  paused: z.int(),
  failed: z.int(),
  cancelled: z.int(),
  skipped: z.int(),
  done: z.int(),
  /** Conflicts that wait for an answer. */
  conflicts: z.int(),
  /** Groups whose folders are still being walked or listed. */
  planning: z.int(),
  /** Of everything not yet cleared and not cancelled or skipped. */
  bytesTotal: z.number(),
  bytesDone: z.number(),
  /** Bytes per second. */
  speed: z.number(),
  /** Seconds left; `null`: cannot be told yet. */
  secondsLeft: z.number().nullable(),
  /** Bandwidth limits for all connections together that hold now. */
  limits: LimitsInForce.optional(),
});
export type TransferTotals = z.infer<typeof TransferTotals>;

/** Which rows a page of the panel shows. */
export const TransferFilter = z.enum(['all', 'active', 'failed', 'finished']);
export type TransferFilter = z.infer<typeof TransferFilter>;
