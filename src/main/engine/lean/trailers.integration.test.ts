import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type Framing,
  type S3Server,
  startS3Server,
} from '../../../../tools/s3-server/index.ts';
import { selfSigned } from '../../../../tools/s3-server/testing/self-signed.ts';
import { ConnectionDraft } from '../../../shared/domain/bookmark.ts';
import type { ConnectionId } from '../../../shared/domain/ids.ts';
import { createFactBook, type FactBook } from '../checksums/server-facts.ts';
import { createS3Connection } from '../s3/create-connection.ts';
import type { FileSlice, S3Connection } from '../s3/s3-connection.ts';

const MIB = 1024 * 1024;
const bucket = 'trailers';
const NEW = { contentType: 'text/plain', metadata: {} };
const TLS = selfSigned();

let server: S3Server;
let folder: string;
let facts: FactBook;
const opened: S3Connection[] = [];
const fallbacks: string[] = [];

beforeEach(async () => {
  server = await startS3Server({ tls: TLS });
  server.createBucket(bucket);
  folder = await mkdtemp(join(tmpdir(), 'dipper-trailers-'));
  facts = createFactBook();
});

afterEach(async () => {
  for (const s3 of opened.splice(0)) s3.destroy();
  fallbacks.length = 0;
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

function connect(
  providerId = 'aws',
  signature: ConnectionDraft['signature'] = 'v4',
  endpoint = server.endpoint,
): S3Connection {
  const draft = ConnectionDraft.parse({
    providerId,
    nickname: '',
    endpoint,
    accessKeyId: server.users.full.accessKeyId,
    root: '',
    region: 'us-east-1',
    signature,
    addressing: 'path',
    uploadAcl: 'none',
    advanced: { caCertificate: TLS.cert, maxSockets: 4 },
  });
  const s3 = createS3Connection(
    {
      connectionId: 'trailers' as ConnectionId,
      draft,
      credentials: { ...server.users.full, sessionToken: '' },
    },
    { lean: true, facts, onFallback: (reason) => fallbacks.push(reason) },
  );
  opened.push(s3);
  return s3;
}

async function file(content: Buffer): Promise<FileSlice> {
  const path = join(folder, randomBytes(4).toString('hex'));
  await writeFile(path, content);
  return { path, start: 0, length: content.length };
}

function base64Crc(content: Uint8Array): string {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(content));
  return sum.toString('base64');
}

/** How the bodies of the uploads so far went out. */
function ways(): readonly string[] {
  return server.requests
    .filter(({ method }) => method === 'PUT')
    .map(({ headers }) => {
      if (headers['x-amz-trailer'] !== undefined) return 'trailer';
      if (headers['x-amz-checksum-crc32'] !== undefined) return 'header';
      return headers['content-md5'] === undefined ? 'nothing' : 'md5';
    });
}

test.each([65_537, 262_080, 262_081, 5 * MIB + 7])(
  'a file of %d bytes is read once: its CRC32 follows it',
  async (size) => {
    const content = randomBytes(size);
    let sent = 0;
    const stored = await connect().putObject({
      bucket,
      key: 'k',
      ...NEW,
      body: await file(content),
      onProgress: (bytes) => {
        sent += bytes;
      },
    });
    expect(stored).toMatchObject({
      integrity: 'crc32',
      checksums: `crc32=${base64Crc(content)}`,
    });
    expect((await server.read(bucket, 'k')).equals(content)).toBe(true);
    expect(server.peek(bucket, 'k')?.size).toBe(size);
    expect([ways(), sent, fallbacks]).toEqual([['trailer'], size, []]);
    const { headers } = server.requests[0] ?? {};
    expect(headers).toMatchObject({
      'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
      'x-amz-decoded-content-length': String(size),
    });
    expect(facts.read(server.endpoint).trailers).toBe('decoded');
  },
);

test('parts go so too, and their sums make up that of the whole', async () => {
  const content = randomBytes(11 * MIB);
  const { path } = await file(content);
  const s3 = connect('aws', 'v4-unsigned-payload');
  const at = { bucket, key: 'big' };
  const { uploadId, checksum } = await s3.createUpload({ ...at, ...NEW });
  const ref = { ...at, uploadId };
  const parts = await Promise.all(
    [0, 5 * MIB, 10 * MIB].map((start, index) => {
      const length = Math.min(5 * MIB, content.length - start);
      const body = { path, start, length };
      return s3.uploadPart({ ...ref, partNumber: index + 1, body });
    }),
  );
  expect(parts.map((part) => part.checksum)).toEqual([
    base64Crc(content.subarray(0, 5 * MIB)),
    base64Crc(content.subarray(5 * MIB, 10 * MIB)),
    base64Crc(content.subarray(10 * MIB)),
  ]);
  expect(await s3.listParts(ref)).toEqual(parts);
  await s3.completeUpload({ ...ref, checksum, parts });
  expect((await s3.details(at)).checksums).toEqual([
    { name: 'CRC32', value: base64Crc(content) },
  ]);
  expect(ways()).toEqual(['trailer', 'trailer', 'trailer']);
});

test('only servers known to decode it get it, over https, and only for what is not in memory', async () => {
  const big = randomBytes(MIB);
  const put = async (s3: S3Connection, body: FileSlice | Buffer): Promise<string> => {
    server.clearRequests();
    await s3.putObject({ bucket, key: 'k', ...NEW, body });
    return ways().join();
  };
  expect(await put(connect('generic'), await file(big))).toBe('md5');
  expect(await put(connect(), big)).toBe('header');
  expect(await put(connect(), await file(randomBytes(65_536)))).toBe('header');
  const plain = await startS3Server();
  plain.createBucket(bucket);
  try {
    const s3 = connect('aws', 'v4', plain.endpoint);
    await s3.putObject({ bucket, key: 'k', ...NEW, body: await file(big) });
    const sent = plain.requests.map(({ headers }) => headers);
    expect(sent[0]?.['x-amz-checksum-crc32']).toBe(base64Crc(big));
    expect(sent[0]?.['x-amz-trailer']).toBeUndefined();
  } finally {
    await plain.close();
  }
});

test('a body that spoils on its way is refused, and arrives the next time', async () => {
  const content = randomBytes(3 * MIB);
  const s3 = connect();
  const input = { bucket, key: 'k', ...NEW, body: await file(content) };
  server.faults.add({
    times: 1,
    action: { kind: 'corrupt', what: 'request', atByte: 1_500_000 },
  });
  let sent = 0;
  const onProgress = (bytes: number): void => {
    sent += bytes;
  };
  await expect(s3.putObject({ ...input, onProgress })).rejects.toMatchObject({
    code: 'transfer.checksum-mismatch',
  });
  expect([server.keys(bucket), sent]).toEqual([[], 0]);
  await s3.putObject({ ...input, onProgress });
  expect((await server.read(bucket, 'k')).equals(content)).toBe(true);
  // It was no reason to send otherwise.
  expect([ways(), sent]).toEqual([['trailer', 'trailer'], content.length]);
});

test('a body that is cut off counts for nothing, and is framed from its start again', async () => {
  const content = randomBytes(3 * MIB);
  const s3 = connect();
  const input = { bucket, key: 'k', ...NEW, body: await file(content) };
  server.faults.add({
    times: 1,
    action: { kind: 'reset', when: 'request', afterBytes: 1_000_000 },
  });
  await expect(s3.putObject(input)).rejects.toMatchObject({ code: 'network.reset' });
  await s3.putObject(input);
  expect((await server.read(bucket, 'k')).equals(content)).toBe(true);
});

test.each([
  [411, 'MissingContentLength'],
  [501, 'NotImplemented'],
  [400, 'InvalidArgument'],
  [400, 'XAmzContentSHA256Mismatch'],
])('a server that answers %d %s gets headers from then on', async (status, code) => {
  const content = randomBytes(2 * MIB);
  if (status === 411) server.framing = 'refused';
  else server.faults.add({ times: 1, action: { kind: 'error', status, code } });
  let sent = 0;
  const put = async (key: string) =>
    connect().putObject({
      bucket,
      key,
      ...NEW,
      body: await file(content),
      onlyIfAbsent: true,
      onProgress: (bytes) => {
        sent += bytes;
      },
    });
  expect(await put('a')).toMatchObject({ integrity: 'crc32' });
  expect((await server.read(bucket, 'a')).equals(content)).toBe(true);
  expect([ways(), sent]).toEqual([['trailer', 'header'], content.length]);
  expect(facts.read(server.endpoint)).toMatchObject({
    trailers: 'refused',
    checksumHeaders: 'unknown',
  });
  await put('b');
  expect(ways().at(-1)).toBe('header');
  expect(ways()).toHaveLength(3);
});

test.each([
  [400, 'InvalidStorageClass'],
  [501, 'NotImplemented'],
])(
  'a refusal %d %s that comes without trailers too teaches nothing',
  async (status, code) => {
    server.faults.add({ action: { kind: 'error', status, code } });
    const input = { bucket, key: 'k', ...NEW, body: await file(randomBytes(MIB)) };
    await expect(connect().putObject(input)).rejects.toMatchObject({
      provider: { httpStatus: status },
    });
    expect(facts.read(server.endpoint)).toMatchObject({
      trailers: 'unknown',
      checksumHeaders: 'unknown',
    });
  },
);

test.each<readonly [Framing, string]>([
  ['stored', 'stored'],
  ['unverified', 'refused'],
])('what a server with its framing %s kept is replaced', async (framing, learnt) => {
  server.framing = framing;
  const content = randomBytes(2 * MIB);
  let sent = 0;
  const stored = await connect().putObject({
    bucket,
    key: 'k',
    ...NEW,
    body: await file(content),
    onlyIfAbsent: true,
    onProgress: (bytes) => {
      sent += bytes;
    },
  });
  expect((await server.read(bucket, 'k')).equals(content)).toBe(true);
  expect(stored.etag).toBe(server.peek(bucket, 'k')?.etag);
  expect([ways(), sent]).toEqual([['trailer', 'header'], content.length]);
  // Nobody else's object: the one that was made a moment ago.
  expect(server.requests.at(-1)?.headers['if-match']).toBeDefined();
  expect(facts.read(server.endpoint).trailers).toBe(learnt);
});

test('a part that was kept with its framing is replaced', async () => {
  server.framing = 'stored';
  const content = randomBytes(6 * MIB);
  const { path } = await file(content);
  const s3 = connect();
  const at = { bucket, key: 'big' };
  const { uploadId, checksum } = await s3.createUpload({ ...at, ...NEW });
  const ref = { ...at, uploadId };
  const first = { path, start: 0, length: 5 * MIB };
  const second = { path, start: 5 * MIB, length: MIB };
  const parts = [
    await s3.uploadPart({ ...ref, partNumber: 1, body: first }),
    await s3.uploadPart({ ...ref, partNumber: 2, body: second }),
  ];
  await s3.completeUpload({ ...ref, checksum, parts });
  expect((await server.read(bucket, 'big')).equals(content)).toBe(true);
  expect(ways()).toEqual(['trailer', 'header', 'header']);
  expect(facts.read(server.endpoint).trailers).toBe('stored');
});

test('what somebody else put in the place of a stored framing stays', async () => {
  server.framing = 'stored';
  server.faults.add({
    match: { operation: 'PutObject' },
    skip: 1,
    times: 1,
    action: { kind: 'error', status: 412, code: 'PreconditionFailed' },
  });
  const input = { bucket, key: 'k', ...NEW, body: await file(randomBytes(MIB)) };
  await expect(
    connect().putObject({ ...input, onlyIfAbsent: true }),
  ).rejects.toMatchObject({ code: 'conflict.exists' });
});
