import { createHash } from 'node:crypto';
import type {
  ChecksumAlgorithm,
  ChecksumType,
  ObjectChecksum,
} from '../auth/checksums.ts';
import type { AccessSetting } from './acl.ts';
import type { Content } from './content.ts';
import type { BucketSettings } from './settings.ts';
import { SortedKeys } from './sorted-keys.ts';

/** What a client said about an object beside its bytes. */
export interface ObjectAttributes extends AccessSetting {
  /** Content headers by lower-case name, `content-type` among them. */
  readonly headers: Readonly<Record<string, string>>;
  /** User metadata by lower-case name without `x-amz-meta-`. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly storageClass: string;
  /** The owning account, if it is not the bucket's. */
  readonly owner?: string;
  readonly tagging?: string;
  readonly encryption?: string;
}

/** A part of an object made by a multipart upload. */
interface ObjectPart {
  readonly number: number;
  readonly size: number;
  /** Base64. */
  readonly checksum?: string;
}

/** An object. */
export interface StoredObject extends ObjectAttributes {
  readonly key: string;
  readonly size: number;
  /** Milliseconds, whole seconds: S3 keeps no finer times. */
  readonly modified: number;
  /** Without quotes. */
  readonly etag: string;
  readonly content: Content;
  readonly checksum?: ObjectChecksum;
  readonly parts?: readonly ObjectPart[];
}

/** A part waiting for its upload to complete. */
export interface UploadedPart {
  readonly number: number;
  readonly size: number;
  readonly etag: string;
  readonly modified: number;
  readonly content: Content;
  /** Base64, by the upload's algorithm. */
  readonly checksum?: string;
}

/** A multipart upload in progress, as it was begun. */
export interface UploadStart extends ObjectAttributes {
  readonly id: string;
  readonly key: string;
  readonly started: number;
  readonly initiator: string;
  readonly algorithm?: ChecksumAlgorithm;
  readonly checksumType?: ChecksumType;
}

/** A multipart upload in progress. */
export interface Upload {
  readonly start: UploadStart;
  readonly parts: Map<number, UploadedPart>;
}

/** What is kept of a bucket itself. */
export interface BucketStart {
  readonly name: string;
  readonly region: string;
  /** The owning account. */
  readonly account: string;
  readonly created: number;
}

/** A bucket with its contents. */
export class Bucket {
  readonly start: BucketStart;
  /** Changed by whoever owns the bucket. */
  access: AccessSetting = {};
  /** Changed by whoever owns the bucket. */
  settings: BucketSettings = {};
  readonly objects = new Map<string, StoredObject>();
  /** The keys of `objects` in listing order. */
  readonly keys = new SortedKeys();
  readonly uploads = new Map<string, Upload>();

  constructor(start: BucketStart) {
    this.start = start;
  }
}

/** A seeded object as the journal keeps it; trailing fields may be missing. */
export type SeedRow = readonly [
  key: string,
  size: number,
  modified: number,
  contentType?: string | null,
  storageClass?: string | null,
];

/** An object as plain values, to change some of them: its bytes are shared. */
export function changedObject(object: StoredObject): StoredObject {
  const { key, size, modified, etag, content, headers, metadata, storageClass } = object;
  const { acl, grants, owner, tagging, encryption, checksum, parts } = object;
  return {
    key,
    size,
    modified,
    etag,
    content,
    headers,
    metadata,
    storageClass,
    ...(acl === undefined ? {} : { acl }),
    ...(grants === undefined ? {} : { grants }),
    ...(owner === undefined ? {} : { owner }),
    ...(tagging === undefined ? {} : { tagging }),
    ...(encryption === undefined ? {} : { encryption }),
    ...(checksum === undefined ? {} : { checksum }),
    ...(parts === undefined ? {} : { parts }),
  };
}

const NO_METADATA: Readonly<Record<string, string>> = Object.freeze({});
const SEED_PART_BYTES = 8 * 1024 * 1024;

/**
 * An object whose bytes are computed when read: a million of them cost only their keys.
 *
 * Its ETag has the form of a multipart upload's (`…-N` in parts of 8 MiB), because the
 * MD5 of bytes nobody made is not known.
 */
export class SeededObject implements StoredObject {
  readonly key: string;
  readonly size: number;
  readonly modified: number;
  readonly #bucket: string;
  readonly #contentType: string | undefined;
  readonly #storageClass: string | undefined;

  constructor(bucket: string, row: SeedRow) {
    this.#bucket = bucket;
    this.key = row[0];
    this.size = row[1];
    this.modified = row[2];
    this.#contentType = row[3] ?? undefined;
    this.#storageClass = row[4] ?? undefined;
  }

  get etag(): string {
    const parts = Math.max(1, Math.ceil(this.size / SEED_PART_BYTES));
    const hash = createHash('md5').update(`${this.#bucket}/${this.key}:${this.size}`);
    return `${hash.digest('hex')}-${parts}`;
  }

  get content(): Content {
    if (this.size === 0) return [];
    const seed = `${this.#bucket}/${this.key}`;
    return [{ kind: 'generated', seed, offset: 0, length: this.size }];
  }

  get headers(): Readonly<Record<string, string>> {
    return { 'content-type': this.#contentType ?? 'binary/octet-stream' };
  }

  get metadata(): Readonly<Record<string, string>> {
    return NO_METADATA;
  }

  get storageClass(): string {
    return this.#storageClass ?? 'STANDARD';
  }

  /** The row this object was made from. */
  get row(): SeedRow {
    return [
      this.key,
      this.size,
      this.modified,
      this.#contentType ?? null,
      this.#storageClass ?? null,
    ];
  }
}
