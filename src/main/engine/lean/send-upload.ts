import { AppError } from '../../../shared/errors/app-error.ts';
import { chooseUpload } from '../checksums/choose.ts';
import { bareEtag, quotedEtag } from '../s3/etag.ts';
import type { Digests } from '../s3/file-body.ts';
import type { PutObjectInput, UploadPartInput } from '../s3/s3-connection.ts';
import { collect } from './bytes-sink.ts';
import type { LeanContext } from './context.ts';
import { framedLength } from './framed-source.ts';
import { type ResponseHead, UnsupportedAnswer } from './http-reader.ts';
import { isStreamed, prepareFramed, prepareMeasured } from './prepare-body.ts';
import type { Header } from './signer.ts';

/** Answers to uploads have no body; what servers add anyway is passed over up to this. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** What a request for an upload says besides its body. */
export interface UploadShape {
  readonly query: string;
  readonly headers: readonly Header[];
  /** On which its success depends. */
  readonly condition: readonly Header[];
  readonly part: boolean;
}

/** The answer to an upload and the sums of what was sent. */
export interface Uploaded {
  readonly head: ResponseHead;
  readonly digests: Digests;
}

type UploadInput = PutObjectInput | UploadPartInput;

/**
 * Sends a body with its sums: behind it, where the server decodes that, else ahead of it.
 * An answer that does not give back the sum that followed a body proves nothing of what was
 * kept: the body is sent once more, over it, with its sum ahead.
 */
export async function sendUpload(
  context: LeanContext,
  input: UploadInput,
  shape: UploadShape,
): Promise<Uploaded> {
  const { requester } = context;
  const { quirks, draft, secure } = requester;
  const { signature } = draft;
  const { trailer } = chooseUpload(quirks, { secure, signature }, shape.part);
  if (!trailer || !isStreamed(input.body)) {
    return (await send(context, input, shape, false)).uploaded;
  }
  const { uploaded, framed } = await send(context, input, shape, true);
  if (!framed) return uploaded;
  const { head, digests } = uploaded;
  if (head.headers['x-amz-checksum-crc32'] === digests.crc32Base64) {
    requester.learn({ trailers: 'decoded' });
    return uploaded;
  }
  input.onProgress?.(-input.body.length);
  requester.learn({ trailers: await whatBecame(context, input) });
  const condition = replacing(context, shape, head);
  return (await send(context, input, { ...shape, condition }, false)).uploaded;
}

/** Whether a server that took a framed body kept its framing. */
async function whatBecame(
  { requester }: LeanContext,
  input: UploadInput,
): Promise<'stored' | 'refused'> {
  const { bucket, key, signal, body } = input;
  try {
    // Both need the SDK, which uploads do without.
    if ('partNumber' in input) {
      const { listParts } = await import('../s3/multipart.ts');
      const { uploadId, partNumber } = input;
      const parts = await listParts(requester, { bucket, key, uploadId, signal });
      const part = parts.find(({ number }) => number === partNumber);
      return part?.size === framedLength(body.length) ? 'stored' : 'refused';
    }
    const { headObject } = await import('../s3/get-object.ts');
    const { size } = await headObject(requester, { bucket, key, signal });
    return size === framedLength(body.length) ? 'stored' : 'refused';
  } catch (error) {
    if (error instanceof AppError && error.code === 'transfer.cancelled') throw error;
    // Some keys may write and not look.
    return 'refused';
  }
}

/** A condition met once is met by our own object the second time. */
function replacing(
  { requester }: LeanContext,
  { condition }: UploadShape,
  { headers }: ResponseHead,
): readonly Header[] {
  const etag = bareEtag(headers['etag']);
  if (condition.length === 0 || etag === '') return [];
  return [['if-match', requester.quirks.quotedIfMatch ? quotedEtag(etag) : etag]];
}

function send(
  context: LeanContext,
  input: UploadInput,
  shape: UploadShape,
  mayFrame: boolean,
): Promise<{ readonly uploaded: Uploaded; readonly framed: boolean }> {
  const { requester, client } = context;
  const { bucket, key, signal, onProgress, body } = input;
  const repeatable = shape.condition.length === 0;
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
      optional: mayFrame ? ['trailers', 'checksumHeaders'] : ['checksumHeaders'],
      ...(shape.part ? { upload: true } : {}),
    },
    async (clockOffset, without) => {
      const route = requester.route(bucket);
      const framed = mayFrame && isStreamed(body) && !without.includes('trailers');
      const prepared = framed
        ? prepareFramed(context, body, !shape.part, report)
        : await prepareMeasured(context, input, report);
      try {
        const head = await client.send(
          {
            method: 'PUT',
            route,
            bucket,
            key,
            query: shape.query,
            headers: [...shape.headers, ...shape.condition, ...prepared.headers],
            sha256: prepared.sha256,
            clockOffset,
            signal,
            repeatable,
            length: body.length,
            framedLength: prepared.framedLength,
            body: () => {
              undo();
              return prepared.body();
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
        return { uploaded: { head, digests: prepared.digests() }, framed };
      } catch (error) {
        undo();
        // A conditional upload may have come through: asking twice would deny it.
        if (error instanceof UnsupportedAnswer && !repeatable) {
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

function malformed(reason: string): AppError {
  return new AppError('provider.malformed-response', { params: { reason } });
}
