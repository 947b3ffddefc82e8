import { z } from 'zod';
import {
  BucketName,
  ConnectionId,
  GroupId,
  LocalPath,
  ObjectKey,
  Prefix,
  TransferId,
} from '../domain/ids.ts';
import { RemoteItem } from '../domain/listing.ts';
import { GroupRow } from '../domain/panel.ts';
import {
  ConflictAnswer,
  ConflictPolicy,
  HiddenFiles,
  TransferFilter,
  TransferKind,
  TransferRow,
  TransferTotals,
} from '../domain/transfer.ts';
import { call, namespace } from './define.ts';

const Queued = z.strictObject({ groupId: GroupId });
const Moved = z.array(TransferId).max(10_000);
/** Which transfers; `null` means all. With `groupIds`: every row of these groups as well. */
const Ids = z.strictObject({
  ids: z.array(TransferId).max(10_000).nullable(),
  groupIds: z.array(GroupId).max(10_000).optional(),
});

/** What is asked to be counted: an upload or a download before it starts. */
const PreviewRequest = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('upload'),
    connectionId: ConnectionId,
    bucket: BucketName,
    prefix: Prefix,
    paths: z.array(LocalPath).min(1).max(100_000),
  }),
  z.strictObject({
    kind: z.literal('download'),
    connectionId: ConnectionId,
    bucket: BucketName,
    basePrefix: Prefix,
    items: z.array(RemoteItem).min(1).max(100_000),
    folder: LocalPath,
  }),
]);

/** What was counted before a start. */
export const TransferPreview = z.strictObject({
  files: z.int(),
  folders: z.int(),
  /** Of the files. */
  bytes: z.number(),
  /** Files whose target is there already. */
  conflicts: z.int(),
  /** Name of the first of them. */
  first: z.string().nullable(),
  /** Files and folders that the bookmark's rules leave out. */
  hidden: z.int(),
  /** Everything was looked at. */
  complete: z.boolean(),
});
export type TransferPreview = z.infer<typeof TransferPreview>;

/** What to copy or move, and where to. */
const CopyRequest = z.strictObject({
  connectionId: ConnectionId,
  bucket: BucketName,
  items: z
    .array(
      z.strictObject({
        item: RemoteItem,
        /** Whole key, or whole prefix ending in `/` for a folder. */
        targetKey: ObjectKey,
      }),
    )
    .min(1)
    .max(100_000),
  targetConnectionId: ConnectionId,
  targetBucket: BucketName,
  conflict: ConflictPolicy,
});

