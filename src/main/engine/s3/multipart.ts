import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListPartsCommand,
} from '@aws-sdk/client-s3';
import { AppError } from '../../../shared/errors/app-error.ts';
import { chooseUpload, isPartsEtag } from '../checksums/choose.ts';
import { combineCrcs } from '../checksums/combine.ts';
import { bareEtag, multipartEtag, quotedEtag } from './etag.ts';
import { headObject } from './get-object.ts';
import { isKmsEncryption } from './is-kms-encryption.ts';
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
      const { quirks, draft, secure } = requester;
      const { signature } = draft;
      const { type } = chooseUpload(quirks, { secure, signature }, true);
      const sums = type !== null;
      const whole = type === 'full-object';
      checksum = !sums ? '' : whole ? 'crc32-whole' : 'crc32';
      return client.send(
        new CreateMultipartUploadCommand({
          ...newObjectFields(requester, input),
          ...(sums ? { ChecksumAlgorithm: 'CRC32' as const } : {}),
          ...(sums && whole ? { ChecksumType: 'FULL_OBJECT' as const } : {}),
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
  const parts = input.parts.toSorted((a, b) => a.number - b.number);
  const whole = input.checksum === 'crc32-whole' ? wholeCrc(parts) : '';
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
  // Ceph answers without one.
  const etag = bareEtag(output.ETag) || (await etagByHead(requester, input));
  const encrypted = isKmsEncryption(output.ServerSideEncryption);
  return {
    etag,
    versionId: output.VersionId ?? null,
    integrity: checkMultipartEtag(requester, parts, etag, encrypted),
    checksums: whole === '' ? '' : `crc32=${whole}`,
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

/** CRC32 of the whole from those of its parts; empty: not all parts have one. */
function wholeCrc(parts: readonly StoredPart[]): string {
  if (parts.some(({ checksum }) => checksum === '')) return '';
  const sums = parts.map(({ checksum, size }) => ({
    value: Buffer.from(checksum, 'base64'),
    length: size,
  }));
  return combineCrcs('crc32', sums).toString('base64');
}

/** The server holds the sum against its own and refuses the whole on a mismatch. */
function wholeFields(crc32: string) {
  return crc32 === ''
    ? {}
    : { ChecksumCRC32: crc32, ChecksumType: 'FULL_OBJECT' as const };
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
    requester.quirks.multipartEtag === 'md5' && !encrypted && isPartsEtag(etag);
  if (!comparable || expected === null) {
    const { multipartEtag: kind } = requester.quirks;
    if (expected !== null && !encrypted) {
      if (kind === 'md5' && etag !== '') requester.learn({ multipartEtag: 'opaque' });
      if (kind === 'opaque' && etag.toLowerCase() === expected) {
        requester.learn({ multipartEtag: 'md5' });
      }
    }
    return each;
  }
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
