import { lookup as dnsLookup } from 'node:dns/promises';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import { nodeHttp } from '../node-http.ts';
import { lookup } from '../s3/agents.ts';

/** Options shared by the probes. */
export interface ProbeOptions {
  readonly endpoint: URL;
  /** Milliseconds for all of it. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Certificates (PEM) to trust in place of the public authorities; empty: those. */
  readonly caCertificate: string;
}

/** Address of the host; `null` when it is one already. Rejects with Node's DNS error. */
export async function probeName(endpoint: URL): Promise<string | null> {
  const host = bareHost(endpoint);
  if (isIP(host) !== 0) return null;
  const name = host.endsWith('.localhost') ? 'localhost' : host;
  return (await dnsLookup(name)).address;
}

/**
 * A TLS handshake; resolves with the protocol's name. Rejects with Node's error. Without
 * `verify` any certificate will do: only to tell whether the port speaks TLS at all, no
 * byte of a request is ever sent over it.
 */
export function probeTls(options: ProbeOptions, verify: boolean): Promise<string> {
  const { endpoint, signal, timeoutMs } = options;
  const host = bareHost(endpoint);
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const socket = tlsConnect({
    host,
    port: Number(endpoint.port) || 443,
    lookup,
    rejectUnauthorized: verify,
    timeout: timeoutMs,
    ...trusted(options),
    ...(isIP(host) === 0 ? { servername: host } : {}),
  });
  const onAbort = () => socket.destroy(new Error('aborted'));
  signal.addEventListener('abort', onAbort, { once: true });
  socket.once('secureConnect', () => {
    resolve(socket.getProtocol() ?? '');
    socket.destroy();
  });
  socket.once('timeout', () => socket.destroy(timedOut(timeoutMs)));
  socket.once('error', reject);
  socket.once('close', () => {
    signal.removeEventListener('abort', onAbort);
    // Nothing after a resolve; a silent close otherwise.
    reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' }));
  });
  return promise;
}

/** What an unsigned request was answered. */
export interface PlainAnswer {
  readonly status: number;
  /** The server's clock, ms since 1970; `null` when it did not tell. */
  readonly date: number | null;
  /** The first bytes of the body. */
  readonly text: string;
}

/** `GET /` without a signature: reaches the server and reads its clock. */
export function probeHttp(options: ProbeOptions): Promise<PlainAnswer> {
  const { endpoint, signal, timeoutMs } = options;
  const { promise, resolve, reject } = Promise.withResolvers<PlainAnswer>();
  const send = endpoint.protocol === 'https:' ? httpsRequest : nodeHttp.request;
  const request = send(
    new URL('/', endpoint),
    { agent: false, lookup, signal, timeout: timeoutMs, ...trusted(options) },
    (response) => {
      const chunks: Buffer[] = [];
      const finish = () => {
        const date = Date.parse(response.headers.date ?? '');
        resolve({
          status: response.statusCode ?? 0,
          date: Number.isNaN(date) ? null : date,
          text: Buffer.concat(chunks).toString('utf8').slice(0, 500),
        });
        response.destroy();
      };
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        if (chunks.length > 4) finish();
      });
      response.once('end', finish);
      response.once('error', reject);
    },
  );
  request.once('timeout', () => request.destroy(timedOut(timeoutMs)));
  request.once('error', reject);
  request.end();
  return promise;
}

function trusted({ caCertificate }: ProbeOptions): { readonly ca?: string } {
  return caCertificate === '' ? {} : { ca: caCertificate };
}

function bareHost(endpoint: URL): string {
  return endpoint.hostname.replace(/^\[|\]$/g, '');
}

function timedOut(ms: number): Error {
  return Object.assign(new Error(`No answer within ${ms} ms`), { code: 'ETIMEDOUT' });
}
