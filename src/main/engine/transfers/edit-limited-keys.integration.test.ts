import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { S3Server } from '../../../../tools/s3-server/index.ts';
import type { BulkChange } from '../../../shared/domain/aspects.ts';
import { MIB } from '../../../shared/domain/part-plan.ts';
import { type EditBench, HEADERS, openEditBench } from '../testing/edit-bench.ts';
import { NOTES } from './notes.ts';
import { ownServer } from './testing.ts';

const PUBLIC_READ = { grants: { kind: 'canned', acl: 'public-read' } } as const;
const CHANGE: BulkChange = { ...HEADERS, set: { 'cache-control': 'no-store' } };

let edits: EditBench;
let server: S3Server;

beforeEach(async ({ skip }) => {
  edits = await openEditBench({ copyLimits: { maxSingle: 6 * MIB, partBytes: 5 * MIB } });
  server = ownServer(edits.target, skip);
});

afterEach(() => edits?.close());

/** As keys that may do all but `operation`. */
function deny(operation: 'GetObjectAcl' | 'PutObjectTagging'): void {
  server.faults.add({
    match: { operation },
    action: { kind: 'error', status: 403, code: 'AccessDenied' },
  });
}

async function cacheControl(key: string): Promise<string> {
  const { bucket, calls } = edits;
  return (await calls.readHeaders({ bucket, key })).headers.cacheControl;
}

test.each([
  ['in one request', 10],
  ['in parts', 11 * MIB],
])(
  'lists that these keys may not read are not reset with the headers, %s',
  async (_how, size) => {
    const { bench, bucket } = edits;
    for (const key of ['d/a', 'd/b'])
      await edits.put(key, randomBytes(size), PUBLIC_READ);
    deny('GetObjectAcl');
    const end = await bench.end(await bench.edit(bucket, ['d/'], CHANGE));
    expect(end).toMatchObject({ failed: 2 });
    const failed = (await bench.rows()).filter((row) => row.state === 'failed');
    expect(failed.map((row) => row.error)).toMatchObject([
      { code: 'aspect.acl-unreadable', params: { action: 's3:GetObjectAcl' } },
      { code: 'aspect.acl-unreadable', params: { action: 's3:GetObjectAcl' } },
    ]);
    server.faults.clear();
    for (const key of ['d/a', 'd/b']) {
      expect(await cacheControl(key)).toBe('');
      expect(await edits.grantsOf(key)).toEqual(['AllUsers READ', 'owner FULL_CONTROL']);
    }
  },
);

test.each([
  ['in one request', 10],
  ['in parts', 11 * MIB],
])(
  'lists that these keys may not read are reset where the change says so, and the row tells, %s',
  async (_how, size) => {
    const { bench, bucket } = edits;
    for (const key of ['d/a', 'd/b'])
      await edits.put(key, randomBytes(size), PUBLIC_READ);
    deny('GetObjectAcl');
    const change = { ...CHANGE, mayResetAcl: true };
    const end = await bench.end(await bench.edit(bucket, ['d/'], change));
    expect(end).toMatchObject({ failed: 0 });
    const notes = (await bench.rows()).map((row) => row.note);
    expect(notes.filter((note) => note.includes(NOTES.aclReset))).not.toEqual([]);
    server.faults.clear();
    for (const key of ['d/a', 'd/b']) {
      expect(await cacheControl(key)).toBe('no-store');
      expect(await edits.grantsOf(key)).toEqual(['owner FULL_CONTROL']);
    }
  },
);

test.each([
  ['in one request', 10],
  ['in parts', 11 * MIB],
])(
  'tags that the server drops and does not take back fail the row, which says so and gives them back later, %s',
  async (_how, size) => {
    const { bench, bucket } = edits;
    const tags = [{ key: 'colour', value: 'blue' }];
    await edits.put('a', randomBytes(size), { tags });
    // As Ceph does: it tells of none once the headers are replaced.
    server.faults.add({
      match: { operation: 'GetObjectTagging' },
      skip: 1,
      action: { kind: 'error', status: 404, code: 'NoSuchTagSet' },
    });
    deny('PutObjectTagging');
    const groupId = await bench.edit(bucket, ['a'], CHANGE);
    expect(await bench.end(groupId)).toMatchObject({ failed: 1 });
    expect(await cacheControl('a')).toBe('no-store');
    const [failed] = await bench.rows();
    expect(failed?.error).toMatchObject({
      code: 'aspect.tags-lost',
      params: { count: 1, state: 'lost', action: 's3:PutObjectTagging', queued: true },
    });
    server.faults.clear();
    await edits.calls.writeTags({ bucket, key: 'a', tags: [] });
    bench.finished.length = 0;
    await bench.service.handlers['transfers.retry']({ ids: null });
    expect(await bench.end(groupId)).toMatchObject({ done: 1, failed: 0 });
    expect(await edits.tagsOf('a')).toEqual({ colour: 'blue' });
  },
);

test('tags that a failed row owes are not given to another object of that name, and the row says so', async () => {
  const { bench, bucket } = edits;
  await edits.put('a', 'mine', { tags: [{ key: 'secret', value: 'yes' }] });
  // As Ceph does: it tells of none once the headers are replaced.
  server.faults.add({
    match: { operation: 'GetObjectTagging' },
    skip: 1,
    action: { kind: 'error', status: 404, code: 'NoSuchTagSet' },
  });
  deny('PutObjectTagging');
  const groupId = await bench.edit(bucket, ['a'], CHANGE);
  expect(await bench.end(groupId)).toMatchObject({ failed: 1 });
  server.faults.clear();
  await edits.put('a', 'somebody else’s');
  bench.finished.length = 0;
  await bench.service.handlers['transfers.retry']({ ids: null });
  expect(await bench.end(groupId)).toMatchObject({ done: 1, failed: 0 });
  expect(await cacheControl('a')).toBe('no-store');
  expect(await edits.tagsOf('a')).toEqual({});
  expect((await bench.rows())[0]?.note).toContain(NOTES.tagsOfAnother);
});

test.each([
  ['in one request', 10],
  ['in parts', 11 * MIB],
])(
  'a server that says so where an object has no tags loses none of its headers, %s',
  async (_how, size) => {
    const { bench, bucket } = edits;
    await edits.put('a', randomBytes(size));
    server.faults.add({
      match: { operation: 'GetObjectTagging' },
      action: { kind: 'error', status: 404, code: 'NoSuchTagSet' },
    });
    expect(await bench.end(await bench.edit(bucket, ['a'], CHANGE))).toMatchObject({
      done: 1,
      failed: 0,
    });
    expect(await cacheControl('a')).toBe('no-store');
  },
);
