import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BulkChange, Grant } from '../../../shared/domain/aspects.ts';
import type { GroupId } from '../../../shared/domain/ids.ts';
import type { GroupRow } from '../../../shared/domain/panel.ts';
import type { AspectCalls } from '../aspects/aspect-calls.ts';
import {
  ACL,
  type EditBench,
  HEADERS,
  openEditBench,
  PUBLIC,
} from '../testing/edit-bench.ts';
import type { S3Target } from '../testing/s3-target.ts';
import { ownServer, type TransferBench, waitFor } from './testing.ts';

let edits: EditBench;
let target: S3Target;
let bench: TransferBench;
let bucket: string;
let calls: AspectCalls;

beforeEach(async () => {
  edits = await openEditBench();
  ({ target, bench, bucket, calls } = edits);
});

afterEach(async () => {
  await edits.close();
});

async function head(groupId: GroupId): Promise<GroupRow | undefined> {
  const page = await bench.service.handlers['panel.view']({
    filter: 'all',
    kind: 'all',
    text: '',
    opened: [],
    folded: [],
    offset: 0,
    limit: 100,
  });
  return page.entries.flatMap((entry) =>
    entry.type === 'group' && entry.group.id === groupId ? [entry.group] : [],
  )[0];
}

function setTags(
  tags: Record<string, string>,
  rest: { readonly replace?: boolean } = {},
): BulkChange {
  const set = Object.entries(tags).map(([key, value]) => ({ key, value }));
  return { aspect: 'tags', set, remove: [], replace: false, ...rest };
}

describe('permissions', () => {
  test('are given and taken in a folder, beside it nothing changes', async () => {
    for (const key of ['d/', 'd/a', 'd/e/ä b+', 'd.txt']) await edits.put(key);
    expect(await bench.end(await bench.edit(bucket, ['d/'], ACL))).toMatchObject({
      kind: 'edit',
      done: 3,
      failed: 0,
    });
    for (const key of ['d/', 'd/a', 'd/e/ä b+']) {
      expect(await edits.grantsOf(key)).toEqual(['AllUsers READ', 'owner FULL_CONTROL']);
    }
    expect(await edits.grantsOf('d.txt')).toEqual(['owner FULL_CONTROL']);
    const own: Grant = {
      grantee: {
        kind: 'user',
        id: (await calls.readAcl({ bucket, key: 'd/a' })).owner.id,
        name: '',
      },
      permission: 'FULL_CONTROL',
    };
    const taken = { ...ACL, add: [], remove: [PUBLIC, own] };
    await bench.end(await bench.edit(bucket, ['d/'], taken));
    expect(await edits.grantsOf('d/a')).toEqual(['owner FULL_CONTROL']);
  });

  test('that are so already are not written', async ({ skip }) => {
    ownServer(target, skip);
    for (const key of ['a', 'b']) await edits.put(key);
    await bench.end(await bench.edit(bucket, ['a'], ACL));
    const before = edits.requestsOf('PutObjectAcl');
    await bench.end(await bench.edit(bucket, ['a', 'b'], ACL));
    expect(edits.requestsOf('PutObjectAcl') - before).toBe(1);
    await bench.end(
      await bench.edit(bucket, ['a', 'b'], { ...ACL, add: [], canned: 'private' }),
    );
    expect(await edits.grantsOf('a')).toEqual(['owner FULL_CONTROL']);
  });
});

describe('tags', () => {
  test('are merged, and an eleventh is refused for that object alone', async () => {
    await edits.put('a', 'x', { tags: [{ key: 'old', value: '1' }] });
    const nine = Array.from({ length: 9 }, (_, n) => ({ key: `t${n}`, value: '' }));
    await edits.put('full', 'x', { tags: [...nine, { key: 'new', value: '1' }] });
    await edits.put('too full', 'x', { tags: [...nine, { key: 'old', value: '1' }] });
    const groupId = await bench.edit(
      bucket,
      ['a', 'full', 'too full'],
      setTags({ new: 'ä & b' }),
    );
    expect(await bench.end(groupId)).toMatchObject({ done: 2, failed: 1 });
    expect(await edits.tagsOf('a')).toEqual({ old: '1', new: 'ä & b' });
    expect(await edits.tagsOf('full')).toMatchObject({ new: 'ä & b' });
    const failed = (await bench.rows()).find((row) => row.state === 'failed');
    expect(failed).toMatchObject({
      key: 'too full',
      error: { code: 'aspect.invalid', params: { count: 11, limit: 10 } },
    });
    // Whoever makes room and tries again is done.
    await calls.writeTags({ bucket, key: 'too full', tags: nine });
    const retried = bench.finished.length;
    await bench.service.handlers['transfers.retry']({
      ids: [failed?.id ?? (0 as never)],
    });
    await waitFor(() => (bench.finished.length > retried ? true : undefined));
    expect(bench.finished.at(-1)).toMatchObject({ done: 3, failed: 0 });
    expect(Object.keys(await edits.tagsOf('too full'))).toHaveLength(10);
  });

  test('are all taken where nothing takes their place', async () => {
    await edits.put('a', 'x', { tags: [{ key: 'old', value: '1' }] });
    await bench.end(await bench.edit(bucket, ['a'], setTags({}, { replace: true })));
    expect(await edits.tagsOf('a')).toEqual({});
  });
});

