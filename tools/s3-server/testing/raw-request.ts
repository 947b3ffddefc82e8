import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import {
  type CredentialScope,
  canonicalRequest,
  EMPTY_SHA256,
  formatAmzDate,
  hmac,
  scopeText,
  sha256Hex,
  signingKey,
  stringToSign,
} from '../auth/sigv4.ts';
import { percentDecode, type QueryParameter, uriEncode } from '../request-target.ts';

/** A key pair. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** A request to sign by hand, where an SDK could not say it. */
export interface RawRequest {
  readonly endpoint: string;
  readonly method: string;
  /** The path as it goes on the wire. */
  readonly path: string;
  /** Decoded query parameters. */
  readonly query?: readonly QueryParameter[];
  /** Lower-case names. `host` may be set. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  /** Default: no signature. */
  readonly credentials?: Credentials | undefined;
  readonly region?: string;
  /** Milliseconds; default now. */
  readonly time?: number;
  /** Default: the SHA-256 of the body. */
  readonly payloadHash?: string;
  /** Headers added after signing. */
  readonly unsignedHeaders?: Readonly<Record<string, string>>;
}

/** An answer, whole. */
export interface RawResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly text: string;
  /** The error document's code. */
  readonly code: string | undefined;
}

/** What signing a request's head gives. */
interface SignedHead {
  readonly headers: Readonly<Record<string, string>>;
  readonly signature: string;
  readonly key: Buffer;
  readonly scope: CredentialScope;
  readonly amzDate: string;
}

/** Signs a request's head. */
export function signHead(request: RawRequest, credentials: Credentials): SignedHead {
  const amzDate = formatAmzDate(request.time ?? Date.now());
  const scope = scopeOf(request, amzDate);
  const payloadHash =
    request.payloadHash ?? (request.body ? sha256Hex(request.body) : EMPTY_SHA256);
  const headers: Record<string, string> = {
    host: new URL(request.endpoint).host,
    'x-amz-date': amzDate,
    'x-amz-content-sha256': payloadHash,
    ...request.headers,
  };
  const names = Object.keys(headers).sort();
  const canonical = canonicalRequest({
    method: request.method,
    path: percentDecode(request.path),
    query: request.query ?? [],
    headers: names.map((name) => [name, headers[name] ?? '']),
    payloadHash,
  });
  const key = signingKey(credentials.secretAccessKey, scope);
  const signature = hmac(key, stringToSign(amzDate, scope, canonical)).toString('hex');
  headers['authorization'] =
    `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scopeText(scope)}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  return { headers, signature, key, scope, amzDate };
}

/** Makes a presigned link's path and query. */
export function presign(
  request: RawRequest,
  credentials: Credentials,
  expiresSeconds: number,
): string {
  const amzDate = formatAmzDate(request.time ?? Date.now());
  const scope = scopeOf(request, amzDate);
  const headers = { host: new URL(request.endpoint).host, ...request.headers };
  const names = Object.keys(headers).sort();
  const query = [
    ...(request.query ?? []),
    { name: 'X-Amz-Algorithm', value: 'AWS4-HMAC-SHA256' },
    { name: 'X-Amz-Credential', value: `${credentials.accessKeyId}/${scopeText(scope)}` },
    { name: 'X-Amz-Date', value: amzDate },
    { name: 'X-Amz-Expires', value: String(expiresSeconds) },
    { name: 'X-Amz-SignedHeaders', value: names.join(';') },
  ];
  const canonical = canonicalRequest({
    method: request.method,
    path: percentDecode(request.path),
    query,
    headers: names.map((name) => [name, headers[name as keyof typeof headers] ?? '']),
    payloadHash: request.payloadHash ?? 'UNSIGNED-PAYLOAD',
  });
  const key = signingKey(credentials.secretAccessKey, scope);
  const signature = hmac(key, stringToSign(amzDate, scope, canonical)).toString('hex');
  return `${request.path}?${queryText(query)}&X-Amz-Signature=${signature}`;
}

function scopeOf(request: RawRequest, amzDate: string): CredentialScope {
  return {
    date: amzDate.slice(0, 8),
    region: request.region ?? 'us-east-1',
    service: 's3',
  };
}

function queryText(query: readonly QueryParameter[]): string {
  return query
    .map(({ name, value }) =>
      value === undefined ? uriEncode(name) : `${uriEncode(name)}=${uriEncode(value)}`,
    )
    .join('&');
}

/** Sends a request, signed if it has credentials. */
export function sendRaw(request: RawRequest): Promise<RawResponse> {
  const headers = request.credentials
    ? signHead(request, request.credentials).headers
    : (request.headers ?? {});
  const query = request.query?.length ? `?${queryText(request.query)}` : '';
  return send(request.endpoint, request.method, `${request.path}${query}`, {
    headers: { ...headers, ...request.unsignedHeaders },
    ...(request.body === undefined ? {} : { body: request.body }),
  });
}

/** Sends bytes to a path exactly as given: nothing is normalised. */
export function send(
  endpoint: string,
  method: string,
  path: string,
  options: {
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: Buffer;
    readonly chunked?: boolean;
  } = {},
): Promise<RawResponse> {
  const { hostname, port } = new URL(endpoint);
  const { body } = options;
  const headers: Record<string, string> = { ...options.headers };
  if (options.chunked) headers['transfer-encoding'] = 'chunked';
  else if (body || method === 'PUT' || method === 'POST') {
    headers['content-length'] ??= String(body?.length ?? 0);
  }
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      { hostname, port, method, path, headers, agent: false },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const bytes = Buffer.concat(chunks);
          const text = bytes.toString('utf8');
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            body: bytes,
            text,
            code: /<Code>([^<]*)<\/Code>/.exec(text)?.[1],
          });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
