import { z } from 'zod';
import {
  Aspect,
  AspectName,
  BulkChange,
  EarlierState,
  Place,
  Reading,
} from '../domain/aspects.ts';
import {
  AnonymousAnswer,
  Exposure,
  LinkOptions,
  PreflightAnswer,
  PreflightQuestion,
  SignedLink,
} from '../domain/exposure.ts';
import { BucketName, ConnectionId, GroupId, ObjectKey } from '../domain/ids.ts';
import { RemoteItem } from '../domain/listing.ts';
import { call, namespace } from './define.ts';

/** What the inspector reads and changes of buckets and objects. Served by the engine. */
export const aspects = namespace('aspects', {
  read: call(Place.extend({ aspect: AspectName }), Reading),
  /**
   * Writes a value in place of the one with `revision`; answers how it is now. Fails with
   * `aspect.changed` when it is another one by now, and then with nothing written, and
   * with `access.denied` naming action and resource. The state before is kept.
   *
   * `mayResetAcl`: where these keys may not read who may read an object, its headers may
   * cost that: only its owner may then. Without it that is `aspect.acl-unreadable`.
   */
  write: call(
    Place.extend({
      change: Aspect,
      revision: z.string(),
      mayResetAcl: z.boolean().optional(),
    }),
    Reading,
  ),
  /** States before our own changes, newest first, at most 20. */
  earlier: call(Place.extend({ aspect: AspectName }), z.array(EarlierState)),
  /** Changes many objects as a job in the transfer queue. */
  changeMany: call(
    z.strictObject({
      connectionId: ConnectionId,
      bucket: BucketName,
      items: z.array(RemoteItem).min(1).max(100_000),
      change: BulkChange,
    }),
    z.strictObject({ groupId: GroupId }),
  ),
  exposure: call(Place, Exposure),
  /** One HEAD of an object without keys. */
  anonymous: call(
    z.strictObject({ connectionId: ConnectionId, bucket: BucketName, key: ObjectKey }),
    AnonymousAnswer,
  ),
  /** Sends the preflight a browser would send for this object or bucket. */
  preflight: call(Place.extend({ question: PreflightQuestion }), PreflightAnswer),
  /** Signs links for objects, in the order of `keys`. `link.no-keys`: anonymous. */
  sign: call(
    z.strictObject({
      connectionId: ConnectionId,
      bucket: BucketName,
      keys: z.array(ObjectKey).min(1).max(10_000),
      options: LinkOptions,
    }),
    z.array(SignedLink),
  ),
  /**
   * Fetches a link's first byte (GET) without anything else; says what came. Of a link for
   * an `upload` it sends the head alone and changes nothing: status 100 means that the
   * server waits for the file.
   */
  testLink: call(
    z.strictObject({
      url: z.url().max(16_384),
      /** What the link was signed for; empty: any type. */
      upload: z.strictObject({ contentType: z.string().max(256) }).optional(),
    }),
    AnonymousAnswer,
  ),
});
