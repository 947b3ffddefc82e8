import { z } from 'zod';
import { BucketName, ConnectionId, ObjectKey, Prefix } from '../domain/ids.ts';
import {
  BucketEntry,
  CountResult,
  ListingPage,
  ObjectDetails,
  RemoteItem,
  RemoteUrls,
} from '../domain/listing.ts';
import { call, namespace } from './define.ts';

const InBucket = z.strictObject({ connectionId: ConnectionId, bucket: BucketName });
const TaskId = z.string().min(1).max(64);

/** The answer to "which buckets are there". */
export const BucketList = z.strictObject({
  buckets: z.array(BucketEntry),
  /** `false`: this key may not list buckets; only those added by name are here. */
  listed: z.boolean(),
});
export type BucketList = z.infer<typeof BucketList>;

/** Looking around. Served by the engine; main adds what only it knows. */
export const browse = namespace('browse', {
  buckets: call(z.strictObject({ connectionId: ConnectionId }), BucketList),
  /** One page of a folder. The first page has cursor null; `fresh` skips the cache. */
  list: call(
    InBucket.extend({
      prefix: Prefix,
      cursor: z.string().max(8_192).nullable(),
      fresh: z.boolean(),
      /** Names the running request for `browse.cancel`. */
      taskId: TaskId,
    }),
    ListingPage,
  ),
  /** Ends a running `list` or `count`; it then fails with `transfer.cancelled`. */
  cancel: call(z.strictObject({ taskId: TaskId }), z.void()),
  details: call(InBucket.extend({ key: ObjectKey }), ObjectDetails),
  urls: call(InBucket.extend({ key: Prefix }), RemoteUrls),
  /** Counts objects and bytes under a selection, for the delete question. */
  count: call(
    InBucket.extend({
      items: z.array(RemoteItem).min(1).max(100_000),
      taskId: TaskId,
      /** Stop after so many objects and say so. */
      limit: z.int().positive().max(10_000_000),
    }),
    CountResult,
  ),
  /** Creates the marker object `key`, which ends in `/`. Fails with `conflict.exists`. */
  createFolder: call(InBucket.extend({ key: ObjectKey }), z.void()),
  createBucket: call(InBucket.extend({ region: z.string().max(64) }), z.void()),
  /** Deletes an empty bucket; `bucket.not-empty` otherwise. */
  deleteBucket: call(InBucket, z.void()),
});

/** Progress of `browse.count`. */
export const browseTopics = {
  'browse.counting': z.strictObject({
    taskId: z.string(),
    objects: z.int(),
    bytes: z.number(),
  }),
} as const;
