import { Readable } from 'node:stream';
import {
  GetObjectCommand,
  HeadObjectCommand,
  type HeadObjectOutput,
} from '@aws-sdk/client-s3';
import type { ObjectDetails } from '../../../shared/domain/listing.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { ReadCredit } from '../bandwidth/read-credit.ts';
import type { Flowing } from '../bandwidth/throttle.ts';
import { asksForSums } from '../checksums/compare-content.ts';
import { assertAskedFor, bareEtag, ifMatchField } from './etag.ts';
import { mapError } from './map-error.ts';

import type { Requester } from './requester.ts';
import type {
  Cancellable,
  GetObjectInput,
  HeadInput,
  ObjectBody,
  ObjectHead,
  ObjectRef,
  PartLayout,
  PartLayoutInput,
} from './s3-connection.ts';
import { bodyOf } from './stream-body.ts';

/** Leave to read that is asked for before a request, bytes. */
const LEAVE_BYTES = 16 * 1_024;

/** How fast a body may come. */
interface Pace {
  readonly flow: Flowing;
  /** Bytes it may bring at once. */
  readonly leave: number;
  readonly signal: AbortSignal | undefined;
}

/** GetObject. https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html */
export async function getObject(
  requester: Requester,
  input: GetObjectInput,
): Promise<ObjectBody> {
  const { bucket, key, signal } = input;
  const range = rangeHeader(input.range);
  const down = requester.traffic?.down;
  // Small objects come with the head: there must be leave before they are asked for.
  const leave = down?.isLimited ? await down.some(LEAVE_BYTES, signal) : 0;
  try {
    const output = await requester.run(
      { bucket, key, signal, attempts: 1 },
      (client, options) =>
        client.send(
          new GetObjectCommand({
            Bucket: bucket,
            Key: key,
            ...(range === null ? {} : { Range: range }),
            ...ifMatchField(input.ifMatch),
          }),
          options,
        ),
    );
    const source = output.Body;
    if (!(source instanceof Readable)) throw malformed('no-body');
    try {
      const extent = readExtent(input, output.ContentLength, output.ContentRange);
      assertAskedFor(input, bareEtag(output.ETag));
      const host = requester.route(bucket).endpoint;
      const stream = new CheckedBody(
        source,
        extent.length,
        (error) => mapError(error, { host, bucket, key, signal }),
        down && { flow: down, leave, signal },
      );
      return {
        stream,
        ...bodyOf(stream, extent.length),
        length: extent.length,
        totalSize: extent.total,
        etag: bareEtag(output.ETag),
        modified: output.LastModified?.getTime() ?? null,
        metadata: output.Metadata ?? {},
      };
    } catch (error) {
      source.destroy();
      throw error;
    }
  } catch (error) {
    throw asChanged(error, input);
  }
}

/** HeadObject as transfers need it. */
export async function headObject(
  requester: Requester,
  input: HeadInput,
): Promise<ObjectHead> {
  const output = await head(requester, input);
  return {
    size: output.ContentLength ?? 0,
    etag: bareEtag(output.ETag),
    versionId: output.VersionId ?? null,
    modified: output.LastModified?.getTime() ?? null,
    metadata: output.Metadata ?? {},
  };
}

