import type { Session } from './cdp.ts';
import { SchemeRequest, type Schemes } from './schemes.ts';
import type { StreamServer } from './stream-server.ts';

/** Bodies up to this many bytes go through DevTools, larger ones through the stream server. */
export const INLINE_LIMIT = 4 * 1024 * 1024;

/** The fields of a paused request that answering needs. */
export interface PausedRequest {
  readonly requestId: string;
  /** With the custom scheme. */
  readonly url: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: Buffer | undefined;
}

/** What answering a request works with. */
export interface Responder {
  readonly schemes: Schemes;
  readonly streams: StreamServer;
}

type Reader = ReadableStreamDefaultReader<Uint8Array>;

/** Reads until the end, or until more than the limit has come. */
async function readStart(
  reader: Reader,
): Promise<{ chunks: Uint8Array[]; ended: boolean }> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  while (size <= INLINE_LIMIT) {
    const { done, value } = await reader.read();
    if (done) return { chunks, ended: true };
    chunks.push(value);
    size += value.byteLength;
  }
  return { chunks, ended: false };
}

async function* joined(
  chunks: readonly Uint8Array[],
  reader: Reader,
): AsyncIterable<Uint8Array> {
  try {
    yield* chunks;
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      yield next.value;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

/** Answers a paused request of a custom scheme with what the app's handler returns. */
export async function respond(
  session: Session,
  paused: PausedRequest,
  { schemes, streams }: Responder,
): Promise<void> {
  const { requestId, url, method } = paused;
  const handler = schemes.handlerFor(url);
  if (handler === undefined) {
    await session.send('Fetch.failRequest', {
      requestId,
      errorReason: 'AddressUnreachable',
    });
    return;
  }
  const hasBody = method !== 'GET' && method !== 'HEAD' && paused.body !== undefined;
  const request = new SchemeRequest(url, {
    method,
    headers: paused.headers,
    ...(hasBody ? { body: Buffer.from(paused.body ?? '') } : {}),
  });
  const response = await handler(request);
  const headers = [...response.headers].map(
    ([name, value]): readonly [string, string] => [
      name,
      name.startsWith('content-security-policy') ? schemes.aliasPolicy(value) : value,
    ],
  );
  const reader = response.body?.getReader();
  const start =
    reader === undefined || method === 'HEAD'
      ? { chunks: [], ended: true }
      : await readStart(reader);
  if (!start.ended && reader !== undefined) {
    const address = await streams.offer({
      status: response.status,
      headers,
      body: joined(start.chunks, reader),
    });
    await session.send('Fetch.continueRequest', { requestId, url: address });
    return;
  }
  if (method === 'HEAD') await reader?.cancel();
  const body = Buffer.concat(start.chunks);
  const length: readonly [string, string][] =
    response.headers.has('content-length') || method === 'HEAD'
      ? []
      : [['content-length', String(body.length)]];
  await session.send('Fetch.fulfillRequest', {
    requestId,
    responseCode: response.status,
    responsePhrase: response.statusText || 'OK',
    responseHeaders: [...headers, ...length].map(([name, value]) => ({ name, value })),
    body: body.toString('base64'),
  });
}
