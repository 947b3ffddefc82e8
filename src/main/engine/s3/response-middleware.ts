import { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import { checkDocument, malformed } from './answer-document.ts';
import { type ClockLead, clockLead } from './server-clock.ts';
import { refusalOf } from './service-failure.ts';

/** Error documents are small; more than this is no S3 error. */
const MAX_ERROR_BYTES = 64 * 1024;
/** A page of 1,000 keys of 1,024 encoded bytes stays below 8 MiB. */
const MAX_DOCUMENT_BYTES = 64 * 1024 * 1024;

/** More than any list of grants, rules or tags; where the name of one is ignored, an object comes. */
const MAX_SETTING_BYTES = 1024 * 1024;

/** The root element, or one of several, of the answers to questions about settings of a bucket or an object. */
const SETTING_ROOTS: Readonly<Record<string, string>> = {
  GetBucketAclCommand: 'AccessControlPolicy',
  GetObjectAclCommand: 'AccessControlPolicy',
  GetBucketCorsCommand: 'CORSConfiguration',
  GetBucketTaggingCommand: 'Tagging',
  GetObjectTaggingCommand: 'Tagging',
  GetBucketOwnershipControlsCommand: 'OwnershipControls',
  // The second is Ceph's own name.
  GetPublicAccessBlockCommand:
    'PublicAccessBlockConfiguration|BlockPublicAccessBlockConfiguration',
  GetBucketPolicyStatusCommand: 'PolicyStatus',
};

/** The root element each command's answer must have. */
const ROOT_ELEMENTS: Readonly<Record<string, string>> = {
  ListBucketsCommand: 'ListAllMyBucketsResult',
  ListObjectsCommand: 'ListBucketResult',
  ListObjectsV2Command: 'ListBucketResult',
  CreateMultipartUploadCommand: 'InitiateMultipartUploadResult',
  CompleteMultipartUploadCommand: 'CompleteMultipartUploadResult',
  ListMultipartUploadsCommand: 'ListMultipartUploadsResult',
  ListPartsCommand: 'ListPartsResult',
  CopyObjectCommand: 'CopyObjectResult',
  UploadPartCopyCommand: 'CopyPartResult',
  DeleteObjectsCommand: 'DeleteResult',
  ...SETTING_ROOTS,
};

interface RawResponse {
  statusCode: number;
  readonly headers: Record<string, string>;
  body: unknown;
}

/**
 * Looks at every answer before the SDK does. Refusals become {@link ServiceFailure}s. A
 * 200 whose document is an error (Complete and Copy keep the connection alive with blanks
 * and may fail late), another document, or half a document never passes as success:
 * Ceph answers unknown sub-resources with a listing. `onClock` hears what each answer
 * tells of the server's clock.
 */
export function checkResponses(
  client: S3Client,
  now: () => number,
  onClock: (lead: ClockLead) => void,
): void {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const sentAt = now();
      const result = await next(args);
      const response = result.response as RawResponse;
      const lead = clockLead(response.headers['date'], sentAt, now());
      if (lead !== null) onClock(lead);
      if (response.statusCode >= 300) {
        throw await readRefusal(response);
      }
      const name = context.commandName ?? '';
      const root = ROOT_ELEMENTS[name];
      if (root !== undefined) {
        const limit = name in SETTING_ROOTS ? MAX_SETTING_BYTES : MAX_DOCUMENT_BYTES;
        const text = await readText(response.body, limit);
        response.body = Readable.from([
          Buffer.from(checkDocument(text, root, response.headers)),
        ]);
      }
      return result;
    },
    // The lowest priority of the last step: nothing sees the answer earlier.
    { step: 'deserialize', priority: 'low', name: 'dipperCheckResponse', override: true },
  );
}

/** The document of a refusal; where it broke off, the status may not say enough. */
async function readRefusal(response: RawResponse): Promise<unknown> {
  const { statusCode, headers, body } = response;
  let error: unknown = null;
  const text = await readText(body, MAX_ERROR_BYTES, (thrown) => {
    error = thrown;
  });
  return refusalOf(statusCode, headers, text, error);
}

/**
 * The body as text, at most `limit` bytes. Throws when it breaks off or is longer; with
 * `onBroken` that hears of the break, and what came is the result.
 */
async function readText(
  body: unknown,
  limit: number,
  onBroken?: (error: unknown) => void,
): Promise<string> {
  if (!(body instanceof Readable)) return '';
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      chunks.push(chunk as Buffer);
      size += (chunk as Buffer).length;
      if (size > limit) {
        if (onBroken === undefined) throw malformed('too-long');
        break;
      }
    }
  } catch (error) {
    if (onBroken === undefined) throw error;
    onBroken(error);
  }
  return Buffer.concat(chunks).toString('utf8');
}
