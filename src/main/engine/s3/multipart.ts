import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListPartsCommand,
} from '@aws-sdk/client-s3';
import { AppError } from '../../../shared/errors/app-error.ts';
import { bareEtag, multipartEtag, quotedEtag } from './etag.ts';
import { headObject } from './get-object.ts';
import { newObjectFields } from './put-object.ts';
import type { Requester } from './requester.ts';
import type {
  Cancellable,
  CompleteUploadInput,
  CreateUploadInput,
  StoredObject,
  StoredPart,
  UploadRef,
} from './s3-connection.ts';

/** CreateMultipartUpload. */
export async function createUpload(
  requester: Requester,
  input: CreateUploadInput,
): Promise<{ readonly uploadId: string }> {
  const { bucket, key, signal, onAsk } = input;
  const output = await requester.run(
    { bucket, key, signal, attempts: 1, onAsk },
    (client, options) =>
      client.send(
        new CreateMultipartUploadCommand({
          ...newObjectFields(requester, input),
          ...(requester.quirks.checksums === 'when-supported'
            ? { ChecksumAlgorithm: 'CRC32' as const }
            : {}),
        }),
        options,
      ),
  );
  if (!output.UploadId) throw malformed('no-upload-id');
  return { uploadId: output.UploadId };
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
  const parts = input.parts.toSorted((a, b) => a.number - b.number);
  const output = await requester.run(
    { bucket, key, signal, attempts: 1, upload: true },
    (client, options) =>
      client.send(
        new CompleteMultipartUploadCommand({
          Bucket: bucket,
          Key: key,
          UploadId: uploadId,
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
  );
  // Ceph answers without one.
  const etag = bareEtag(output.ETag) || (await etagByHead(requester, input));
  const encrypted = (output.ServerSideEncryption ?? '').startsWith('aws:');
  return {
    etag,
    versionId: output.VersionId ?? null,
    integrity: checkMultipartEtag(requester, parts, etag, encrypted),
  };
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
async function etagByHead(
  requester: Requester,
  input: UploadRef & Cancellable,
): Promise<string> {
  try {
    return (await headObject(requester, input)).etag;
  } catch {
    return '';
  }
}

function checkMultipartEtag(
  requester: Requester,
  parts: readonly StoredPart[],
  etag: string,
  encrypted: boolean,
): string {
  const each = parts.every((part) => part.checksum !== '') ? 'crc32' : 'md5';
  const expected = multipartEtag(parts);
  const comparable =
    requester.quirks.etag === 'md5' && !encrypted && /^[0-9a-f]{32}-\d+$/i.test(etag);
  if (!comparable || expected === null) return each;
  if (etag.toLowerCase() !== expected) {
    throw new AppError('transfer.checksum-mismatch', {
      params: { expected, received: etag },
    });
  }
  return each === 'crc32' ? 'crc32' : 'etag';
}

function malformed(reason: string): AppError {
  return new AppError('provider.malformed-response', { params: { reason } });
}
