import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { FaultProxy } from './fault-proxy.ts';
import type { Exchange, ProxyFault, ProxyFaultKind } from './proxy-faults.ts';

const BODY = Buffer.alloc(200_000, 'content of some length; ');
const ETAG = '"0123456789abcdef0123456789abcdef"';

interface Answer {
  readonly status: number;
  readonly etag: string | undefined;
  readonly body: Buffer;
}

let server: Server | undefined;
let proxy: FaultProxy | undefined;

afterEach(async () => {
  await proxy?.offline();
  server?.closeAllConnections();
  server?.close();
});

/** A server that keeps what it is sent, behind a proxy that does one thing. */
async function through(fault: ProxyFault | null): Promise<{
  readonly heard: { heads: number; bodies: Buffer[] };
  readonly ended: Exchange[];
  readonly ask: (method: string, body?: Buffer) => Promise<Answer>;
}> {
  const heard = { heads: 0, bodies: [] as Buffer[] };
  const ended: Exchange[] = [];
  const upstream = createServer((incoming, response) => {
    heard.heads += 1;
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('error', () => undefined);
    incoming.on('end', () => {
      heard.bodies.push(Buffer.concat(chunks));
      response.writeHead(200, {
        etag: ETAG,
        ...(incoming.method === 'GET' ? { 'content-length': BODY.length } : {}),
      });
      response.end(incoming.method === 'GET' ? BODY : '');
    });
  });
  server = upstream;
  await new Promise<void>((resolve) => {
    upstream.listen(0, '127.0.0.1', resolve);
  });
  const made = new FaultProxy({
    upstreamPort: (upstream.address() as AddressInfo).port,
    decide: ({ ordinal }) => (ordinal === 0 ? fault : null),
    onEnd: (exchange) => ended.push(exchange),
  });
  proxy = made;
  await made.online();
  return {
    heard,
    ended,
    ask: (method, body) =>
      new Promise((resolve, reject) => {
        const asking = request(
          { port: made.port, method, path: '/bucket/key', timeout: 3_000 },
          (response) => {
            const chunks: Buffer[] = [];
            response.on('data', (chunk: Buffer) => chunks.push(chunk));
            response.once('error', reject);
            response.once('end', () => {
              const { statusCode, headers } = response;
              const answer = Buffer.concat(chunks);
              resolve({ status: statusCode ?? 0, etag: headers.etag, body: answer });
            });
          },
        );
        asking.once('timeout', () => asking.destroy(new Error('timeout')));
        asking.once('error', reject);
        if (body !== undefined) asking.setHeader('content-length', body.length);
        asking.end(body);
      }),
  };
}

test('without a fault everything goes through, also many on one connection', async () => {
  const { ask, heard } = await through(null);
  for (let count = 0; count < 3; count += 1) {
    expect((await ask('GET')).body.equals(BODY)).toBe(true);
    expect(await ask('PUT', BODY)).toMatchObject({ status: 200, etag: ETAG });
  }
  expect(heard.bodies.filter((body) => body.equals(BODY))).toHaveLength(3);
  expect(proxy?.counts.size).toBe(0);
});

test.each<[ProxyFaultKind, 'GET' | 'PUT', { heads: number; bodies: number }]>([
  ['resetBeforeHead', 'PUT', { heads: 0, bodies: 0 }],
  ['resetInHead', 'PUT', { heads: 0, bodies: 0 }],
  ['resetInRequestBody', 'PUT', { heads: 1, bodies: 0 }],
  ['truncatedRequest', 'PUT', { heads: 1, bodies: 0 }],
  ['stalledRequest', 'PUT', { heads: 1, bodies: 0 }],
  ['resetAfterRequest', 'PUT', { heads: 1, bodies: 1 }],
  ['resetInResponseHead', 'PUT', { heads: 1, bodies: 1 }],
  ['resetInResponseBody', 'GET', { heads: 1, bodies: 1 }],
  ['truncatedResponse', 'GET', { heads: 1, bodies: 1 }],
  ['stalledResponse', 'GET', { heads: 1, bodies: 1 }],
])('%s: the client gets no answer, the server what came before', async (...row) => {
  const [kind, method, reached] = row;
  const { ask, heard } = await through({ kind, at: 0.5 });
  await expect(ask(method, method === 'PUT' ? BODY : undefined)).rejects.toMatchObject({
    message: expect.stringMatching(/hang up|reset|timeout|aborted/i) as string,
  });
  expect({ heads: heard.heads, bodies: heard.bodies.length }).toEqual(reached);
  await vi.waitFor(() => expect(proxy?.counts).toEqual(new Map([[kind, 1]])));
  expect((await ask('GET')).body.equals(BODY)).toBe(true);
});

test('a spoilt request has one other byte', async () => {
  const { ask, heard } = await through({ kind: 'corruptedRequest', at: 0.5 });
  await ask('PUT', BODY);
  const [body] = heard.bodies;
  const differing = [...BODY].filter((byte, at) => body?.[at] !== byte);
  expect(body).toHaveLength(BODY.length);
  expect(differing).toHaveLength(1);
});

test('a stretch of the request comes twice in place of the next', async () => {
  const { ask, heard } = await through({ kind: 'repeatedRequest', at: 0.5 });
  await ask('PUT', BODY);
  const [body] = heard.bodies;
  expect(body).toHaveLength(BODY.length);
  expect(body?.equals(BODY)).toBe(false);
  expect(proxy?.counts).toEqual(new Map([['repeatedRequest', 1]]));
});

test('the proxy says slow down in place of the server, and goes on', async () => {
  const { ask, heard } = await through({ kind: 'slowDownAnswer', at: 0.5 });
  expect(await ask('PUT', BODY)).toMatchObject({ status: 503 });
  expect(heard).toEqual({ heads: 0, bodies: [] });
  expect((await ask('GET')).body.equals(BODY)).toBe(true);
  expect(proxy?.counts).toEqual(new Map([['slowDownAnswer', 1]]));
});

test.each<ProxyFaultKind>(['corruptedResponse', 'repeatedResponse'])(
  '%s: the body has its length and not its bytes',
  async (kind) => {
    const { ask } = await through({ kind, at: 0.5 });
    const { body } = await ask('GET');
    expect(body).toHaveLength(BODY.length);
    expect(body.equals(BODY)).toBe(false);
    expect(proxy?.counts).toEqual(new Map([[kind, 1]]));
  },
);

test('a wrong ETag, a slow body and a reset afterwards leave the content alone', async () => {
  for (const kind of ['wrongEtag', 'slow', 'resetAfterResponse'] as const) {
    const { ask } = await through({ kind, at: 0.5 });
    const { body, etag } = await ask('GET');
    expect(body.equals(BODY)).toBe(true);
    expect(etag === ETAG).toBe(kind !== 'wrongEtag');
    expect(proxy?.counts).toEqual(new Map([[kind, 1]]));
    await proxy?.offline();
    server?.closeAllConnections();
    server?.close();
  }
});

test('offline refuses, online is back on the same port', async () => {
  const { ask } = await through(null);
  await proxy?.offline();
  await expect(ask('GET')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await proxy?.online();
  expect((await ask('GET')).status).toBe(200);
});
