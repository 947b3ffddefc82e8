import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BulkChange } from '../../../shared/domain/aspects.ts';
import type { AspectCalls } from '../aspects/aspect-calls.ts';
import type { ObjectTraits } from '../s3/object-traits.ts';
import { ACL, type EditBench, HEADERS, openEditBench } from '../testing/edit-bench.ts';
import type { S3Target } from '../testing/s3-target.ts';
import { ownServer, type TransferBench, waitFor } from './testing.ts';

const MIB = 1024 * 1024;
const LIMITS = { maxSingle: 6 * MIB, partBytes: 5 * MIB };

let edits: EditBench;
let target: S3Target;
let bench: TransferBench;
let bucket: string;
let calls: AspectCalls;

beforeEach(async () => {
  edits = await openEditBench({ copyLimits: LIMITS });
  ({ target, bench, bucket, calls } = edits);
});

afterEach(async () => {
  await edits.close();
});

const TRAITS: ObjectTraits = {
  contentLanguage: 'de',
  contentDisposition: 'attachment',
  storageClass: 'STANDARD_IA',
  tags: [{ key: 'colour', value: 'blue & green' }],
  grants: { kind: 'canned', acl: 'public-read' },
};

async function expectKept(key: string, body: Uint8Array): Promise<void> {
  const { storageClass, contentDisposition, contentLanguage, cacheControl } = (
    await bench.s3.copySource({ bucket, key })
  ).traits;
  expect({ storageClass, contentDisposition, contentLanguage, cacheControl }).toEqual({
    // Ceph knows no other class unless told of it.
    storageClass: target.isRadosgw ? undefined : 'STANDARD_IA',
    contentDisposition: undefined,
    contentLanguage: 'de',
    cacheControl: 'max-age=60',
  });
  expect(await edits.tagsOf(key)).toEqual({ colour: 'blue & green' });
  expect(await edits.grantsOf(key)).toEqual(['AllUsers READ', 'owner FULL_CONTROL']);
  expect((await bench.read(bucket, key)).equals(body)).toBe(true);
}