/** HeadObject as the inspector shows it. */
export async function objectDetails(
  requester: Requester,
  input: ObjectRef & Cancellable,
): Promise<ObjectDetails> {
  const output = await head(requester, input);
  return {
    key: input.key,
    size: output.ContentLength ?? 0,
    modified: output.LastModified?.getTime() ?? null,
    etag: bareEtag(output.ETag),
    versionId: output.VersionId ?? null,
    // Amazon leaves the header out for the standard class.
    storageClass: output.StorageClass ?? 'STANDARD',
    headers: named({
      'Content-Type': output.ContentType,
      'Content-Encoding': output.ContentEncoding,
      'Content-Language': output.ContentLanguage,
      'Content-Disposition': output.ContentDisposition,
      'Cache-Control': output.CacheControl,
      Expires: output.ExpiresString,
      'Accept-Ranges': output.AcceptRanges,
      'X-Amz-Website-Redirect-Location': output.WebsiteRedirectLocation,
      'X-Amz-Restore': output.Restore,
      'X-Amz-Expiration': output.Expiration,
      'X-Amz-Replication-Status': output.ReplicationStatus,
      'X-Amz-Server-Side-Encryption': output.ServerSideEncryption,
      'X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id': output.SSEKMSKeyId,
      'X-Amz-Server-Side-Encryption-Bucket-Key-Enabled': output.BucketKeyEnabled
        ? 'true'
        : undefined,
      'X-Amz-Object-Lock-Mode': output.ObjectLockMode,
      'X-Amz-Object-Lock-Retain-Until-Date':
        output.ObjectLockRetainUntilDate?.toISOString(),
      'X-Amz-Object-Lock-Legal-Hold': output.ObjectLockLegalHoldStatus,
    }),
    metadata: named(output.Metadata ?? {}),
    checksums: named({
      CRC32: output.ChecksumCRC32,
      CRC32C: output.ChecksumCRC32C,
      CRC64NVME: output.ChecksumCRC64NVME,
      SHA1: output.ChecksumSHA1,
      SHA256: output.ChecksumSHA256,
    }),
    encryption: output.SSECustomerAlgorithm ?? output.ServerSideEncryption ?? null,
  };
}

/**
 * HeadObject of a part: its size, and how many there are.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html, partNumber
 */
export async function partLayout(
  requester: Requester,
  { bucket, key, partNumber = 1, signal }: PartLayoutInput,
): Promise<PartLayout | null> {
  try {
    const output = await requester.run(
      { bucket, key, signal, attempts: 3 },
      (client, options) =>
        client.send(
          new HeadObjectCommand({ Bucket: bucket, Key: key, PartNumber: partNumber }),
          options,
        ),
    );
    const { PartsCount: partCount, ContentLength: partSize } = output;
    // Servers that do not know the parameter tell of the whole object.
    return partCount === undefined || !partSize ? null : { partSize, partCount };
  } catch (error) {
    if (error instanceof AppError && isRefusal(error)) return null;
    throw error;
  }
}

function isRefusal({ code }: AppError): boolean {
  return (
    code === 'provider.unsupported' ||
    code === 'precondition.failed' ||
    code === 'access.denied'
  );
}

/**
 * HeadObject as the SDK gives it. Its refusals have no body; a bare 400 (expired keys, a
 * wrong region) is asked about once more by a GET, whose refusal says why. So is a 403,
 * where only what it says of the keys or the clock counts; one that the GET does not bear
 * out was about something that has passed, and is asked again.
 */
export async function head(
  requester: Requester,
  input: HeadInput,
): Promise<HeadObjectOutput> {
  try {
    return await headOnce(requester, input);
  } catch (error) {
    const status = error instanceof AppError ? error.provider?.httpStatus : undefined;
    if (status !== 400 && (status !== 403 || input.forbiddenIsAbsent === true)) {
      throw error;
    }
    try {
      await askByGet(requester, input);
    } catch (reason) {
      if (status === 400 || saysMore(reason)) throw reason;
      throw error;
    }
    return headOnce(requester, input);
  }
}

function headOnce(requester: Requester, input: HeadInput): Promise<HeadObjectOutput> {
  const { bucket, key, signal } = input;
  return requester.run({ bucket, key, signal, attempts: 3 }, (client, options) =>
    client.send(
      new HeadObjectCommand({
        Bucket: bucket,
        Key: key,
        ...(asksForSums(requester.quirks) ? { ChecksumMode: 'ENABLED' as const } : {}),
      }),
      options,
    ),
  );
}

