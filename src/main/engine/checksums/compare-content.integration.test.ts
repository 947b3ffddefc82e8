import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  type ChecksumAlgorithm,
  type ChecksumType,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openS3Target, type S3Target } from '../testing/s3-target.ts';
import { type Comparison, compareContent } from './compare-content.ts';

const MIB = 1024 * 1024;
let target: S3Target;
let bucket: string;
let folder: string;
/** A program that is not ours. */
let stranger: S3Client;

beforeAll(async () => {
  target = await openS3Target();
  bucket = await target.makeBucket();
  folder = mkdtempSync(path.join(tmpdir(), 'dipper-compare-'));
  stranger = new S3Client({
    endpoint: target.endpoint,
    region: target.region,
    forcePathStyle: true,
    credentials: target.full,
    requestChecksumCalculation: 'WHEN_REQUIRED',
  });
});

beforeEach(({ skip }) => {
  // Others know only some of these.
  if (target.server === null) skip();
});

afterAll(async () => {
  stranger?.destroy();
  await target.close();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

interface Sent {
  readonly content: Buffer;
  readonly key: string;
}

async function sendParts(
  algorithm: ChecksumAlgorithm | undefined,
  type: ChecksumType | undefined,
  sizes: readonly number[],
): Promise<Sent> {
  const key = `parts-${algorithm}-${type}-${sizes.length}`;
  const ref = { Bucket: bucket, Key: key };
  const { UploadId } = await stranger.send(
    new CreateMultipartUploadCommand({
      ...ref,
      ChecksumAlgorithm: algorithm,
      ChecksumType: type,
    }),
  );
  const pieces = sizes.map((size) => randomBytes(size));
  const Parts = [];
  for (const [index, Body] of pieces.entries()) {
    const PartNumber = index + 1;
    const part = await stranger.send(
      new UploadPartCommand({
        ...ref,
        UploadId,
        PartNumber,
        Body,
        ChecksumAlgorithm: algorithm,
      }),
    );
    const { ETag, ChecksumCRC32, ChecksumCRC32C, ChecksumCRC64NVME, ChecksumSHA256 } =
      part;
    Parts.push({
      PartNumber,
      ETag,
      ChecksumCRC32,
      ChecksumCRC32C,
      ChecksumCRC64NVME,
      ChecksumSHA256,
    });
  }
  await stranger.send(
    new CompleteMultipartUploadCommand({
      ...ref,
      UploadId,
      ChecksumType: type,
      MultipartUpload: { Parts },
    }),
  );
  return { content: Buffer.concat(pieces), key };
}

async function compare(
  { key, content }: Sent,
  options: { readonly providerId?: string; readonly tells?: boolean } = {},
): Promise<Comparison> {
  const { providerId = 'cloudflare-r2', tells = true } = options;
  const connection = target.connect({ draft: { providerId, addressing: 'path' } });
  const file = path.join(folder, 'file');
  writeFileSync(file, content);
  const { size, etag } = await connection.headObject({ bucket, key });
  const signal = AbortSignal.timeout(30_000);
  return compareContent({
    file,
    size,
    etag,
    quirks: connection.quirks(),
    details: () => connection.details({ bucket, key }),
    layout: (partNumber) =>
      tells ? connection.partLayout({ bucket, key, partNumber }) : Promise.resolve(null),
    partSize: null,
    guess: true,
    signal,
  });
}

/** The same with one bit turned. */
function spoilt(sent: Sent): Sent {
  const content = Buffer.from(sent.content);
  const at = content.length - 7;
  content[at] = (content[at] ?? 0) ^ 1;
  return { ...sent, content };
}

// The ETags of this provider count for nothing: only the checksum is left.
test.each(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA256', 'SHA1'] as const)(
  'an object sent with %s is known by it',
  async (algorithm) => {
    const content = randomBytes(300_000);
    const key = `whole-${algorithm}`;
    await stranger.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: content,
        ChecksumAlgorithm: algorithm,
      }),
    );
    const sent = { content, key };
    const check = algorithm.toLowerCase();
    expect(await compare(sent)).toEqual({ kind: 'equal', check });
    expect(await compare(spoilt(sent))).toEqual({ kind: 'different' });
  },
);

test.each([
  ['CRC64NVME', 'FULL_OBJECT'],
  ['CRC32C', 'FULL_OBJECT'],
  ['CRC32C', 'COMPOSITE'],
  ['CRC32', 'COMPOSITE'],
  ['SHA256', 'COMPOSITE'],
] as const)('an object in parts with a %s, %s, is known by it', async (name, type) => {
  const sent = await sendParts(name, type, [5 * MIB, 5 * MIB, 1_234]);
  const check = name.toLowerCase();
  expect(await compare(sent)).toEqual({ kind: 'equal', check });
  const wrong = await compare(spoilt(sent));
  expect(wrong).toEqual({ kind: 'different' });
});

test('the size of parts is guessed where the server does not tell it', async () => {
  const even = await sendParts(undefined, undefined, [8 * MIB, 8 * MIB, 99]);
  const options = { providerId: 'generic', tells: false };
  expect(await compare(even, options)).toEqual({ kind: 'equal', check: 'etag' });
  expect(await compare(spoilt(even), options)).toEqual({
    kind: 'unclear',
    reason: 'unknown-parts',
    doubtful: true,
  });
});

test('parts of several sizes are asked about one by one', async () => {
  const sent = await sendParts(undefined, undefined, [5 * MIB, 6 * MIB, 7]);
  const options = { providerId: 'generic' };
  expect(await compare(sent, options)).toEqual({ kind: 'equal', check: 'etag' });
  expect(await compare(spoilt(sent), options)).toEqual({ kind: 'different' });
  const silent = { ...options, tells: false };
  expect(await compare(sent, silent)).toEqual({
    kind: 'unclear',
    reason: 'unknown-parts',
    doubtful: true,
  });
});

test('without any checksum only the size is left', async () => {
  const content = randomBytes(1_000);
  await stranger.send(
    new PutObjectCommand({ Bucket: bucket, Key: 'bare', Body: content }),
  );
  expect(await compare({ content, key: 'bare' })).toEqual({
    kind: 'unclear',
    reason: 'no-checksum',
  });
});
