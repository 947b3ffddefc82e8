import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListPartsCommand,
} from '@aws-sdk/client-s3';
import { AppError } from '../../../shared/errors/app-error.ts';
import { malformed } from './answer-document.ts';
import { completedObject, partsInOrder, uploadChecksum } from './completed-upload.ts';
import { bareEtag, quotedEtag } from './etag.ts';
import { headObject } from './get-object.ts';
import { newObjectFields } from './put-object.ts';
import type { Requester } from './requester.ts';
import type {
  Cancellable,
  CompleteUploadInput,
  CreateUploadInput,
  StartedUpload,
  StoredObject,
  StoredPart,
  UploadChecksum,
  UploadRef,
} from './s3-connection.ts';
import { withCondition } from './write-conditions.ts';

/** CreateMultipartUpload. */
export async function createUpload(
  requester: Requester,
  input: CreateUploadInput,
): Promise<StartedUpload> {
  const { bucket, key, signal, onAsk } = input;
  let checksum: UploadChecksum = '';
  const output = await requester.run(
    {
      bucket,
      key,
      signal,
      attempts: 1,
      onAsk,
      optional: ['fullObject', 'checksumHeaders'],
    },
    (client, options) => {
      checksum = uploadChecksum(requester);
      return client.send(
        new CreateMultipartUploadCommand({
          ...newObjectFields(requester, input),
          ...(checksum === '' ? {} : { ChecksumAlgorithm: 'CRC32' as const }),
          ...(checksum === 'crc32-whole' ? { ChecksumType: 'FULL_OBJECT' as const } : {}),
        }),
        options,
      );
    },
  );
  if (!output.UploadId) throw malformed('no-upload-id');
  return { uploadId: output.UploadId, checksum };
}

/** ListParts, all pages. */
export async function listParts(
  requester: Requester,
  input: UploadRef & Cancellable,
): Promise<readonly StoredPart[]> {
  const { bucket, key, uploadId, signal } = input;
  const parts: StoredPart[] = [];
  for (let marker = ''; ; ) {
    const output = await requester.run(
      { bucket, key, signal, attempts: 3, upload: true },
      (client, options) =>
        client.send(
          new ListPartsCommand({
            Bucket: bucket,
            Key: key,
            UploadId: uploadId,
            ...(marker === '' ? {} : { PartNumberMarker: marker }),
          }),
          options,
        ),
    );
    for (const part of output.Parts ?? []) {
      parts.push({
        number: part.PartNumber ?? 0,
        size: part.Size ?? 0,
        etag: bareEtag(part.ETag),
        checksum: part.ChecksumCRC32 ?? '',
      });
    }
    if (output.IsTruncated !== true) return parts;
    const next = output.NextPartNumberMarker ?? '';
    if (next === '' || next === marker) throw malformed('same-token');
    marker = next;
  }
}

/**
 * CompleteMultipartUpload, tried once: after a lost answer only the caller can tell a
 * finished upload from one that is gone.
 */
export async function completeUpload(
  requester: Requester,
  input: CompleteUploadInput,
): Promise<StoredObject> {
  const { bucket, key, uploadId, signal } = input;
  const { parts, whole } = partsInOrder(input);
  const output = await withCondition(requester, input, (condition) =>
    requester.run({ bucket, key, signal, attempts: 1, upload: true }, (client, options) =>
      client.send(
        new CompleteMultipartUploadCommand({
          ...condition,
          Bucket: bucket,
          Key: key,
          UploadId: uploadId,
          ...wholeFields(whole),
          MultipartUpload: {
            Parts: parts.map((part) => ({
              PartNumber: part.number,
              ETag: quotedEtag(part.etag),
              ...(part.checksum === '' ? {} : { ChecksumCRC32: part.checksum }),
            })),
          },
        }),
        options,
      ),
    ),
  );
  return completedObject(requester, input, {
    // Ceph answers without one.
    etag: bareEtag(output.ETag) || (await etagByHead(requester, input)),
    versionId: output.VersionId ?? null,
    encryption: output.ServerSideEncryption ?? '',
  });
}

/** AbortMultipartUpload. Gone already is what was wanted. */
export async function abortUpload(
  requester: Requester,
  input: UploadRef & Cancellable,
): Promise<void> {
  const { bucket, key, uploadId, signal } = input;
  try {
    await requester.run(
      { bucket, key, signal, attempts: 3, upload: true },
      (client, options) =>
        client.send(
          new AbortMultipartUploadCommand({
            Bucket: bucket,
            Key: key,
            UploadId: uploadId,
          }),
          options,
        ),
    );
  } catch (error) {
    const gone = error instanceof AppError && error.code === 'transfer.upload-gone';
    if (!gone) throw error;
  }
}

/** Empty when it cannot be had: the object is complete either way. */
export async function etagByHead(
  requester: Requester,
  input: UploadRef & Cancellable,
): Promise<string> {
  try {
    return (await headObject(requester, input)).etag;
  } catch {
    return '';
  }
}

/** The server holds the sum against its own and refuses the whole on a mismatch. */
function wholeFields(crc32: string) {
  return crc32 === ''
    ? {}
    : { ChecksumCRC32: crc32, ChecksumType: 'FULL_OBJECT' as const };
}
