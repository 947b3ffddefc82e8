import { createHash } from 'node:crypto';
import { S3Error } from '../errors.ts';
import type { ChunkSigning } from './payload-plan.ts';
import { chunkSignature, trailerSignature } from './sigv4.ts';

const MIN_CHUNK_BYTES = 8192;
const MAX_LINE_BYTES = 4096;
const MAX_TRAILERS = 16;

/** How to decode an aws-chunked body. */
interface ChunkedOptions {
  readonly signing: ChunkSigning | undefined;
  /** Whether headers follow the last chunk. */
  readonly trailers: boolean;
}

/**
 * Decodes an aws-chunked body as it streams, checking each chunk's signature.
 *
 * Yields a chunk's bytes before its signature is known to be right, so a caller must
 * discard all of them if this throws. Trailing headers are put into `trailers`.
 *
 * Source: "Signature Calculations for the Authorization Header: Transferring Payload in
 * Multiple Chunks", Amazon S3 API reference.
 *
 * @throws S3Error `SignatureDoesNotMatch`, `InvalidChunkSizeError`, `IncompleteBody`,
 *   `MalformedTrailerError` or `InvalidRequest`
 */
export async function* decodeChunked(
  source: AsyncIterable<Buffer>,
  options: ChunkedOptions,
  trailers: Map<string, string>,
): AsyncGenerator<Buffer, void, undefined> {
  const reader = new ByteReader(source);
  const { signing } = options;
  let previous = signing?.seedSignature ?? '';
  let smallChunk: { number: number; size: number } | undefined;
  for (let number = 1; ; number += 1) {
    const header = parseChunkHeader(await reader.line(), signing !== undefined);
    if (smallChunk && header.size > 0) {
      throw new S3Error('InvalidChunkSizeError', {
        details: { Chunk: smallChunk.number + 1, BadChunkSize: smallChunk.size },
      });
    }
    if (header.size > 0 && header.size < MIN_CHUNK_BYTES) {
      smallChunk = { number, size: header.size };
    }
    const hash = signing ? createHash('sha256') : undefined;
    for (let rest = header.size; rest > 0; ) {
      const piece = await reader.some(rest);
      rest -= piece.length;
      hash?.update(piece);
      yield piece;
    }
    if (signing && hash) {
      previous = chunkSignature(signing.signer, previous, hash.digest('hex'));
      if (previous !== header.signature) throw mismatch(header.signature);
    }
    if (header.size === 0) break;
    await reader.lineEnd();
  }
  if (options.trailers) await readTrailers(reader, options, previous, trailers);
  else await reader.lineEnd();
  await reader.end();
}

async function readTrailers(
  reader: ByteReader,
  options: ChunkedOptions,
  previous: string,
  trailers: Map<string, string>,
): Promise<void> {
  let canonical = '';
  let signature: string | undefined;
  for (;;) {
    const line = (await reader.line()).trim();
    if (line === '') break;
    const colon = line.indexOf(':');
    if (colon <= 0 || trailers.size >= MAX_TRAILERS) {
      throw new S3Error('MalformedTrailerError');
    }
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (name === 'x-amz-trailer-signature') {
      signature = value;
      continue;
    }
    trailers.set(name, value);
    canonical += `${name}:${value}\n`;
  }
  if (!options.signing) return;
  const expected = trailerSignature(options.signing.signer, previous, canonical);
  if (signature !== expected) throw mismatch(signature);
}

function parseChunkHeader(
  line: string,
  signed: boolean,
): { readonly size: number; readonly signature: string | undefined } {
  const match = signed
    ? /^([0-9a-fA-F]{1,12});chunk-signature=([0-9a-f]{64})$/.exec(line)
    : /^([0-9a-fA-F]{1,12})$/.exec(line);
  if (!match?.[1]) {
    throw new S3Error('InvalidRequest', {
      message: 'The aws-chunked body has a malformed chunk header.',
    });
  }
  return { size: Number.parseInt(match[1], 16), signature: match[2] };
}

function mismatch(provided: string | undefined): S3Error {
  return new S3Error('SignatureDoesNotMatch', {
    details: { SignatureProvided: provided ?? '' },
  });
}

/** Reads lines and runs of bytes off a stream of buffers. */
class ByteReader {
  readonly #iterator: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.#iterator = source[Symbol.asyncIterator]();
  }

  /** Between 1 and `max` bytes. */
  async some(max: number): Promise<Buffer> {
    if (this.#rest.length === 0 && !(await this.#pull())) {
      throw new S3Error('IncompleteBody');
    }
    const piece = this.#rest.subarray(0, max);
    this.#rest = this.#rest.subarray(piece.length);
    return piece;
  }

  /** The text up to the next line feed, without its line end. */
  async line(): Promise<string> {
    for (;;) {
      const end = this.#rest.indexOf(0x0a);
      if (end > MAX_LINE_BYTES || (end < 0 && this.#rest.length > MAX_LINE_BYTES)) {
        throw new S3Error('InvalidRequest', {
          message: 'The aws-chunked body has an overlong line.',
        });
      }
      if (end >= 0) {
        const line = this.#rest.toString('latin1', 0, end);
        this.#rest = this.#rest.subarray(end + 1);
        return line.endsWith('\r') ? line.slice(0, -1) : line;
      }
      if (!(await this.#pull())) throw new S3Error('IncompleteBody');
    }
  }

  async lineEnd(): Promise<void> {
    if ((await this.line()) === '') return;
    throw new S3Error('InvalidRequest', {
      message: 'A chunk of the aws-chunked body is longer than it says.',
    });
  }

  async end(): Promise<void> {
    if (this.#rest.length === 0 && !(await this.#pull())) return;
    throw new S3Error('InvalidRequest', {
      message: 'Bytes follow the end of the aws-chunked body.',
    });
  }

  async #pull(): Promise<boolean> {
    for (;;) {
      const next = await this.#iterator.next();
      if (next.done) return false;
      if (next.value.length === 0) continue;
      this.#rest =
        this.#rest.length === 0 ? next.value : Buffer.concat([this.#rest, next.value]);
      return true;
    }
  }
}