describe('many objects', () => {
  const COUNT = 2_600;
  const FEW = 600;
  const KEYS = Array.from({ length: COUNT }, (_, n) => `d/${String(n).padStart(5, '0')}`);

  function seed(count = COUNT): void {
    target.server?.seed(
      bucket,
      KEYS.slice(0, count).map((key) => ({ key, body: 'x' })),
    );
  }

  test('share rows, are counted while they are changed, and wait while paused', async ({
    skip,
  }) => {
    const server = ownServer(target, skip);
    seed();
    server.faults.add({
      match: { operation: 'ListObjectsV2' },
      skip: 2,
      action: { kind: 'stall', when: 'before' },
    });
    const groupId = await bench.edit(bucket, ['d/'], { ...ACL, canned: 'public-read' });
    await waitFor(async () =>
      (await head(groupId))?.objects?.done === 2_000 ? true : undefined,
    );
    expect(await head(groupId)).toMatchObject({
      planning: true,
      objects: { total: 2_000, done: 2_000 },
    });
    await bench.service.handlers['transfers.pause']({ ids: null, groupIds: [groupId] });
    server.faults.clear();
    await bench.restart();
    await waitFor(async () =>
      (await head(groupId))?.planning === false ? true : undefined,
    );
    expect(await head(groupId)).toMatchObject({
      paused: 3,
      objects: { total: COUNT, done: 2_000 },
    });
    await bench.service.handlers['transfers.resume']({ ids: null, groupIds: [groupId] });
    expect(await bench.end(groupId)).toMatchObject({ done: COUNT, failed: 0 });
    expect(edits.requestsOf('PutObjectAcl')).toBe(COUNT);
    expect((await bench.rows()).length).toBeLessThan(20);
  });

  test('chosen one by one and in folders share rows, too', async ({ skip }) => {
    const server = ownServer(target, skip);
    seed(300);
    const loose = Array.from({ length: 260 }, (_, n) => `loose ${n}`);
    server.seed(
      bucket,
      [...loose, 'left'].map((key) => ({ key, body: 'x' })),
    );
    const groupId = await bench.edit(
      bucket,
      [...loose.slice(0, 255), 'd/', ...loose.slice(255)],
      {
        ...ACL,
        canned: 'public-read',
      },
    );
    expect(await bench.end(groupId)).toMatchObject({ done: 560, failed: 0 });
    // 250 and 5, the folder's 250 and 50, and the last 5.
    expect((await bench.rows()).map((row) => row.objectsTotal)).toEqual([
      250, 5, 250, 50, 5,
    ]);
    expect(await edits.grantsOf('loose 259')).toContain('AllUsers READ');
    expect(await edits.grantsOf('left')).toEqual(['owner FULL_CONTROL']);
  });

  test('that are refused are listed one by one and can be tried again', async ({
    skip,
  }) => {
    const server = ownServer(target, skip);
    seed(FEW);
    for (const key of ['d/00000', 'd/00249', 'd/00250', 'd/00599']) {
      server.faults.add({
        match: { operation: 'PutObjectAcl', keyPattern: key },
        action: { kind: 'error', status: 403, code: 'AccessDenied' },
      });
    }
    const groupId = await bench.edit(bucket, ['d/'], ACL);
    expect(await bench.end(groupId)).toMatchObject({ done: FEW - 4, failed: 4 });
    const failed = (await bench.rows()).filter((row) => row.state === 'failed');
    expect(failed.map((row) => `${row.key} ${row.error?.code}`).sort()).toEqual(
      ['d/00000', 'd/00249', 'd/00250', 'd/00599'].map((key) => `${key} access.denied`),
    );
    server.faults.clear();
    const ended = bench.finished.length;
    await bench.service.handlers['transfers.retry']({ ids: null });
    await waitFor(() => (bench.finished.length > ended ? true : undefined));
    expect(bench.finished.at(-1)).toMatchObject({ done: FEW, failed: 0 });
    expect(await edits.grantsOf('d/00249')).toContain('AllUsers READ');
  });

  test('of a bucket that takes no ACLs fail together, not one by one', async ({
    skip,
  }) => {
    const server = ownServer(target, skip);
    seed(FEW);
    server.faults.add({
      match: { operation: 'PutObjectAcl' },
      action: { kind: 'error', status: 400, code: 'AccessControlListNotSupported' },
    });
    const groupId = await bench.edit(bucket, ['d/'], ACL);
    expect(await bench.end(groupId)).toMatchObject({ done: 0, failed: FEW });
    const rows = await bench.rows();
    expect(rows.map((row) => `${row.objectsTotal} ${row.error?.code}`)).toEqual([
      '250 access.bucket-owner',
      '250 access.bucket-owner',
      '100 access.bucket-owner',
    ]);
    expect(edits.requestsOf('PutObjectAcl')).toBeLessThan(50);
    server.faults.clear();
    const ended = bench.finished.length;
    await bench.service.handlers['transfers.retry']({ ids: null, groupIds: [groupId] });
    await waitFor(() => (bench.finished.length > ended ? true : undefined));
    expect(bench.finished.at(-1)).toMatchObject({ done: FEW, failed: 0 });
  });

  test('that are cancelled stay as they are from then on', async ({ skip }) => {
    const server = ownServer(target, skip);
    seed(FEW);
    server.faults.add({
      match: { operation: 'PutObjectAcl' },
      skip: 100,
      action: { kind: 'stall', when: 'before' },
    });
    const groupId = await bench.edit(bucket, ['d/'], ACL);
    await waitFor(() => (server.faults.hits.length >= 10 ? true : undefined));
    await bench.service.handlers['transfers.cancel']({ ids: null });
    const { done, failed, cancelled } = await bench.end(groupId);
    expect({ failed, cancelled }).toEqual({ failed: 0, cancelled: 3 });
    server.faults.clear();
    const changed = server
      .keys(bucket)
      .filter((key) => server.peek(bucket, key)?.grants !== undefined);
    expect(changed.length).toBeLessThanOrEqual(100);
    // What ended out of turn is not counted.
    expect(done).toBeGreaterThan(50);
    expect(done).toBeLessThanOrEqual(changed.length);
  });

  test('wait for a server that wants less, and none is lost', async ({ skip }) => {
    const server = ownServer(target, skip);
    seed(FEW);
    server.faults.add({
      match: { operation: 'PutObjectAcl' },
      skip: 300,
      times: 60,
      action: { kind: 'error', status: 503, code: 'SlowDown' },
    });
    const groupId = await bench.edit(bucket, ['d/'], { ...ACL, canned: 'public-read' });
    expect(await bench.end(groupId)).toMatchObject({ done: FEW, failed: 0 });
    const open = server.requests.filter(
      ({ operation, status }) => operation === 'PutObjectAcl' && status === 200,
    );
    expect(open.length).toBeGreaterThanOrEqual(FEW);
  });

  test('of a folder that cannot be listed go on when it is tried again', async ({
    skip,
  }) => {
    const server = ownServer(target, skip);
    seed();
    server.faults.add({
      match: { operation: 'ListObjectsV2' },
      skip: 2,
      action: { kind: 'error', status: 403, code: 'AccessDenied' },
    });
    const groupId = await bench.edit(bucket, ['d/'], { ...ACL, canned: 'public-read' });
    expect(await bench.end(groupId)).toMatchObject({ done: 2_000, failed: 1 });
    server.faults.clear();
    const ended = bench.finished.length;
    await bench.service.handlers['transfers.retry']({ ids: null });
    await waitFor(() => (bench.finished.length > ended ? true : undefined));
    expect(bench.finished.at(-1)).toMatchObject({ done: COUNT, failed: 0 });
    expect(edits.requestsOf('PutObjectAcl')).toBe(COUNT);
  });
});

test('a server that takes the name of an ACL for nothing keeps its objects', async ({
  skip,
}) => {
  const server = ownServer(target, skip);
  await edits.put('d/a', 'precious');
  await edits.put('d/b', 'precious');
  server.features = { acl: 'ignored' };
  const groupId = await bench.edit(bucket, ['d/'], { ...ACL, canned: 'public-read' });
  expect(await bench.end(groupId)).toMatchObject({ done: 0, failed: 2 });
  expect(edits.requestsOf('PutObjectAcl', 'PutObject')).toBe(2);
  expect((await bench.read(bucket, 'd/a')).toString()).toBe('precious');
});

test('a change that no object could take is refused before anything is queued', async () => {
  await expect(
    bench.edit(bucket, ['a'], { ...HEADERS, set: { 'cache-control': 'a\r\nb: c' } }),
  ).rejects.toMatchObject({ code: 'aspect.invalid', params: { reason: 'line-break' } });
  expect(await bench.rows()).toEqual([]);
});
