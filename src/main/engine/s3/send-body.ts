import { Readable } from 'node:stream';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { Flowing } from '../bandwidth/throttle.ts';
import { LinkedAbort } from '../linked-abort.ts';
import { type MeasuredBody, measureBody, streamSlice } from './file-body.ts';
import type { Requester } from './requester.ts';
import type { FileSlice } from './s3-connection.ts';
import { wishesFor } from './upload-answer.ts';

/** A body about to go out: the command's fields and headers that vouch for it. */
export interface OutgoingBody {
  readonly Body: Readable | Buffer;
  readonly ContentLength: number;
  readonly ContentMD5?: string;
  readonly ChecksumCRC32?: string;
}

/** What a request needs of {@link sendBody} besides the body's fields. */
export interface Outgoing {
  readonly fields: OutgoingBody;
  /** `x-amz-content-sha256`, or `null` to leave it to the signer. */
  readonly contentSha256: string | null;
  readonly signal: AbortSignal;
}

/** Options of {@link sendBody}. */
export interface SendBodyOptions {
  readonly requester: Requester;
  readonly body: FileSlice | Uint8Array;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ((bytes: number) => void) | undefined;
}

/** Reads the body ahead for its sums, in the kinds this connection's server wants. */
export function measureFor(options: SendBodyOptions): Promise<MeasuredBody> {
  return measureBody(options.body, wishesFor(options.requester), options.signal);
}

/**
 * Sends a measured body once through `send`. Never as aws-chunked, which many servers
 * refuse or store as content: the length is known and the sums are headers. Whatever
 * happens, the file is closed and a request that was answered early is ended.
 */
export async function sendBody<T>(
  options: SendBodyOptions,
  measured: MeasuredBody,
  send: (outgoing: Outgoing) => Promise<T>,
): Promise<T> {
  const { body, signal, onProgress } = options;
  const { digests } = measured;
  let sent = 0;
  const report = (bytes: number) => {
    sent += bytes;
    onProgress?.(bytes);
  };
  // Node's pipe does not pass on the source's errors, and an early answer leaves the
  // request open: both end through this controller.
  using controller = new LinkedAbort(...(signal ? [signal] : []));
  const up = options.requester.traffic?.up;
  const content = toContent(body, measured, report, up, signal);
  if (!(content instanceof Readable)) await up?.whole(content.length, signal);
  let sourceError: unknown;
  if (content instanceof Readable) {
    content.once('error', (error) => {
      sourceError = error;
      controller.abort();
    });
  }
  try {
    const result = await send({
      fields: {
        Body: content,
        ContentLength: body.length,
        ...(digests.md5Base64 === '' ? {} : { ContentMD5: digests.md5Base64 }),
        ...(digests.crc32Base64 === '' ? {} : { ChecksumCRC32: digests.crc32Base64 }),
      },
      contentSha256: digests.sha256Hex === '' ? null : digests.sha256Hex,
      signal: controller.signal,
    });
    if (sent < body.length) report(body.length - sent);
    return result;
  } catch (error) {
    if (sent > 0) onProgress?.(-sent);
    controller.abort();
    if (sourceError instanceof AppError) throw sourceError;
    throw error;
  } finally {
    if (content instanceof Readable) content.destroy();
  }
}

function toContent(
  body: FileSlice | Uint8Array,
  measured: MeasuredBody,
  report: (bytes: number) => void,
  up: Flowing | undefined,
  signal: AbortSignal | undefined,
): Readable | Buffer {
  if (body instanceof Uint8Array || measured.fingerprint === null) {
    const bytes = body as Uint8Array;
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  // Also of no length: a stream without bytes would be sent chunked by Node.
  if (measured.bytes !== null) return measured.bytes;
  return streamSlice(body, measured.fingerprint, report, up, signal);
}
