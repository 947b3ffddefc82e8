import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { GroupId } from '../../../shared/domain/ids.ts';
import type { ObjectTraits } from '../s3/object-traits.ts';
import { openS3Target, type S3Target } from '../testing/s3-target.ts';
import { NOTES } from './notes.ts';
import { CONNECTION, OTHER, openBench, type TransferBench, waitFor } from './testing.ts';

const MIB = 1024 * 1024;
const LIMITS = { maxSingle: 6 * MIB, partBytes: 5 * MIB };
let target: S3Target;
let bench: TransferBench;
let bucket: string;

beforeEach(async () => {
  target = await openS3Target();
  bucket = await target.makeBucket();
  bench = openBench(target, { copyLimits: LIMITS });
});

afterEach(async () => {
  target.server?.faults.clear();
  await bench.close();
  await target.close();
});

const TRAITS: ObjectTraits = {
  contentLanguage: 'de',
  contentDisposition: 'attachment',
  cacheControl: 'max-age=60',
  storageClass: 'STANDARD_IA',
  tags: [
    { key: 'colour', value: 'blue & green' },
    { key: 'ä', value: '1' },
  ],
  grants: { kind: 'canned', acl: 'public-read' },
};

async function put(key: string, body: Uint8Array | string, traits: ObjectTraits = {}) {
  await bench.s3.putObject({
    bucket,
    key,
    contentType: 'text/x-kept',
    metadata: { kept: 'yes' },
    traits,
    body: Buffer.from(body),
  });
}

/** All that a copy is to keep. */
async function carried(key: string, from = bucket) {
  const ref = { bucket: from, key };
  const source = await bench.s3.copySource(ref);
  const tags = await bench.s3.tags(ref);
  const { storageClass, cacheControl, contentDisposition, contentLanguage } =
    source.traits;
  return {
    contentType: source.contentType,
    metadata: source.head.metadata,
    traits: { storageClass, cacheControl, contentDisposition, contentLanguage },
    tags:
      tags.kind === 'told'
        ? Object.fromEntries(tags.value.map((tag) => [tag.key, tag.value]))
        : tags.kind,
    grants: await bench.s3.grants(ref),
  };
}

async function ended(group: GroupId) {
  const { done, failed, skipped } = await bench.end(group);
  return { done, failed, skipped };
}

/** How often our server was asked something. */
function asked(operation: string): number | undefined {
  return target.server?.requests.filter((request) => request.operation === operation)
    .length;
}

const DONE = { done: 1, failed: 0, skipped: 0 };

describe('copies on the server', () => {
  test.each([
    ['at once', 1_000],
    ['in parts', 12 * MIB],
  ])('keep all an object carries, %s', async (_way, size) => {
    const bytes = randomBytes(size);
    await put('a', bytes, TRAITS);
    expect(await ended(await bench.copy('copy', bucket, { a: 'b' }))).toEqual(DONE);
    expect((await bench.read(bucket, 'b')).equals(bytes)).toBe(true);
    expect(await carried('b')).toEqual(await carried('a'));
    expect((await carried('b')).tags).toEqual({ colour: 'blue & green', ä: '1' });
    expect((await bench.rows())[0]).toMatchObject({ note: '', kind: 'copy' });
    const open = await bench.s3.listUploads({ bucket, key: 'b' });
    expect(open.uploads).toEqual([]);
  });

  test('of an item onto itself and of a folder into itself are refused', async () => {
    await put('d/a', 'x');
    await expect(bench.copy('copy', bucket, { 'd/a': 'd/a' })).rejects.toMatchObject({
      code: 'copy.onto-itself',
    });
    await expect(bench.copy('move', bucket, { 'd/': 'd/' })).rejects.toMatchObject({
      code: 'copy.onto-itself',
    });
    await expect(bench.copy('copy', bucket, { 'd/': 'd/e/' })).rejects.toMatchObject({
      code: 'copy.into-itself',
    });
  });

  test('of folders and objects are one group', async () => {
    for (const key of ['d/a', 'd/e/b', 'd/', 'c']) await put(key, key);
    const group = await bench.copy('copy', bucket, { 'd/': 'x/d/', c: 'x/c' });
    expect(await bench.end(group)).toMatchObject({
      done: 4,
      failed: 0,
      target: { bucket, prefix: 'x/' },
    });
    expect(await bench.keys(bucket, 'x/')).toEqual(['x/c', 'x/d/', 'x/d/a', 'x/d/e/b']);
    expect(bench.prefixes).toContain('x/');
  });

  test.each([
    ['overwrite', { done: 1, failed: 0, skipped: 0 }, 'new', ['a', 'b']],
    ['skip', { done: 0, failed: 0, skipped: 1 }, 'old', ['a', 'b']],
    ['rename', { done: 1, failed: 0, skipped: 0 }, 'old', ['a', 'b', 'b 2']],
    ['rename-existing', { done: 1, failed: 0, skipped: 0 }, 'new', ['a', 'b', 'b 2']],
    ['different', { done: 1, failed: 0, skipped: 0 }, 'new', ['a', 'b']],
  ] as const)('onto something: %s', async (conflict, counts, content, keys) => {
    await put('b', 'old');
    await put('a', 'new');
    const group = await bench.copy('copy', bucket, { a: 'b' }, { conflict });
    expect(await ended(group)).toEqual(counts);
    expect(String(await bench.read(bucket, 'b'))).toBe(content);
    expect(await bench.keys(bucket)).toEqual(keys);
  });

  test('of the same content again: left as it is when only what differs is copied', async () => {
    await put('a', 'same');
    await put('b', 'same');
    const group = await bench.copy('copy', bucket, { a: 'b' }, { conflict: 'different' });
    expect(await ended(group)).toEqual({ done: 0, failed: 0, skipped: 1 });
  });
});

