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
import { conditionHeaders, newObjectHeaders } from './new-object.ts';
import { encodeQuery } from './percent.ts';
import { sendUpload, type Uploaded } from './send-upload.ts';

/** PutObject. https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html */
export function putObject(
  context: LeanContext,
  input: PutObjectInput,
): Promise<StoredObject> {
  const headers = newObjectHeaders(context.requester.draft, input);
  return withCondition(context.requester, input, (fields) => {
    const condition = conditionHeaders(fields);
    const shape = { query: '', headers, condition, part: false };
    return sendUpload(context, input, shape).then((uploaded) =>
      toStored(context, uploaded),
    );
  });
}

function toStored(context: LeanContext, { head, digests }: Uploaded): StoredObject {
  const etag = bareEtag(head.headers['etag']);
  return {
    etag,
    versionId: head.headers['x-amz-version-id'] ?? null,
    integrity: integrityOf(context, digests, head),
    checksums: sumsText(digests, etag),
  };
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
