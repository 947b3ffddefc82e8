import { createHash } from 'node:crypto';
import { S3Error } from '../errors.ts';
import {
  algorithmOfHeader,
  type ChecksumAlgorithm,
  checksumHeader,
  createChecksum,
  isChecksumValue,
  parseAlgorithm,
} from './checksums.ts';
import { decodeChunked } from './chunked.ts';
import type { PayloadPlan } from './payload-plan.ts';

/** What was learnt of a body by receiving it. */
export interface ReceivedBody {
  readonly size: number;
  readonly md5: Buffer;
  /** Raw bytes of the checksum that was sent or asked for. */
  readonly checksum:
    | { readonly algorithm: ChecksumAlgorithm; readonly value: Buffer }
    | undefined;
}

/** How {@link RequestBody.receive} shall treat a body. */
interface ReceiveOptions {
  /** Computes this checksum even if the client sent none. */
  readonly algorithm?: ChecksumAlgorithm;
  /** False where checksum headers speak of the object, not of this body. */
  readonly bodyChecksum?: boolean;
}

type DeclaredChecksum =
  | {
      readonly kind: 'header';
      readonly algorithm: ChecksumAlgorithm;
      readonly value: string;
    }
  | { readonly kind: 'trailer'; readonly algorithm: ChecksumAlgorithm };

/** A request's body, decoded and verified while it streams. */
export class RequestBody {
  readonly #headers: Readonly<Record<string, string>>;
  readonly #plan: PayloadPlan;
  readonly #source: AsyncIterable<Buffer>;

  constructor(
    headers: Readonly<Record<string, string>>,
    plan: PayloadPlan,
    source: AsyncIterable<Buffer>,
  ) {
    this.#headers = headers;
    this.#plan = plan;
    this.#source = source;
  }

  /**
   * The decoded length the client announced.
   *
   * @throws S3Error `MissingContentLength`; `NotImplemented` for plain chunked coding
   */
  declaredLength(): number {
    const name =
      this.#plan.kind === 'chunked' ? 'x-amz-decoded-content-length' : 'content-length';
    const text = this.#headers[name];
    if (text !== undefined && /^\d{1,15}$/.test(text)) return Number(text);
    if (this.#plan.kind === 'plain' && this.#headers['transfer-encoding'] !== undefined) {
      throw new S3Error('NotImplemented', { details: { Header: 'Transfer-Encoding' } });
    }
    throw new S3Error('MissingContentLength');
  }

  /** The checksum algorithm the client announced, if any. */
  declaredAlgorithm(): ChecksumAlgorithm | undefined {
    return this.#declaredChecksum()?.algorithm;
  }

  /**
   * Reads the whole body into `sink` and verifies every promise made about it.
   *
   * @throws S3Error `XAmzContentSHA256Mismatch`, `BadDigest`, `InvalidDigest`,
   *   `IncompleteBody`, `MalformedTrailerError`, or as the chunk decoder does. The sink
   *   has then seen bytes that must be discarded.
   */
  async receive(
    sink: (chunk: Buffer) => void | Promise<void>,
    options: ReceiveOptions = {},
  ): Promise<ReceivedBody> {
    const length = this.#hasBody() ? this.declaredLength() : 0;
    const contentMd5 = this.#contentMd5();
    const declared =
      options.bodyChecksum === false ? undefined : this.#declaredChecksum();
    const algorithm = declared?.algorithm ?? options.algorithm;
    const md5 = createHash('md5');
    const expectedSha256 = this.#plan.kind === 'plain' ? this.#plan.sha256 : undefined;
    const sha256 = expectedSha256 === undefined ? undefined : createHash('sha256');
    const checksum = algorithm && createChecksum(algorithm);
    const trailers = new Map<string, string>();
    let size = 0;
    for await (const chunk of this.#decoded(trailers)) {
      size += chunk.length;
      if (size > length) break;
      md5.update(chunk);
      sha256?.update(chunk);
      checksum?.update(chunk);
      await sink(chunk);
    }
    if (size !== length) throw new S3Error('IncompleteBody');
    if (sha256) verifySha256(sha256.digest('hex'), expectedSha256 ?? '');
    const md5Value = md5.digest();
    if (contentMd5 && !contentMd5.equals(md5Value)) throw badMd5(contentMd5, md5Value);
    if (!algorithm || !checksum) return { size, md5: md5Value, checksum: undefined };
    const value = checksum.digest();
    if (declared) verifyChecksum(declared, value, trailers);
    return { size, md5: md5Value, checksum: { algorithm, value } };
  }