describe('copies to another connection', () => {
  beforeEach(() => bench.configureOther());

  test.each([
    ['nothing', 0],
    ['a few bytes', 1_000],
    ['many parts', 21 * MIB + 1],
  ])('%s', async (_what, size) => {
    const bytes = randomBytes(size);
    await put('d/ä +%', bytes, TRAITS);
    const there = await target.makeBucket();
    const to = { targetConnectionId: OTHER, targetBucket: there };
    const group = await bench.copy('move', bucket, { 'd/': 'e/' }, to);
    const before = await carried('d/ä +%');
    expect(await ended(group)).toEqual(DONE);
    expect((await bench.read(there, 'e/ä +%')).equals(bytes)).toBe(true);
    expect(await bench.keys(bucket)).toEqual([]);
    expect(await carried('e/ä +%', there)).toEqual(before);
    expect((await bench.rows())[0]?.note).toBe('');
  });

  test('waits until the other connection is there', async () => {
    await bench.restart();
    await put('a', 'x');
    const there = await target.makeBucket();
    const to = { targetConnectionId: OTHER, targetBucket: there };
    const group = await bench.copy('copy', bucket, { a: 'a' }, to);
    await bench.until((rows) => rows[0]?.waitReason === 'credentials');
    bench.configureOther();
    expect(await ended(group)).toEqual(DONE);
  });

  test('a refused key of the other connection holds nothing else', async () => {
    await put('a', 'x');
    const there = await target.makeBucket();
    bench.configureOther({}, { ...target.full, secretAccessKey: 'wrong' });
    const to = { targetConnectionId: OTHER, targetBucket: there };
    const group = await bench.copy('copy', bucket, { a: 'a' }, to);
    await bench.until((rows) => rows[0]?.waitReason === 'credentials');
    expect(await ended(await bench.copy('copy', bucket, { a: 'b' }))).toEqual(DONE);
    bench.configureOther();
    expect(await ended(group)).toEqual(DONE);
  });
});

