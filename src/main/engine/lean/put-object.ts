import { AppError } from '../../../shared/errors/app-error.ts';
import { bareEtag } from '../s3/etag.ts';
import { type Digests, type Fingerprint, measureBody } from '../s3/file-body.ts';
import type {
  FileSlice,
  PutObjectInput,
  StoredObject,
  StoredPart,
  UploadPartInput,
} from '../s3/s3-connection.ts';
import { checkUploadAnswer, sumsText, wishesFor } from '../s3/upload-answer.ts';
import { withCondition } from '../s3/write-conditions.ts';
import { collect } from './bytes-sink.ts';
import type { LeanContext } from './context.ts';
import { type ResponseHead, UnsupportedAnswer } from './http-reader.ts';
import { type BodySource, JOINED_BYTES } from './lane.ts';
import { encodeQuery } from './percent.ts';
import type { Header } from './signer.ts';
import { openSliceSource } from './slice-source.ts';
import { sourceChanged } from './small-file.ts';

/** Answers to uploads have no body; what servers add anyway is passed over up to this. */
const MAX_ANSWER_BYTES = 64 * 1024;

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
    const { head, digests } = await upload(context, input, {
      query: '',
      headers: [...headers, ...condition],
      part: false,
      repeatable: condition.length === 0,
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
  const { head, digests } = await upload(context, input, {
    query: `partNumber=${partNumber}&uploadId=${encodeQuery(uploadId)}`,
    headers: [],
    part: true,
    repeatable: true,
  });
  integrityOf(context, digests, head);
  return {
    number: partNumber,
    size: body.length,
    etag: bareEtag(head.headers['etag']),
    checksum: digests.crc32Base64,
  };
}

interface UploadShape {
  readonly query: string;
  readonly headers: readonly Header[];
  readonly part: boolean;
  readonly repeatable: boolean;
}

interface Uploaded {
  readonly head: ResponseHead;
  readonly digests: Digests;
}

/** A body with its sums, and how to have it once more. */
interface Prepared {
  readonly digests: Digests;
  readonly body: () => Promise<Buffer | BodySource>;
}

function upload(
  context: LeanContext,
  input: PutObjectInput | UploadPartInput,
  shape: UploadShape,
): Promise<Uploaded> {
  const { requester, client } = context;
  const { bucket, key, signal, onProgress, body } = input;
  let sent = 0;
  const report = (bytes: number): void => {
    sent += bytes;
    onProgress?.(bytes);
  };
  const undo = (): void => {
    if (sent > 0) onProgress?.(-sent);
    sent = 0;
  };
  return requester.runLean(
    {
      bucket,
      key,
      signal,
      attempts: 1,
      optional: ['checksumHeaders'],
      ...(shape.part ? { upload: true } : {}),
    },
    async (clockOffset) => {
      const route = requester.route(bucket);
      const { digests, body: again } = await prepare(context, input, report);
      const headers = [...shape.headers];
      if (digests.md5Base64 !== '') headers.push(['content-md5', digests.md5Base64]);
      if (digests.crc32Base64 !== '') {
        headers.push(['x-amz-checksum-crc32', digests.crc32Base64]);
      }
      try {
        const head = await client.send(
          {
            method: 'PUT',
            route,
            bucket,
            key,
            query: shape.query,
            headers,
            sha256: digests.sha256Hex === '' ? null : digests.sha256Hex,
            clockOffset,
            signal,
            repeatable: shape.repeatable,
            length: body.length,
            body: () => {
              undo();
              return again();
            },
          },
          (answer, flow) => {
            const { sink, result } = collect(MAX_ANSWER_BYTES, flow);
            return {
              sink,
              result: result.then(({ error }) => headIfWhole(answer, error)),
            };
          },
        );
        if (sent < body.length) report(body.length - sent);
        return { head, digests };
      } catch (error) {
        undo();
        // A conditional upload may have come through: asking twice would deny it.
        if (error instanceof UnsupportedAnswer && !shape.repeatable) {
          throw malformed(error.message);
        }
        throw error;
      }
    },
  );
}

/** The answer, once its body (which is empty) came too. */
function headIfWhole(head: ResponseHead, error: unknown): ResponseHead {
  if (error !== null) throw error;
  return head;
}

async function prepare(
  context: LeanContext,
  input: PutObjectInput | UploadPartInput,
  report: (bytes: number) => void,
): Promise<Prepared> {
  const wishes = wishesFor(context.requester);
  const { body, signal } = input;
  const whole = !('partNumber' in input);
  if (body instanceof Uint8Array || body.length <= JOINED_BYTES) {
    const bytes =
      body instanceof Uint8Array
        ? Buffer.from(body.buffer, body.byteOffset, body.byteLength)
        : await readSmall(context, body, whole);
    const { digests } = await measureBody(bytes, wishes, signal);
    return { digests, body: () => Promise.resolve(bytes) };
  }
  const { digests, fingerprint } = await measureBody(body, wishes, signal, context.disk);
  if (fingerprint === null) throw sourceChanged(body);
  if (whole) assertWhole(body, fingerprint);
  return {
    digests,
    body: () => {
      let left = body.length;
      const onSent = (bytes: number): void => {
        left -= bytes;
        // The last bytes count once the server has answered for them all.
        if (left > 0) report(bytes);
      };
      const { slabs, disk } = context;
      return openSliceSource({ slice: body, fingerprint, slabs, disk, onSent });
    },
  };
}

async function readSmall(
  context: LeanContext,
  slice: FileSlice,
  whole: boolean,
): Promise<Buffer> {
  const { bytes, size } = await context.smallFiles.read(slice);
  if (whole) assertWhole(slice, { size });
  return bytes;
}

/** A slice that was to be the whole file but is not: the file grew or shrank. */
function assertWhole(slice: FileSlice, { size }: Pick<Fingerprint, 'size'>): void {
  if (slice.start === 0 && size !== BigInt(slice.length)) throw sourceChanged(slice);
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

function malformed(reason: string): AppError {
  return new AppError('provider.malformed-response', { params: { reason } });
}
