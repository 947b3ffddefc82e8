import {
  type AddressInfo,
  connect,
  createServer,
  type Server,
  type Socket,
} from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openS3Target, type S3Target } from '../testing/s3-target.ts';
import type { S3Connection } from './s3-connection.ts';

let target: S3Target;
let bucket: string;
let door: Server;
let s3: S3Connection;
const open = new Set<Socket>();
let most = 0;

beforeAll(async () => {
  target = await openS3Target();
  bucket = await target.makeBucket();
});

afterAll(async () => {
  await target.close();
});

/** A door to the server that counts who is inside. */
beforeEach(async () => {
  const { hostname, port } = new URL(target.endpoint);
  most = 0;
  door = createServer((client) => {
    open.add(client);
    most = Math.max(most, open.size);
    const server = connect(Number(port), hostname);
    client.once('close', () => {
      open.delete(client);
      server.destroy();
    });
    server.once('close', () => client.destroy());
    client.on('error', () => undefined);
    server.on('error', () => undefined);
    client.pipe(server).pipe(client);
  });
  await new Promise<void>((resolve) => {
    door.listen(0, '127.0.0.1', resolve);
  });
  s3 = target.connect({
    lean: true,
    draft: {
      endpoint: `http://127.0.0.1:${(door.address() as AddressInfo).port}`,
      advanced: { maxSockets: 3 } as never,
    },
  });
});

afterEach(async () => {
  for (const socket of open) socket.destroy();
  await new Promise((resolve) => {
    door.close(resolve);
  });
});

test('both paths together keep to the limit of connections, idle ones included', async () => {
  const newObject = { contentType: '', metadata: {} };
  const body = Buffer.from('some bytes');
  const round = (): Promise<unknown>[] =>
    Array.from({ length: 8 }, (_, n) => [
      s3.putObject({ bucket, key: `k${n}`, body, ...newObject }),
      s3.listPage({ bucket, prefix: '', delimiter: '', cursor: null }),
      s3.listParts({ bucket, key: 'none', uploadId: 'none' }).catch(() => 'gone'),
      s3.listBuckets({}),
    ]).flat();
  await Promise.all(round());
  const streams = await Promise.all(
    Array.from({ length: 6 }, async (_, n) => {
      const got = await s3.getObject({ bucket, key: `k${n}` });
      return Buffer.concat(await got.stream.toArray()).toString();
    }),
  );
  expect(streams).toEqual(Array.from({ length: 6 }, () => 'some bytes'));
  await Promise.all(round());
  expect(most).toBeGreaterThan(1);
  // The door may see a new one before it sees the end of the one that made room; two
  // limits of three would let in six.
  expect(most).toBeLessThan(6);
});

test('after the sockets were dropped requests open new ones', async () => {
  await s3.listBuckets({});
  await s3.listPage({ bucket, prefix: '', delimiter: '', cursor: null });
  const before = [...open];
  expect(before.length).toBeGreaterThan(0);
  s3.dropSockets();
  await s3.listBuckets({});
  await s3.listPage({ bucket, prefix: '', delimiter: '', cursor: null });
  await expect.poll(() => before.filter((socket) => open.has(socket))).toEqual([]);
});