// These need a server that misbehaves on demand.
describe.skipIf(process.env['S3_ENDPOINT'] !== undefined)('over a bad server', () => {
  test.each(['CopyObject', 'DeleteObject'] as const)(
    'the lost answer of %s is asked about, not repeated',
    async (operation) => {
      await put('a', 'x');
      target.server?.faults.add({
        match: { operation },
        times: 1,
        action: { kind: 'lostResponse' },
      });
      expect(await ended(await bench.copy('move', bucket, { a: 'b' }))).toEqual(DONE);
      expect(await bench.keys(bucket)).toEqual(['b']);
      expect(asked('CopyObject')).toBe(1);
    },
  );

  test('a lost Complete of a copy in parts is asked about', async () => {
    const bytes = randomBytes(12 * MIB);
    await put('a', bytes);
    target.server?.faults.add({
      match: { operation: 'CompleteMultipartUpload' },
      times: 1,
      action: { kind: 'lostResponse' },
    });
    expect(await ended(await bench.copy('move', bucket, { a: 'b' }))).toEqual(DONE);
    expect((await bench.read(bucket, 'b')).equals(bytes)).toBe(true);
    expect(asked('UploadPartCopy')).toBe(3);
    expect(target.server?.uploads(bucket)).toEqual([]);
  });

  test('what the server takes no single copy of goes in parts', async () => {
    await put('a', randomBytes(5.5 * MIB));
    target.server?.faults.add({
      match: { operation: 'CopyObject' },
      action: { kind: 'error', status: 400, code: 'EntityTooLarge' },
    });
    expect(await ended(await bench.copy('copy', bucket, { a: 'b' }))).toEqual(DONE);
    expect(asked('UploadPartCopy')).toBe(2);
  });

  test('a source that changes before it is deleted stays until its copy is new', async () => {
    await put('a', 'old');
    // The second look at the source is the one before it is deleted.
    const stall = target.server?.faults.add({
      match: { operation: 'HeadObject', keyPattern: 'a' },
      skip: 1,
      times: 1,
      action: { kind: 'delay', ms: 60_000 },
    });
    const group = await bench.copy('move', bucket, { a: 'b' });
    await expect.poll(() => stall?.hits).toBe(1);
    await put('a', 'newer');
    target.server?.faults.clear();
    expect(await ended(group)).toEqual(DONE);
    expect(await bench.keys(bucket)).toEqual(['b']);
    expect(String(await bench.read(bucket, 'b'))).toBe('newer');
    expect(asked('CopyObject')).toBe(2);
    expect((await bench.rows())[0]?.note).toBe(NOTES.copyChanged);
  });

  test('a copy in parts goes on after a restart, and a cancelled one leaves nothing', async () => {
    const bytes = randomBytes(12 * MIB);
    await put('a', bytes);
    const fault = {
      match: { operation: 'UploadPartCopy', partNumber: 2 },
      action: { kind: 'stall', when: 'before' },
    } as const;
    target.server?.faults.add(fault);
    const group = await bench.copy('copy', bucket, { a: 'b' });
    await expect.poll(() => asked('UploadPartCopy')).toBe(3);
    await bench.until((rows) => (rows[0]?.bytesDone ?? 0) === 7 * MIB);
    await bench.restart();
    target.server?.faults.clear();
    expect(await ended(group)).toEqual(DONE);
    expect((await bench.read(bucket, 'b')).equals(bytes)).toBe(true);
    expect(asked('CreateMultipartUpload')).toBe(1);

    target.server?.faults.add(fault);
    await bench.copy('copy', bucket, { a: 'c' });
    await bench.until((rows) => rows.some((row) => row.bytesDone === 7 * MIB));
    expect(target.server?.uploads(bucket)).toHaveLength(1);
    await bench.service.handlers['transfers.cancel']({ ids: null });
    await expect.poll(() => target.server?.uploads(bucket)).toEqual([]);
    expect(await bench.keys(bucket)).toEqual(['a', 'b']);
  });

  test('single objects queued together are deleted in batches, each row for itself', async () => {
    const keys = Array.from({ length: 1_200 }, (_, index) => `k${index}`);
    target.server?.seed(
      bucket,
      keys.map((key) => ({ key, body: 'x' })),
    );
    target.server?.faults.add({
      match: { operation: 'DeleteObjects' },
      times: 1,
      action: { kind: 'slowDown' },
    });
    const { groupId } = await bench.service.handlers['transfers.remove']({
      connectionId: CONNECTION,
      bucket,
      items: keys.map((key) => ({ key, folder: false })),
    });
    expect(await ended(groupId)).toEqual({ done: 1_200, failed: 0, skipped: 0 });
    expect(await bench.keys(bucket)).toEqual([]);
    expect(asked('DeleteObject')).toBe(0);
    expect(asked('DeleteObjects')).toBeLessThan(8);
  });

  test('of a batch that is under way one row is paused, then all are cancelled', async () => {
    const keys = Array.from({ length: 20 }, (_, index) => `k${index}`);
    target.server?.seed(
      bucket,
      keys.map((key) => ({ key, body: 'x' })),
    );
    target.server?.faults.add({
      match: { operation: 'DeleteObjects' },
      action: { kind: 'stall', when: 'before' },
    });
    const { handlers } = bench.service;
    const { groupId } = await handlers['transfers.remove']({
      connectionId: CONNECTION,
      bucket,
      items: keys.map((key) => ({ key, folder: false })),
    });
    await bench.until((rows) => rows.filter((row) => row.state === 'running').length > 1);
    // On its way is not there yet: what arrives after the fault is gone is carried out.
    await waitFor(() => (target.server?.faults.hits.length === 1 ? true : undefined));
    const [one] = await bench.rows();
    await handlers['transfers.pause']({ ids: one === undefined ? [] : [one.id] });
    const states = (await bench.rows()).map((row) => row.state);
    expect(states.filter((state) => state === 'paused')).toHaveLength(1);
    expect(states.filter((state) => state === 'running').length).toBeGreaterThan(1);
    await handlers['transfers.cancel']({ ids: null });
    // The server has seen that nobody listens any more.
    await waitFor(() =>
      target.server?.requests
        .filter(({ operation }) => operation === 'DeleteObjects')
        .every(({ endedAt }) => endedAt !== undefined) === true
        ? true
        : undefined,
    );
    target.server?.faults.clear();
    expect(await bench.end(groupId)).toMatchObject({ done: 0, cancelled: 20 });
    expect(await bench.keys(bucket)).toHaveLength(20);
  });

  test('what cannot be deleted of a folder is listed and can be tried again', async () => {
    target.server?.seed(
      bucket,
      ['d/a', 'd/b', 'd/c/d'].map((key) => ({ key, body: 'x' })),
    );
    const { server } = target;
    const denied = { kind: 'error', status: 403, code: 'AccessDenied' } as const;
    server?.faults.add({ match: { operation: 'DeleteObjects' }, action: denied });
    server?.faults.add({
      match: { operation: 'DeleteObject', keyPattern: 'd/b' },
      action: denied,
    });
    const { handlers } = bench.service;
    const { groupId } = await handlers['transfers.remove']({
      connectionId: CONNECTION,
      bucket,
      items: [{ key: 'd/', folder: true }],
    });
    expect(await ended(groupId)).toEqual({ done: 1, failed: 1, skipped: 0 });
    const failed = (await bench.rows()).find((row) => row.state === 'failed');
    expect(failed).toMatchObject({ key: 'd/b', error: { code: 'access.denied' } });
    server?.faults.clear();
    await handlers['transfers.retry']({ ids: null });
    await bench.until((rows) => rows.every((row) => row.state === 'done'));
    expect(await bench.keys(bucket)).toEqual([]);
  });

  test('says what could not be kept, and why', async () => {
    await put('a', 'x', TRAITS);
    target.server?.faults.add({
      match: { operation: 'GetObjectAcl' },
      action: { kind: 'error', status: 403, code: 'AccessDenied' },
    });
    expect(await ended(await bench.copy('copy', bucket, { a: 'b' }))).toEqual(DONE);
    expect((await bench.rows())[0]?.note).toBe(
      'Not kept: permissions (these keys may not read them).',
    );
  });

  test('bytes that were spoilt on the way are no copy', async () => {
    bench.configureOther();
    const there = await target.makeBucket();
    const bytes = randomBytes(21 * MIB);
    await put('a', bytes);
    target.server?.faults.add({
      match: { operation: 'GetObject' },
      times: 1,
      action: { kind: 'corrupt', what: 'response', atByte: 5 },
    });
    const to = { targetConnectionId: OTHER, targetBucket: there };
    expect(await ended(await bench.copy('move', bucket, { a: 'b' }, to))).toEqual(DONE);
    expect((await bench.read(there, 'b')).equals(bytes)).toBe(true);
    // The spoilt parts never made an object.
    expect(asked('CompleteMultipartUpload')).toBe(1);
    expect(asked('AbortMultipartUpload')).toBe(1);
  });
});
