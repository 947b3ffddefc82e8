import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type S3Server, startS3Server } from '../../../../tools/s3-server/index.ts';
import { selfSigned } from '../../../../tools/s3-server/testing/self-signed.ts';
import { ConnectionDraft } from '../../../shared/domain/bookmark.ts';
import type { ConnectionId } from '../../../shared/domain/ids.ts';
import { createS3Connection } from '../s3/create-connection.ts';
import type { S3Connection } from '../s3/s3-connection.ts';

const MIB = 1024 * 1024;
const bucket = 'lean-tests';
const newObject = { contentType: 'text/plain', metadata: {} };
const credentials = { accessKeyId: 'a', secretAccessKey: 'b', sessionToken: '' };

interface Setting {
  readonly s3: S3Connection;
  /** Why calls went over the SDK. */
  readonly fallbacks: string[];
}

function connect(
  endpoint: string,
  keys = credentials,
  advanced: Partial<ConnectionDraft['advanced']> = {},
): Setting {
  const fallbacks: string[] = [];
  const draft = ConnectionDraft.parse({
    providerId: 'generic',
    nickname: '',
    endpoint,
    accessKeyId: keys.accessKeyId,
    root: '',
    region: 'us-east-1',
    signature: 'v4',
    addressing: 'auto',
    uploadAcl: 'none',
    advanced,
  });
  const s3 = createS3Connection(
    { connectionId: 'lean' as ConnectionId, draft, credentials: keys },
    { lean: true, onFallback: (reason) => fallbacks.push(reason) },
  );
  return { s3, fallbacks };
}

describe.each(['http', 'https'])('the lean path over %s', (scheme) => {
  let server: S3Server;
  let setting: Setting;
  let s3: S3Connection;
  let folder: string;

  beforeAll(async () => {
    const tls = selfSigned();
    server = await startS3Server(scheme === 'https' ? { tls } : {});
    server.createBucket(bucket);
    const full = { ...server.users.full, sessionToken: '' };
    const caCertificate = scheme === 'https' ? tls.cert : '';
    setting = connect(server.endpoint, full, { caCertificate, maxSockets: 4 });
    s3 = setting.s3;
    folder = await mkdtemp(join(tmpdir(), 'dipper-lean-'));
  });
  afterAll(async () => {
    s3.destroy();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('bytes go up and come down unchanged, whatever their number', async () => {
    for (const size of [0, 1, 4_096, 65_536, 65_537, 262_144, 262_145, 5 * MIB + 7]) {
      const content = randomBytes(size);
      const path = join(folder, `up-${size}`);
      await writeFile(path, content);
      const key = `sizes/../${size}`;
      let sent = 0;
      const body = { path, start: 0, length: size };
      const onProgress = (bytes: number) => {
        sent += bytes;
      };
      const stored = await s3.putObject({ bucket, key, ...newObject, body, onProgress });
      expect(stored.etag).toBe(createHash('md5').update(content).digest('hex'));
      expect(sent).toBe(size);
      const { stream, length } = await s3.getObject({ bucket, key });
      expect(length).toBe(size);
      expect((await buffer(stream)).equals(content)).toBe(true);
    }
    expect(setting.fallbacks).toEqual([]);
  });

  test('a reader that pauses gets the very bytes', async () => {
    const content = randomBytes(24 * MIB);
    await s3.putObject({ bucket, key: 'slow', ...newObject, body: content });
    const { stream } = await s3.getObject({ bucket, key: 'slow' });
    const hash = createHash('md5');
    let seen = 0;
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      // What is held across pauses must not change under the reader's hands.
      const before = Buffer.from(chunk);
      if (seen % 3 === 0) await delay(2);
      expect(before.equals(chunk)).toBe(true);
      hash.update(chunk);
      seen += 1;
    }
    expect(hash.digest('hex')).toBe(createHash('md5').update(content).digest('hex'));
  });

  test('bodies are saved where they belong, several at a time', async () => {
    const content = randomBytes(9 * MIB + 11);
    await s3.putObject({ bucket, key: 'saved', ...newObject, body: content });
    const path = join(folder, `saved-${scheme}`);
    const file = await open(path, 'w');
    const part = 1_500_001;
    let progress = 0;
    try {
      const starts = Array.from({ length: 7 }, (_, index) => index * part);
      await Promise.all(
        starts.map(async (start) => {
          const end = Math.min(content.length, start + part) - 1;
          const range = { start, end };
          const body = await s3.getObject({ bucket, key: 'saved', range });
          const hash = createHash('md5');
          await body.saveTo({
            fd: file.fd,
            position: start,
            hash,
            onProgress: (bytes) => {
              progress += bytes;
            },
          });
          const expected = content.subarray(start, end + 1);
          expect(hash.digest('hex')).toBe(
            createHash('md5').update(expected).digest('hex'),
          );
        }),
      );
    } finally {
      await file.close();
    }
    expect(progress).toBe(content.length);
    expect((await readFile(path)).equals(content)).toBe(true);
  });

  test('saving ends with the connection’s error, and leaves the next request alone', async () => {
    await s3.putObject({ bucket, key: 'cut', ...newObject, body: randomBytes(MIB) });
    server.faults.add({ action: { kind: 'truncate', afterBytes: 300_000 }, times: 1 });
    const body = await s3.getObject({ bucket, key: 'cut' });
    const file = await open(join(folder, `cut-${scheme}`), 'w');
    await expect(body.saveTo({ fd: file.fd, position: 0 })).rejects.toMatchObject({
      code: 'network.reset',
    });
    await file.close();
    expect((await s3.getObject({ bucket, key: 'cut' })).length).toBe(MIB);
  });

  test('a refusal while the body is on its way is read, not taken for a reset', async () => {
    const path = join(folder, `refused-${scheme}`);
    await writeFile(path, randomBytes(12 * MIB));
    server.faults.add({ action: { kind: 'slowDown' }, times: 1 });
    let sent = 0;
    await expect(
      s3.putObject({
        bucket,
        key: 'refused',
        ...newObject,
        body: { path, start: 0, length: 12 * MIB },
        onProgress: (bytes) => {
          sent += bytes;
        },
      }),
    ).rejects.toMatchObject({ code: 'throttle.slow-down' });
    expect(sent).toBe(0);
  });

  test('more requests than sockets wait their turn; aborted ones leave', async () => {
    server.clearRequests();
    const results = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        s3.putObject({ bucket, key: `many/${index}`, ...newObject, body: Buffer.of(1) }),
      ),
    );
    expect(results).toHaveLength(40);
    const controller = new AbortController();
    const waiting = Array.from({ length: 8 }, () =>
      s3.getObject({ bucket, key: 'slow', signal: controller.signal }),
    );
    const settled = Promise.allSettled(waiting);
    await delay(50);
    controller.abort();
    for (const one of await settled) {
      if (one.status === 'rejected') {
        expect(one.reason).toMatchObject({ code: 'transfer.cancelled' });
      } else {
        await expect(buffer(one.value.stream)).rejects.toMatchObject({
          code: 'transfer.cancelled',
        });
      }
    }
    const page = await s3.listPage({
      bucket,
      prefix: 'many/',
      delimiter: '',
      cursor: null,
    });
    expect(page.keys).toHaveLength(40);
    expect(await s3.deleteObjects({ bucket, keys: page.keys })).toEqual([]);
    expect(setting.fallbacks).toEqual([]);
  });
});