async function askByGet(requester: Requester, input: HeadInput): Promise<void> {
  const { bucket, key, signal } = input;
  const range = { start: 0, end: 0 };
  const body = await getObject(requester, { bucket, key, signal, range });
  body.discard();
}

/** Whether the answer to the GET says what a bare 403 could not, or got no answer. */
function saysMore(reason: unknown): boolean {
  if (!(reason instanceof AppError)) return true;
  const { code, retry } = reason;
  if (code === 'transfer.cancelled' || retry === 'auto' || retry === 'paced') return true;
  return code.startsWith('auth.') || code === 'provider.clock-skew';
}

function named(
  values: Readonly<Record<string, string | undefined>>,
): { name: string; value: string }[] {
  return Object.entries(values).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [{ name, value }],
  );
}

/** `null` for a whole object: a range over an empty one is an error (416). */
function rangeHeader(range: GetObjectInput['range']): string | null {
  if (range === undefined || (range.start === 0 && range.end === undefined)) return null;
  return `bytes=${range.start}-${range.end ?? ''}`;
}

function readExtent(
  input: GetObjectInput,
  contentLength: number | undefined,
  contentRange: string | undefined,
): { readonly length: number; readonly total: number } {
  if (contentLength === undefined) throw malformed('no-length');
  if (rangeHeader(input.range) === null)
    return { length: contentLength, total: contentLength };
  const match = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(contentRange ?? '');
  // A server that ignores ranges sends everything; taking that for the rest would spoil
  // the file.
  if (match === null)
    throw new AppError('provider.unsupported', { params: { feature: 'range' } });
  const [start, end, total] = match.slice(1).map(Number) as [number, number, number];
  if (start !== input.range?.start || end - start + 1 !== contentLength) {
    throw malformed('other-range');
  }
  return { length: contentLength, total };
}

/** A failed If-Match, or a range beyond the end, means that the object is another one now. */
function asChanged(error: unknown, input: GetObjectInput): unknown {
  const changed =
    error instanceof AppError &&
    error.code === 'precondition.failed' &&
    (input.ifMatch !== undefined || input.range !== undefined);
  if (!changed) return error;
  return new AppError('object.changed', {
    params: { bucket: input.bucket, key: input.key },
    provider: error.provider,
    cause: error,
  });
}

function malformed(reason: string): AppError {
  return new AppError('provider.malformed-response', { params: { reason } });
}

/** Passes a body on, turns its errors into `AppError`s and does not let it end early. */
class CheckedBody extends Readable {
  readonly #source: Readable;
  readonly #credit: ReadCredit | undefined;
  #wanted = false;

  constructor(
    source: Readable,
    length: number,
    map: (error: unknown) => AppError,
    pace: Pace | undefined,
  ) {
    super({ highWaterMark: 256 * 1024 });
    this.#source = source;
    const credit =
      pace &&
      new ReadCredit(pace.flow, pace.leave, pace.signal, () => {
        if (this.#wanted) source.resume();
      });
    this.#credit = credit;
    let received = 0;
    source.on('data', (chunk: Buffer) => {
      received += chunk.length;
      this.#wanted = this.push(chunk);
      if (credit?.spend(chunk.length) === false || !this.#wanted) source.pause();
    });
    source.once('end', () => {
      if (received === length) this.push(null);
      else this.destroy(new AppError('network.reset', { params: { received, length } }));
    });
    source.once('error', (error) => this.destroy(map(error)));
    source.once('close', () => {
      if (!source.readableEnded && !this.destroyed) {
        this.destroy(
          map(Object.assign(new Error('Closed early'), { code: 'ECONNRESET' })),
        );
      }
    });
    source.pause();
  }

  override _read(): void {
    this.#wanted = true;
    if (this.#credit?.isWaiting !== true) this.#source.resume();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#credit?.end();
    this.#source.destroy();
    callback(error);
  }
}
