import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { S3Server } from '../../../../tools/s3-server/index.ts';
import { FaultProxy } from '../../../../tools/torture/fault-proxy.ts';
import {
  canStrike,
  type ProxyFaultKind,
} from '../../../../tools/torture/proxy-faults.ts';
import { openS3Target, type S3Target } from '../testing/s3-target.ts';
import { CONNECTION, openBench, ownServer, type TransferBench } from './testing.ts';

// Bytes that turn on their way: found, sent again, and never kept.

const MIB = 1024 * 1024;
const SMALL = 90_000;
/** In parts up and in ranges down. */
const LARGE = 33 * MIB;
let target: S3Target;
let bench: TransferBench;
let server: S3Server;
let bucket: string;
let proxy: FaultProxy;
let fault: { readonly kind: ProxyFaultKind; left: number };

beforeEach(async ({ skip }) => {
  target = await openS3Target();
  server = ownServer(target, skip);
  bucket = await target.makeBucket();
  fault = { kind: 'corruptedRequest', left: 0 };
  proxy = new FaultProxy({
    upstreamPort: Number(new URL(server.endpoint).port),
    decide: (exchange) => {
      // Documents are not what this is about.
      const content = exchange.method === 'PUT' || exchange.method === 'GET';
      if (!content || fault.left === 0 || !canStrike(fault.kind, exchange)) return null;
      fault.left -= 1;
      return { kind: fault.kind, at: 0.5 };
    },
  });
  await proxy.online();
  bench = openBench(target);
});

afterEach(async () => {
  await bench.close();
  await proxy.offline();
  await target.close();
});

/** Over the proxy; without the payload's hash only the checksum guards what is sent. */
function configure(providerId: string): void {
  bench.configure({
    providerId,
    endpoint: `http://127.0.0.1:${proxy.port}`,
    addressing: 'path',
    signature: 'v4-unsigned-payload',
  });
}

describe.each([
  ['generic', 'its MD5'],
  ['aws', 'its CRC32'],
])('a %s server checks what is sent by %s', (providerId) => {
  test.each([
    ['in one request', SMALL],
    ['in parts', LARGE],
  ])('an upload %s that is spoilt is sent again', async (_how, size) => {
    configure(providerId);
    const content = randomBytes(size);
    fault = { kind: 'corruptedRequest', left: 1 };
    const group = await bench.upload(bucket, [bench.file('a.bin', content)]);
    expect(await bench.end(group)).toMatchObject({ done: 1, failed: 0 });
    expect(fault.left).toBe(0);
    expect((await bench.read(bucket, 'a.bin')).equals(content)).toBe(true);
    const [row] = await bench.rows();
    expect(row?.integrity).toBe(
      providerId === 'aws' ? 'crc32' : size === LARGE ? 'etag' : 'md5',
    );
  });

  test.each([
    ['whole', SMALL],
    ['in ranges', LARGE],
  ])('a download %s that is spoilt is fetched again', async (_how, size) => {
    configure(providerId);
    const content = randomBytes(size);
    await bench.end(await bench.upload(bucket, [bench.file('a.bin', content)]));
    fault = { kind: 'corruptedResponse', left: 1 };
    const group = await bench.download(bucket, ['a.bin']);
    expect(await bench.end(group)).toMatchObject({ done: 1, failed: 0 });
    expect(fault.left).toBe(0);
    const place = path.join(bench.folder, 'down/a.bin');
    expect(readFileSync(place).equals(content)).toBe(true);
  });
});

test.each([
  ['in one request', SMALL],
  ['in parts', LARGE],
])('an upload %s that is always spoilt takes no name', async (_how, size) => {
  configure('generic');
  fault = { kind: 'corruptedRequest', left: Number.POSITIVE_INFINITY };
  await bench.upload(bucket, [bench.file('a.bin', randomBytes(size))]);
  await bench.until((rows) => rows.some((row) => row.attempt >= 2));
  const [row] = await bench.rows();
  expect(row).toMatchObject({ error: { code: 'transfer.checksum-mismatch' } });
  expect(await bench.keys(bucket)).toEqual([]);
  fault.left = 0;
  await bench.service.handlers['transfers.cancel']({ ids: null });
});

