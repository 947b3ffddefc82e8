import type { Accounts } from '../access/accounts.ts';
import type { RequestBody } from '../auth/request-body.ts';
import { S3Error } from '../errors.ts';
import type { Operation } from '../operations.ts';
import type { RequestTarget } from '../request-target.ts';
import type { Content } from '../store/content.ts';
import type { Bucket, StoredObject } from '../store/model.ts';
import type { Store } from '../store/store.ts';
import type { S3User } from '../users.ts';
import { mayKnowOfMissing } from './authorize.ts';

/** Sizes a test may shrink; the defaults are AWS's. */
export interface Limits {
  /** Most bytes of one PUT or part. Default 5 GiB. */
  readonly maxPutBytes: number;
  /** Fewest bytes of a part that is not the last. Default 5 MiB. */
  readonly minPartBytes: number;
  /** Most entries of a listing page, below what the client asks. Default 1000. */
  readonly maxPageEntries: number;
}

/** AWS's sizes. */
export const DEFAULT_LIMITS: Limits = {
  maxPutBytes: 5 * 1024 ** 3,
  minPartBytes: 5 * 1024 ** 2,
  maxPageEntries: 1000,
};

/** A verified request on its way to its handler. */
export interface Call {
  readonly operation: Operation;
  readonly method: string;
  readonly target: RequestTarget;
  /** Header values by lower-case name, those of a presigned query included. */
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined when anonymous. */
  readonly user: S3User | undefined;
  readonly accounts: Accounts;
  /** Whether the request came by TLS. */
  readonly secure: boolean;
  readonly body: RequestBody;
  readonly store: Store;
  readonly region: string;
  readonly limits: Limits;
  /** Buckets anybody may read. */
  readonly publicBuckets: ReadonlySet<string>;
  /** Now by the server's clock, in milliseconds. */
  readonly now: number;
  /** Makes an upload id. */
  readonly newId: () => string;
  /** Changes bytes on their way to the disk, if a fault says so. */
  readonly spoil: ((chunk: Buffer, offset: number) => Buffer) | undefined;
}

/** What a handler answers. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** A document; excludes `content`. */
  readonly xml?: string;
  /** A document in JSON; excludes `xml` and `content`. */
  readonly json?: string;
  /** An object's bytes, retained by the handler and released once sent. */
  readonly content?: { readonly slices: Content; readonly length: number };
}

/** The query value of that name. */
export function queryValue(call: Call, name: string): string | undefined {
  return call.target.query.get(name);
}

/** The bucket's name in a call that has one. */
export function bucketName(call: Call): string {
  if (call.target.bucket === undefined) throw new S3Error('InvalidBucketName');
  return call.target.bucket;
}

/**
 * The key of a call that has one.
 *
 * @throws S3Error `KeyTooLongError` beyond 1,024 bytes
 */
export function requireKey(call: Call): string {
  const key = call.target.key ?? '';
  const size = Buffer.byteLength(key);
  if (size > 1024) {
    throw new S3Error('KeyTooLongError', {
      details: { Size: size, MaxSizeAllowed: 1024 },
    });
  }
  return key;
}

/**
 * The bucket of a call.
 *
 * @throws S3Error `NoSuchBucket`
 */
export function requireBucket(call: Call, name: string = bucketName(call)): Bucket {
  const bucket = call.store.bucket(name);
  if (!bucket) throw new S3Error('NoSuchBucket', { details: { BucketName: name } });
  return bucket;
}

/**
 * An object; whoever may not list its bucket is not told that it is missing.
 *
 * @throws S3Error `NoSuchKey` or `AccessDenied`
 */
export function requireObject(call: Call, bucket: Bucket, key: string): StoredObject {
  const object = bucket.objects.get(key);
  if (object) return object;
  throw mayKnowOfMissing(call, bucket)
    ? new S3Error('NoSuchKey', { details: { Key: key } })
    : new S3Error('AccessDenied');
}

/** An ETag as sent: in quotes. */
export function quoted(etag: string): string {
  return `"${etag}"`;
}

/** A time as S3's documents write it. */
export function isoTime(time: number): string {
  return new Date(time).toISOString();
}

/** Now in whole seconds, the resolution of S3's times. */
export function wholeSeconds(time: number): number {
  return Math.floor(time / 1000) * 1000;
}

/**
 * A query number.
 *
 * @throws S3Error `InvalidArgument` unless it is a whole number from `least`
 */
export function queryNumber(
  call: Call,
  name: string,
  fallback: number,
  least: number,
): number {
  const text = queryValue(call, name);
  if (text === undefined || text === '') return fallback;
  const value = Number(text);
  if (/^\d{1,15}$/.test(text) && value <= 2 ** 31 - 1 && value >= least) return value;
  throw new S3Error('InvalidArgument', {
    message: `Provided ${name} not an integer or within integer range`,
    details: { ArgumentName: name, ArgumentValue: text },
  });
}
