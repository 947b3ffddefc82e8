import { createHash, createHmac } from 'node:crypto';
import { type QueryParameter, uriEncode } from '../request-target.ts';

/** SHA-256 of nothing, in hex. */
export const EMPTY_SHA256 =
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** The algorithm name of Signature Version 4. */
export const SIGV4_ALGORITHM = 'AWS4-HMAC-SHA256';

/** Where and when a signature counts. */
export interface CredentialScope {
  /** `yyyymmdd` */
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

/** The parts of a request that are signed. */
export interface SignedRequest {
  readonly method: string;
  /** The decoded path. */
  readonly path: Uint8Array;
  /** The decoded query, without `X-Amz-Signature`. */
  readonly query: readonly QueryParameter[];
  /** Names (lower case, sorted) and values of the signed headers. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Hex SHA-256 of the body or one of the `UNSIGNED-` and `STREAMING-` words. */
  readonly payloadHash: string;
}

/** SHA-256 in hex. */
export function sha256Hex(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** HMAC-SHA-256. */
export function hmac(key: string | Uint8Array, data: string | Uint8Array): Buffer {
  return createHmac('sha256', key).update(data).digest();
}

/**
 * The canonical request, as "Signature Calculations for the Authorization Header"
 * (Amazon S3 API reference) lays it out.
 */
export function canonicalRequest(request: SignedRequest): string {
  const query = request.query
    .map(({ name, value }) => [uriEncode(name), uriEncode(value ?? '')] as const)
    .sort((a, b) => compareText(a[0], b[0]) || compareText(a[1], b[1]))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  const headers = request.headers.map(
    ([name, value]) => `${name}:${value.trim().replace(/ +/g, ' ')}\n`,
  );
  return [
    request.method,
    uriEncode(request.path, true),
    query,
    headers.join(''),
    request.headers.map(([name]) => name).join(';'),
    request.payloadHash,
  ].join('\n');
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The scope as written in credentials and strings to sign. */
export function scopeText(scope: CredentialScope): string {
  return `${scope.date}/${scope.region}/${scope.service}/aws4_request`;
}

/** The string to sign of a request; `amzDate` is `yyyymmddThhmmssZ`. */
export function stringToSign(
  amzDate: string,
  scope: CredentialScope,
  canonical: string | Uint8Array,
): string {
  return [SIGV4_ALGORITHM, amzDate, scopeText(scope), sha256Hex(canonical)].join('\n');
}

/** The key that signs within a scope. */
export function signingKey(secret: string, scope: CredentialScope): Buffer {
  const date = hmac(`AWS4${secret}`, scope.date);
  return hmac(hmac(hmac(date, scope.region), scope.service), 'aws4_request');
}

/** What signs the chunks of an aws-chunked body, each linked to the one before. */
export interface ChunkSigner {
  readonly key: Uint8Array;
  readonly amzDate: string;
  readonly scope: CredentialScope;
}

/** The signature of one chunk, given its hash and the signature before. */
export function chunkSignature(
  signer: ChunkSigner,
  previous: string,
  chunkSha256: string,
): string {
  const text = [
    `${SIGV4_ALGORITHM}-PAYLOAD`,
    signer.amzDate,
    scopeText(signer.scope),
    previous,
    EMPTY_SHA256,
    chunkSha256,
  ].join('\n');
  return hmac(signer.key, text).toString('hex');
}

/** The signature over the trailing headers (`name:value\n` each). */
export function trailerSignature(
  signer: ChunkSigner,
  previous: string,
  canonicalTrailers: string,
): string {
  const text = [
    `${SIGV4_ALGORITHM}-TRAILER`,
    signer.amzDate,
    scopeText(signer.scope),
    previous,
    sha256Hex(canonicalTrailers),
  ].join('\n');
  return hmac(signer.key, text).toString('hex');
}

/** A time as `yyyymmddThhmmssZ`. */
export function formatAmzDate(time: number): string {
  return new Date(time).toISOString().replace(/[-:]|\.\d{3}/g, '');
}

/** The time of a `yyyymmddThhmmssZ`, or undefined if it is not one. */
export function parseAmzDate(text: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(time) ? undefined : time;
}
