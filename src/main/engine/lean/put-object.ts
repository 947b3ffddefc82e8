import { bareEtag } from '../s3/etag.ts';
import type { Digests } from '../s3/file-body.ts';
import type {
  PutObjectInput,
  StoredObject,
  StoredPart,
  UploadPartInput,
} from '../s3/s3-connection.ts';
import { checkUploadAnswer, sumsText } from '../s3/upload-answer.ts';
import { withCondition } from '../s3/write-conditions.ts';
import type { LeanContext } from './context.ts';
import type { ResponseHead } from './http-reader.ts';
import { encodeQuery } from './percent.ts';
import { sendUpload } from './send-upload.ts';
import type { Header } from './signer.ts';

/** PutObject. https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html */
export async function putObject(
  context: LeanContext,
  input: PutObjectInput,
): Promise<StoredObject> {
  const { draft } = context.requester;
  const { cacheControl, storageClass, acl, encryption, kmsKeyId } = input.headers ?? {};
  const headers: Header[] = Object.entries(input.metadata).map(([name, value]) => [
    `x-amz-meta-${name.toLowerCase()}`,
    value,
  ]);
  if (input.contentType !== '') headers.push(['content-type', input.contentType]);
  const ownAcl = acl || draft.uploadAcl;
  if (ownAcl !== 'none') headers.push(['x-amz-acl', ownAcl]);
  if (cacheControl) headers.push(['cache-control', cacheControl]);
  if (storageClass) headers.push(['x-amz-storage-class', storageClass]);
  if (encryption) headers.push(['x-amz-server-side-encryption', encryption]);
  if (encryption === 'aws:kms' && kmsKeyId) {
    headers.push(['x-amz-server-side-encryption-aws-kms-key-id', kmsKeyId]);
  }
  return withCondition(context.requester, input, async ({ IfMatch, IfNoneMatch }) => {
    const condition: Header[] = [];
    if (IfMatch !== undefined) condition.push(['if-match', IfMatch]);
    if (IfNoneMatch !== undefined) condition.push(['if-none-match', IfNoneMatch]);
    const { head, digests } = await sendUpload(context, input, {
      query: '',
      headers,
      condition,
      part: false,
    });
    return {
      etag: bareEtag(head.headers['etag']),
      versionId: head.headers['x-amz-version-id'] ?? null,
      integrity: integrityOf(context, digests, head),
      checksums: sumsText(digests, bareEtag(head.headers['etag'])),
    };
  });
}

/** UploadPart. https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html */
export async function uploadPart(
  context: LeanContext,
  input: UploadPartInput,
): Promise<StoredPart> {
  const { partNumber, uploadId, body } = input;
  const { head, digests } = await sendUpload(context, input, {
    query: `partNumber=${partNumber}&uploadId=${encodeQuery(uploadId)}`,
    headers: [],
    condition: [],
    part: true,
  });
  integrityOf(context, digests, head);
  return {
    number: partNumber,
    size: body.length,
    etag: bareEtag(head.headers['etag']),
    checksum: digests.crc32Base64,
  };
}

/** See {@link checkUploadAnswer}. */
function integrityOf(
  context: LeanContext,
  digests: Digests,
  { headers }: ResponseHead,
): string {
  return checkUploadAnswer(context.requester, digests, {
    etag: bareEtag(headers['etag']),
    crc32: headers['x-amz-checksum-crc32'] ?? '',
    encryption: headers['x-amz-server-side-encryption'] ?? '',
    customerKey: headers['x-amz-server-side-encryption-customer-algorithm'] !== undefined,
  });
}
