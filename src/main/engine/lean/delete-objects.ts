import { createHash, hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { AppError } from '../../../shared/errors/app-error.ts';
import { mapError } from '../s3/map-error.ts';
import type { Cancellable, DeleteFailure } from '../s3/s3-connection.ts';
import { ServiceFailure } from '../s3/service-failure.ts';
import { collect } from './bytes-sink.ts';
import type { LeanContext } from './context.ts';
import type { Header } from './signer.ts';
import { decodeText, encodeText, readLeaf, skipBlanks } from './xml-text.ts';

/** A result of 1,000 refusals with long keys stays below this. */
const MAX_RESULT_BYTES = 16 * 1024 * 1024;

/** A batch of at most 1,000 keys, all of which XML can write. */
export type DeleteBatch = {
  readonly bucket: string;
  readonly keys: readonly string[];
} & Cancellable;

/**
 * Deletes keys in one batch, protected as the profile says.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
 */
export async function deleteBatch(
  context: LeanContext,
  input: DeleteBatch,
): Promise<readonly DeleteFailure[]> {
  const { requester, client } = context;
  const { bucket, signal } = input;
  const body = Buffer.from(documentOf(input.keys), 'utf8');
  const headers: Header[] = [
    ['content-type', 'application/xml'],
    requester.quirks.multiDelete === 'md5'
      ? ['content-md5', createHash('md5').update(body).digest('base64')]
      : ['x-amz-checksum-crc32', crcOf(body)],
  ];
  const sha256 = hash('sha256', body);
  return requester.runLean({ bucket, signal, attempts: 3 }, async (clockOffset) => {
    const { bytes, error, answer } = await client.send(
      {
        method: 'POST',
        route: requester.route(bucket),
        bucket,
        key: '',
        query: 'delete=',
        headers,
        sha256,
        clockOffset,
        signal,
        // A second time would leave a second marker in a bucket with versions.
        repeatable: false,
        length: body.length,
        body: () => Promise.resolve(body),
      },
      (head, flow) => {
        const { sink, result } = collect(MAX_RESULT_BYTES, flow);
        return {
          sink,
          result: result.then((document) => ({ ...document, answer: head })),
        };
      },
    );
    if (error instanceof RangeError) throw malformed('too-long');
    if (error !== null) throw error;
    const text = bytes.toString('utf8').trim();
    if (/^(?:<\?[^>]*\?>\s*)*<Error[\s>]/.test(text)) {
      throw new ServiceFailure(500, answer.headers, text);
    }
    const host = requester.route(bucket).endpoint;
    return readRefusals(text).flatMap(({ key, code, message }) =>
      code === 'NoSuchKey' ? [] : [failureOf({ host, bucket, key, code, message })],
    );
  });
}

function documentOf(keys: readonly string[]): string {
  const objects = keys.map((key) => `<Object><Key>${encodeText(key)}</Key></Object>`);
  return (
    '<?xml version="1.0" encoding="UTF-8"?>' +
    `<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${objects.join('')}` +
    '<Quiet>true</Quiet></Delete>'
  );
}

function crcOf(body: Buffer): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  return bytes.toString('base64');
}

/** A key the server would not delete. */
export interface Refusal {
  readonly key: string;
  readonly code: string;
  readonly message: string;
}

/** The refusals of a DeleteResult. Throws `provider.malformed-response`. */
export function readRefusals(document: string): readonly Refusal[] {
  const start = /^(?:<\?[^>]*\?>\s*)*<DeleteResult(?:\s[^<>]*?)?(\/)?>/.exec(document);
  if (start === null) throw malformed(document === '' ? 'empty' : 'not-xml');
  if (start[1] === '/' && start[0].length === document.length) return [];
  if (!document.endsWith('</DeleteResult>')) throw malformed('cut-off');
  const end = document.length - '</DeleteResult>'.length;
  const refusals: Refusal[] = [];
  for (let at = skipBlanks(document, start[0].length); at < end; ) {
    const name = /<(Error|Deleted)>/y;
    name.lastIndex = at;
    const element = name.exec(document)?.[1];
    if (element === undefined) throw malformed('element');
    const close = document.indexOf(`</${element}>`, at);
    if (close === -1) throw malformed('cut-off');
    const leaves = leavesOf(document, at + element.length + 2, close);
    const key = leaves.get('Key');
    if (element === 'Error' && key !== undefined) {
      refusals.push({
        key,
        code: leaves.get('Code') ?? '',
        message: leaves.get('Message') ?? '',
      });
    }
    at = skipBlanks(document, close + element.length + 3);
  }
  return refusals;
}

function leavesOf(text: string, from: number, to: number): Map<string, string> {
  const leaves = new Map<string, string>();
  for (let at = skipBlanks(text, from); at < to; ) {
    const leaf = readLeaf(text, at);
    if (leaf === null || leaf.end > to) throw malformed('element');
    try {
      leaves.set(leaf.name, decodeText(leaf.raw));
    } catch (error) {
      throw malformed((error as Error).message);
    }
    at = skipBlanks(text, leaf.end);
  }
  return leaves;
}

function failureOf(
  refusal: Refusal & { readonly host: string; readonly bucket: string },
): DeleteFailure {
  const { key, code, message, host, bucket } = refusal;
  const status = code === 'InternalError' ? 500 : 403;
  const document = `<Error><Code>${code}</Code></Error>`;
  const failure = new ServiceFailure(status, {}, document);
  const error = mapError(failure, { host, bucket, key });
  const provider = { ...error.provider, ...(message === '' ? {} : { message }) };
  return { key, error: new AppError(error.code, { params: error.params, provider }) };
}

function malformed(reason: string): AppError {
  return new AppError('provider.malformed-response', { params: { reason } });
}
