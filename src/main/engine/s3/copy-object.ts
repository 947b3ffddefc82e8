import { CopyObjectCommand, UploadPartCopyCommand } from '@aws-sdk/client-s3';
import { AppError } from '../../../shared/errors/app-error.ts';
import { encodeKey } from './addressing.ts';
import { bareEtag, quotedEtag } from './etag.ts';
import { keptApart } from './object-traits.ts';
import { aclField } from './put-object.ts';
import type { Requester } from './requester.ts';
import type {
  CopyObjectInput,
  CopyPartInput,
  ObjectRef,
  StoredObject,
  StoredPart,
} from './s3-connection.ts';
import { withCondition } from './write-conditions.ts';

/** Largest object CopyObject takes, bytes. */
export const MAX_SINGLE_COPY = 5 * 1024 ** 3;

/**
 * CopyObject, sent once: the server keeps metadata and, unless told otherwise, tags; the
 * rest is in `traits`. Rejects with `object.changed` when the source has another ETag now.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
 */
export async function copyObject(
  requester: Requester,
  input: CopyObjectInput,
): Promise<StoredObject> {
  const { from, to, signal, traits = {}, ifMatch, size = 0 } = input;
  if (size > MAX_SINGLE_COPY) {
    throw new AppError('transfer.too-large', {
      params: { size, limit: MAX_SINGLE_COPY },
    });
  }
  const output = await withCondition(requester, { ...input, ...to }, (condition) =>
    changedIfRefused(input, () =>
      requester.run(
        { bucket: to.bucket, key: from.key, signal, attempts: 1 },
        (client, options) =>
          client.send(
            new CopyObjectCommand({
              Bucket: to.bucket,
              Key: to.key,
              CopySource: copySource(from),
              ...sourceCondition(ifMatch),
              ...aclField(requester),
              ...keptApart(traits),
              ...(input.dropTags === true
                ? { TaggingDirective: 'REPLACE' as const, Tagging: '' }
                : {}),
              ...condition,
            }),
            options,
          ),
      ),
    ),
  );
  return {
    etag: bareEtag(output.CopyObjectResult?.ETag),
    versionId: output.VersionId ?? null,
    integrity: 'etag',
  };
}

/**
 * UploadPartCopy, sent once.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPartCopy.html
 */
export async function copyPart(
  requester: Requester,
  input: CopyPartInput,
): Promise<StoredPart> {
  const { from, bucket, key, uploadId, partNumber, start, length, signal } = input;
  const output = await changedIfRefused(input, () =>
    requester.run(
      { bucket, key: from.key, signal, attempts: 1, upload: true },
      (client, options) =>
        client.send(
          new UploadPartCopyCommand({
            Bucket: bucket,
            Key: key,
            UploadId: uploadId,
            PartNumber: partNumber,
            CopySource: copySource(from),
            CopySourceRange: `bytes=${start}-${start + length - 1}`,
            // All parts from one version of the source.
            ...sourceCondition(input.ifMatch),
          }),
          options,
        ),
    ),
  );
  return {
    number: partNumber,
    size: length,
    etag: bareEtag(output.CopyPartResult?.ETag),
    checksum: output.CopyPartResult?.ChecksumCRC32 ?? '',
  };
}

/** An object as its own source, with headers and metadata of its own, while it has `etag`. */
export function selfCopyFields(ref: ObjectRef, etag: string) {
  return {
    Bucket: ref.bucket,
    Key: ref.key,
    CopySource: copySource(ref),
    ...sourceCondition(etag),
    MetadataDirective: 'REPLACE' as const,
  };
}

/** `x-amz-copy-source`: every segment encoded, slashes not. */
function copySource(ref: ObjectRef): string {
  return `${ref.bucket}/${encodeKey(ref.key)}`;
}

function sourceCondition(etag: string | undefined) {
  return etag === undefined || etag === '' ? {} : { CopySourceIfMatch: quotedEtag(etag) };
}

/** A failed condition on the source means that it is another object now. */
async function changedIfRefused<T>(
  input: Pick<CopyObjectInput, 'from' | 'ifMatch' | 'onlyIfAbsent' | 'onlyIfEtag'>,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const refused = error instanceof AppError && error.code === 'precondition.failed';
    const aboutTarget = input.onlyIfAbsent === true || (input.onlyIfEtag ?? '') !== '';
    if (!refused || input.ifMatch === undefined || aboutTarget) throw error;
    throw new AppError('object.changed', {
      params: { bucket: input.from.bucket, key: input.from.key },
      provider: error.provider,
      cause: error,
    });
  }
}
