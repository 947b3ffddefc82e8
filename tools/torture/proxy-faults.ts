import type { HttpHead } from './http-scanner.ts';

/** Shortest stretch worth repeating, bytes. */
const LEAST_REPEATED = 32;

/** What the proxy can do to one request and its answer. */
export const PROXY_FAULTS = [
  /** TCP resets, by where they strike. */
  'resetBeforeHead',
  'resetInHead',
  'resetInRequestBody',
  /** The server did what was asked; nobody hears of it. */
  'resetAfterRequest',
  'resetInResponseHead',
  'resetInResponseBody',
  'resetAfterResponse',
  /** The connection ends in order, too early. */
  'truncatedRequest',
  'truncatedResponse',
  /** Nothing more comes, and the connection stays open. */
  'stalledRequest',
  'stalledResponse',
  'slow',
  /** One byte of an object is another one. */
  'corruptedRequest',
  'corruptedResponse',
  /** A stretch of an object comes twice, in place of what should follow. */
  'repeatedRequest',
  'repeatedResponse',
  /** The ETag in the head is another one. */
  'wrongEtag',
  /** A 503 in place of the answer; the server hears of nothing. */
  'slowDownAnswer',
] as const;

export type ProxyFaultKind = (typeof PROXY_FAULTS)[number];

/** A fault to strike one exchange. */
export interface ProxyFault {
  readonly kind: ProxyFaultKind;
  /** From 0 up to 1: where in the head or body. */
  readonly at: number;
}

/** One request and its answer as they go through. */
export interface Exchange {
  /** Counts from 0. */
  readonly ordinal: number;
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: HttpHead['headers'];
  /** Bytes of the request's body. */
  readonly bodyLength: number;
  /** Bytes of the request's body that went to the server. */
  sentBytes: number;
  /** Of the final answer; 0: none yet. */
  status: number;
  /** Bytes of the answer's body that went to the client. */
  receivedBytes: number;
  /** The whole answer went to the client. */
  answered: boolean;
  /** What struck it. */
  struck: ProxyFaultKind | null;
  closed: boolean;
}

/** Where in a message of `length` bytes a fault strikes; -1: there is none. */
export function placeOf(fault: ProxyFault | null, length: number): number {
  return fault === null ? -1 : Math.min(length - 1, Math.floor(fault.at * length));
}

/** The bytes with one of them turned around. */
export function flipped(bytes: Buffer, index: number): Buffer {
  const out = Buffer.from(bytes);
  out[index] = (out[index] ?? 0) ^ 0xff;
  return out;
}

/**
 * Whether the answer's body is an object's content, which clients can check. Nobody can
 * tell a wrong letter in a listing sent in the clear, so those are left alone.
 */
export function isObjectBody(exchange: Exchange): boolean {
  const { status } = exchange;
  return asksForObject(exchange) && (status === 200 || status === 206);
}

/** Whether the content of an object is asked for. */
function asksForObject({ method, target }: Pick<Exchange, 'method' | 'target'>): boolean {
  const { pathname, searchParams } = new URL(target, 'http://proxy');
  const hasKey = pathname.split('/').length > 2 && !/^\/[^/]+\/$/.test(pathname);
  const plain = [...searchParams.keys()].every((name) => name === 'x-id');
  return method === 'GET' && hasKey && plain;
}

/** Whether a wrong ETag can be told from a right one: sent or received content. */
export function carriesEtag(exchange: Exchange): boolean {
  if (exchange.status !== 200 && exchange.status !== 206) return false;
  const copy = 'x-amz-copy-source' in exchange.headers;
  return (exchange.method === 'PUT' && !copy) || isObjectBody(exchange);
}

/** The head with another ETag; `null`: it has none. */
export function withOtherEtag(head: Buffer): Buffer | null {
  const text = head.toString('latin1');
  const other = text.replace(
    /^(etag: "?)([0-9a-f])/im,
    (_, name: string, digit: string) => `${name}${digit === '0' ? '1' : '0'}`,
  );
  return other === text ? null : Buffer.from(other, 'latin1');
}

/**
 * Whether a fault of this kind can strike a request like this at all. Answers may still
 * turn out to have nothing to spoil.
 */
export function canStrike(
  kind: ProxyFaultKind,
  exchange: Pick<Exchange, 'method' | 'target' | 'bodyLength' | 'headers'>,
): boolean {
  switch (kind) {
    case 'resetInRequestBody':
    case 'truncatedRequest':
    case 'corruptedRequest':
      return exchange.bodyLength > 0;
    case 'repeatedRequest':
      return exchange.bodyLength >= LEAST_REPEATED && exchange.method === 'PUT';
    case 'resetInResponseBody':
    case 'truncatedResponse':
      return exchange.method === 'GET';
    case 'stalledResponse':
      return exchange.method === 'GET' || exchange.method === 'POST';
    case 'corruptedResponse':
    case 'repeatedResponse':
      return asksForObject(exchange);
    case 'wrongEtag':
      return (
        asksForObject(exchange) ||
        (exchange.method === 'PUT' && !('x-amz-copy-source' in exchange.headers))
      );
    default:
      return true;
  }
}

/**
 * A piece whose second half is the first half again; `null`: too short, or the same.
 */
export function repeated(bytes: Buffer): Buffer | null {
  const half = Math.floor(bytes.length / 2);
  if (half < LEAST_REPEATED / 2) return null;
  const spoilt = Buffer.from(bytes);
  bytes.copy(spoilt, half, 0, half);
  return spoilt.equals(bytes) ? null : spoilt;
}

/** The answer of a server that wants time, of the length HEAD has none of. */
export function slowDownAnswer(method: string): Buffer {
  const document = method === 'HEAD' ? '' : '<Error><Code>SlowDown</Code></Error>';
  const head = [
    'HTTP/1.1 503 Slow Down',
    'Content-Type: application/xml',
    `Content-Length: ${document.length}`,
    `Date: ${new Date().toUTCString()}`,
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${document}`);
}
