import { randomBytes } from 'node:crypto';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  test,
} from 'vitest';
import type { ConflictAnswer, TransferRow } from '../../../shared/domain/transfer.ts';
import { openS3Target, type S3Target } from '../testing/s3-target.ts';
import { openBench, ownServer, type TransferBench, waitFor } from './testing.ts';

const MIB = 1024 * 1024;
const PART = 5 * MIB;
const IN_PARTS = { advanced: { partSizeMiB: 8 } as never };
const KEY = 'big.bin';

let target: S3Target;
let bench: TransferBench;
let bucket: string;
let content: Buffer;
let source: string;

beforeAll(async () => {
  target = await openS3Target();
});

afterAll(async () => {
  await target.close();
});

beforeEach(async () => {
  bucket = await target.makeBucket();
  bench = openBench(target);
  bench.configure(IN_PARTS);
  content = randomBytes(24 * MIB);
  source = bench.file(KEY, content);
});

afterEach(async () => {
  target.server?.faults.clear();
  await bench.close();
});

/** An upload of somebody else with these parts of our file, in another size than ours. */
async function begin(numbers: readonly number[], of = content): Promise<string> {
  const object = { bucket, key: KEY, contentType: '', metadata: { of: 'theirs' } };
  const { uploadId } = await bench.s3.createUpload(object);
  for (const partNumber of numbers) {
    const body = of.subarray((partNumber - 1) * PART, partNumber * PART);
    await bench.s3.uploadPart({ bucket, key: KEY, uploadId, partNumber, body });
  }
  return uploadId;
}

async function openUploads(): Promise<readonly string[]> {
  const { uploads } = await bench.s3.listUploads({ bucket, key: KEY });
  return uploads.map(({ uploadId }) => uploadId);
}

async function asked(): Promise<TransferRow> {
  await bench.until((rows) => rows.some((row) => row.waitReason === 'conflict'));
  const row = await bench.service.handlers['transfers.nextConflict']();
  if (row === null) throw new Error('nothing asked');
  return row;
}

async function answer(given: ConflictAnswer): Promise<void> {
  const { id } = await asked();
  const { handlers } = bench.service;
  await handlers['transfers.answerConflict']({ id, answer: given, forAll: false });
}

async function arrived(): Promise<boolean> {
  return (await bench.read(bucket, KEY)).equals(content);
}

/** Parts that arrived since the requests were cleared; not known of other servers. */
function partsSent(): readonly number[] | undefined {
  return target.server?.requests
    .filter(({ operation, status }) => operation === 'UploadPart' && status === 200)
    .map(({ partNumber }) => partNumber ?? 0)
    .sort((a, b) => a - b);
}

