import { z } from 'zod';

/** What somebody without keys gets of an object. */
export const AnonymousAnswer = z.strictObject({
  url: z.string(),
  /** HTTP status; `null`: there was no answer. */
  status: z.int().nullable(),
  /** The server's error code, such as `AccessDenied`; empty: none. */
  code: z.string(),
});
export type AnonymousAnswer = z.infer<typeof AnonymousAnswer>;

/** A switch of a bucket's public access block. `null`: not known. */
export const PublicAccessBlock = z.strictObject({
  blockPublicAcls: z.boolean(),
  ignorePublicAcls: z.boolean(),
  blockPublicPolicy: z.boolean(),
  restrictPublicBuckets: z.boolean(),
});
export type PublicAccessBlock = z.infer<typeof PublicAccessBlock>;

/**
 * Who may read a bucket or an object without keys, as far as the server told: `unknown`
 * where it told nothing. `public-accounts`: nobody without keys, and everybody with an
 * account of their own.
 */
export const Exposure = z.strictObject({
  verdict: z.enum([
    'private',
    'public-acl',
    'public-policy',
    'public-accounts',
    'public',
    'unknown',
  ]),
  /** What the ACL gives everybody; `null`: not known. */
  aclIsPublic: z.boolean().nullable(),
  /** GetBucketPolicyStatus; `null`: not known. */
  policyIsPublic: z.boolean().nullable(),
  block: PublicAccessBlock.nullable(),
  /** Object ownership, such as `BucketOwnerEnforced`; empty: not known. */
  ownership: z.string(),
  /** One HEAD without keys, of an object; `null`: not asked. */
  anonymous: AnonymousAnswer.nullable(),
});
export type Exposure = z.infer<typeof Exposure>;

/** What a browser asks before it sends a request across origins. */
export const PreflightQuestion = z.strictObject({
  origin: z.string().max(2_048),
  method: z.string().max(16),
  headers: z.array(z.string().max(256)).max(100),
});
export type PreflightQuestion = z.infer<typeof PreflightQuestion>;

/** The server's own answer to it. Empty texts: no such header. */
export const PreflightAnswer = z.strictObject({
  status: z.int(),
  allowOrigin: z.string(),
  allowMethods: z.string(),
  allowHeaders: z.string(),
  exposeHeaders: z.string(),
  maxAge: z.string(),
  allowCredentials: z.boolean(),
});
export type PreflightAnswer = z.infer<typeof PreflightAnswer>;

/** How a link is to be signed. */
export const LinkOptions = z.strictObject({
  method: z.enum(['GET', 'PUT']),
  /** Seconds, 1 to 604,800. */
  expiresIn: z.int().min(1).max(604_800),
  /** Of the answer of a GET; empty: as the object has it. */
  contentDisposition: z.string().max(1_024),
  /** Of the answer of a GET, or what a PUT has to send. */
  contentType: z.string().max(256),
  versionId: z.string().max(1_024).nullable(),
  /** A GET's answer is saved under the name of its object, whatever `contentDisposition`. */
  underOwnName: z.boolean().optional(),
});
export type LinkOptions = z.infer<typeof LinkOptions>;

/** A link with a signature. */
export const SignedLink = z.strictObject({
  key: z.string(),
  url: z.string(),
  /** ms since 1970. */
  expiresAt: z.number(),
  /** Signed with temporary keys: it ends with them, if that is sooner. */
  endsWithSession: z.boolean(),
});
export type SignedLink = z.infer<typeof SignedLink>;
