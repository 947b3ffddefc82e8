import { createHmac } from 'node:crypto';
import type { QueryParameter } from '../request-target.ts';

/** Query parameters that Signature Version 2 signs. */
const SIGNED_PARAMETERS = new Set([
  'acl',
  'delete',
  'lifecycle',
  'location',
  'logging',
  'notification',
  'partNumber',
  'policy',
  'requestPayment',
  'response-cache-control',
  'response-content-disposition',
  'response-content-encoding',
  'response-content-language',
  'response-content-type',
  'response-expires',
  'torrent',
  'uploadId',
  'uploads',
  'versionId',
  'versioning',
  'versions',
  'website',
]);

/** The parts of a request that Signature Version 2 signs. */
interface SignedV2Request {
  readonly method: string;
  /** The path as sent, with `/bucket` in front for virtual-host requests. */
  readonly resource: string;
  readonly query: readonly QueryParameter[];
  /** All headers, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The string to sign of Signature Version 2 ("Signing and authenticating REST requests
 * (AWS signature version 2)", Amazon S3 user guide).
 */
export function stringToSignV2(request: SignedV2Request): string {
  const { headers } = request;
  const amz = Object.keys(headers)
    .filter((name) => name.startsWith('x-amz-'))
    .sort()
    .map((name) => `${name}:${(headers[name] ?? '').trim()}\n`);
  const signed = request.query
    .filter(({ name }) => SIGNED_PARAMETERS.has(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, value }) => (value === undefined ? name : `${name}=${value}`));
  return [
    request.method,
    headers['content-md5'] ?? '',
    headers['content-type'] ?? '',
    headers['x-amz-date'] === undefined ? (headers['date'] ?? '') : '',
    `${amz.join('')}${request.resource}${signed.length ? `?${signed.join('&')}` : ''}`,
  ].join('\n');
}

/** The base64 signature of Signature Version 2. */
export function signV2(secret: string, text: string): string {
  return createHmac('sha1', secret).update(text, 'utf8').digest('base64');
}
