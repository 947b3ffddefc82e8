import { createHash } from 'node:crypto';
import { appendFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { signV2, stringToSignV2 } from './auth/sigv2.ts';
import { generatedBytes } from './index.ts';
import { createSampleBuckets } from './sample-data.ts';
import { type S3Server, startS3Server } from './server.ts';
import { send, sendRaw, signHead } from './testing/raw-request.ts';

function clientOf(server: S3Server): S3Client {
  return new S3Client({
    endpoint: server.endpoint,
    region: server.region,
    credentials: server.users.full,
    forcePathStyle: true,
    maxAttempts: 1,
  });
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'dipper-s3-test-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function signed(server: S3Server, method: string, path: string, host?: string) {
  return sendRaw({
    endpoint: server.endpoint,
    method,
    path,
    credentials: server.users.full,
    ...(host === undefined ? {} : { headers: { host } }),
  });
}

describe('a server on a data folder', () => {
  it('finds everything again after a restart', async () => {
    await inFolder(async (dataDir) => {
      let uploadId = '';
      {
        await using server = await startS3Server({ dataDir });
        const client = clientOf(server);
        server.seed('seeded', [
          { key: 'big', size: 5_000_000_000, contentType: 'video/mp4' },
          { key: 'text', body: 'hello', metadata: { a: 'b' } },
        ]);
        server.createBucket('one', { region: 'eu-west-1', created: new Date(0) });
        server.createBucket('two');
        const Body = Buffer.alloc(600_000, 'x');
        await client.send(
          new PutObjectCommand({ Bucket: 'two', Key: 'ä/k', Body, Metadata: { m: '1' } }),
        );
        await client.send(new PutObjectCommand({ Bucket: 'two', Key: 'gone', Body }));
        await signed(server, 'DELETE', '/two/gone');
        const to = { Bucket: 'two', Key: 'parts' };
        const { UploadId = '' } = await client.send(new CreateMultipartUploadCommand(to));
        uploadId = UploadId;
        await client.send(
          new UploadPartCommand({ ...to, UploadId, PartNumber: 4, Body: 'part' }),
        );
        client.destroy();
      }
      // A kill in mid-write leaves half a line.
      await appendFile(join(dataDir, 'journal.jsonl'), '{"op":"delete","buck');
      for (let round = 0; round < 2; round += 1) {
        await using server = await startS3Server({ dataDir });
        expect([
          server.keys('seeded'),
          server.keys('two'),
          server.uploads('two'),
        ]).toEqual([['big', 'text'], ['ä/k'], [{ key: 'parts', uploadId, parts: [4] }]]);
        expect(server.peek('seeded', 'big')).toMatchObject({ size: 5_000_000_000 });
        expect(server.peek('seeded', 'text')).toMatchObject({ metadata: { a: 'b' } });
        expect(server.peek('two', 'ä/k')).toMatchObject({ metadata: { m: '1' } });
        expect((await server.read('two', 'ä/k')).equals(Buffer.alloc(600_000, 'x'))).toBe(
          true,
        );
      }
    });
  });

  it('refuses a journal damaged in the middle', async () => {
    await inFolder(async (dataDir) => {
      await appendFile(join(dataDir, 'journal.jsonl'), 'damage\n{"op":"x"}\n');
      await expect(startS3Server({ dataDir })).rejects.toThrow(/line 1 of the journal/);
    });
  });

  it('keeps no file that no object needs', async () => {
    await inFolder(async (dataDir) => {
      await using server = await startS3Server({ dataDir });
      server.createBucket('one');
      const client = clientOf(server);
      const Body = Buffer.alloc(1000);
      for (const Key of ['a', 'a', 'b']) {
        await client.send(new PutObjectCommand({ Bucket: 'one', Key, Body }));
      }
      // Refused once its body has been received.
      await sendRaw({
        endpoint: server.endpoint,
        method: 'PUT',
        path: '/one/c',
        credentials: server.users.full,
        body: Body,
        headers: { 'content-md5': createHash('md5').digest('base64') },
      });
      await signed(server, 'DELETE', '/one/b');
      await server.close();
      expect(await readdir(join(dataDir, 'content'))).toHaveLength(1);
      client.destroy();
    });
  });

  it('leaves nothing of an upload whose client went away', async () => {
    await using server = await startS3Server();
    server.createBucket('one');
    const { headers } = signHead(
      {
        endpoint: server.endpoint,
        method: 'PUT',
        path: '/one/k',
        payloadHash: 'UNSIGNED-PAYLOAD',
      },
      server.users.full,
    );
    const head = Object.entries({ ...headers, 'content-length': '9000000' })
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('');
    const socket = connect(server.port, '127.0.0.1');
    socket.write(`PUT /one/k HTTP/1.1\r\n${head}\r\n`);
    socket.write(Buffer.alloc(3_000_000));
    await expect.poll(() => server.requests[0]?.bytesIn).toBe(3_000_000);
    socket.destroy();
    await expect.poll(() => server.requests[0]?.endedAt).toEqual(expect.any(Number));
    expect([server.keys('one'), await readdir(join(server.dataDir, 'content'))]).toEqual([
      [],
      [],
    ]);
  });
});

describe('seeding', () => {
  it('makes 100,000 objects that list and read at once', async () => {
    await using server = await startS3Server();
    const started = performance.now();
    server.seed(
      'big',
      Array.from({ length: 100_000 }, (_, index) => ({
        key: `folder/${String(index).padStart(6, '0')}.jpg`,
        size: 1000 + index,
      })),
    );
    expect(performance.now() - started).toBeLessThan(20_000);
    const client = clientOf(server);
    const page = await client.send(
      new ListObjectsV2Command({ Bucket: 'big', StartAfter: 'folder/050000.jpg' }),
    );
    expect([page.KeyCount, page.Contents?.[0]?.Key]).toEqual([1000, 'folder/050001.jpg']);
    const got = await client.send(
      new GetObjectCommand({
        Bucket: 'big',
        Key: 'folder/099999.jpg',
        Range: 'bytes=100-199',
      }),
    );
    const bytes = Buffer.from((await got.Body?.transformToByteArray()) ?? []);
    expect(bytes).toEqual(generatedBytes('big/folder/099999.jpg', 100, 100));
    client.destroy();
  });

  it('gives the same bytes whichever way they are cut', () => {
    const whole = generatedBytes('seed', 0, 200_000);
    const parts = [0, 7, 65_530, 65_536, 131_080, 199_999].map((from, index, all) =>
      generatedBytes('seed', from, (all[index + 1] ?? 200_000) - from),
    );
    expect(Buffer.concat(parts).equals(whole)).toBe(true);
    expect(whole.subarray(0, 65_536).equals(whole.subarray(65_536, 131_072))).toBe(false);
  });

  it('refuses keys and sizes that cannot be', async () => {
    await using server = await startS3Server();
    expect(() => server.seed('one', [{ key: '' }])).toThrow(RangeError);
    expect(() => server.seed('one', [{ key: 'é'.repeat(513) }])).toThrow(RangeError);
    expect(() => server.seed('one', [{ key: 'k', size: -1 }])).toThrow(RangeError);
    expect(() => server.seed('Not A Bucket', [])).toThrow(
      expect.objectContaining({ code: 'InvalidBucketName' }),
    );
  });

  it('fills in the sample buckets', async () => {
    await using server = await startS3Server();
    createSampleBuckets(server);
    expect(server.keys('acme-media').length).toBeGreaterThan(5000);
    expect(server.keys('shared')).toContain('team/Welcome.md');
    expect(server.keys('design-team')).toContain('Odd names/a//b.txt');
  });
});

describe('options', () => {
  it('address buckets by host name', async () => {
    await using server = await startS3Server({ domains: ['s3.test.example'] });
    server.seed('my.bucket', [{ key: 'a//b', body: 'x' }]);
    for (const domain of ['s3.localhost', 'localhost', 's3.test.example']) {
      const host = `my.bucket.${domain}:${server.port}`;
      expect((await signed(server, 'GET', '/a//b', host)).text).toBe('x');
    }
    const foreign = await signed(server, 'GET', '/a//b', 'my.bucket.evil.example');
    expect([foreign.status, foreign.code]).toEqual([403, 'AccessDenied']);
  });

  it('let anybody read public buckets, and only read', async () => {
    await using server = await startS3Server({ publicBuckets: ['open'] });
    server.seed('open', [{ key: 'k', body: 'x' }]);
    server.seed('closed', [{ key: 'k', body: 'x' }]);
    const { endpoint } = server;
    const status = async (method: string, path: string) =>
      (await send(endpoint, method, path)).status;
    expect([
      await status('GET', '/open/k'),
      await status('HEAD', '/open/k'),
      await status('GET', '/open'),
      await status('GET', '/open/missing'),
      await status('PUT', '/open/k'),
      await status('DELETE', '/open/k'),
      await status('GET', '/closed/k'),
      await status('GET', '/'),
      await status('GET', '/open/k?response-content-type=text/html'),
    ]).toEqual([200, 200, 200, 404, 403, 403, 403, 403, 400]);
  });

  it('take Signature Version 2 only when allowed', async () => {
    const outcomes: unknown[] = [];
    for (const allowV2 of [false, true]) {
      await using server = await startS3Server({ allowV2 });
      server.seed('one', [{ key: 'k é', body: 'x' }]);
      const headers = { date: new Date().toUTCString(), 'x-amz-meta-a': 'b' };
      const resource = '/one/k%20%C3%A9';
      const text = stringToSignV2({ method: 'GET', resource, query: [], headers });
      const { accessKeyId, secretAccessKey } = server.users.full;
      for (const secret of [secretAccessKey, 'wrong']) {
        const authorization = `AWS ${accessKeyId}:${signV2(secret, text)}`;
        const answer = await send(server.endpoint, 'GET', resource, {
          headers: { ...headers, authorization },
        });
        outcomes.push(answer.code ?? answer.text);
      }
    }
    expect(outcomes).toEqual([
      'InvalidRequest',
      'InvalidRequest',
      'x',
      'SignatureDoesNotMatch',
    ]);
  });

  it('know temporary credentials by their token', async () => {
    const temporary = {
      name: 'temporary',
      accessKeyId: 'ASIATEMPORARY0000001',
      secretAccessKey: 'secret',
      sessionToken: 'the token',
      policy: { kind: 'all' },
    } as const;
    const expired = {
      ...temporary,
      accessKeyId: 'ASIAEXPIRED000000001',
      expiresAt: new Date(0),
    };
    await using server = await startS3Server({ users: { temporary, expired } });
    const code = async (credentials: typeof temporary, token?: string) => {
      const answer = await sendRaw({
        endpoint: server.endpoint,
        method: 'GET',
        path: '/',
        credentials,
        ...(token === undefined ? {} : { headers: { 'x-amz-security-token': token } }),
      });
      return answer.code ?? answer.status;
    };
    expect([
      await code(temporary, 'the token'),
      await code(temporary, 'another'),
      await code(temporary),
      await code(expired as never, 'the token'),
    ]).toEqual([200, 'InvalidToken', 'InvalidAccessKeyId', 'ExpiredToken']);
  });

  it('keep the buckets of accounts apart', async () => {
    const stranger = {
      name: 'stranger',
      accessKeyId: 'DIPPERSTRANGER000001',
      secretAccessKey: 'secret',
      account: 'elsewhere',
      policy: { kind: 'all' },
    } as const;
    await using server = await startS3Server({ users: { stranger } });
    server.seed('one', [{ key: 'k', body: 'x' }]);
    const code = async (method: string, path: string) => {
      const { endpoint } = server;
      return (await sendRaw({ endpoint, method, path, credentials: stranger })).code;
    };
    expect([await code('GET', '/one/k'), await code('PUT', '/one')]).toEqual([
      'AccessDenied',
      'BucketAlreadyExists',
    ]);
  });

  it('set the clock', async () => {
    await using server = await startS3Server({ clockSkewMs: 3_600_000 });
    const ahead = await signed(server, 'GET', '/');
    server.clockSkewMs = 0;
    const right = await signed(server, 'GET', '/');
    expect([ahead.code, right.status]).toEqual(['RequestTimeTooSkewed', 200]);
    expect(Date.parse(ahead.headers.date ?? '') - Date.now()).toBeGreaterThan(3_500_000);
  });

  it('shrink pages, parts and the largest PUT', async () => {
    await using server = await startS3Server({
      limits: { maxPageEntries: 2, maxPutBytes: 100, minPartBytes: 1 },
    });
    server.seed(
      'one',
      ['a', 'b', 'c'].map((key) => ({ key })),
    );
    const client = clientOf(server);
    const page = await client.send(new ListObjectsV2Command({ Bucket: 'one' }));
    expect([page.KeyCount, page.MaxKeys, page.IsTruncated]).toEqual([2, 1000, true]);
    const big = new PutObjectCommand({
      Bucket: 'one',
      Key: 'k',
      Body: Buffer.alloc(101),
    });
    await expect(client.send(big)).rejects.toMatchObject({ name: 'EntityTooLarge' });
    client.destroy();
  });

  it('take a stream of the SDK, with "continue" awaited', async () => {
    await using server = await startS3Server();
    server.createBucket('one');
    const client = clientOf(server);
    const pieces = Array.from({ length: 100 }, (_, index) => Buffer.alloc(65_536, index));
    await client.send(
      new PutObjectCommand({
        Bucket: 'one',
        Key: 'k',
        Body: Readable.from(pieces),
        ContentLength: 6_553_600,
      }),
    );
    const record = server.requests.at(-1);
    expect([record?.headers['expect'], record?.status]).toEqual(['100-continue', 200]);
    expect((await server.read('one', 'k')).equals(Buffer.concat(pieces))).toBe(true);
    client.destroy();
  });

  it('say so when the port is taken', async () => {
    await using server = await startS3Server();
    await expect(startS3Server({ port: server.port })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  });
});
