import {
  type ObjectCannedACL,
  PutObjectCommand,
  type StorageClass,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { AppError } from '../../../shared/errors/app-error.ts';
import { withHeader } from './command-headers.ts';
import { bareEtag } from './etag.ts';
import type { Digests } from './file-body.ts';
import { traitFields } from './object-traits.ts';
import type { Requester } from './requester.ts';
import type {
  NewObject,
  ObjectHeaders,
  PutObjectInput,
  StoredObject,
  StoredPart,
  UploadPartInput,
} from './s3-connection.ts';
import { measureFor, sendBody } from './send-body.ts';
import { checkUploadAnswer, sumsText } from './upload-answer.ts';
import { withCondition } from './write-conditions.ts';

/** Fields every new object gets, whether put, uploaded in parts or copied. */
export function newObjectFields(requester: Requester, object: NewObject) {
  return {
    Bucket: object.bucket,
    Key: object.key,
    ...(object.contentType === '' ? {} : { ContentType: object.contentType }),
    ...(Object.keys(object.metadata).length === 0 ? {} : { Metadata: object.metadata }),
    ...aclField(requester),
    ...headerFields(object.headers),
    ...traitFields(object.traits),
  };
}

/** What rules say of the object; its ACL outweighs that of the connection. */
function headerFields(headers: ObjectHeaders = {}) {
  const { cacheControl, storageClass, acl, encryption, kmsKeyId } = headers;
  return {
    ...(cacheControl ? { CacheControl: cacheControl } : {}),
    ...(storageClass ? { StorageClass: storageClass as StorageClass } : {}),
    ...(acl ? { ACL: acl === 'none' ? undefined : acl } : {}),
    ...(encryption ? { ServerSideEncryption: encryption } : {}),
    ...(encryption === 'aws:kms' && kmsKeyId ? { SSEKMSKeyId: kmsKeyId } : {}),
  };
}

/** The connection's ACL for uploads; no header at all for `none`. */
export function aclField(requester: Requester): { readonly ACL?: ObjectCannedACL } {
  const { uploadAcl } = requester.draft;
  return uploadAcl === 'none' ? {} : { ACL: uploadAcl };
}

/** PutObject. https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html */
export async function putObject(
  requester: Requester,
  input: PutObjectInput,
): Promise<StoredObject> {
  const { body, signal, onProgress, bucket, key } = input;
  const bodyOptions = { requester, body, signal, onProgress };
  let digests: Digests | undefined;
  const output = await withCondition(requester, input, (condition) =>
    requester.run(
      { bucket, key, signal, attempts: 1, optional: ['checksumHeaders'] },
      async (client) => {
        const measured = await measureFor(bodyOptions);
        assertWhole(input, measured.fingerprint?.size);
        digests = measured.digests;
        return sendBody(bodyOptions, measured, (outgoing) =>
          client.send(
            withHeader(
              new PutObjectCommand({
                ...newObjectFields(requester, input),
                ...outgoing.fields,
                ...condition,
              }),
              'x-amz-content-sha256',
              outgoing.contentSha256,
            ),
            { abortSignal: outgoing.signal },
          ),
        );
      },
    ),
  );
  return {
    etag: bareEtag(output.ETag),
    versionId: output.VersionId ?? null,
    integrity: integrityOf(requester, digests, output),
    checksums: sumsText(digests, bareEtag(output.ETag)),
  };
}

/** UploadPart. https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html */
export async function uploadPart(
  requester: Requester,
  input: UploadPartInput,
): Promise<StoredPart> {
  const { body, signal, onProgress, bucket, key } = input;
  const bodyOptions = { requester, body, signal, onProgress };
  let digests: Digests | undefined;
  const output = await requester.run(
    {
      bucket,
      key,
      signal,
      attempts: 1,
      upload: true,
      optional: ['checksumHeaders'],
    },
    async (client) => {
      const measured = await measureFor(bodyOptions);
      digests = measured.digests;
      return sendBody(bodyOptions, measured, (outgoing) =>
        client.send(
          withHeader(
            new UploadPartCommand({
              Bucket: bucket,
              Key: key,
              UploadId: input.uploadId,
              PartNumber: input.partNumber,
              ...outgoing.fields,
            }),
            'x-amz-content-sha256',
            outgoing.contentSha256,
          ),
          { abortSignal: outgoing.signal },
        ),
      );
    },
  );
  integrityOf(requester, digests, output);
  return {
    number: input.partNumber,
    size: body.length,
    etag: bareEtag(output.ETag),
    checksum: digests?.crc32Base64 ?? '',
  };
}

/** A slice that was to be the whole file but is not: the file grew or shrank. */
function assertWhole(input: PutObjectInput, size: bigint | undefined): void {
  const { body } = input;
  if (body instanceof Uint8Array || size === undefined) return;
  if (body.start === 0 && size !== BigInt(body.length)) {
    throw new AppError('transfer.source-changed', { params: { path: body.path } });
  }
}

/** See {@link checkUploadAnswer}; the answer as the SDK gives it. */
function integrityOf(
  requester: Requester,
  digests: Digests | undefined,
  output: {
    readonly ETag?: string | undefined;
    readonly ChecksumCRC32?: string | undefined;
    readonly ServerSideEncryption?: string | undefined;
    readonly SSECustomerAlgorithm?: string | undefined;
  },
): string {
  return checkUploadAnswer(requester, digests, {
    etag: bareEtag(output.ETag),
    crc32: output.ChecksumCRC32 ?? '',
    encryption: output.ServerSideEncryption ?? '',
    customerKey: output.SSECustomerAlgorithm !== undefined,
  });
}
