import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { S3Server } from '../../../../tools/s3-server/index.ts';
import type { ConnectionId } from '../../../shared/domain/ids.ts';
import { type ConnectionDirectory, createConnectionRegistry } from '../s3/registry.ts';
import { openS3Target, type S3Target } from '../testing/s3-target.ts';
import { type Browser, createBrowser } from './browser.ts';

const connectionId = 'browsing' as ConnectionId;
let target: S3Target;
let registry: ConnectionDirectory;
let browser: Browser;
let bucket: string;
const counted: { objects: number; bytes: number }[] = [];

beforeAll(async () => {
  target = await openS3Target();
  bucket = await target.makeBucket();
  registry = createConnectionRegistry();
  browser = createBrowser({
    registry,
    now: Date.now,
    onCounting: (progress) => counted.push(progress),
  });
  registry.configure({ connectionId, draft: target.draft(), credentials: target.full });
});
afterEach(() => target.server?.faults.clear());
afterAll(async () => {
  browser.stop();
  registry.destroy();
  await target.close();
});

const context = () => ({ signal: new AbortController().signal });
let task = 0;
function list(prefix: string, cursor: string | null = null, fresh = false) {
  task += 1;
  const taskId = `list-${task}`;
  const request = { connectionId, bucket, prefix, cursor, fresh, taskId };
  return browser.handlers['browse.list'](request, context());
}
function createFolder(key: string) {
  return browser.handlers['browse.createFolder'](
    { connectionId, bucket, key },
    context(),
  );
}
async function put(key: string, body = 'x') {
  const s3 = registry.require(connectionId);
  await s3.putObject({
    bucket,
    key,
    contentType: '',
    metadata: {},
    body: Buffer.from(body),
  });
}

describe('browsing', () => {
  test('a folder is remembered until it is read fresh or a transfer changed it', async () => {
    await put('cache/a');
    expect((await list('cache/')).keys).toEqual(['cache/a']);
    await put('cache/b');
    expect((await list('cache/')).keys).toEqual(['cache/a']);
    expect((await list('cache/', null, true)).keys).toEqual(['cache/a', 'cache/b']);
    await put('cache/c');
    browser.invalidate(connectionId, bucket, 'cache/');
    expect((await list('cache/')).keys).toHaveLength(3);
  });

  test('a folder is created once', async () => {
    await list('');
    await createFolder('made/');
    expect((await list('')).prefixes).toContain('made/');
    await expect(createFolder('made/')).rejects.toMatchObject({
      code: 'conflict.exists',
    });
    await put('implied/x');
    await expect(createFolder('implied/')).rejects.toMatchObject({
      code: 'conflict.exists',
    });
    await expect(createFolder('no-slash')).rejects.toMatchObject({
      code: 'object.name-invalid',
    });
  });

  test('counting sums files and folders and stops at its limit', async () => {
    for (const name of ['a', 'b/c', 'b/d/e']) await put(`count/${name}`, '12345');
    await put('single', '123');
    const items = [
      { key: 'count/', folder: true },
      { key: 'single', folder: false },
    ];
    const count = (limit: number) =>
      browser.handlers['browse.count'](
        { connectionId, bucket, items, taskId: 'count', limit },
        context(),
      );
    expect(await count(100)).toEqual({ objects: 4, bytes: 18, complete: true });
    expect(await count(2)).toMatchObject({ objects: 2, complete: false });
  });

  test('keys that may not list buckets see the bucket of their path', async () => {
    const limited = 'limited' as ConnectionId;
    const root = `${target.limitedBucket}/${target.limitedPrefix}`;
    registry.configure({
      connectionId: limited,
      draft: target.draft({ root }),
      credentials: target.limited,
    });
    const buckets = browser.handlers['browse.buckets'];
    expect(await buckets({ connectionId: limited }, context())).toEqual({
      buckets: [{ name: target.limitedBucket, createdAt: null, added: true }],
      listed: false,
    });
    registry.forget(limited);
    await expect(buckets({ connectionId: limited }, context())).rejects.toMatchObject({
      code: 'connection.not-open',
    });
  });

  test('a bad bucket name never leaves the house', async () => {
    const create = browser.handlers['browse.createBucket'];
    await expect(
      create({ connectionId, bucket: 'Bad_Name', region: '' }, context()),
    ).rejects.toMatchObject({
      code: 'bucket.name-invalid',
      params: { rule: 'characters' },
    });
  });
});

describe.skipIf(process.env['S3_ENDPOINT'])(
  'large folders (seeded on our server)',
  () => {
    let server: S3Server;
    beforeAll(() => {
      server = target.server as S3Server;
      const names = Array.from({ length: 2_500 }, (_, index) => `${1_000 + index}`);
      server.seed(
        bucket,
        names.map((name) => ({ key: `large/${name}`, body: 'x' })),
      );
    });

    test('the next page is fetched ahead and asked for only once', async () => {
      server.clearRequests();
      const first = await list('large/');
      await expect
        .poll(() => server.requests.filter((each) => each.status === 200).length)
        .toBe(2);
      const second = await list('large/', first.cursor);
      const third = await list('large/', second.cursor);
      expect(third.cursor).toBeNull();
      expect(new Set([...first.keys, ...second.keys, ...third.keys]).size).toBe(2_500);
      const again = await list('large/');
      await list('large/', again.cursor);
      // Besides pages there are questions whether anything is behind them.
      const pages = server.requests.filter(({ url }) => !url.includes('max-keys=1&'));
      expect(pages).toHaveLength(3);
    });

    test('cancel ends a listing and a count', async () => {
      browser.invalidate(connectionId, bucket, '');
      server.faults.add({ action: { kind: 'stall', when: 'before' } });
      const cancel = (taskId: string) =>
        browser.handlers['browse.cancel']({ taskId }, context());
      const listing = browser.handlers['browse.list'](
        {
          connectionId,
          bucket,
          prefix: 'large/',
          cursor: null,
          fresh: false,
          taskId: 'l',
        },
        context(),
      );
      const counting = browser.handlers['browse.count'](
        {
          connectionId,
          bucket,
          items: [{ key: 'large/', folder: true }],
          taskId: 'c',
          limit: 10,
        },
        context(),
      );
      setTimeout(() => {
        for (const taskId of ['l', 'c']) void cancel(taskId);
      }, 30);
      const cancelled = { code: 'transfer.cancelled' };
      await Promise.all([
        expect(listing).rejects.toMatchObject(cancelled),
        expect(counting).rejects.toMatchObject(cancelled),
      ]);
    });

    test('counting reports on the way, and no more than ten times a second', async () => {
      server.faults.add({ action: { kind: 'delay', ms: 120 } });
      counted.length = 0;
      const result = await browser.handlers['browse.count'](
        {
          connectionId,
          bucket,
          items: [{ key: 'large/', folder: true }],
          taskId: 'progress',
          limit: 10_000,
        },
        context(),
      );
      expect(result).toEqual({ objects: 2_500, bytes: 2_500, complete: true });
      expect(counted.map(({ objects }) => objects)).toEqual([1_000, 2_000, 2_500]);
    });
  },
);