  /**
   * Reads a small document.
   *
   * @throws S3Error `MalformedXML` beyond `maxBytes` or for text that is not UTF-8
   */
  async text(maxBytes: number, options: ReceiveOptions = {}): Promise<string> {
    const chunks: Buffer[] = [];
    let size = 0;
    await this.receive((chunk) => {
      size += chunk.length;
      if (size > maxBytes) throw new S3Error('MalformedXML');
      chunks.push(chunk);
    }, options);
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
    } catch {
      throw new S3Error('MalformedXML');
    }
  }

  #decoded(trailers: Map<string, string>): AsyncIterable<Buffer> {
    if (this.#plan.kind === 'plain') return this.#source;
    return decodeChunked(this.#source, this.#plan, trailers);
  }

  #hasBody(): boolean {
    return (
      this.#plan.kind === 'chunked' ||
      this.#headers['content-length'] !== undefined ||
      this.#headers['transfer-encoding'] !== undefined
    );
  }

  #contentMd5(): Buffer | undefined {
    const text = this.#headers['content-md5'];
    if (text === undefined) return undefined;
    const bytes = Buffer.from(text, 'base64');
    if (bytes.length === 16 && bytes.toString('base64') === text) return bytes;
    throw new S3Error('InvalidDigest', { details: { 'Content-MD5': text } });
  }

  #declaredChecksum(): DeclaredChecksum | undefined {
    const found: DeclaredChecksum[] = [];
    for (const [name, value] of Object.entries(this.#headers)) {
      const algorithm = algorithmOfHeader(name);
      if (!algorithm) continue;
      if (!isChecksumValue(algorithm, value)) {
        throw new S3Error('InvalidRequest', {
          message: `Value for ${name} header is invalid.`,
        });
      }
      found.push({ kind: 'header', algorithm, value });
    }
    const trailer = this.#headers['x-amz-trailer'];
    if (trailer !== undefined) {
      const algorithm = algorithmOfHeader(trailer.trim().toLowerCase());
      if (!algorithm) {
        throw new S3Error('InvalidRequest', {
          message: 'The value specified in the x-amz-trailer header is not supported',
        });
      }
      found.push({ kind: 'trailer', algorithm });
    }
    if (found.length > 1) {
      throw new S3Error('InvalidRequest', {
        message:
          'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
      });
    }
    this.#checkAnnounced(found[0]);
    return found[0];
  }

  #checkAnnounced(declared: DeclaredChecksum | undefined): void {
    const announced = this.#headers['x-amz-sdk-checksum-algorithm'];
    if (announced === undefined) return;
    if (!declared) {
      throw new S3Error('InvalidRequest', {
        message:
          'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.',
      });
    }
    if (parseAlgorithm(announced) !== declared.algorithm) {
      throw new S3Error('InvalidRequest', {
        message: 'Value for x-amz-sdk-checksum-algorithm header is invalid.',
      });
    }
  }
}

function verifySha256(computed: string, provided: string): void {
  if (computed === provided) return;
  throw new S3Error('XAmzContentSHA256Mismatch', {
    details: {
      ClientComputedContentSHA256: provided,
      S3ComputedContentSHA256: computed,
    },
  });
}

function badMd5(expected: Buffer, computed: Buffer): S3Error {
  return new S3Error('BadDigest', {
    details: {
      ExpectedDigest: expected.toString('base64'),
      CalculatedDigest: computed.toString('base64'),
    },
  });
}

function verifyChecksum(
  declared: DeclaredChecksum,
  value: Buffer,
  trailers: ReadonlyMap<string, string>,
): void {
  const { algorithm } = declared;
  const sent =
    declared.kind === 'header' ? declared.value : trailers.get(checksumHeader(algorithm));
  if (sent === undefined) throw new S3Error('MalformedTrailerError');
  if (!isChecksumValue(algorithm, sent)) {
    throw new S3Error('InvalidRequest', {
      message: `Value for ${checksumHeader(algorithm)} trailing header is invalid.`,
    });
  }
  if (sent === value.toString('base64')) return;
  throw new S3Error('BadDigest', {
    message: `The ${algorithm} you specified did not match the calculated checksum.`,
  });
}
