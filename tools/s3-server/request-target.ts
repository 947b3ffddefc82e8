import { S3Error } from './errors.ts';

/** One query parameter, decoded; `value` is undefined when there is no `=`. */
export interface QueryParameter {
  readonly name: string;
  readonly value: string | undefined;
}

/** The query of a request, in the order sent. */
export class Query {
  readonly parameters: readonly QueryParameter[];

  constructor(parameters: readonly QueryParameter[]) {
    this.parameters = parameters;
  }

  /** Whether a parameter of that name is present, with a value or not. */
  has(name: string): boolean {
    return this.parameters.some((parameter) => parameter.name === name);
  }

  /** The first value of that name; the empty string when it has none. */
  get(name: string): string | undefined {
    const found = this.parameters.find((parameter) => parameter.name === name);
    return found && (found.value ?? '');
  }
}

/** What a request addresses. */
export interface RequestTarget {
  /** The path as sent, still percent-encoded. */
  readonly rawPath: string;
  /** The path's bytes, decoded. */
  readonly path: Buffer;
  readonly query: Query;
  readonly bucket: string | undefined;
  /** The key, byte for byte; undefined for a bucket or the service. */
  readonly key: string | undefined;
  readonly virtualHost: boolean;
}

/** Host names a request may be addressed to, most specific first. */
export const DEFAULT_DOMAINS: readonly string[] = ['s3.localhost', 'localhost'];

/**
 * Parses a request line's target and Host header.
 *
 * The path is never normalised: `.`, `..` and `//` are parts of keys.
 *
 * @throws S3Error `InvalidURI` on bad escapes or text that is not UTF-8, `AccessDenied`
 *   for a host that is not this server's
 */
export function parseTarget(
  url: string,
  host: string | undefined,
  domains: readonly string[],
): RequestTarget {
  if (!url.startsWith('/')) throw new S3Error('InvalidURI');
  const mark = url.indexOf('?');
  const rawPath = mark < 0 ? url : url.slice(0, mark);
  const path = percentDecode(rawPath);
  const query = parseQuery(mark < 0 ? '' : url.slice(mark + 1));
  const decoded = utf8(path).slice(1);
  const hostBucket = bucketOfHost(host, domains);
  if (hostBucket !== undefined) {
    const key = decoded === '' ? undefined : decoded;
    return { rawPath, path, query, bucket: hostBucket, key, virtualHost: true };
  }
  const slash = decoded.indexOf('/');
  const bucket = slash < 0 ? decoded : decoded.slice(0, slash);
  const key = slash < 0 ? '' : decoded.slice(slash + 1);
  return {
    rawPath,
    path,
    query,
    bucket: decoded === '' ? undefined : bucket,
    key: key === '' ? undefined : key,
    virtualHost: false,
  };
}

/** The bucket a Host header names, or undefined for path-style. */
function bucketOfHost(
  host: string | undefined,
  domains: readonly string[],
): string | undefined {
  const name = (host ?? '127.0.0.1').replace(/:\d+$/, '').toLowerCase();
  if (name === '127.0.0.1' || name === '[::1]' || domains.includes(name)) {
    return undefined;
  }
  for (const domain of domains) {
    if (name.endsWith(`.${domain}`)) return name.slice(0, -domain.length - 1);
  }
  // A page of a foreign site must not reach this server by a rebound DNS name.
  throw new S3Error('AccessDenied', {
    message: 'This server answers to loopback names only.',
    details: { HostName: name },
  });
}

function parseQuery(source: string): Query {
  const parameters: QueryParameter[] = [];
  for (const part of source.split('&')) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    parameters.push({
      name: queryText(equals < 0 ? part : part.slice(0, equals)),
      value: equals < 0 ? undefined : queryText(part.slice(equals + 1)),
    });
  }
  return new Query(parameters);
}

function queryText(source: string): string {
  return utf8(percentDecode(source.replaceAll('+', ' ')));
}

/**
 * Decodes percent escapes to bytes; text outside escapes is taken as latin1, which is
 * how Node hands over a request line's raw bytes.
 *
 * @throws S3Error `InvalidURI` on a broken escape
 */
export function percentDecode(source: string): Buffer {
  const out = Buffer.allocUnsafe(source.length);
  let length = 0;
  for (let index = 0; index < source.length; index += 1) {
    let byte = source.charCodeAt(index);
    if (byte === 0x25) {
      const hex = source.slice(index + 1, index + 3);
      if (!/^[0-9a-fA-F]{2}$/.test(hex)) throw new S3Error('InvalidURI');
      byte = Number.parseInt(hex, 16);
      index += 2;
    }
    out[length] = byte;
    length += 1;
  }
  return out.subarray(0, length);
}

/** Decodes UTF-8 strictly. */
function utf8(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new S3Error('InvalidURI');
  }
}

/**
 * Encodes for a canonical request or a link: everything but A-Z a-z 0-9 - _ . ~ (and
 * `/` if kept) as upper-case escapes of its UTF-8 bytes.
 */
export function uriEncode(text: string | Uint8Array, keepSlash = false): string {
  let out = '';
  for (const byte of typeof text === 'string' ? Buffer.from(text, 'utf8') : text) {
    const char = String.fromCharCode(byte);
    if (/[A-Za-z0-9\-_.~]/.test(char) || (keepSlash && char === '/')) out += char;
    else out += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return out;
}
