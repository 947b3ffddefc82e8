import { z } from 'zod';
import { ConnectionDraft, SecretInput } from '../domain/bookmark.ts';
import { TestReport, TestStage } from '../domain/connection-test.ts';
import { BookmarkId, BucketName, ConnectionId } from '../domain/ids.ts';
import { call, namespace } from './define.ts';

/** A connection as the window knows it. */
export const ConnectionInfo = z.strictObject({
  connectionId: ConnectionId,
  /** `null` for a quick connection. */
  bookmarkId: BookmarkId.nullable(),
  title: z.string(),
  endpoint: z.string(),
  region: z.string(),
  /** Where browsing starts; `null`: at the list of buckets. */
  rootBucket: z.string().nullable(),
  /** Prefix under `rootBucket`, empty or ending in `/`. */
  rootPrefix: z.string(),
  anonymous: z.boolean(),
});
export type ConnectionInfo = z.infer<typeof ConnectionInfo>;

/** Opening sends nothing to the server: keys that may do little still get a window. */
export const connections = namespace('connections', {
  open: call(z.strictObject({ bookmarkId: BookmarkId }), ConnectionInfo),
  /** Opens without saving a bookmark. */
  quick: call(
    z.strictObject({ draft: ConnectionDraft, secret: SecretInput.nullable() }),
    ConnectionInfo,
  ),
  close: call(z.strictObject({ connectionId: ConnectionId }), z.void()),
  /** Runs the stages; each is announced on `connections.testProgress` as it changes. */
  test: call(
    z.strictObject({
      testId: z.string().min(1).max(64),
      draft: ConnectionDraft,
      /** `null`: use what is stored for `bookmarkId`. */
      secret: SecretInput.nullable(),
      bookmarkId: BookmarkId.nullable(),
    }),
    TestReport,
  ),
  cancelTest: call(z.strictObject({ testId: z.string().min(1).max(64) }), z.void()),
  /** Remembers a bucket that cannot be listed. */
  addBucket: call(
    z.strictObject({ connectionId: ConnectionId, bucket: BucketName }),
    z.void(),
  ),
  forgetBucket: call(
    z.strictObject({ connectionId: ConnectionId, bucket: BucketName }),
    z.void(),
  ),
});

/** Events of connections. */
export const connectionTopics = {
  'connections.testProgress': z.strictObject({ testId: z.string(), stage: TestStage }),
} as const;