/** The queue. Rows live in the engine's database; the window holds only what it shows. */
export const transfers = namespace('transfers', {
  /** Walks `paths` and uploads under `prefix` (empty or ending in `/`). */
  upload: call(
    z.strictObject({
      connectionId: ConnectionId,
      bucket: BucketName,
      prefix: Prefix,
      paths: z.array(LocalPath).min(1).max(100_000),
      conflict: ConflictPolicy,
      /** What the bookmark's rules leave out: left out unless told. */
      hidden: HiddenFiles.optional(),
    }),
    Queued,
  ),
  /** Lists folders and downloads into `folder`; names are relative to `basePrefix`. */
  download: call(
    z.strictObject({
      connectionId: ConnectionId,
      bucket: BucketName,
      basePrefix: Prefix,
      items: z.array(RemoteItem).min(1).max(100_000),
      folder: LocalPath,
      conflict: ConflictPolicy,
    }),
    Queued,
  ),
  /**
   * Counts what an upload or download would move and what is there already. Answers within
   * two seconds, then with `complete` false.
   */
  preview: call(PreviewRequest, TransferPreview),
  /** Deletes objects, and everything under folders. Not undoable without versioning. */
  remove: call(
    z.strictObject({
      connectionId: ConnectionId,
      bucket: BucketName,
      items: z.array(RemoteItem).min(1).max(100_000),
    }),
    Queued,
  ),
  /**
   * Copies objects, and everything under folders: on the server, or through this computer
   * to another connection.
   */
  copy: call(CopyRequest, Queued),
  /** Copies, verifies, then deletes the source: rename or move. */
  move: call(CopyRequest, Queued),
  pause: call(Ids, z.void()),
  resume: call(Ids, z.void()),
  /** Stops and cleans up: aborts uploads, removes partial files. */
  cancel: call(Ids, z.void()),
  retry: call(Ids, z.void()),
  /**
   * Moves queued, waiting and paused rows within the order of running, which is also that
   * of the panel: before all others, behind them, or before one. Among themselves they
   * keep their order; ids of other rows are passed over.
   */
  reorder: call(
    z.union([
      z.strictObject({ ids: Moved, place: z.enum(['first', 'last']) }),
      z.strictObject({ ids: Moved, before: TransferId }),
    ]),
    z.void(),
  ),
  /** Forgets finished, cancelled, skipped (and with ids also failed) rows. */
  clear: call(Ids, z.void()),
  answerConflict: call(
    z.strictObject({
      id: TransferId,
      answer: ConflictAnswer,
      /** Also for every later and waiting conflict of the same group. */
      forAll: z.boolean(),
    }),
    z.void(),
  ),
  /** Shows the local file in the file manager. */
  reveal: call(z.strictObject({ id: TransferId }), z.void()),
  /** Rows for the part of the panel one sees, unfinished first. */
  page: call(
    z.strictObject({
      filter: TransferFilter,
      offset: z.int().min(0),
      limit: z.int().min(1).max(500),
    }),
    z.strictObject({
      revision: z.int(),
      /** Rows under this filter in all. */
      total: z.int(),
      rows: z.array(TransferRow),
    }),
  ),
  totals: call(z.void(), z.strictObject({ revision: z.int(), totals: TransferTotals })),
  /** The oldest conflict that waits for an answer. */
  nextConflict: call(z.void(), TransferRow.nullable()),
});

/**
 * What changed since revision `from`. At most ten a second. `upserts` are rows of the part
 * that `panel.view` gave last; with more than 200 of them it stays empty and `reload` is
 * true: fetch the visible page again.
 */
export const TransferBatch = z.strictObject({
  from: z.int(),
  to: z.int(),
  upserts: z.array(TransferRow),
  /** Rows were added, removed or changed place: positions are stale. */
  reload: z.boolean(),
  /** Packed triples: id, bytes done, bytes per second. */
  progress: z.instanceof(Float64Array),
  /** Heads of the groups that changed. */
  groups: z.array(GroupRow),
  totals: TransferTotals,
});
export type TransferBatch = z.infer<typeof TransferBatch>;

/** A group came to its end. */
export const GroupFinished = z.strictObject({
  groupId: GroupId,
  kind: TransferKind,
  connectionId: ConnectionId,
  bucket: z.string(),
  /** Folder whose listing changed (uploads, deletes, moves). */
  prefix: z.string(),
  /** Where copies went. */
  target: z
    .strictObject({ connectionId: ConnectionId, bucket: z.string(), prefix: z.string() })
    .nullable()
    .optional(),
  done: z.int(),
  failed: z.int(),
  skipped: z.int(),
  cancelled: z.int(),
  /** Files and folders that the bookmark's rules left out of an upload. */
  hidden: z.int(),
  bytes: z.number(),
});
export type GroupFinished = z.infer<typeof GroupFinished>;

/** Objects of a running group arrived or went: what lies under `prefix` changed. */
export const GroupProgressed = z.strictObject({
  groupId: GroupId,
  connectionId: ConnectionId,
  bucket: z.string(),
  prefix: z.string(),
});
export type GroupProgressed = z.infer<typeof GroupProgressed>;

/** Events of the queue. */
export const transferTopics = {
  'transfers.changed': TransferBatch,
  'transfers.groupFinished': GroupFinished,
  /** At most every two seconds for each group. */
  'transfers.groupProgressed': GroupProgressed,
} as const;
