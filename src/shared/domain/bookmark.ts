import { z } from 'zod';
import { LimitKiBs } from './bandwidth.ts';
import { BookmarkId, BucketName, FolderId } from './ids.ts';

/** How requests are signed. */
export const SignatureKind = z.enum(['v4', 'v4-unsigned-payload', 'v2', 'anonymous']);
export type SignatureKind = z.infer<typeof SignatureKind>;

/** Where the bucket's name goes: into the path, into the host, or found out by trying. */
export const Addressing = z.enum(['auto', 'path', 'virtual-host']);
export type Addressing = z.infer<typeof Addressing>;

/**
 * Canned ACL sent with uploads; `none` sends no header, which buckets with ACLs disabled
 * demand. https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html
 */
export const UploadAcl = z.enum([
  'none',
  'private',
  'public-read',
  'public-read-write',
  'authenticated-read',
  'aws-exec-read',
  'bucket-owner-read',
  'bucket-owner-full-control',
]);
export type UploadAcl = z.infer<typeof UploadAcl>;

/** Colour mark of a bookmark in the sidebar. */
export const BookmarkColour = z.enum([
  'none',
  'red',
  'orange',
  'yellow',
  'green',
  'blue',
  'purple',
  'grey',
]);
export type BookmarkColour = z.infer<typeof BookmarkColour>;

/** Where a bookmark's secret is kept; `none`: there is no secret (yet, or anonymous). */
export const SecretStorage = z.enum(['keychain', 'session', 'unprotected', 'none']);
export type SecretStorage = z.infer<typeof SecretStorage>;

/** How a server encrypts what it stores; empty: as the bucket says. */
export const ServerEncryption = z.enum(['', 'AES256', 'aws:kms']);
export type ServerEncryption = z.infer<typeof ServerEncryption>;

/** The value of a header: characters that every server takes as they are. */
const HeaderText = z
  .string()
  .max(255)
  .regex(/^(?:[!-~]+(?: [!-~]+)*)?$/);

/**
 * What happens to the uploads that match a pattern (see glob.ts). Of several rules that
 * match a file all count, a later one over an earlier one. Empty texts change nothing.
 */
export const UploadRule = z.strictObject({
  pattern: z.string().min(1).max(500),
  /** Leave out, or upload with these headers. */
  action: z.enum(['exclude', 'headers']),
  contentType: HeaderText.default(''),
  cacheControl: HeaderText.default(''),
  /** Such as `STANDARD_IA`: every provider has its own. */
  storageClass: z
    .string()
    .max(64)
    .regex(/^[A-Z0-9_-]*$/)
    .default(''),
  acl: z.union([UploadAcl, z.literal('')]).default(''),
  encryption: ServerEncryption.default(''),
  /** Id or ARN of a key of KMS; empty: the account's own. */
  kmsKeyId: HeaderText.default(''),
});
export type UploadRule = z.infer<typeof UploadRule>;

/** Settings few people touch. */
export const AdvancedSettings = z.strictObject({
  /** Milliseconds to wait for a TCP and TLS connection. */
  connectTimeoutMs: z.int().min(500).max(600_000).default(5_000),
  /** Milliseconds without a byte before a request is given up. */
  requestTimeoutMs: z.int().min(1_000).max(3_600_000).default(120_000),
  /** Most simultaneous connections to the server. */
  maxSockets: z.int().min(1).max(1_000).default(64),
  /** Part size of multipart uploads in MiB; 0 chooses by file size. */
  partSizeMiB: z.int().min(0).max(5_120).default(0),
  /** For this connection alone, besides the limits for all. */
  uploadLimitKiBs: LimitKiBs.default(0),
  downloadLimitKiBs: LimitKiBs.default(0),
  /** Certificates (PEM) to trust in place of the public authorities; empty: those. */
  caCertificate: z.string().max(65_536).default(''),
  /** For uploads, by pattern. */
  rules: z.array(UploadRule).max(200).default([]),
  /** Leave files out that systems and programs leave behind (see junk.ts). */
  excludeJunk: z.boolean().default(true),
});
export type AdvancedSettings = z.infer<typeof AdvancedSettings>;

/** The fields of the connection dialog, without the secret. */
export const ConnectionDraft = z.strictObject({
  providerId: z.string().min(1).max(64),
  nickname: z.string().max(200),
  /** Scheme, host and port, such as `https://s3.eu-central-1.amazonaws.com`. */
  endpoint: z.string().min(1).max(2_048),
  /** Empty for anonymous access. */
  accessKeyId: z.string().max(512),
  /** Bucket, or bucket and prefix (`iup-usa/123/xxx/`), or empty. No leading slash. */
  root: z.string().max(1_300),
  /** Empty: inferred from the endpoint and corrected by the server. */
  region: z.string().max(64),
  signature: SignatureKind,
  addressing: Addressing,
  uploadAcl: UploadAcl,
  advanced: AdvancedSettings,
});
export type ConnectionDraft = z.infer<typeof ConnectionDraft>;

/** A saved connection as the renderer sees it: everything but the secret. */
export const Bookmark = ConnectionDraft.extend({
  id: BookmarkId,
  folderId: FolderId.nullable(),
  colour: BookmarkColour,
  /** Buckets added by name, for keys that may not list buckets. */
  extraBuckets: z.array(BucketName).max(1_000),
  secretStorage: SecretStorage,
  hasSessionToken: z.boolean(),
});
export type Bookmark = z.infer<typeof Bookmark>;

/** A folder of the sidebar. Folders do not nest. */
export const BookmarkFolder = z.strictObject({
  id: FolderId,
  name: z.string().min(1).max(200),
  collapsed: z.boolean(),
});
export type BookmarkFolder = z.infer<typeof BookmarkFolder>;

/**
 * What the user typed as secret. Travels once, renderer to main; never back, never into a
 * log or a file in the clear.
 */
export const SecretInput = z.strictObject({
  secretAccessKey: z.string().min(1).max(4_096),
  /** Empty when the key is not temporary. */
  sessionToken: z.string().max(16_384),
});
export type SecretInput = z.infer<typeof SecretInput>;
