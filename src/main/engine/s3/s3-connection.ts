import type { Readable } from 'node:stream';
import type {
  ConnectionDraft,
  ServerEncryption,
  UploadAcl,
} from '../../../shared/domain/bookmark.ts';
import type { LinkOptions, SignedLink } from '../../../shared/domain/exposure.ts';
import type { ConnectionId } from '../../../shared/domain/ids.ts';
import type {
  BucketEntry,
  ObjectDetails,
  RemoteUrls,
} from '../../../shared/domain/listing.ts';
import type { UploadRules } from '../../../shared/domain/upload-rules.ts';
import type { AspectCalls } from '../aspects/aspect-calls.ts';
import type { StatedSum } from '../checksums/choose.ts';
import type { EffectiveQuirks } from '../checksums/server-facts.ts';
import type { DiskPace } from '../files/disk-pace.ts';
import type { Told } from './access-list.ts';
import type { CopySource, Grants, ObjectTag, ObjectTraits } from './object-traits.ts';
import type { ClockLead } from './server-clock.ts';
import type { WriteCondition } from './write-conditions.ts';

/**
 * Everything Dipper asks of an S3 server, over one connection. Every method throws
 * `AppError`; a call whose signal aborts rejects with `transfer.cancelled`. Nothing here
 * queues: callers hold the limits. Retries of single requests are the caller's too, except
 * for metadata calls, which try three times.
 */
export interface S3Connection {
  readonly connectionId: ConnectionId;
  readonly draft: ConnectionDraft;
  /** The bookmark's, read once. */
  readonly rules: UploadRules;
  /** Over TLS, which vouches for every byte on its way. */
  readonly secure: boolean;
  /** The profile's quirks, corrected by what the server's answers taught until now. */
  quirks(): EffectiveQuirks;

  listBuckets(options: Cancellable): Promise<readonly BucketEntry[]>;
  createBucket(input: { bucket: string; region: string } & Cancellable): Promise<void>;
  deleteBucket(input: { bucket: string } & Cancellable): Promise<void>;

  /** One page, ListObjectsV2 with fallback to V1. `delimiter` empty lists recursively. */
  listPage(input: ListPageInput): Promise<RemotePage>;
  headObject(input: HeadInput): Promise<ObjectHead>;
  /** How an object was cut when it was uploaded; `null`: the server does not tell. */
  partLayout(input: PartLayoutInput): Promise<PartLayout | null>;
  /** As shown in the inspector. */
  details(input: ObjectRef & Cancellable): Promise<ObjectDetails>;
  urls(ref: ObjectRef): RemoteUrls;

  putObject(input: PutObjectInput): Promise<StoredObject>;
  /** Body from `range.start` to the end or `range.end` (inclusive). The caller reads or destroys it. */
  getObject(input: GetObjectInput): Promise<ObjectBody>;

  createUpload(input: CreateUploadInput): Promise<StartedUpload>;
  uploadPart(input: UploadPartInput): Promise<StoredPart>;
  /** All parts the server has, all pages. `transfer.upload-gone` when there is no such upload. */
  listParts(input: UploadRef & Cancellable): Promise<readonly StoredPart[]>;
  /** Unfinished uploads of exactly this key, all pages. */
  listUploads(input: ObjectRef & Cancellable): Promise<OpenUploads>;
  /** A 200 with an error inside is an error. */
  completeUpload(input: CompleteUploadInput): Promise<StoredObject>;
  /** An upload that is gone already is fine. */
  abortUpload(input: UploadRef & Cancellable): Promise<void>;

  /** What a copy of an object is to keep, ACL and tags aside. */
  copySource(input: ObjectRef & Cancellable): Promise<CopySource>;
  grants(input: ObjectRef & Cancellable): Promise<Told<Grants>>;
  tags(input: ObjectRef & Cancellable): Promise<Told<readonly ObjectTag[]>>;
  putTags(
    input: ObjectRef & { readonly tags: readonly ObjectTag[] } & Cancellable,
  ): Promise<void>;
  /** Server-side copy in one request: what the server takes at once, 5 GiB at most. */
  copyObject(input: CopyObjectInput): Promise<StoredObject>;
  /** A part of a multipart upload from bytes the server has. */
  copyPart(input: CopyPartInput): Promise<StoredPart>;
  /** `object.changed` when the object no longer has the ETag it was to have. */
  deleteObject(input: DeleteObjectInput): Promise<void>;
  /**
   * At most 1,000 keys. Batch delete where the server has it, single deletes where not.
   * Resolves with the keys that failed.
   */
  deleteObjects(
    input: { bucket: string; keys: readonly string[] } & Cancellable,
  ): Promise<readonly DeleteFailure[]>;

