import { Readable } from 'node:stream';
import {
  type ChecksumAlgorithm,
  type ChecksumType,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { createChecksum } from '../auth/checksums.ts';
import { signedChunks, unsignedChunks } from '../testing/chunk-body.ts';
import { type RawResponse, send, signHead } from '../testing/raw-request.ts';
import { differs, SIDE, useTarget } from './target.ts';

const target = useTarget();
const MIN_PART = 5 * 1024 * 1024;

/** A client that sends and checks checksums wherever it can, as the SDK's default is. */
function checking(): S3Client {
  return target().client({
    requestChecksumCalculation: 'WHEN_SUPPORTED',
    responseChecksumValidation: 'WHEN_SUPPORTED',
  });
}

/** Sends a PUT whose aws-chunked body is made from its signed head. */
async function putChunked(
  payloadHash: string,
  headers: Record<string, string>,
  makeBody: (head: ReturnType<typeof signHead>) => Buffer,
  length: number,
): Promise<RawResponse> {
  const { endpoint, region, full } = target();
  const path = `/${await target().bucket()}/k`;
  const head = signHead(
    {
      endpoint,
      region,
      method: 'PUT',
      path,
      payloadHash,
      headers: {
        'content-encoding': 'aws-chunked',
        'x-amz-decoded-content-length': String(length),
        ...headers,
      },
    },
    full,
  );
  return send(endpoint, 'PUT', path, { headers: head.headers, body: makeBody(head) });
}

const CHUNKS = [Buffer.alloc(65_536, 'a'), Buffer.alloc(1024, 'a')];
const LENGTH = 66_560;
const CRC32C = 'sOO8/Q==';

/** PUTs signed chunks that were spoilt after signing. */
function putSigned(spoil: (body: Buffer) => void): Promise<RawResponse> {
  return putChunked(
    'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
    {},
    ({ key, amzDate, scope, signature }) => {
      const body = signedChunks(CHUNKS, { key, amzDate, scope }, signature);
      spoil(body);
      return body;
    },
    LENGTH,
  );
}

describe('chunked bodies', () => {
  it('are taken when every chunk is signed, and refused when one is wrong', async () => {
    expect((await putSigned(() => undefined)).status).toBe(200);
    const spoilt = await putSigned((body) => body.fill('b', 1000, 1001));
    expect(spoilt.status).toBe(403);
  });

  differs(
    'carry signed and unsigned trailers',
    'AWS checks their checksums; radosgw (16) knows no trailers',
    async () => {
      const trailer = { 'x-amz-trailer': 'x-amz-checksum-crc32c' };
      const signed = (value: string) =>
        putChunked(
          'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
          trailer,
          ({ key, amzDate, scope, signature }) =>
            signedChunks(CHUNKS, { key, amzDate, scope }, signature, {
              'x-amz-checksum-crc32c': value,
            }),
          LENGTH,
        );
      const unsigned = (value: string) =>
        putChunked(
          'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
          trailer,
          () => unsignedChunks(CHUNKS, { 'x-amz-checksum-crc32c': value }),
          LENGTH,
        );
      const answers = [
        await signed(CRC32C),
        await signed('AAAAAA=='),
        await unsigned(CRC32C),
        await unsigned('AAAAAA=='),
      ];
      return SIDE === 'aws'
        ? answers.map(({ status, code }) => code ?? status)
        : answers.map(({ status }) => status >= 400);
    },
    { aws: [200, 'BadDigest', 200, 'BadDigest'], radosgw: [true, true, true, true] },
  );

  differs(
    'have no small chunks but the last',
    'AWS: InvalidChunkSizeError, which SDK streams of small chunks run into',
    async () => {
      const small = [Buffer.from('small'), Buffer.alloc(9000)];
      const answer = await putChunked(
        'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
        { 'x-amz-trailer': 'x-amz-checksum-crc32c' },
        () => unsignedChunks(small, { 'x-amz-checksum-crc32c': CRC32C }),
        9005,
      );
      return SIDE === 'aws' ? [answer.status, answer.code] : answer.status >= 400;
    },
    { aws: [403, 'InvalidChunkSizeError'], radosgw: true },
  );

  differs(
    'are what the SDK sends for a stream',
    'AWS takes them; radosgw (16) asks for the length (411)',
    async () => {
      const Bucket = await target().bucket();
      const Body = Readable.from([Buffer.alloc(70_000, 1), Buffer.alloc(70_000, 2)]);
      const put = new PutObjectCommand({
        Bucket,
        Key: 'k',
        Body,
        ContentLength: 140_000,
      });
      return checking()
        .send(put)
        .then(
          ({ $metadata }) => $metadata.httpStatusCode,
          (error: { $metadata?: { httpStatusCode?: number } }) =>
            error.$metadata?.httpStatusCode,
        );
    },
    { aws: 200, radosgw: 411 },
  );
});

/** Uploads two parts and tells whether the object's checksum is what it should be. */
async function joins(algorithm: ChecksumAlgorithm, type: ChecksumType): Promise<boolean> {
  const client = checking();
  const to = { Bucket: await target().bucket(), Key: 'k' };
  const { UploadId } = await client.send(
    new CreateMultipartUploadCommand({
      ...to,
      ChecksumAlgorithm: algorithm,
      ChecksumType: type,
    }),
  );
  const bodies = [Buffer.alloc(MIN_PART, 'a'), Buffer.from('tail')];
  const Parts = [];
  for (const [index, Body] of bodies.entries()) {
    const PartNumber = index + 1;
    const part = await client.send(
      new UploadPartCommand({
        ...to,
        UploadId,
        PartNumber,
        Body,
        ChecksumAlgorithm: algorithm,
      }),
    );
    const { $metadata: _metadata, ...rest } = part;
    Parts.push({ ...rest, PartNumber });
  }
  await client.send(
    new CompleteMultipartUploadCommand({ ...to, UploadId, MultipartUpload: { Parts } }),
  );
  const head = await client.send(
    new HeadObjectCommand({ ...to, ChecksumMode: 'ENABLED' }),
  );
  const whole = createChecksum(algorithm as 'CRC32');
  for (const body of bodies) whole.update(body);
  const value = head[`Checksum${algorithm as 'CRC32'}`];
  return type === 'FULL_OBJECT'
    ? value === whole.digest().toString('base64')
    : (value?.endsWith('-2') ?? false);
}

describe('checksums', () => {
  for (const algorithm of ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const) {
    const header = `x-amz-checksum-${algorithm.toLowerCase()}`;
    differs(
      `in the header ${header} are checked, kept and returned`,
      'radosgw (16) ignores them',
      async () => {
        const path = `/${await target().bucket()}/k`;
        const body = Buffer.from('hello');
        const checksum = createChecksum(algorithm);
        checksum.update(body);
        const value = checksum.digest().toString('base64');
        const put = (sent: string) =>
          target().raw({ method: 'PUT', path, body, headers: { [header]: sent } });
        const wrong = await put(Buffer.from(value, 'base64').fill(7).toString('base64'));
        const invalid = await put('nonsense');
        const right = await put(value);
        const head = await target().raw({
          method: 'HEAD',
          path,
          headers: { 'x-amz-checksum-mode': 'ENABLED' },
        });
        return [wrong.code, invalid.code, right.status, head.headers[header] === value];
      },
      {
        aws: ['BadDigest', 'InvalidRequest', 200, true],
        radosgw: [undefined, undefined, 200, false],
      },
    );
  }

  it('of the SDK pass by default', async () => {
    const Bucket = await target().bucket();
    const client = checking();
    await client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'hello' }));
    const got = await client.send(new GetObjectCommand({ Bucket, Key: 'k' }));
    expect(await got.Body?.transformToString()).toBe('hello');
  });

  for (const [algorithm, type] of [
    ['CRC32', 'FULL_OBJECT'],
    ['CRC32C', 'FULL_OBJECT'],
    ['CRC64NVME', 'FULL_OBJECT'],
    ['CRC32', 'COMPOSITE'],
    ['SHA256', 'COMPOSITE'],
  ] as const) {
    differs(
      `of parts are joined: ${algorithm}, ${type}`,
      'radosgw (16) keeps none',
      () => joins(algorithm, type),
      { aws: true, radosgw: false },
    );
  }
});
