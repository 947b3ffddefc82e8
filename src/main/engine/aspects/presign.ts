import { createHash, createHmac } from 'node:crypto';
import type { Credentials } from '../../../shared/contract/engine.ts';
import type { LinkOptions, SignedLink } from '../../../shared/domain/exposure.ts';
import { attachment } from '../../../shared/domain/link-text.ts';
import { baseName } from '../../../shared/domain/remote-path.ts';
import { encodePath, encodeQuery } from '../lean/percent.ts';
import type { Route } from '../s3/client-pool.ts';
import type { ObjectRef } from '../s3/s3-connection.ts';
import { stringToSignV2 } from '../s3/signature-v2.ts';

/** What links are signed with. */
export interface PresignInput {
  readonly credentials: Credentials;
  readonly version: 'v2' | 'v4';
  readonly route: Route;
  readonly options: LinkOptions;
  /** The server's time, ms since 1970. */
  readonly time: number;
}

/** A link to one object that works without keys until it ends. */
export function presign(ref: ObjectRef, input: PresignInput): SignedLink {
  const url = input.version === 'v2' ? presignV2(ref, input) : presignV4(ref, input);
  // Signatures count whole seconds.
  const from = Math.floor(input.time / 1_000) * 1_000;
  return {
    key: ref.key,
    url,
    expiresAt: from + input.options.expiresIn * 1_000,
    endsWithSession: input.credentials.sessionToken !== '',
  };
}

/** The options for one of many objects: each has a name of its own. */
export function optionsFor(key: string, options: LinkOptions): LinkOptions {
  if (options.underOwnName !== true || options.method !== 'GET') return options;
  return { ...options, contentDisposition: attachment(baseName(key)) };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html */
function presignV4(ref: ObjectRef, input: PresignInput): string {
  const { credentials, route, options, time } = input;
  const { origin, host, path } = addressOf(ref, route);
  const date = `${new Date(time).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
  const scope = `${date.slice(0, 8)}/${route.region}/s3/aws4_request`;
  const sent = sentHeaders(options);
  const headers: readonly (readonly [string, string])[] = [
    ...(sent['content-type'] === undefined
      ? []
      : [['content-type', sent['content-type']] as const]),
    ['host', host],
  ];
  const names = headers.map(([name]) => name).join(';');
  const query = [
    ...answerParameters(options),
    ['X-Amz-Algorithm', 'AWS4-HMAC-SHA256'],
    ['X-Amz-Credential', `${credentials.accessKeyId}/${scope}`],
    ['X-Amz-Date', date],
    ['X-Amz-Expires', String(options.expiresIn)],
    ...(credentials.sessionToken === ''
      ? []
      : [['X-Amz-Security-Token', credentials.sessionToken] as const]),
    ['X-Amz-SignedHeaders', names],
  ] as const;
  const canonicalQuery = query
    .map(([name, value]) => `${encodeQuery(name)}=${encodeQuery(value)}`)
    .sort()
    .join('&');
  const canonical = [
    options.method,
    path,
    canonicalQuery,
    ...headers.map(([name, value]) => `${name}:${value.trim()}`),
    '',
    names,
    'UNSIGNED-PAYLOAD',
  ].join('\n');
  const hashed = createHash('sha256').update(canonical).digest('hex');
  const text = `AWS4-HMAC-SHA256\n${date}\n${scope}\n${hashed}`;
  let key: Buffer = Buffer.from(`AWS4${credentials.secretAccessKey}`, 'utf8');
  for (const part of scope.split('/')) {
    key = createHmac('sha256', key).update(part).digest();
  }
  const signature = createHmac('sha256', key).update(text).digest('hex');
  return `${origin}${path}?${canonicalQuery}&X-Amz-Signature=${signature}`;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html#RESTAuthenticationQueryStringAuth */
function presignV2(ref: ObjectRef, input: PresignInput): string {
  const { credentials, route, options, time } = input;
  const { origin, path } = addressOf(ref, route);
  const expires = String(Math.floor(time / 1_000) + options.expiresIn);
  const answer = Object.fromEntries(answerParameters(options));
  const token = credentials.sessionToken;
  const text = stringToSignV2(
    { method: options.method, hostname: '', path, query: answer, headers: {} },
    {
      ...sentHeaders(options),
      // The end of its life stands in for the date.
      date: expires,
      ...(token === '' ? {} : { 'x-amz-security-token': token }),
    },
    route.pathStyle ? null : ref.bucket,
  );
  const signature = createHmac('sha1', credentials.secretAccessKey)
    .update(text)
    .digest('base64');
  const query: (readonly [string, string])[] = [
    ...Object.entries(answer),
    ['AWSAccessKeyId', credentials.accessKeyId],
    ['Expires', expires],
    ...(token === '' ? [] : [['x-amz-security-token', token] as const]),
    ['Signature', signature],
  ];
  return `${origin}${path}?${query
    .map(([name, value]) => `${encodeQuery(name)}=${encodeQuery(value)}`)
    .join('&')}`;
}

function addressOf(ref: ObjectRef, route: Route) {
  const url = new URL(route.endpoint);
  const host = route.pathStyle ? url.host : `${ref.bucket}.${url.host}`;
  const bucket = route.pathStyle ? `/${encodePath(ref.bucket)}` : '';
  return {
    origin: `${url.protocol}//${host}`,
    host,
    path: `${bucket}/${encodePath(ref.key)}`,
  };
}

/** What a GET asks the answer to be like, and which version. */
function answerParameters(options: LinkOptions): (readonly [string, string])[] {
  const { method, contentDisposition, contentType, versionId } = options;
  const get = method === 'GET';
  return [
    ...(get && contentDisposition !== ''
      ? [['response-content-disposition', contentDisposition] as const]
      : []),
    ...(get && contentType !== ''
      ? [['response-content-type', contentType] as const]
      : []),
    ...(get && versionId !== null ? [['versionId', versionId] as const] : []),
  ];
}

/** Headers whoever uses the link has to send exactly so. */
function sentHeaders({ method, contentType }: LinkOptions): Record<string, string> {
  return method === 'PUT' && contentType !== '' ? { 'content-type': contentType } : {};
}