  /** The calls for settings of buckets and objects; loads the SDK. */
  aspects(): Promise<AspectCalls>;
  /** Links in the order of `keys`, without asking the server. `link.no-keys`: anonymous. */
  signLinks(input: SignLinksInput): Promise<SignedLink[]>;

  /** Ends all sockets, as after sleep: requests in flight fail, later ones open new ones. */
  dropSockets(): void;
  /** Ends sockets. Requests in flight fail. */
  destroy(): void;
}

/** What links are to be signed for. */
export interface SignLinksInput {
  readonly bucket: string;
  readonly keys: readonly string[];
  readonly options: LinkOptions;
}

/** The last field of every options object. */
export interface Cancellable {
  readonly signal?: AbortSignal | undefined;
}

export interface ObjectRef {
  readonly bucket: string;
  readonly key: string;
}

/** What a HEAD asks for. */
export interface HeadInput extends ObjectRef, Cancellable {
  /**
   * The caller takes 403 for "not there": limited keys get it for a missing key. Else a
   * 403 is asked about once more, as HEAD cannot say that it is about the keys.
   */
  readonly forbiddenIsAbsent?: boolean | undefined;
}

export interface ListPageInput extends Cancellable {
  readonly bucket: string;
  readonly prefix: string;
  readonly delimiter: '' | '/';
  /** From the page before; `null` for the first. */
  readonly cursor: string | null;
  /** At most this many entries; servers give at most 1,000. */
  readonly maxKeys?: number;
}

/** A page in columns. `modified` in ms since 1970, NaN when unknown. */
export interface RemotePage {
  readonly prefixes: readonly string[];
  readonly keys: readonly string[];
  readonly sizes: Float64Array;
  readonly modified: Float64Array;
  readonly etags: readonly string[];
  readonly storageClasses: readonly string[];
  readonly cursor: string | null;
}

