import { createHmac, hash } from 'node:crypto';
import type { Credentials } from '../../../shared/contract/engine.ts';

/** SHA-256 of no bytes. */
export const EMPTY_SHA256 =
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
/** In place of the hash of a body that TLS guards. */
export const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD';

/** A request before it is signed. */
export interface Unsigned {
  readonly method: string;
  /** Encoded. */
  readonly path: string;
  /** Encoded and sorted, without `?`; empty: none. */
  readonly query: string;
  readonly region: string;
  /** Lower-case names, with `host`, without what the signer adds. */
  readonly headers: readonly Header[];
  /** Hash of the body in hexadecimal, or {@link UNSIGNED_PAYLOAD}. */
  readonly payload: string;
  /** The server's time, ms since 1970. */
  readonly time: number;
}

/** Name in lower case, value as it is sent. */
export type Header = readonly [name: string, value: string];

/** Signs requests of one set of credentials. */
export interface Signer {
  /** All lines of headers to send: those given, the signer's and `authorization`. */
  sign(request: Unsigned): string;
}

/**
 * Signature Version 4 with its key kept per day and region.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
export function createSigner(credentials: Credentials): Signer {
  const keys = new Map<string, HmacKey>();
  let second = Number.NaN;
  let stamp = '';

  function signingKey(id: string, day: string, region: string): HmacKey {
    const known = keys.get(id);
    if (known !== undefined) return known;
    // Only a day's keys are of use; yesterday's go.
    if (keys.size > 64) keys.clear();
    let key: Buffer = Buffer.from(`AWS4${credentials.secretAccessKey}`, 'utf8');
    for (const text of [day, region, 's3', 'aws4_request']) {
      key = createHmac('sha256', key).update(text).digest();
    }
    const made = new HmacKey(key);
    keys.set(id, made);
    return made;
  }

  function stampOf(time: number): string {
    const now = Math.floor(time / 1_000);
    if (now !== second) {
      second = now;
      stamp = `${new Date(now * 1_000).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
    }
    return stamp;
  }

  return {
    sign(request) {
      const { method, path, query, region, payload } = request;
      const date = stampOf(request.time);
      const day = date.slice(0, 8);
      const headers = request.headers.slice();
      headers.push(['x-amz-content-sha256', payload], ['x-amz-date', date]);
      if (credentials.sessionToken) {
        headers.push(['x-amz-security-token', credentials.sessionToken]);
      }
      sortByName(headers);
      let signed = '';
      let names = '';
      let lines = '';
      for (const [name, value] of headers) {
        lines += `${name}: ${value}\r\n`;
        if (UNSIGNED.has(name)) continue;
        signed += `${name}:${value}\n`;
        names += names === '' ? name : `;${name}`;
      }
      const canonical = `${method}\n${path}\n${query}\n${signed}\n${names}\n${payload}`;
      const scope = `${day}/${region}/s3/aws4_request`;
      const text = `AWS4-HMAC-SHA256\n${date}\n${scope}\n${hash('sha256', canonical)}`;
      const signature = signingKey(scope, day, region).sign(text);
      return (
        `${lines}authorization: AWS4-HMAC-SHA256 ` +
        `Credential=${credentials.accessKeyId}/${scope}, ` +
        `SignedHeaders=${names}, Signature=${signature}\r\n`
      );
    },
  };
}

/** SHA-256's block, bytes. */
const BLOCK = 64;
/** Longest text a {@link HmacKey} signs without taking more memory, bytes. */
const TEXT_ROOM = 1_024;

/**
 * HMAC-SHA256 with a key of 32 bytes, out of two one-shot hashes: `createHmac` makes
 * objects worth more than the hash of a short text. https://www.rfc-editor.org/rfc/rfc2104
 */
class HmacKey {
  readonly #inner = Buffer.alloc(BLOCK + TEXT_ROOM, 0x36);
  readonly #outer = Buffer.alloc(BLOCK + 32, 0x5c);

  constructor(key: Buffer) {
    for (const [index, byte] of key.entries()) {
      this.#inner[index] = byte ^ 0x36;
      this.#outer[index] = byte ^ 0x5c;
    }
  }

  /** Hexadecimal. */
  sign(text: string): string {
    const long = text.length * 3 > TEXT_ROOM;
    const inner = long
      ? Buffer.concat([this.#inner.subarray(0, BLOCK), Buffer.from(text)])
      : this.#inner.subarray(0, BLOCK + this.#inner.write(text, BLOCK));
    this.#outer.write(hash('sha256', inner, 'binary'), BLOCK, 'latin1');
    return hash('sha256', this.#outer);
  }
}

/** What proxies on the way may change. */
const UNSIGNED: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'range',
  'user-agent',
]);

/** There are a dozen: less work than `sort` has with any number. */
function sortByName(headers: Header[]): void {
  for (let end = 1; end < headers.length; end += 1) {
    const moved = headers[end];
    if (moved === undefined) return;
    let at = end;
    for (; at > 0; at -= 1) {
      const before = headers[at - 1];
      if (before === undefined || before[0] <= moved[0]) break;
      headers[at] = before;
    }
    headers[at] = moved;
  }
}
