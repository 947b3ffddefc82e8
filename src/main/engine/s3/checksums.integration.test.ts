import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { S3Server } from '../../../../tools/s3-server/index.ts';
import { createFactBook, type FactBook } from '../checksums/server-facts.ts';
import { openS3Target, type S3Target } from '../testing/s3-target.ts';
import type { S3Connection, StoredPart, UploadChecksum } from './s3-connection.ts';

const MIB = 1024 * 1024;
const NEW = { contentType: '', metadata: {} };
let target: S3Target;
let server: S3Server;
let bucket: string;
let folder: string;
let facts: FactBook;

beforeEach(async ({ skip }) => {
  target = await openS3Target();
  // Others know only some of this.
  server = target.server ?? skip();
  bucket = await target.makeBucket();
  folder = mkdtempSync(path.join(tmpdir(), 'dipper-sums-'));
  facts = createFactBook();
});

afterEach(async () => {
  await target.close();
  rmSync(folder, { recursive: true, force: true });
});

function connect(providerId: string, lean = true): S3Connection {
  return target.connect({ lean, facts, draft: { providerId, addressing: 'path' } });
}

function base64Crc(content: Uint8Array): string {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(content));
  return sum.toString('base64');
}

interface Upload {
  readonly ref: {
    readonly bucket: string;
    readonly key: string;
    readonly uploadId: string;
  };
  readonly checksum: UploadChecksum;
  readonly parts: readonly StoredPart[];
  readonly content: Buffer;
}

async function sendParts(s3: S3Connection): Promise<Upload> {
  const content = randomBytes(11 * MIB);
  const file = path.join(folder, 'big.bin');
  writeFileSync(file, content);
  const at = { bucket, key: 'big.bin' };
  const { uploadId, checksum } = await s3.createUpload({ ...at, ...NEW });
  const ref = { ...at, uploadId };
  const parts: StoredPart[] = [];
  for (let start = 0; start < content.length; start += 5 * MIB) {
    const length = Math.min(5 * MIB, content.length - start);
    const partNumber = parts.length + 1;
    const body = { path: file, start, length };
    parts.push(await s3.uploadPart({ ...ref, partNumber, body }));
  }
  return { ref, checksum, parts, content };
}

test.each([true, false])(
  'an upload in parts to Amazon has one CRC32 of the whole (lean: %s)',
  async (lean) => {
    const s3 = connect('aws', lean);
    const { ref, checksum, parts, content } = await sendParts(s3);
    expect(checksum).toBe('crc32-whole');
    const stored = await s3.completeUpload({ ...ref, checksum, parts });
    expect(stored).toMatchObject({
      integrity: 'crc32',
      checksums: `crc32=${base64Crc(content)}`,
    });
    const { checksums } = await s3.details(ref);
    expect(checksums).toEqual([{ name: 'CRC32', value: base64Crc(content) }]);
  },
);

test('parts put together in another way than they were sent are refused', async () => {
  const s3 = connect('aws');
  const { ref, checksum, parts } = await sendParts(s3);
  const [first, ...rest] = parts;
  const tampered = [{ ...(first as StoredPart), checksum: 'AAAAAA==' }, ...rest];
  await expect(
    s3.completeUpload({ ...ref, checksum, parts: tampered }),
  ).rejects.toBeDefined();
  expect(await s3.listParts(ref)).toHaveLength(parts.length);
});

test('a server that knows no checksum of the whole gets those of the parts', async () => {
  const s3 = connect('aws');
  server.faults.add({
    match: { operation: 'CreateMultipartUpload' },
    times: 1,
    action: {
      kind: 'error',
      status: 400,
      code: 'InvalidRequest',
      message: 'The checksum type FULL_OBJECT is not known.',
    },
  });
  const { ref, checksum, parts } = await sendParts(s3);
  expect(checksum).toBe('crc32');
  await s3.completeUpload({ ...ref, checksum, parts });
  expect((await s3.details(ref)).checksums[0]?.value).toMatch(/-3$/);
  expect(facts.read(target.endpoint)).toMatchObject({
    fullObject: 'refused',
    checksumHeaders: 'unknown',
  });
});

test('what a server refuses is learnt for every connection to it, and left out', async () => {
  server.faults.add({
    match: { operation: 'PutObject' },
    times: 1,
    action: { kind: 'error', status: 501, code: 'NotImplemented' },
  });
  const put = { bucket, key: 'a', body: Buffer.from('a'), ...NEW };
  expect((await connect('aws').putObject(put)).integrity).toBe('md5');
  expect(facts.read(target.endpoint).checksumHeaders).toBe('refused');
  expect((await connect('aws', false).putObject(put)).integrity).toBe('md5');
});

test('a refusal that was about something else teaches nothing', async () => {
  server.faults.add({
    match: { operation: 'PutObject' },
    action: { kind: 'error', status: 501, code: 'NotImplemented' },
  });
  const put = { bucket, key: 'a', body: Buffer.from('a'), ...NEW };
  await expect(connect('aws').putObject(put)).rejects.toMatchObject({
    code: 'provider.unsupported',
  });
  expect(facts.read(target.endpoint).checksumHeaders).toBe('unknown');
});

test('an ETag that is an MD5 sum after all is used as one', async () => {
  const s3 = connect('cloudflare-r2');
  expect(s3.quirks().etag).toBe('opaque');
  await s3.putObject({ bucket, key: 'a', body: Buffer.from('a'), ...NEW });
  expect(s3.quirks().etag).toBe('md5');
  const { ref, checksum, parts } = await sendParts(s3);
  await s3.completeUpload({ ...ref, checksum, parts });
  expect(s3.quirks().multipartEtag).toBe('md5');
  expect(facts.read(target.endpoint)).toMatchObject({
    etag: 'md5',
    multipartEtag: 'md5',
  });
});