describe('an unfinished upload of the same file by somebody else', () => {
  test.each([[[1, 2]], [[2, 4]], [[1, 5]], [[1, 2, 3, 4, 5]]])(
    'is gone on with by "resume", only what lacks is sent: %j is there',
    async (there) => {
      await begin(there);
      target.server?.clearRequests();
      const group = await bench.upload(bucket, [source], { conflict: 'resume' });
      expect(await bench.end(group)).toMatchObject({ done: 1, failed: 0 });
      expect(await arrived()).toBe(true);
      expect(await openUploads()).toEqual([]);
      const missing = [1, 2, 3, 4, 5].filter((number) => !there.includes(number));
      if (target.server !== null) expect(partsSent()).toEqual(missing);
      expect((await bench.rows())[0]?.note).toContain('Went on');
    },
  );

  test('is offered by "ask", with what is there, and gone on with', async () => {
    const uploadId = await begin([1, 2, 5]);
    target.server?.clearRequests();
    const group = await bench.upload(bucket, [source]);
    const { conflict } = await asked();
    expect(conflict).toMatchObject({
      sourceSize: content.length,
      openUpload: { uploadId, partCount: 5, partsThere: 3, partSize: PART },
    });
    const age = Date.now() - (conflict?.openUpload?.begunAt ?? 0);
    expect(age).toBeGreaterThanOrEqual(0);
    expect(age).toBeLessThan(3_600_000);
    expect(partsSent() ?? []).toEqual([]);
    await answer('continue-upload');
    expect(await bench.end(group)).toMatchObject({ done: 1 });
    expect(await arrived()).toBe(true);
    expect(await openUploads()).toEqual([]);
    if (target.server !== null) expect(partsSent()).toEqual([3, 4]);
    const head = await bench.s3.headObject({ bucket, key: KEY });
    expect(head.metadata).toEqual({ of: 'theirs' });
  });

  test.each([
    ['start-anew', true],
    ['discard-upload', false],
    ['overwrite', true],
    ['skip', true],
    ['cancel', true],
  ] as const)('answered with %s stays on the server: %s', async (given, stays) => {
    const uploadId = await begin([1, 2]);
    const group = await bench.upload(bucket, [source]);
    await answer(given);
    await bench.end(group);
    const done = given !== 'skip' && given !== 'cancel';
    expect(await bench.keys(bucket)).toEqual(done ? [KEY] : []);
    if (done) expect(await arrived()).toBe(true);
    expect(await openUploads()).toEqual(stays ? [uploadId] : []);
    const note = (await bench.rows())[0]?.note ?? '';
    expect(note.includes('left alone')).toBe(done && stays);
  });

  test.each(['overwrite', 'newer', 'different', 'skip', 'rename'] as const)(
    'is left alone by %s, and said so',
    async (conflict) => {
      const uploadId = await begin([1, 2]);
      const group = await bench.upload(bucket, [source], { conflict });
      expect(await bench.end(group)).toMatchObject({ done: 1 });
      expect(await arrived()).toBe(true);
      expect(await openUploads()).toEqual([uploadId]);
      expect((await bench.rows())[0]?.note).toContain('left alone');
    },
  );

  test.each(['ask', 'resume'] as const)(
    'with one byte that is not ours is never gone on with: %s',
    async (conflict) => {
      const other = Buffer.from(content);
      other[7 * MIB] = (other[7 * MIB] ?? 0) ^ 1;
      const uploadId = await begin([1, 2, 3], other);
      const group = await bench.upload(bucket, [source], { conflict });
      expect(await bench.end(group)).toMatchObject({ done: 1 });
      expect(await arrived()).toBe(true);
      expect(await openUploads()).toEqual([uploadId]);
    },
  );

  test('is chosen among several: the one that is of this file', async () => {
    const empty = await begin([]);
    const ours = await begin([1]);
    const theirs = await begin([1, 2], randomBytes(24 * MIB));
    const group = await bench.upload(bucket, [source], { conflict: 'resume' });
    expect(await bench.end(group)).toMatchObject({ done: 1 });
    expect(await arrived()).toBe(true);
    expect([...(await openUploads())].sort()).toEqual([empty, theirs].sort());
    expect(ours).not.toBe('');
  });

  test('is asked about after the object that is in the way', async () => {
    const theirs = { bucket, key: KEY, contentType: '', metadata: {} };
    await bench.s3.putObject({ ...theirs, body: Buffer.from('theirs') });
    await begin([1, 2]);
    const group = await bench.upload(bucket, [source]);
    expect((await asked()).conflict?.openUpload).toBeUndefined();
    await answer('overwrite');
    expect((await asked()).conflict?.openUpload).toBeDefined();
    await answer('continue-upload');
    expect(await bench.end(group)).toMatchObject({ done: 1 });
    expect(await arrived()).toBe(true);
    expect(await openUploads()).toEqual([]);
  });

  test('is not asked about where the answer is for something else', async () => {
    const theirs = { bucket, key: KEY, contentType: '', metadata: {} };
    await bench.s3.putObject({ ...theirs, body: Buffer.from('theirs') });
    await bench.upload(bucket, [source]);
    await expect(answer('continue-upload')).rejects.toThrow('input.invalid');
    expect((await asked()).conflict).toMatchObject({ targetSize: 6 });
  });
});

