import { createHmac } from 'node:crypto';
import type { Credentials } from '../../../shared/contract/engine.ts';

/** A request as the SDK's signers see it. */
export interface SignableRequest {
  readonly method: string;
  readonly hostname: string;
  /** Encoded path. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
}

/** Query parameters that are part of the signed resource. */
const SUB_RESOURCES: ReadonlySet<string> = new Set([
  'acl',
  'cors',
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
  'tagging',
  'torrent',
  'uploadId',
  'uploads',
  'versionId',
  'versioning',
  'versions',
  'website',
]);

/**
 * The headers that sign a request with AWS Signature Version 2, for servers that know no
 * other. `bucketInHost` is the bucket when it is not in the path.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html
 */
export function signV2(
  request: SignableRequest,
  credentials: Credentials,
  now: Date,
  bucketInHost: string | null,
): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    // Content hashes of version 4 mean nothing here and confuse old servers.
    if (name.toLowerCase() !== 'x-amz-content-sha256')
      headers[name.toLowerCase()] = value;
  }
  delete headers['authorization'];
  headers['x-amz-date'] = now.toUTCString();
  if (credentials.sessionToken !== '') {
    headers['x-amz-security-token'] = credentials.sessionToken;
  }
  const text = stringToSignV2(request, headers, bucketInHost);
  const signature = createHmac('sha1', credentials.secretAccessKey)
    .update(text)
    .digest('base64');
  headers['authorization'] = `AWS ${credentials.accessKeyId}:${signature}`;
  return headers;
}

/** What is signed: method, three headers, date, `x-amz-*` headers, resource. */
export function stringToSignV2(
  request: SignableRequest,
  headers: Readonly<Record<string, string>>,
  bucketInHost: string | null,
): string {
  const amazon = Object.keys(headers)
    .filter((name) => name.startsWith('x-amz-'))
    .sort()
    .map(
      (name) =>
        `${name}:${(headers[name] ?? '').replace(/\s*[\r\n]+\s*/g, ' ').trim()}\n`,
    )
    .join('');
  const resource = `${bucketInHost === null ? '' : `/${bucketInHost}`}${request.path}`;
  const query = Object.entries(request.query ?? {})
    .filter(([name]) => SUB_RESOURCES.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) =>
      value === null || value === '' ? name : `${name}=${String(value)}`,
    )
    .join('&');
  return [
    request.method,
    headers['content-md5'] ?? '',
    headers['content-type'] ?? '',
    // Empty because x-amz-date takes its place.
    headers['x-amz-date'] === undefined ? (headers['date'] ?? '') : '',
    `${amazon}${resource}${query === '' ? '' : `?${query}`}`,
  ].join('\n');
}
