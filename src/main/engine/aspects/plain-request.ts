import type { ClientRequest, IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { AppError } from '../../../shared/errors/app-error.ts';
import { nodeHttp } from '../node-http.ts';
import type { Agents } from '../s3/agents.ts';
import { mapError } from '../s3/map-error.ts';
import { readErrorFields } from '../s3/service-failure.ts';

/** Error documents are small. */
const MAX_ERROR_BYTES = 64 * 1024;
/** Silence after which an answer is not waited for any longer, ms. */
const TIMEOUT_MS = 20_000;
/** How long a refusal may take that follows a hasty `100 Continue`, ms. */
const SECOND_THOUGHT_MS = 1_500;

/** A request without any keys, as a browser or a stranger sends it. */
export interface PlainRequest {
  /** Of a PUT only the head is sent: it changes nothing. */
  readonly method: 'HEAD' | 'GET' | 'OPTIONS' | 'PUT';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Which authorities are trusted, and how long connecting may take. */
  readonly agents: Agents;
  readonly signal: AbortSignal | undefined;
}

/** What came of it. */
export interface PlainAnswer {
  /** 100: the server waits for the body of a PUT. */
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The code of an error document; empty: none. */
  readonly code: string;
}

/**
 * Sends it once, follows no redirect and keeps nothing of a good answer's body. Rejects
 * with `AppError`.
 */
export async function sendPlain(request: PlainRequest): Promise<PlainAnswer> {
  const url = new URL(request.url);
  try {
    const answer = await open(request, url);
    if (answer === 'continue') return { status: 100, headers: {}, code: '' };
    const status = answer.statusCode ?? 0;
    try {
      const text = status >= 300 && request.method !== 'HEAD' ? await textOf(answer) : '';
      const headers = Object.fromEntries(
        Object.entries(answer.headers).map(([name, value]) => [name, String(value)]),
      );
      return { status, headers, code: readErrorFields(text)['Code'] ?? '' };
    } finally {
      answer.destroy();
    }
  } catch (error) {
    throw mapError(error, { host: url.host, signal: request.signal });
  }
}

function open(request: PlainRequest, url: URL): Promise<IncomingMessage | 'continue'> {
  const { method, headers, agents, signal } = request;
  const secure = url.protocol === 'https:';
  const { promise, resolve, reject } = Promise.withResolvers<
    IncomingMessage | 'continue'
  >();
  const outgoing = (secure ? httpsRequest : nodeHttp.request)(
    url,
    {
      method,
      headers: {
        ...headers,
        ...(method === 'PUT' ? { expect: '100-continue', 'content-length': '1' } : {}),
        'user-agent': 'Dipper',
      },
      agent: secure ? agents.https : agents.http,
      ...(signal === undefined ? {} : { signal }),
    },
    resolve,
  );
  outgoing.setTimeout(TIMEOUT_MS, () =>
    outgoing.destroy(Object.assign(new Error('No answer'), { code: 'ETIMEDOUT' })),
  );
  outgoing.on('error', reject);
  if (method === 'PUT') awaitContinue(outgoing, () => resolve('continue'));
  else outgoing.end();
  return promise;
}

/**
 * Asks whether a body may come and never sends it. Some servers say so before they have
 * looked at the signature, so that a refusal may still follow.
 * https://www.rfc-editor.org/rfc/rfc9110#section-10.1.1
 */
function awaitContinue(outgoing: ClientRequest, onReady: () => void): void {
  outgoing.once('continue', () => {
    const timer = setTimeout(() => {
      onReady();
      outgoing.destroy();
    }, SECOND_THOUGHT_MS);
    outgoing.once('response', () => clearTimeout(timer));
    outgoing.once('close', () => clearTimeout(timer));
  });
  outgoing.flushHeaders();
}

/** As far as it comes: a document that breaks off has no code, and that is that. */
async function textOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of answer) {
      chunks.push(chunk as Buffer);
      size += (chunk as Buffer).length;
      if (size > MAX_ERROR_BYTES) break;
    }
  } catch {
    return '';
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Refuses addresses that are not of the web. Throws `input.invalid`. */
export function assertWebAddress(url: string): void {
  const { protocol, username, password } = new URL(url);
  const web = protocol === 'https:' || protocol === 'http:';
  if (!web || username !== '' || password !== '') {
    throw new AppError('input.invalid', { params: { field: 'url' } });
  }
}