export interface ObjectHead {
  readonly size: number;
  readonly etag: string;
  readonly versionId: string | null;
  readonly modified: number | null;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Asks about a part of an object. */
export interface PartLayoutInput extends ObjectRef, Cancellable {
  /** Default: 1. */
  readonly partNumber?: number | undefined;
}

/** The cut of an object uploaded in parts. */
export interface PartLayout {
  /** Bytes of the part that was asked about. */
  readonly partSize: number;
  readonly partCount: number;
}

/** What a new object carries besides its bytes. The connection adds its upload ACL. */
export interface NewObject extends ObjectRef {
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly headers?: ObjectHeaders | undefined;
  /** Of the object that this one is a copy of. */
  readonly traits?: ObjectTraits | undefined;
}

/** What else a new object may carry. Empty texts send nothing. */
export interface ObjectHeaders {
  readonly cacheControl?: string;
  readonly storageClass?: string;
  /** In place of the connection's upload ACL. */
  readonly acl?: UploadAcl | '';
  readonly encryption?: ServerEncryption;
  /** With `aws:kms`; empty: the account's own key. */
  readonly kmsKeyId?: string;
}

/** An upload in parts that the server keeps from now on. */
export interface StartedUpload {
  readonly uploadId: string;
  /** The checksum its parts have. */
  readonly checksum: UploadChecksum;
}

/**
 * The checksum of an upload in parts: none, one of its parts' sums, or one of the whole
 * (`ChecksumType` COMPOSITE and FULL_OBJECT).
 */
export type UploadChecksum = '' | 'crc32' | 'crc32-whole';

/** What begins a multipart upload. */
export interface CreateUploadInput extends NewObject, Cancellable {
  /**
   * Called right before each request leaves (a refused one is repeated when the refusal
   * says how to do better), with what is known of the server's clock.
   */
  readonly onAsk?: ((lead: ClockLead | null) => void) | undefined;
}

/**
 * Where bytes come from: a part of a file that can be read again for a retry. `length`
 * bytes from `start`. The connection opens, reads and closes it, checks that it is still
 * `length` bytes long and reports progress as bytes leave.
 */
export interface FileSlice {
  readonly path: string;
  readonly start: number;
  readonly length: number;
}

export interface PutObjectInput extends NewObject, WriteCondition, Cancellable {
  readonly body: FileSlice | Uint8Array;
  /** Called with bytes newly sent; a retry starts from zero again by a negative number. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
}

export interface StoredObject {
  readonly etag: string;
  readonly versionId: string | null;
  /** How the bytes were checked: `crc32`, `md5`, `etag`, `size`. */
  readonly integrity: string;
  /** Sums of the content besides the ETag, such as `crc32=…` in base64. */
  readonly checksums?: string | undefined;
}

export interface GetObjectInput extends ObjectRef, Cancellable {
  readonly range?: { readonly start: number; readonly end?: number } | undefined;
  /** `object.changed` when the object no longer has this ETag. */
  readonly ifMatch?: string | undefined;
  /** Ask for the checksums that the server keeps of the whole object. */
  readonly sums?: boolean | undefined;
}

/** Where a body is saved. */
export interface SaveTarget {
  /** Open for writing. Stays open. */
  readonly fd: number;
  /** Offset in the file of the body's first byte. */
  readonly position: number;
  /** Sees every byte in order, before it is written. */
  readonly hash?: { update(bytes: Uint8Array): unknown } | undefined;
  /** Hears of bytes once they are written. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
  /** Lets a quick disk be written to synchronously. */
  readonly pace?: DiskPace | undefined;
}

/**
 * The body of a GET. It is taken once: as a stream, into a file, or as bytes. Who does
 * none of these discards it.
 */
export interface ObjectBody {
  readonly stream: Readable;
  /**
   * Writes the whole body to a file. Rejects, when nothing writes any more, with an
   * `AppError` of the connection, `transfer.cancelled`, or the file system's own error; what
   * came until then was written.
   */
  saveTo(target: SaveTarget): Promise<void>;
  /** The whole body. For small ones. Rejects with an `AppError`. */
  bytes(): Promise<Buffer>;
  /** Gives up what was not read. */
  discard(): void;
  /** Bytes of this body. */
  readonly length: number;
  /** Bytes of the whole object. */
  readonly totalSize: number;
  readonly etag: string;
  readonly modified: number | null;
  readonly metadata: Readonly<Record<string, string>>;
  /** Of the whole object, where they were asked for and are known; absent: not looked at. */
  readonly checksums?: readonly StatedSum[] | undefined;
}

export interface UploadRef extends ObjectRef {
  readonly uploadId: string;
}

/** Unfinished uploads of a key. */
export interface OpenUploads {
  readonly uploads: readonly {
    readonly uploadId: string;
    /** ms since 1970 by the server's clock; `null`: it did not say. */
    readonly initiated: number | null;
    /** The checksum its parts are to have; `other`: one we do not send. */
    readonly checksum: UploadChecksum | 'other';
  }[];
  /** The server's clock as it answered, ms since 1970; `null`: it did not say. */
  readonly serverTime: number | null;
}

export interface UploadPartInput extends UploadRef, Cancellable {
  readonly partNumber: number;
  readonly body: FileSlice | Uint8Array;
  readonly onProgress?: ((bytes: number) => void) | undefined;
}

export interface StoredPart {
  readonly number: number;
  readonly size: number;
  readonly etag: string;
  /** Checksum as the server states it, empty when none. */
  readonly checksum: string;
}

export interface CompleteUploadInput extends UploadRef, WriteCondition, Cancellable {
  readonly parts: readonly StoredPart[];
  /** As it was begun; absent: none of the whole. */
  readonly checksum?: UploadChecksum | undefined;
}

export interface CopyObjectInput extends WriteCondition, Cancellable {
  readonly from: ObjectRef;
  readonly to: ObjectRef;
  /** Bytes of the source, where known: `transfer.too-large` when it is too much at once. */
  readonly size?: number | undefined;
  /** `object.changed` when the source no longer has this ETag. */
  readonly ifMatch?: string | undefined;
  /** What the server does not carry over by itself. */
  readonly traits?: ObjectTraits | undefined;
  /** Without the tags, for keys that may not read them. */
  readonly dropTags?: boolean | undefined;
}

export interface CopyPartInput extends UploadRef, Cancellable {
  readonly from: ObjectRef;
  readonly partNumber: number;
  /** First byte of the source. */
  readonly start: number;
  readonly length: number;
  /** `object.changed` when the source no longer has this ETag. */
  readonly ifMatch?: string | undefined;
}

export interface DeleteObjectInput extends ObjectRef, Cancellable {
  /** Only if the object still has this ETag, where the server knows the condition. */
  readonly ifMatch?: string | undefined;
}

export interface DeleteFailure {
  readonly key: string;
  readonly error: Error;
}

/** The configured connections of the engine. */
export interface ConnectionRegistry {
  /** `undefined`: not configured (yet); its transfers wait for credentials. */
  get(connectionId: ConnectionId): S3Connection | undefined;
  /** Throws `connection.not-open`. */
  require(connectionId: ConnectionId): S3Connection;
  /** Called after a connection was configured or forgotten; returns the unsubscribe. */
  onChange(listener: (connectionId: ConnectionId) => void): () => void;
}
