import {
  type ObjectCannedACL,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { AppError } from '../../../shared/errors/app-error.ts';
import { withHeader } from './command-headers.ts';
import { bareEtag, isMd5Etag, quotedEtag } from './etag.ts';
import type { Digests } from './file-body.ts';
import type { Requester } from './requester.ts';
import type {
  NewObject,
  PutObjectInput,
  StoredObject,
  StoredPart,
  UploadPartInput,
} from './s3-connection.ts';
import { measureFor, sendBody } from './send-body.ts';

/** Fields every new object gets, whether put, uploaded in parts or copied. */
export function newObjectFields(requester: Requester, object: NewObject) {
  return {
    Bucket: object.bucket,
    Key: object.key,
    ...(object.contentType === '' ? {} : { ContentType: object.contentType }),
    ...(Object.keys(object.metadata).length === 0 ? {} : { Metadata: object.metadata }),
    ...aclField(requester),
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
  const conditional = input.onlyIfAbsent === true && requester.quirks.conditionalPut;
  let digests: Digests | undefined;
  try {
    const output = await requester.run(
      { bucket, key, signal, attempts: 1 },
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
                ...(conditional ? { IfNoneMatch: '*' } : {}),
              }),
              'x-amz-content-sha256',
              outgoing.contentSha256,
            ),
            { abortSignal: outgoing.signal },
          ),
        );
      },
    );
    return {
      etag: bareEtag(output.ETag),
      versionId: output.VersionId ?? null,
      integrity: integrityOf(requester, digests, output),
    };
  } catch (error) {
    if (
      conditional &&
      error instanceof AppError &&
      error.code === 'precondition.failed'
    ) {
      throw new AppError('conflict.exists', {
        params: { bucket, key },
        provider: error.provider,
        cause: error,
      });
    }
    throw error;
  }
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
    { bucket, key, signal, attempts: 1, upload: true },
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

/** `If-Match` and such want quotes. */
export function ifMatchField(etag: string | undefined): { readonly IfMatch?: string } {
  return etag === undefined || etag === '' ? {} : { IfMatch: quotedEtag(etag) };
}

/** A slice that was to be the whole file but is not: the file grew or shrank. */
function assertWhole(input: PutObjectInput, size: bigint | undefined): void {
  const { body } = input;
  if (body instanceof Uint8Array || size === undefined) return;
  if (body.start === 0 && size !== BigInt(body.length)) {
    throw new AppError('transfer.source-changed', { params: { path: body.path } });
  }
}

/**
 * How the server's answer proves the bytes. Throws `transfer.checksum-mismatch` when it
 * disproves them.
 */
function integrityOf(
  requester: Requester,
  digests: Digests | undefined,
  output: {
    readonly ETag?: string | undefined;
    readonly ServerSideEncryption?: string | undefined;
    readonly SSECustomerAlgorithm?: string | undefined;
  },
): string {
  if (digests === undefined) return 'size';
  if (digests.crc32Base64 !== '') return 'crc32';
  const etag = bareEtag(output.ETag);
  // With a KMS or customer key the ETag is no MD5 of what we sent.
  const encrypted =
    (output.ServerSideEncryption ?? '').startsWith('aws:') ||
    output.SSECustomerAlgorithm !== undefined;
  const comparable = requester.quirks.etag === 'md5' && !encrypted && isMd5Etag(etag);
  if (comparable && etag.toLowerCase() !== digests.md5Hex) {
    throw new AppError('transfer.checksum-mismatch', {
      params: { expected: digests.md5Hex, received: etag },
    });
  }
  return 'md5';
}