test.each([
  ['whole', SMALL],
  ['in ranges', LARGE],
])('a download %s that is always spoilt takes no name', async (_how, size) => {
  configure('generic');
  await bench.end(await bench.upload(bucket, [bench.file('a.bin', randomBytes(size))]));
  fault = { kind: 'corruptedResponse', left: Number.POSITIVE_INFINITY };
  await bench.download(bucket, ['a.bin']);
  await bench.until((rows) =>
    rows.some((row) => row.kind === 'download' && row.attempt >= 2),
  );
  const row = (await bench.rows()).find(({ kind }) => kind === 'download');
  expect(row).toMatchObject({ error: { code: 'transfer.checksum-mismatch' } });
  expect(readdirSync(path.join(bench.folder, 'down'))).not.toContain('a.bin');
  fault.left = 0;
  await bench.service.handlers['transfers.cancel']({ ids: null });
});

test('what came over plain http with nothing to prove it is fetched until it comes alike', async () => {
  configure('generic');
  const content = randomBytes(12 * MIB);
  const ref = { bucket, key: 'a.bin' };
  const begun = await bench.s3.createUpload({ ...ref, contentType: '', metadata: {} });
  const { uploadId } = begun;
  const parts = [];
  // Cut as no program would.
  for (const [index, [from, to]] of [
    [0, 7 * MIB],
    [7 * MIB, 12 * MIB],
  ].entries()) {
    const body = content.subarray(from, to);
    const partNumber = index + 1;
    parts.push(await bench.s3.uploadPart({ ...ref, uploadId, partNumber, body }));
  }
  await bench.s3.completeUpload({ ...ref, uploadId, parts, checksum: '' });
  server.faults.add({
    match: { operation: 'HeadObject', partNumber: 1 },
    action: { kind: 'error', status: 400, code: 'InvalidArgument' },
  });
  fault = { kind: 'corruptedResponse', left: 1 };
  const group = await bench.download(bucket, ['a.bin']);
  expect(await bench.end(group)).toMatchObject({ done: 1, failed: 0 });
  expect(fault.left).toBe(0);
  const place = path.join(bench.folder, 'down/a.bin');
  expect(readFileSync(place).equals(content)).toBe(true);
  expect((await bench.rows())[0]).toMatchObject({ integrity: 'size' });
});

test('what is dragged out is checked before it has its name', async () => {
  configure('generic');
  const content = randomBytes(SMALL);
  await bench.end(await bench.upload(bucket, [bench.file('a.bin', content)]));
  const request = {
    connectionId: CONNECTION,
    bucket,
    basePrefix: '',
    items: [{ key: 'a.bin', folder: false }],
    folder: path.join(bench.folder, 'out'),
    maxBytes: MIB,
  };
  fault = { kind: 'corruptedResponse', left: 1 };
  const { paths } = await bench.service.stage(request);
  expect(fault.left).toBe(0);
  expect(readFileSync(paths[0] ?? '').equals(content)).toBe(true);
  fault = { kind: 'corruptedResponse', left: Number.POSITIVE_INFINITY };
  const again = { ...request, folder: path.join(bench.folder, 'again') };
  await expect(bench.service.stage(again)).rejects.toMatchObject({
    code: 'transfer.checksum-mismatch',
  });
  expect(readdirSync(again.folder)).toEqual([]);
});

test('an answer with another ETag than that of our bytes is not believed', async () => {
  configure('generic');
  const content = randomBytes(SMALL);
  fault = { kind: 'wrongEtag', left: 1 };
  const group = await bench.upload(bucket, [bench.file('a.bin', content)]);
  expect(await bench.end(group)).toMatchObject({ done: 1, failed: 0 });
  expect(fault.left).toBe(0);
  expect((await bench.read(bucket, 'a.bin')).equals(content)).toBe(true);
});

test.each([
  ['one', SMALL],
  ['many', LARGE],
])('a server that refuses checksums is sent none, in %s', async (_how, size) => {
  bench.configure({ providerId: 'aws', addressing: 'path' });
  server.faults.add({
    match: { operation: size === LARGE ? 'CreateMultipartUpload' : 'PutObject' },
    times: size === LARGE ? 2 : 1,
    action: {
      kind: 'error',
      status: 501,
      code: 'NotImplemented',
      message: 'A header you provided implies functionality that is not implemented',
    },
  });
  const content = randomBytes(size);
  const group = await bench.upload(bucket, [bench.file('a.bin', content)], {
    conflict: 'overwrite',
  });
  expect(await bench.end(group)).toMatchObject({ done: 1, failed: 0 });
  expect((await bench.read(bucket, 'a.bin')).equals(content)).toBe(true);
});