describe('headers and metadata', () => {
  const CHANGE: BulkChange = {
    ...HEADERS,
    set: { 'cache-control': 'max-age=60', 'content-disposition': '' },
    typeByExtension: true,
    setMetadata: { Author: 'Zoë' },
  };

  test.each([
    ['in one request', 10],
    ['in parts', 11 * MIB],
  ])('are changed and all else is kept, %s', async (_how, size) => {
    const body = randomBytes(size);
    const traits = target.isRadosgw ? { ...TRAITS, storageClass: '' } : TRAITS;
    for (const key of ['a.PNG', 'b']) await edits.put(key, body, traits);
    const groupId = await bench.edit(bucket, ['a.PNG', 'b'], CHANGE);
    expect(await bench.end(groupId)).toMatchObject({ done: 2, failed: 0 });
    for (const key of ['a.PNG', 'b']) {
      await expectKept(key, body);
      const { headers } = await calls.readHeaders({ bucket, key });
      expect(headers.contentType).toBe(key === 'b' ? 'text/x-kept' : 'image/png');
      expect(headers.metadata).toEqual([
        { name: 'author', value: 'Zoë' },
        { name: 'kept', value: 'yes' },
      ]);
    }
    const before = edits.requestsOf('CopyObject', 'CreateMultipartUpload');
    expect(
      await bench.end(await bench.edit(bucket, ['a.PNG', 'b'], CHANGE)),
    ).toMatchObject({
      done: 2,
    });
    expect(edits.requestsOf('CopyObject', 'CreateMultipartUpload')).toBe(before);
    expect(target.server?.uploads(bucket) ?? []).toEqual([]);
  });

  test('in parts, where the server takes no whole copy, are known to the journal', async ({
    skip,
  }) => {
    const server = ownServer(target, skip);
    for (const key of ['d/a', 'd/b']) await edits.put(key, 'x', TRAITS);
    server.faults.add({
      match: { operation: 'CopyObject' },
      action: { kind: 'error', status: 400, code: 'EntityTooLarge' },
    });
    const stalled = server.faults.add({
      match: { operation: 'UploadPartCopy' },
      action: { kind: 'stall', when: 'before' },
    });
    const groupId = await bench.edit(bucket, ['d/'], CHANGE);
    await waitFor(() => (stalled.hits === 2 ? true : undefined));
    const begun = server.uploads(bucket).map(({ uploadId }) => uploadId);
    const noted = bench.database
      .all('SELECT upload_id FROM uploads')
      .map((row) => String(row['upload_id']));
    expect(new Set(noted)).toEqual(new Set(begun));
    await bench.crash(() => stalled.remove());
    expect(await bench.end(groupId)).toMatchObject({ done: 2, failed: 0 });
    for (const key of ['d/a', 'd/b']) await expectKept(key, Buffer.from('x'));
    expect(edits.requestsOf('CreateMultipartUpload')).toBe(2);
    expect(server.uploads(bucket)).toEqual([]);
  });

  test('of an object that changes in between are changed on what it is then', async ({
    skip,
  }) => {
    const server = ownServer(target, skip);
    await edits.put('a', 'before');
    server.faults.add({
      match: { operation: 'CopyObject' },
      times: 1,
      action: { kind: 'delay', ms: 60_000 },
    });
    const groupId = await bench.edit(bucket, ['a'], CHANGE);
    await waitFor(() => (server.faults.hits.length === 1 ? true : undefined));
    await edits.put('a', 'after');
    server.faults.clear();
    expect(await bench.end(groupId)).toMatchObject({ done: 1, failed: 0 });
    expect((await bench.read(bucket, 'a')).toString()).toBe('after');
    const { headers } = await calls.readHeaders({ bucket, key: 'a' });
    expect(headers.cacheControl).toBe('max-age=60');
    expect(edits.requestsOf('CopyObject')).toBe(2);
  });

  test('are changed and tags that the server drops are given back, even after a crash', async ({
    skip,
  }) => {
    const server = ownServer(target, skip);
    for (const key of ['d/a', 'd/b']) await edits.put(key, 'x', TRAITS);
    server.faults.add({
      match: { operation: 'CopyObject' },
      action: { kind: 'stall', when: 'response' },
    });
    const groupId = await bench.edit(bucket, ['d/'], CHANGE);
    for (const key of ['d/a', 'd/b']) {
      await waitFor(() =>
        server.peek(bucket, key)?.metadata['author'] ? true : undefined,
      );
      // As Ceph does.
      await calls.writeTags({ bucket, key, tags: [] });
    }
    // Somebody else's are left alone.
    await calls.writeTags({ bucket, key: 'd/b', tags: [{ key: 'new', value: '' }] });
    await bench.crash(() => server.faults.clear());
    expect(await bench.end(groupId)).toMatchObject({ done: 2, failed: 0 });
    expect(await edits.tagsOf('d/a')).toEqual({ colour: 'blue & green' });
    expect(await edits.tagsOf('d/b')).toEqual({ new: '' });
    expect(edits.requestsOf('CopyObject')).toBe(2);
  });

  test('of an object that another change closes meanwhile do not open it again', async ({
    skip,
  }) => {
    const server = ownServer(target, skip);
    for (const key of ['d/a', 'd/b']) await edits.put(key);
    await bench.end(await bench.edit(bucket, ['d/'], ACL));
    server.faults.add({
      match: { operation: 'CopyObject' },
      times: 2,
      action: { kind: 'delay', ms: 1_000 },
    });
    const headers = await bench.edit(bucket, ['d/'], CHANGE);
    // The rewrites have read the lists by now, and give them to the new objects.
    await waitFor(() => (server.faults.hits.length === 2 ? true : undefined));
    const closed = await bench.edit(bucket, ['d/'], {
      ...ACL,
      canned: 'private',
      add: [],
    });
    expect(await bench.end(headers)).toMatchObject({ done: 2 });
    expect(await bench.end(closed)).toMatchObject({ done: 2 });
    for (const key of ['d/a', 'd/b']) {
      expect(await edits.grantsOf(key)).toEqual(['owner FULL_CONTROL']);
    }
  });

  test('that a server writes in its own way do not cost the tags it drops', async ({
    skip,
  }) => {
    const server = ownServer(target, skip);
    await edits.put('a', 'x', TRAITS);
    server.faults.add({
      match: { operation: 'CopyObject' },
      times: 1,
      action: { kind: 'stall', when: 'response' },
    });
    const blanks = { ...HEADERS, setMetadata: { author: ' me ' } };
    const groupId = await bench.edit(bucket, ['a'], blanks);
    await waitFor(() =>
      server.peek(bucket, 'a')?.metadata['author'] ? true : undefined,
    );
    // As Ceph does.
    await calls.writeTags({ bucket, key: 'a', tags: [] });
    await bench.crash(() => server.faults.clear());
    expect(await bench.end(groupId)).toMatchObject({ done: 1, failed: 0 });
    expect(await edits.tagsOf('a')).toEqual({ colour: 'blue & green' });
  });

  test('of an archived object stay, and its row says why', async ({ skip }) => {
    const server = ownServer(target, skip);
    server.seed(bucket, [
      { key: 'd/a', body: 'x' },
      { key: 'd/b', body: 'x', storageClass: 'GLACIER' },
    ]);
    expect(await bench.end(await bench.edit(bucket, ['d/'], CHANGE))).toMatchObject({
      done: 1,
      failed: 1,
    });
    const [failed] = (await bench.rows()).filter((row) => row.state === 'failed');
    expect(failed).toMatchObject({
      key: 'd/b',
      error: { code: 'access.object-archived' },
    });
    // Who may read it does not depend on where it lies.
    expect(await bench.end(await bench.edit(bucket, ['d/'], ACL))).toMatchObject({
      done: 2,
    });
  });
});
