import type {
  ObjectCannedACL,
  ServerSideEncryption,
  StorageClass,
} from '@aws-sdk/client-s3';
import { isKmsEncryption } from './is-kms-encryption.ts';
import type { ObjectHead } from './s3-connection.ts';

/**
 * What an object carries besides its bytes and its metadata. Absent or empty: nothing of
 * the kind, and nothing is sent.
 */
export interface ObjectTraits {
  readonly contentEncoding?: string;
  readonly contentLanguage?: string;
  readonly contentDisposition?: string;
  readonly cacheControl?: string;
  /** As the server said it, an HTTP date. */
  readonly expires?: string;
  readonly websiteRedirect?: string;
  readonly storageClass?: string;
  /** `AES256`, `aws:kms` or `aws:kms:dsse`. */
  readonly encryption?: string;
  readonly kmsKeyId?: string;
  readonly bucketKey?: boolean;
  readonly grants?: Grants;
  readonly tags?: readonly ObjectTag[];
}

/** A tag of an object. */
export interface ObjectTag {
  readonly key: string;
  readonly value: string;
}

/**
 * Who may do what: a canned ACL, or header values by permission
 * (`FULL_CONTROL`, `READ`, `READ_ACP`, `WRITE_ACP`).
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html
 */
export type Grants =
  | { readonly kind: 'canned'; readonly acl: string }
  | { readonly kind: 'listed'; readonly grantees: Readonly<Record<string, string>> };

/** An object as the source of a copy. */
export interface CopySource {
  readonly head: ObjectHead;
  readonly contentType: string;
  readonly traits: ObjectTraits;
  /** It has a retention period or a legal hold, or the server told of one. */
  readonly locked?: boolean;
}

/** The traits as fields of PutObject and CreateMultipartUpload. */
export function traitFields(traits: ObjectTraits = {}) {
  const expires = traits.expires === undefined ? null : new Date(traits.expires);
  return {
    ...(traits.contentEncoding ? { ContentEncoding: traits.contentEncoding } : {}),
    ...(traits.contentLanguage ? { ContentLanguage: traits.contentLanguage } : {}),
    ...(traits.contentDisposition
      ? { ContentDisposition: traits.contentDisposition }
      : {}),
    ...(traits.cacheControl ? { CacheControl: traits.cacheControl } : {}),
    ...(expires !== null && !Number.isNaN(expires.getTime()) ? { Expires: expires } : {}),
    ...keptApart(traits),
    ...(traits.tags && traits.tags.length > 0 ? { Tagging: taggingOf(traits.tags) } : {}),
  };
}

/** What CopyObject does not carry over by itself, as its fields. */
export function keptApart(traits: ObjectTraits) {
  const { storageClass, encryption, kmsKeyId, websiteRedirect } = traits;
  return {
    ...(websiteRedirect ? { WebsiteRedirectLocation: websiteRedirect } : {}),
    ...(storageClass ? { StorageClass: storageClass as StorageClass } : {}),
    ...(encryption ? { ServerSideEncryption: encryption as ServerSideEncryption } : {}),
    ...(isKmsEncryption(encryption) && kmsKeyId ? { SSEKMSKeyId: kmsKeyId } : {}),
    ...(traits.bucketKey ? { BucketKeyEnabled: true } : {}),
    ...grantFields(traits.grants),
  };
}

function grantFields(grants: Grants | undefined) {
  if (grants === undefined) return {};
  if (grants.kind === 'canned') {
    // In place of the connection's upload ACL.
    return { ACL: grants.acl === '' ? undefined : (grants.acl as ObjectCannedACL) };
  }
  const { FULL_CONTROL, READ, READ_ACP, WRITE_ACP } = grants.grantees;
  return {
    ACL: undefined,
    ...(FULL_CONTROL ? { GrantFullControl: FULL_CONTROL } : {}),
    ...(READ ? { GrantRead: READ } : {}),
    ...(READ_ACP ? { GrantReadACP: READ_ACP } : {}),
    ...(WRITE_ACP ? { GrantWriteACP: WRITE_ACP } : {}),
  };
}

/** `x-amz-tagging`: as the query of a URL. */
export function taggingOf(tags: readonly ObjectTag[]): string {
  return tags
    .map(({ key, value }) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`)
    .join('&');
}
