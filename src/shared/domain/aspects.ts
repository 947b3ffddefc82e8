import { z } from 'zod';
import { BucketName, ConnectionId, ObjectKey } from './ids.ts';

/** A bucket, or one object of it. */
export const Place = z.strictObject({
  connectionId: ConnectionId,
  bucket: BucketName,
  /** `null`: the bucket itself. */
  key: ObjectKey.nullable(),
});
export type Place = z.infer<typeof Place>;

/** What can be given to an ACL's grantees. https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html */
export const AclPermission = z.enum([
  'READ',
  'WRITE',
  'READ_ACP',
  'WRITE_ACP',
  'FULL_CONTROL',
]);
export type AclPermission = z.infer<typeof AclPermission>;

/** Whom an ACL gives something. */
export const Grantee = z.discriminatedUnion('kind', [
  /** An account by its canonical user ID. */
  z.strictObject({ kind: z.literal('user'), id: z.string(), name: z.string() }),
  z.strictObject({ kind: z.literal('email'), email: z.string() }),
  z.strictObject({
    kind: z.literal('group'),
    group: z.enum(['AllUsers', 'AuthenticatedUsers', 'LogDelivery']),
  }),
]);
export type Grantee = z.infer<typeof Grantee>;

/** One line of an ACL. */
export const Grant = z.strictObject({ grantee: Grantee, permission: AclPermission });
export type Grant = z.infer<typeof Grant>;

/** An access control list. */
export const Acl = z.strictObject({
  owner: z.strictObject({ id: z.string(), name: z.string() }),
  grants: z.array(Grant),
});
export type Acl = z.infer<typeof Acl>;

/** One rule of a bucket's CORS configuration. https://docs.aws.amazon.com/AmazonS3/latest/API/API_CORSRule.html */
export const CorsRule = z.strictObject({
  /** Empty: none. */
  id: z.string(),
  origins: z.array(z.string()),
  methods: z.array(z.string()),
  headers: z.array(z.string()),
  exposed: z.array(z.string()),
  /** Seconds; `null`: not said. */
  maxAge: z.int().nullable(),
});
export type CorsRule = z.infer<typeof CorsRule>;

/** A tag of an object or a bucket. */
export const Tag = z.strictObject({ key: z.string(), value: z.string() });
export type Tag = z.infer<typeof Tag>;

/** The headers and the metadata an object is served with. Empty texts: not set. */
export const ObjectHeaders = z.strictObject({
  contentType: z.string(),
  contentDisposition: z.string(),
  cacheControl: z.string(),
  contentEncoding: z.string(),
  contentLanguage: z.string(),
  /** An HTTP date. */
  expires: z.string(),
  /** Without the `x-amz-meta-` prefix, decoded. */
  metadata: z.array(z.strictObject({ name: z.string(), value: z.string() })),
});
export type ObjectHeaders = z.infer<typeof ObjectHeaders>;

/** What the editors of the inspector edit. */
export const AspectName = z.enum(['acl', 'cors', 'tags', 'headers']);
export type AspectName = z.infer<typeof AspectName>;

/** A value of one of them. An empty list of rules or tags: there is no configuration. */
export const Aspect = z.discriminatedUnion('aspect', [
  z.strictObject({ aspect: z.literal('acl'), value: Acl }),
  z.strictObject({ aspect: z.literal('cors'), value: z.array(CorsRule) }),
  z.strictObject({ aspect: z.literal('tags'), value: z.array(Tag) }),
  z.strictObject({ aspect: z.literal('headers'), value: ObjectHeaders }),
]);
export type Aspect = z.infer<typeof Aspect>;

/** Why something cannot be read or edited here. */
export const Unavailable = z.discriminatedUnion('reason', [
  /** The server has nothing of the kind: 501, or an answer that is something else. */
  z.strictObject({ reason: z.literal('unsupported') }),
  /** These keys may not; `action` such as `s3:GetBucketCORS` on `resource` (an ARN). */
  z.strictObject({
    reason: z.literal('denied'),
    action: z.string(),
    resource: z.string(),
  }),
  /** The bucket's owner switched ACLs off (BucketOwnerEnforced). */
  z.strictObject({ reason: z.literal('acls-disabled') }),
]);
export type Unavailable = z.infer<typeof Unavailable>;

/** An aspect as it was read. */
export const Reading = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('read'),
    aspect: Aspect,
    /** Tells one state from the next; handed back when it is changed. */
    revision: z.string(),
    /** Why it can be seen and not changed; `null`: it can. */
    locked: Unavailable.nullable(),
  }),
  z.strictObject({ kind: z.literal('unavailable'), why: Unavailable }),
]);
export type Reading = z.infer<typeof Reading>;

/** A state that was there before one of our changes. */
export const EarlierState = z.strictObject({
  id: z.int(),
  aspect: Aspect,
  /** ms since 1970, when it was replaced. */
  replacedAt: z.number(),
});
export type EarlierState = z.infer<typeof EarlierState>;

/**
 * A change of many objects at once. What is not named stays. `grants` of `acl`: those of
 * `add` are given, those of `remove` taken; with `canned` the ACL is that and nothing else.
 */
export const BulkChange = z.discriminatedUnion('aspect', [
  z.strictObject({
    aspect: z.literal('acl'),
    canned: z
      .enum([
        'private',
        'public-read',
        'public-read-write',
        'authenticated-read',
        'bucket-owner-read',
        'bucket-owner-full-control',
      ])
      .nullable(),
    add: z.array(Grant),
    remove: z.array(Grant),
  }),
  z.strictObject({
    aspect: z.literal('headers'),
    /** Headers to set, by name in lower case (`cache-control`); empty: removed. */
    set: z.record(z.string(), z.string()),
    /** Content-Type by the extension of each name. */
    typeByExtension: z.boolean(),
    setMetadata: z.record(z.string(), z.string()),
    removeMetadata: z.array(z.string()),
    /** Other metadata is dropped. */
    replaceMetadata: z.boolean(),
    /**
     * Objects whose ACL these keys may not read are changed, too: only their owner may
     * read them then.
     */
    mayResetAcl: z.boolean().optional(),
  }),
  z.strictObject({
    aspect: z.literal('tags'),
    set: z.array(Tag),
    remove: z.array(z.string()),
    /** Other tags are dropped. */
    replace: z.boolean(),
  }),
]);
export type BulkChange = z.infer<typeof BulkChange>;
