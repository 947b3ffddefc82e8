import type { HeadObjectOutput } from '@aws-sdk/client-s3';
import type {
  Acl,
  CorsRule,
  ObjectHeaders,
  Tag,
} from '../../../shared/domain/aspects.ts';
import type { PublicAccessBlock } from '../../../shared/domain/exposure.ts';
import type { ObjectTraits } from '../s3/object-traits.ts';
import type { Cancellable, ObjectRef } from '../s3/s3-connection.ts';
import type { UploadJournal } from './loose-uploads.ts';

/** A bucket, or one object of it. */
export interface BucketOrObject {
  readonly bucket: string;
  /** `null`: the bucket itself. */
  readonly key: string | null;
}

/** What there is to know of a bucket. */
export interface BucketRef {
  readonly bucket: string;
}

/** An object's headers and what else a rewrite of them has to know. */
export interface HeaderState {
  readonly headers: ObjectHeaders;
  readonly etag: string;
  /** Bytes. */
  readonly size: number;
  /** Metadata as it came, by name: what is not changed goes back letter by letter. */
  readonly rawMetadata: Readonly<Record<string, string>>;
  /** Metadata the server has and cannot tell (`x-amz-missing-meta`). */
  readonly untold: number;
  /** The whole answer, for what else a rewrite has to keep. */
  readonly head: HeadObjectOutput;
}

/**
 * The settings of buckets and objects over one connection. All methods throw `AppError`.
 * A document with another root element than the setting's own is `provider.unsupported`:
 * servers that do not know a sub-resource answer with a listing or with the object. Writes
 * do not look first: who calls them has read the setting and knows that the server has it.
 */
export interface AspectCalls {
  readAcl(input: BucketOrObject & Cancellable): Promise<Acl>;
  writeAcl(input: BucketOrObject & { readonly acl: Acl } & Cancellable): Promise<void>;
  /** Replaces the whole list by a canned one, such as `public-read`. */
  writeCannedAcl(
    input: BucketOrObject & { readonly canned: string } & Cancellable,
  ): Promise<void>;

  /** Empty: there are none (NoSuchCORSConfiguration). */
  readCors(input: BucketRef & Cancellable): Promise<readonly CorsRule[]>;
  /** None: the configuration is deleted. */
  writeCors(
    input: BucketRef & { readonly rules: readonly CorsRule[] } & Cancellable,
  ): Promise<void>;

  /** Empty: there are none (NoSuchTagSet). */
  readTags(input: BucketOrObject & Cancellable): Promise<readonly Tag[]>;
  /** None: they are deleted. */
  writeTags(
    input: BucketOrObject & { readonly tags: readonly Tag[] } & Cancellable,
  ): Promise<void>;

  readHeaders(input: ObjectRef & Cancellable): Promise<HeaderState>;
  /**
   * Copies an object onto itself with other headers. Everything else stays: ACL, tags,
   * class, encryption, locks, checksums. Throws `object.changed` when it no longer has the
   * ETag of `state`, `aspect.acl-unreadable` or `access.denied` with an action when these
   * keys may not read what has to be kept, `aspect.tags-lost` when the headers are written
   * and the tags are gone or not to be found, and `transfer.too-large` where it takes an upload in parts and there is no
   * journal for it.
   */
  rewriteHeaders(input: RewriteInput): Promise<void>;

  /** Object ownership, such as `BucketOwnerEnforced`; empty: the bucket has no such setting. */
  ownership(input: BucketRef & Cancellable): Promise<string>;
  accessBlock(input: BucketRef & Cancellable): Promise<PublicAccessBlock>;
  /** GetBucketPolicyStatus; a bucket without a policy has none that is public. */
  policyIsPublic(input: BucketRef & Cancellable): Promise<boolean>;
}

/** The object that took another's place. */
export interface MadeObject {
  /** Empty: the server did not tell. */
  readonly etag: string;
  readonly versionId: string | null;
}

/** A copy of an object onto itself with other headers. */
export interface SelfCopy extends ObjectRef, Cancellable {
  /** It is copied only while it has this one. */
  readonly etag: string;
  readonly headers: ObjectHeaders;
  /** As it is sent, in place of that in `headers`. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly traits: ObjectTraits;
  /** The answer that tells of the object's lock. */
  readonly lockedBy: HeadObjectOutput;
}

/** How a rewrite of headers sends what it sends for each of thousands of objects. */
export interface RewriteWays extends Pick<AspectCalls, 'readTags' | 'writeTags'> {
  copy(copy: SelfCopy): Promise<MadeObject>;
}

/** What a rewrite of headers is given. */
export interface RewriteInput extends ObjectRef, Cancellable {
  readonly headers: ObjectHeaders;
  /** The object as it was read. */
  readonly state: HeaderState;
  /** Default: over the SDK. `sdk` is that. */
  readonly ways?: ((sdk: RewriteWays) => RewriteWays) | undefined;
  /** Largest copy in one request, bytes; default: 5 GiB. Tests lower it. */
  readonly maxSingle?: number | undefined;
  /** Knows of the upload that a large object takes; default: there is to be none. */
  readonly journal?: UploadJournal | undefined;
  /**
   * Called with the tags before the object is replaced: should the server drop them, they
   * are told nowhere else.
   */
  readonly onTags?: ((tags: readonly Tag[]) => void) | undefined;
  /** Called when the object is replaced, before its tags are seen to. */
  readonly onReplaced?: ((made: MadeObject) => void) | undefined;
  /** What these keys may not read may be lost: only the object's owner may read it then. */
  readonly mayResetAcl?: boolean | undefined;
  /**
   * What the caller read a moment ago, as `state`: none of it is asked for again. `acl`
   * `null`: there is none to keep.
   */
  readonly known?:
    | { readonly acl: Acl | null; readonly tags: readonly Tag[] }
    | undefined;
}
