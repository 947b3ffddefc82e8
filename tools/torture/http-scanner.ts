/** The head of a request or response. */
export interface HttpHead {
  /** First line. */
  readonly line: string;
  /** By lower-case name; of repeated ones the last. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A stretch of one message. Heads come whole. */
export type HttpPiece =
  | { readonly kind: 'head'; readonly bytes: Buffer; readonly head: HttpHead }
  | {
      readonly kind: 'body';
      readonly bytes: Buffer;
      /** Where in the body it begins. */
      readonly at: number;
      /** No more of this body follows. */
      readonly last: boolean;
    };

const END_OF_HEAD = Buffer.from('\r\n\r\n');

/**
 * Cuts one direction of a keep-alive connection into heads and bodies. Knows bodies by
 * `Content-Length`; one without a length (chunked) is passed on as it comes until
 * {@link nextMessage}.
 */
export class HttpScanner {
  #held: Buffer = Buffer.alloc(0);
  #inBody = false;
  /** Bytes of the body still to come; infinite: not known. */
  #left = 0;
  #at = 0;
  readonly #bodyLength: (head: HttpHead) => number;

  /** `bodyLength` tells how many bytes follow a head; infinity: as many as come. */
  constructor(bodyLength: (head: HttpHead) => number) {
    this.#bodyLength = bodyLength;
  }

  /** The other side goes on to a new message: so does this one. */
  nextMessage(): void {
    this.#inBody = false;
    this.#left = 0;
  }

  /** Takes bytes as they come and gives out what is whole. */
  *feed(chunk: Buffer): Generator<HttpPiece> {
    let rest = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    this.#held = Buffer.alloc(0);
    while (rest.length > 0) {
      if (this.#inBody) {
        const bytes = rest.subarray(0, Math.min(this.#left, rest.length));
        rest = rest.subarray(bytes.length);
        const at = this.#at;
        this.#at += bytes.length;
        this.#left -= bytes.length;
        if (this.#left === 0) this.#inBody = false;
        yield { kind: 'body', bytes, at, last: this.#left === 0 };
        continue;
      }
      const end = rest.indexOf(END_OF_HEAD);
      if (end === -1) {
        this.#held = rest;
        return;
      }
      const bytes = rest.subarray(0, end + END_OF_HEAD.length);
      rest = rest.subarray(bytes.length);
      const head = readHead(bytes);
      this.#left = this.#bodyLength(head);
      this.#at = 0;
      this.#inBody = this.#left > 0;
      yield { kind: 'head', bytes, head };
    }
  }
}

/** How many bytes follow a request's head. */
export function requestBodyLength(head: HttpHead): number {
  if (head.headers['transfer-encoding'] !== undefined) return Infinity;
  return Number(head.headers['content-length'] ?? 0);
}

/** How many bytes follow the head of the response to a request with `method`. */
export function responseBodyLength(head: HttpHead, method: string): number {
  const status = statusOf(head);
  if (status < 200 || status === 204 || status === 304 || method === 'HEAD') return 0;
  if (head.headers['transfer-encoding'] !== undefined) return Infinity;
  return Number(head.headers['content-length'] ?? Infinity);
}

/** The status of a response. */
export function statusOf(head: HttpHead): number {
  return Number(head.line.split(' ')[1]);
}

function readHead(bytes: Buffer): HttpHead {
  const [line = '', ...lines] = bytes.toString('latin1').trimEnd().split('\r\n');
  const headers: Record<string, string> = {};
  for (const each of lines) {
    const colon = each.indexOf(':');
    headers[each.slice(0, colon).toLowerCase()] = each.slice(colon + 1).trim();
  }
  return { line, headers };
}
