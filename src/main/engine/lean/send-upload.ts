import { AppError } from '../../../shared/errors/app-error.ts';
import { chooseUpload } from '../checksums/choose.ts';
import { bareEtag, quotedEtag } from '../s3/etag.ts';
import type { Digests } from '../s3/file-body.ts';
import type { OptionalFeature } from '../s3/optional-features.ts';
import type { PutObjectInput, UploadPartInput } from '../s3/s3-connection.ts';
import { collect, NOWHERE } from './bytes-sink.ts';
import type { Opened } from './client.ts';
import type { LeanContext } from './context.ts';
import { framedLength } from './framed-source.ts';
import { type ResponseHead, UnsupportedAnswer } from './http-reader.ts';
import type { Flow } from './lane.ts';
import {
  isStreamed,
  type Prepared,
  prepareBytes,
  prepareFramed,
  prepareSlice,
} from './prepare-body.ts';
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
  /** The sum followed the body. */
  readonly framed: boolean;
}

type UploadInput = PutObjectInput | UploadPartInput;

/** Sends a body with its sums: behind it, where the server decodes that, else ahead of it. */
export function sendUpload(
  context: LeanContext,
  input: UploadInput,
  shape: UploadShape,
): Promise<Uploaded> {
  const { quirks, draft, secure } = context.requester;
  const { signature } = draft;
  const { trailer } = chooseUpload(quirks, { secure, signature }, shape.part);
  const mayFrame = trailer && isStreamed(input.body);
  return mayFrame
    ? sendFramed(context, input, shape)
    : new Sending(context, input, shape, false).run();
}

/**
 * An answer that does not give back the sum that followed a body proves nothing of what was
 * kept: the body is sent once more, over it, with its sum ahead.
 */
async function sendFramed(
  context: LeanContext,
  input: UploadInput,
  shape: UploadShape,
): Promise<Uploaded> {
  const { requester } = context;
  const uploaded = await new Sending(context, input, shape, true).run();
  if (!uploaded.framed) return uploaded;
  const { head, digests } = uploaded;
  if (head.headers['x-amz-checksum-crc32'] === digests.crc32Base64) {
    requester.learn({ trailers: 'decoded' });
    return uploaded;
  }
  input.onProgress?.(-input.body.length);
  requester.learn({ trailers: await whatBecame(context, input) });
  const condition = replacing(context, shape, head);
  return new Sending(context, input, { ...shape, condition }, false).run();
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

/** One upload, as often as the requester lets it go out. */
class Sending {
  readonly #context: LeanContext;
  readonly #input: UploadInput;
  readonly #shape: UploadShape;
  /** Its sum may follow the body. */
  readonly #mayFrame: boolean;
  /** Bytes reported as sent. */
  #sent = 0;

  constructor(
    context: LeanContext,
    input: UploadInput,
    shape: UploadShape,
    mayFrame: boolean,
  ) {
    this.#context = context;
    this.#input = input;
    this.#shape = shape;
    this.#mayFrame = mayFrame;
  }

  run(): Promise<Uploaded> {
    const { bucket, key, signal } = this.#input;
    return this.#context.requester.runLean(
      {
        bucket,
        key,
        signal,
        attempts: 1,
        optional: this.#mayFrame ? ['trailers', 'checksumHeaders'] : ['checksumHeaders'],
        ...(this.#shape.part ? { upload: true } : {}),
      },
      (clockOffset, without) => this.#attempt(clockOffset, without),
    );
  }

  #attempt(clockOffset: number, without: readonly OptionalFeature[]): Promise<Uploaded> {
    const { body } = this.#input;
    // At once: thousands of small files pass here.
    if (body instanceof Uint8Array) {
      return this.#send(clockOffset, prepareBytes(this.#context, body));
    }
    const report = (bytes: number): void => this.#report(bytes);
    if (this.#mayFrame && isStreamed(body) && !without.includes('trailers')) {
      const framed = prepareFramed(this.#context, body, !this.#shape.part, report);
      return this.#send(clockOffset, framed);
    }
    const measured = prepareSlice(this.#context, { ...this.#input, body }, report);
    return measured.then((prepared) => this.#send(clockOffset, prepared));
  }

  #send(clockOffset: number, prepared: Prepared): Promise<Uploaded> {
    const { requester, client } = this.#context;
    const { query, headers, condition } = this.#shape;
    const { bucket, key, signal, body } = this.#input;
    const { sha256, framedLength: framed } = prepared;
    const repeatable = condition.length === 0;
    const sent = client.send<ResponseHead>(
      {
        method: 'PUT',
        route: requester.route(bucket),
        bucket,
        key,
        query,
        headers: [...headers, ...condition, ...prepared.headers],
        sha256,
        clockOffset,
        signal,
        repeatable,
        length: body.length,
        framedLength: framed,
        body: () => {
          this.#undo();
          return prepared.body();
        },
      },
      wholeAnswer,
    );
    return sent.then(
      (head) => {
        if (this.#sent < body.length) this.#report(body.length - this.#sent);
        return { head, digests: prepared.digests(), framed: framed !== undefined };
      },
      (error: unknown) => {
        this.#undo();
        // A conditional upload may have come through: asking twice would deny it.
        if (error instanceof UnsupportedAnswer && !repeatable) {
          throw malformed(error.message);
        }
        throw error;
      },
    );
  }

  #report(bytes: number): void {
    this.#sent += bytes;
    this.#input.onProgress?.(bytes);
  }

  #undo(): void {
    if (this.#sent > 0) this.#input.onProgress?.(-this.#sent);
    this.#sent = 0;
  }
}

/** The head of an answer, once its body came too, which nearly always is empty. */
function wholeAnswer(head: ResponseHead, flow: Flow): Opened<ResponseHead> {
  if (head.length === 0) return { sink: NOWHERE, result: head };
  const { sink, result } = collect(MAX_ANSWER_BYTES, flow);
  return { sink, result: result.then(({ error }) => headIfWhole(head, error)) };
}

/** The answer, once its body (which is empty) came too. */
function headIfWhole(head: ResponseHead, error: unknown): ResponseHead {
  if (error !== null) throw error;
  return head;
}

function malformed(reason: string): AppError {
  return new AppError('provider.malformed-response', { params: { reason } });
}
