import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  type HeadObjectOutput,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { AppError } from '../../../shared/errors/app-error.ts';
import { LinkedAbort } from '../linked-abort.ts';
import { encodeKey } from './addressing.ts';
import { bareEtag, quotedEtag } from './etag.ts';
import { head } from './get-object.ts';
import { abortUpload } from './multipart.ts';
import { aclField } from './put-object.ts';
import type { Requester } from './requester.ts';
import type {
  CopyObjectInput,
  ObjectRef,
  StoredObject,
  UploadRef,
} from './s3-connection.ts';

const MIB = 1024 * 1024;
/** Largest object CopyObject takes. https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html */
const MAX_SINGLE_COPY = 5 * 1024 * MIB;
/** Part size of bigger copies: no bytes travel through us, so large parts cost nothing. */
const PART_BYTES = 512 * MIB;
const MAX_PARTS = 10_000;
const PARALLEL_PARTS = 4;

/** Limits of {@link copyObject}; tests lower them. */
export interface CopyLimits {
  readonly maxSingle: number;
  readonly partBytes: number;
}

/** Copies on the server: CopyObject, or in parts what is too large for it. */
export function copyObject(
  requester: Requester,
  input: CopyObjectInput,
  limits: CopyLimits = { maxSingle: MAX_SINGLE_COPY, partBytes: PART_BYTES },
): Promise<StoredObject> {
  return input.size <= limits.maxSingle
    ? copySingle(requester, input)
    : copyInParts(requester, input, limits.partBytes);
}

/** `x-amz-copy-source`: every segment encoded, slashes not. */
function copySource(ref: ObjectRef): string {
  return `${ref.bucket}/${encodeKey(ref.key)}`;
}

async function copySingle(
  requester: Requester,
  input: CopyObjectInput,
): Promise<StoredObject> {
  const { from, to, signal } = input;
  const output = await requester.run(
    { bucket: to.bucket, key: from.key, signal, attempts: 1 },
    (client, options) =>
      client.send(
        new CopyObjectCommand({
          Bucket: to.bucket,
          Key: to.key,
          CopySource: copySource(from),
          ...aclField(requester),
        }),
        options,
      ),
  );
  return {
    etag: bareEtag(output.CopyObjectResult?.ETag),
    versionId: output.VersionId ?? null,
    integrity: 'etag',
  };
}

async function copyInParts(
  requester: Requester,
  input: CopyObjectInput,
  wantedPartBytes: number,
): Promise<StoredObject> {
  const { from, to, signal } = input;
  const source = await head(requester, { ...from, signal });
  const size = source.ContentLength ?? input.size;
  const partBytes = Math.max(wantedPartBytes, Math.ceil(size / MAX_PARTS));
  const plan = { bucket: to.bucket, key: to.key, signal };
  const created = await requester.run({ ...plan, attempts: 1 }, (client, options) =>
    client.send(
      new CreateMultipartUploadCommand({
        Bucket: to.bucket,
        Key: to.key,
        ...carriedOver(source),
        ...aclField(requester),
      }),
      options,
    ),
  );
  if (!created.UploadId) {
    throw new AppError('provider.malformed-response', {
      params: { reason: 'no-upload-id' },
    });
  }
  const upload: UploadRef = { ...to, uploadId: created.UploadId };
  try {
    const parts = await copyParts(requester, input, upload, { source, size, partBytes });
    const output = await requester.run({ ...plan, attempts: 1 }, (client, options) =>
      client.send(
        new CompleteMultipartUploadCommand({
          Bucket: to.bucket,
          Key: to.key,
          UploadId: upload.uploadId,
          MultipartUpload: { Parts: [...parts] },
        }),
        options,
      ),
    );
    return {
      etag: bareEtag(output.ETag),
      versionId: output.VersionId ?? null,
      integrity: 'etag',
    };
  } catch (error) {
    // Not with the caller's signal: it may be what ended us. Parts left behind cost money,
    // but the first error is the one to tell.
    await abortUpload(requester, upload).catch(() => undefined);
    throw error;
  }
}

async function copyParts(
  requester: Requester,
  input: CopyObjectInput,
  upload: UploadRef,
  extent: { source: HeadObjectOutput; size: number; partBytes: number },
): Promise<readonly { PartNumber: number; ETag: string }[]> {
  const { from, to, signal } = input;
  const { size, partBytes } = extent;
  const etag = bareEtag(extent.source.ETag);
  const count = Math.ceil(size / partBytes);
  const numbers = Array.from({ length: count }, (_, index) => index + 1).values();
  const parts: { PartNumber: number; ETag: string }[] = [];
  using stop = new LinkedAbort(...(signal ? [signal] : []));
  const both = stop.signal;
  async function work(): Promise<void> {
    for (const number of numbers) {
      const start = (number - 1) * partBytes;
      const end = Math.min(size, start + partBytes) - 1;
      const output = await requester.run(
        { bucket: to.bucket, key: from.key, signal: both, attempts: 3 },
        (client, options) =>
          client.send(
            new UploadPartCopyCommand({
              Bucket: to.bucket,
              Key: to.key,
              UploadId: upload.uploadId,
              PartNumber: number,
              CopySource: copySource(from),
              CopySourceRange: `bytes=${start}-${end}`,
              // All parts from one version of the source.
              ...(etag === '' ? {} : { CopySourceIfMatch: quotedEtag(etag) }),
            }),
            options,
          ),
      );
      const partEtag = quotedEtag(bareEtag(output.CopyPartResult?.ETag));
      parts.push({ PartNumber: number, ETag: partEtag });
    }
  }
  try {
    await Promise.all(Array.from({ length: Math.min(PARALLEL_PARTS, count) }, work));
  } catch (error) {
    stop.abort();
    throw error;
  }
  return parts.sort((a, b) => a.PartNumber - b.PartNumber);
}

/** What CopyObject keeps by itself and a multipart copy has to be told. */
function carriedOver(source: HeadObjectOutput) {
  const expires = source.ExpiresString ? new Date(source.ExpiresString) : undefined;
  const fields = {
    ContentType: source.ContentType,
    ContentEncoding: source.ContentEncoding,
    ContentLanguage: source.ContentLanguage,
    ContentDisposition: source.ContentDisposition,
    CacheControl: source.CacheControl,
    WebsiteRedirectLocation: source.WebsiteRedirectLocation,
    StorageClass: source.StorageClass,
    Metadata: source.Metadata,
    Expires: expires && !Number.isNaN(expires.getTime()) ? expires : undefined,
  };
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as { [K in keyof typeof fields]?: NonNullable<(typeof fields)[K]> };
}