/** Answers every request by `answer`, which may write to the socket itself. */
async function withServer(
  answer: (socket: Socket, request: number, connection: number) => void,
  use: (setting: Setting, counts: { connections: number }) => Promise<void>,
): Promise<void> {
  const counts = { connections: 0 };
  const sockets = new Set<Socket>();
  let requests = 0;
  const server: Server = createServer((socket) => {
    counts.connections += 1;
    const connection = counts.connections;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      if (!bytes.includes('\r\n\r\n')) return;
      requests += 1;
      answer(socket, requests, connection);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const setting = connect(`http://127.0.0.1:${port}`);
  try {
    await use(setting, counts);
  } finally {
    setting.s3.destroy();
    for (const socket of sockets) socket.destroy();
    server.close();
  }
}

const ok = 'HTTP/1.1 200 OK\r\nETag: "x"\r\nContent-Length: 2\r\n\r\nok';
const get = async ({ s3 }: Setting) =>
  (await buffer((await s3.getObject({ bucket, key: 'k' })).stream)).toString();

describe('connections', () => {
  test('one that went stale is replaced once', async () => {
    await withServer(
      (socket, request) => {
        if (request === 2) socket.resetAndDestroy();
        else socket.write(ok);
      },
      async (setting, counts) => {
        expect(await get(setting)).toBe('ok');
        await delay(600);
        expect(await get(setting)).toBe('ok');
        expect(counts.connections).toBe(2);
      },
    );
  });

  test('one that was in use a moment ago was cut for a reason', async () => {
    await withServer(
      (socket, request) => {
        if (request === 2) socket.resetAndDestroy();
        else socket.write(ok);
      },
      async (setting) => {
        expect(await get(setting)).toBe('ok');
        await expect(get(setting)).rejects.toMatchObject({ code: 'network.reset' });
      },
    );
  });

  test('is kept, closed when asked to, and not used again after stray bytes', async () => {
    await withServer(
      (socket, request) => {
        if (request === 3) socket.end(ok.replace('\r\n', '\r\nConnection: close\r\n'));
        else socket.write(request === 4 ? `${ok}stray` : ok);
      },
      async (setting, counts) => {
        for (const connections of [1, 1, 1, 2, 3]) {
          expect(await get(setting)).toBe('ok');
          expect(counts.connections).toBe(connections);
        }
      },
    );
  });

  test('an answer we do not speak is the SDK’s, and said so once', async () => {
    const text = '<ListBucketResult><!-- a note --><Name>b</Name></ListBucketResult>';
    const length = Buffer.byteLength(text);
    await withServer(
      (socket) =>
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n${text}`),
      async ({ s3, fallbacks }) => {
        const input = { bucket, prefix: '', delimiter: '/', cursor: null } as const;
        expect((await s3.listPage(input)).keys).toEqual([]);
        expect((await s3.listPage(input)).keys).toEqual([]);
        expect(fallbacks).toHaveLength(1);
      },
    );
  });
});