describe('an upload that was gone on with', () => {
  test('is ours: cancelling ends it', async ({ skip }) => {
    const server = ownServer(target, skip);
    await begin([1, 2]);
    server.faults.add({
      match: { operation: 'UploadPart' },
      action: { kind: 'delay', ms: 3_600_000 },
    });
    const group = await bench.upload(bucket, [source], { conflict: 'resume' });
    await waitFor(() => (server.faults.hits.length > 0 ? true : undefined));
    await bench.service.handlers['transfers.cancel']({ ids: null });
    expect(await bench.end(group)).toMatchObject({ cancelled: 1 });
    await waitFor(() => (server.uploads(bucket).length === 0 ? true : undefined));
  });

  test('is gone on with again after a restart, and never doubled', async ({ skip }) => {
    const server = ownServer(target, skip);
    server.clearRequests();
    await begin([1, 2]);
    server.faults.add({
      match: { operation: 'UploadPart', partNumber: 4 },
      action: { kind: 'delay', ms: 3_600_000 },
    });
    const group = await bench.upload(bucket, [source]);
    await answer('continue-upload');
    await waitFor(() => (server.faults.hits.length > 0 ? true : undefined));
    expect(server.uploads(bucket)).toHaveLength(1);
    await bench.restart();
    server.faults.clear();
    expect(await bench.end(group)).toMatchObject({ done: 1 });
    expect(await arrived()).toBe(true);
    expect(server.uploads(bucket)).toEqual([]);
    const created = server.requests.filter(
      ({ operation }) => operation === 'CreateMultipartUpload',
    );
    // The one of somebody else.
    expect(created).toHaveLength(1);
  });

  test('is known as done when the answer to its end got lost', async ({ skip }) => {
    const server = ownServer(target, skip);
    await begin([1, 2, 3, 4]);
    server.faults.add({
      match: { operation: 'CompleteMultipartUpload' },
      times: 1,
      action: { kind: 'lostResponse' },
    });
    server.clearRequests();
    const group = await bench.upload(bucket, [source], { conflict: 'resume' });
    expect(await bench.end(group)).toMatchObject({ done: 1, failed: 0 });
    expect(await arrived()).toBe(true);
    expect(partsSent()).toEqual([5]);
  });

  test('is begun anew when the file has changed meanwhile, and ended', async ({
    skip,
  }) => {
    const server = ownServer(target, skip);
    await begin([1, 2]);
    const group = await bench.upload(bucket, [source]);
    await asked();
    content = randomBytes(19 * MIB);
    bench.file(KEY, content);
    await answer('continue-upload');
    expect(await bench.end(group)).toMatchObject({ done: 1 });
    expect(await arrived()).toBe(true);
    expect(server.uploads(bucket)).toEqual([]);
    expect((await bench.rows())[0]?.note).toContain('changed');
  });
});

test('two rows for one key share no upload, and neither offers that of the other', async ({
  skip,
}) => {
  const server = ownServer(target, skip);
  server.faults.add({
    match: { operation: 'UploadPart', partNumber: 2 },
    times: 1,
    action: { kind: 'delay', ms: 3_600_000 },
  });
  const first = await bench.upload(bucket, [source]);
  await waitFor(() => (server.faults.hits.length > 0 ? true : undefined));
  const second = await bench.upload(bucket, [source], { conflict: 'resume' });
  expect(await bench.end(second)).toMatchObject({ done: 1 });
  server.faults.clear();
  // The object that the second made is in the way of the first.
  await answer('overwrite');
  expect(await bench.end(first)).toMatchObject({ done: 1 });
  expect(await arrived()).toBe(true);
  expect(server.uploads(bucket)).toEqual([]);
  expect((await bench.rows()).map(({ note }) => note)).toEqual(['', '']);
});

test.for([
  [403, 'AccessDenied'],
  [501, 'NotImplemented'],
  [500, 'InternalError'],
] as const)(
  'a server that answers %i %s when asked for uploads just gets one',
  async ([status, code], { skip }) => {
    const server = ownServer(target, skip);
    server.faults.add({
      match: { operation: 'ListMultipartUploads' },
      action: { kind: 'error', status, code },
    });
    const group = await bench.upload(bucket, [source]);
    expect(await bench.end(group)).toMatchObject({ done: 1, failed: 0 });
    expect(await arrived()).toBe(true);
    expect((await bench.rows())[0]).toMatchObject({ note: '', attempt: 0 });
  },
);

test('a key that may not list uploads just begins one', async () => {
  bench.configure(IN_PARTS, target.limited);
  const { limitedBucket, limitedPrefix: prefix } = target;
  const group = await bench.upload(limitedBucket, [source], {
    prefix,
    conflict: 'overwrite',
  });
  expect(await bench.end(group)).toMatchObject({ done: 1, failed: 0 });
  const object = { bucket: limitedBucket, key: `${prefix}${KEY}` };
  const limited = target.connect({ credentials: target.limited });
  const body = await limited.getObject(object);
  expect(Buffer.concat(await body.stream.toArray()).equals(content)).toBe(true);
  await limited.deleteObject(object);
});

test('small files cost no look', async ({ skip }) => {
  const server = ownServer(target, skip);
  server.clearRequests();
  await bench.end(await bench.upload(bucket, [bench.file('small.txt', 'small')]));
  const looks = server.requests.filter(
    ({ operation }) => operation === 'ListMultipartUploads',
  );
  expect(looks).toEqual([]);
});
