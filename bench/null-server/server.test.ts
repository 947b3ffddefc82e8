import { createHash } from 'node:crypto';
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { selfSigned } from '../../tools/s3-server/testing/self-signed.ts';
import { Pattern } from './pattern.ts';
import { type NullServer, startNullServer } from './server.ts';

const Bucket = 'bench';
const { key, cert } = selfSigned();
let server: NullServer;

beforeAll(async () => {
  server = await startNullServer({ key, cert });
});
afterAll(() => server.close());
beforeEach(() => {
  server.control.clear(Bucket, '');
  server.control.setVerify(true);
  server.control.takeTier();
});

function connect(
  tls: boolean,
  requestChecksumCalculation: 'WHEN_SUPPORTED' | 'WHEN_REQUIRED' = 'WHEN_REQUIRED',
): S3Client {
  return new S3Client({
    endpoint: tls
      ? `https://127.0.0.1:${server.https}`
      : `http://127.0.0.1:${server.http}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
    forcePathStyle: true,
    requestChecksumCalculation,
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: new NodeHttpHandler({ httpsAgent: { ca: cert } }),
  });
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function md5(bytes: Uint8Array): Buffer {
  return createHash('md5').update(bytes).digest();
}

function bytesOf(name: string, size: number): Buffer {
  return Buffer.concat([...new Pattern().pieces(name, 0, size)]);
}

describe.each([false, true])('over TLS: %s', (tls) => {
  test('an object put whole is counted and hashed as it came', async () => {
    const client = connect(tls);
    const body = bytesOf('x', 300_000);
    await client.send(new PutObjectCommand({ Bucket, Key: 'a b/ü+&', Body: body }));
    expect(server.control.received(Bucket, 'a b/')).toEqual([
      { key: 'a b/ü+&', parts: [{ size: 300_000, sha256: sha256(body) }] },
    ]);
    client.destroy();
  });

  test('an upload in parts keeps its parts in order', async () => {
    const client = connect(tls);
    const body = bytesOf('y', 150_000);
    const { UploadId } = await client.send(
      new CreateMultipartUploadCommand({ Bucket, Key: 'big' }),
    );
    for (const PartNumber of [2, 1]) {
      const Body = body.subarray((PartNumber - 1) * 100_000, PartNumber * 100_000);
      await client.send(
        new UploadPartCommand({ Bucket, Key: 'big', UploadId, PartNumber, Body }),
      );
    }
    await client.send(
      new CompleteMultipartUploadCommand({ Bucket, Key: 'big', UploadId }),
    );
    expect(server.control.received(Bucket, '')).toEqual([
      {
        key: 'big',
        parts: [
          { size: 100_000, sha256: sha256(body.subarray(0, 100_000)) },
          { size: 50_000, sha256: sha256(body.subarray(100_000)) },
        ],
      },
    ]);
    const head = await client.send(new HeadObjectCommand({ Bucket, Key: 'big' }));
    expect(head.ContentLength).toBe(150_000);
    // Nobody said the parts' MD5s, so the ETag must not look like theirs.
    const known = md5(
      Buffer.concat([md5(body.subarray(0, 100_000)), md5(body.subarray(100_000))]),
    );
    expect(head.ETag).toMatch(/^"[0-9a-f]{32}-2"$/);
    expect(head.ETag).not.toContain(known.toString('hex'));
    client.destroy();
  });

  test('generated objects come whole and in ranges, with their MD5', async () => {
    const client = connect(tls);
    const size = 9_000_000;
    server.control.generate({
      bucket: Bucket,
      prefix: 'gen',
      count: 1,
      size,
      etag: 'md5',
    });
    const whole = await client.send(new GetObjectCommand({ Bucket, Key: 'gen' }));
    const bytes = (await whole.Body?.transformToByteArray()) ?? new Uint8Array();
    expect(sha256(bytes)).toBe(sha256(bytesOf('gen', size)));
    expect(whole.ETag).toBe(`"${createHash('md5').update(bytes).digest('hex')}"`);
    const part = await client.send(
      new GetObjectCommand({ Bucket, Key: 'gen', Range: 'bytes=8380000-8400000' }),
    );
    const ranged = (await part.Body?.transformToByteArray()) ?? new Uint8Array();
    expect(part.ContentRange).toBe(`bytes 8380000-8400000/${size}`);
    expect(sha256(ranged)).toBe(sha256(bytes.subarray(8_380_000, 8_400_001)));
    client.destroy();
  });
});

test('lists go page by page, with folders, and deletes take effect', async () => {
  const client = connect(false);
  server.control.generate({
    bucket: Bucket,
    prefix: 'l/k',
    count: 2_500,
    size: 7,
    etag: 'md5',
  });
  server.control.generate({
    bucket: Bucket,
    prefix: 'l/sub/',
    count: 20,
    size: 7,
    etag: 'md5',
  });
  const keys: string[] = [];
  const folders: string[] = [];
  let token: string | undefined;
  do {
    const page = await client.send(
      new ListObjectsV2Command({
        Bucket,
        Prefix: 'l/',
        Delimiter: '/',
        ...(token === undefined ? {} : { ContinuationToken: token }),
      }),
    );
    keys.push(...(page.Contents ?? []).map(({ Key = '' }) => Key));
    folders.push(...(page.CommonPrefixes ?? []).map(({ Prefix = '' }) => Prefix));
    token = page.NextContinuationToken;
  } while (token !== undefined);
  expect(keys.length).toBe(2_500);
  expect([new Set(keys).size, keys.at(-1), folders]).toEqual([
    2_500,
    'l/k0002499',
    ['l/sub/'],
  ]);
  const { Deleted } = await client.send(
    new DeleteObjectsCommand({
      Bucket,
      Delete: { Objects: keys.slice(0, 1_000).map((Key) => ({ Key })) },
    }),
  );
  expect(Deleted?.length).toBe(1_000);
  expect(server.control.contents(Bucket, 'l/').count).toBe(1_520);
  client.destroy();
});

test('a folder at the border of two pages is told once', async () => {
  const client = connect(false);
  server.control.generate({
    bucket: Bucket,
    prefix: 'a/',
    count: 5,
    size: 1,
    etag: 'md5',
  });
  server.control.generate({
    bucket: Bucket,
    prefix: 'b/',
    count: 5,
    size: 1,
    etag: 'md5',
  });
  const first = await client.send(
    new ListObjectsV2Command({ Bucket, Delimiter: '/', MaxKeys: 1 }),
  );
  const second = await client.send(
    new ListObjectsV2Command({
      Bucket,
      Delimiter: '/',
      MaxKeys: 1,
      ContinuationToken: first.NextContinuationToken,
    }),
  );
  expect([first.CommonPrefixes, second.CommonPrefixes, second.IsTruncated]).toEqual([
    [{ Prefix: 'a/' }],
    [{ Prefix: 'b/' }],
    false,
  ]);
  client.destroy();
});

test('how an upload was protected is seen from its requests', async () => {
  const plain = connect(true);
  await plain.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'body' }));
  const signed = server.control.takeTier();
  const summed = connect(true, 'WHEN_SUPPORTED');
  await summed.send(
    new PutObjectCommand({
      Bucket,
      Key: 'k',
      Body: 'body',
      ContentMD5: createHash('md5').update('body').digest('base64'),
    }),
  );
  const all = server.control.takeTier();
  expect([signed, all, server.control.takeTier()]).toEqual([
    'sha256',
    'sha256+md5+crc',
    'none',
  ]);
  plain.destroy();
  summed.destroy();
});

test('a key that is not there is 404, a wrong If-Match 412', async () => {
  const client = connect(false);
  await expect(
    client.send(new GetObjectCommand({ Bucket, Key: 'none' })),
  ).rejects.toMatchObject({ name: 'NoSuchKey' });
  server.control.generate({
    bucket: Bucket,
    prefix: 'one',
    count: 1,
    size: 3,
    etag: 'opaque',
  });
  await expect(
    client.send(new GetObjectCommand({ Bucket, Key: 'one', IfMatch: '"other"' })),
  ).rejects.toMatchObject({ name: 'PreconditionFailed' });
  client.destroy();
});
