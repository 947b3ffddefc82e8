import { hash } from 'node:crypto';
import { checkDocument, malformed } from '../s3/answer-document.ts';
import { completedObject, partsInOrder, uploadChecksum } from '../s3/completed-upload.ts';
import { bareEtag, quotedEtag } from '../s3/etag.ts';
import type { RequestPlan } from '../s3/requester.ts';
import type {
  Cancellable,
  CompleteUploadInput,
  CreateUploadInput,
  ObjectRef,
  OpenUploads,
  StartedUpload,
  StoredObject,
  StoredPart,
  UploadChecksum,
} from '../s3/s3-connection.ts';
import { withCondition } from '../s3/write-conditions.ts';
import { collect } from './bytes-sink.ts';
import type { LeanContext } from './context.ts';
import type { ResponseHead } from './http-reader.ts';
import { conditionHeaders, newObjectHeaders } from './new-object.ts';
import { readOpenUploads } from './open-uploads.ts';
import { encodeQuery } from './percent.ts';
import { EMPTY_SHA256, type Header } from './signer.ts';
import { decodeText, encodeText } from './xml-text.ts';

/** A page of 1,000 uploads of keys of 1,024 bytes stays below this. */
const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;

/**
 * CreateMultipartUpload, sent once: who repeats it blindly begins two.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html
 */
export async function createUpload(
  context: LeanContext,
  input: CreateUploadInput,
): Promise<StartedUpload> {
  const { requester } = context;
  const { bucket, key, signal, onAsk } = input;
  let checksum: UploadChecksum = '';
  const plan: Plan = {
    bucket,
    key,
    signal,
    attempts: 1,
    onAsk,
    optional: ['fullObject', 'checksumHeaders'],
  };
  const { text } = await ask(context, plan, () => {
    checksum = uploadChecksum(requester);
    const headers = newObjectHeaders(requester.draft, input);
    if (checksum !== '') headers.push(['x-amz-checksum-algorithm', 'CRC32']);
    if (checksum === 'crc32-whole') headers.push(['x-amz-checksum-type', 'FULL_OBJECT']);
    return {
      method: 'POST',
      key,
      query: 'uploads=',
      headers,
      document: '',
      root: 'InitiateMultipartUploadResult',
    };
  });
  const uploadId = leafOf(text, 'UploadId');
  if (uploadId === '') throw malformed('no-upload-id');
  return { uploadId, checksum };
}

/**
 * CompleteMultipartUpload, sent once: after a lost answer only the caller can tell a
 * finished upload from one that is gone.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
 */
export async function completeUpload(
  context: LeanContext,
  input: CompleteUploadInput,
): Promise<StoredObject> {
  const { requester } = context;
  const { bucket, key, uploadId, signal } = input;
  const { parts, whole } = partsInOrder(input);
  const document = completion(parts);
  const plan: Plan = { bucket, key, signal, attempts: 1, upload: true };
  const { text, head } = await withCondition(requester, input, (condition) =>
    ask(context, plan, () => {
      const headers = conditionHeaders(condition);
      headers.push(['content-type', 'application/xml']);
      if (whole !== '') {
        headers.push(['x-amz-checksum-crc32', whole]);
        headers.push(['x-amz-checksum-type', 'FULL_OBJECT']);
      }
      return {
        method: 'POST',
        key,
        query: `uploadId=${encodeQuery(uploadId)}`,
        headers,
        document,
        root: 'CompleteMultipartUploadResult',
      };
    }),
  );
  return completedObject(requester, input, {
    etag: bareEtag(leafOf(text, 'ETag')) || (await etagByHead(context, input)),
    versionId: head.headers['x-amz-version-id'] ?? null,
    encryption: head.headers['x-amz-server-side-encryption'] ?? '',
  });
}

/**
 * The unfinished multipart uploads of exactly one key. Throws `UnsupportedAnswer`
 * where they take more than a page.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html
 */
export async function listUploads(
  context: LeanContext,
  { bucket, key, signal }: ObjectRef & Cancellable,
): Promise<OpenUploads> {
  const plan: Plan = { bucket, key, signal, attempts: 3 };
  const { text, head } = await ask(context, plan, () => ({
    method: 'GET',
    key: '',
    query: `prefix=${encodeQuery(key)}&uploads=`,
    headers: [],
    document: null,
    root: 'ListMultipartUploadsResult',
  }));
  const time = Date.parse(head.headers['date'] ?? '');
  return {
    uploads: readOpenUploads(text, key),
    serverTime: Number.isNaN(time) ? null : time,
  };
}

type Plan = RequestPlan & { readonly bucket: string };

interface Question {
  readonly method: 'GET' | 'POST';
  readonly key: string;
  readonly query: string;
  readonly headers: readonly Header[];
  /** `null`: none. */
  readonly document: string | null;
  /** Of the answer. */
  readonly root: string;
}

interface Answer {
  readonly text: string;
  readonly head: ResponseHead;
}

/** Asks for a document. `question` is put anew for every attempt. */
function ask(
  { requester, client }: LeanContext,
  plan: Plan,
  question: () => Question,
): Promise<Answer> {
  const { bucket, signal } = plan;
  return requester.runLean(plan, async (clockOffset) => {
    const { method, key, query, headers, document, root } = question();
    const body = document === null || document === '' ? null : Buffer.from(document);
    const sentAt = requester.now();
    const { bytes, error, head } = await client.send(
      {
        method,
        route: requester.route(bucket),
        bucket,
        key,
        query,
        headers,
        sha256: body === null ? EMPTY_SHA256 : hash('sha256', body),
        clockOffset,
        signal,
        repeatable: method === 'GET',
        length: document === null ? null : (body?.length ?? 0),
        body: body === null ? null : () => Promise.resolve(body),
      },
      (answer, flow) => {
        requester.heardDate(answer.headers['date'], sentAt);
        const { sink, result } = collect(MAX_DOCUMENT_BYTES, flow);
        return { sink, result: result.then((came) => ({ ...came, head: answer })) };
      },
    );
    if (error instanceof RangeError) throw malformed('too-long');
    if (error !== null) throw error;
    return { text: checkDocument(bytes.toString('utf8'), root, head.headers), head };
  });
}

function completion(parts: readonly StoredPart[]): string {
  const all = parts.map(({ number, etag, checksum }) => {
    const sum = checksum === '' ? '' : `<ChecksumCRC32>${checksum}</ChecksumCRC32>`;
    const tag = `<ETag>${encodeText(quotedEtag(etag))}</ETag>`;
    return `<Part>${tag}${sum}<PartNumber>${number}</PartNumber></Part>`;
  });
  return (
    '<?xml version="1.0" encoding="UTF-8"?>' +
    '<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">' +
    `${all.join('')}</CompleteMultipartUpload>`
  );
}

/** The text of the first element of that name; empty: there is none. */
function leafOf(document: string, name: string): string {
  const pattern = new RegExp(`<(?:\\w+:)?${name}(?:\\s[^<>]*)?>([^<]*)</`);
  return decodeText(pattern.exec(document)?.[1] ?? '').trim();
}

/** Ceph says none. Empty when it cannot be had: the object is complete either way. */
async function etagByHead(
  { requester }: LeanContext,
  input: CompleteUploadInput,
): Promise<string> {
  const { etagByHead: head } = await import('../s3/multipart.ts');
  return head(requester, input);
}
