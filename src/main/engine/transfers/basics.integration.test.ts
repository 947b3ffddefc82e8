import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, symlinkSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openS3Target, type S3Target } from '../testing/s3-target.ts';
import { CONNECTION, openBench, type TransferBench } from './testing.ts';

const MIB = 1024 * 1024;
let target: S3Target;
let bench: TransferBench;
let bucket: string;

beforeAll(async () => {
  target = await openS3Target();
});

afterAll(async () => {
  await target.close();
});

beforeEach(async () => {
  bucket = await target.makeBucket();
  bench = openBench(target);
});

afterEach(async () => {
  await bench.close();
});

test.each([
  ['empty', 0],
  ['one byte', 1],
  ['5 MiB', 5 * MIB],
  ['40 MiB in parts', 40 * MIB],
])('%s goes up and comes down the same', async (_name, size) => {
  const content = randomBytes(size);
  const source = bench.file('src/data.bin', content);
  utimesSync(source, 1_600_000_000, 1_600_000_000);
  const up = await bench.end(await bench.upload(bucket, [source]));
  expect(up).toMatchObject({ done: 1, failed: 0, bytes: size });
  expect((await bench.read(bucket, 'data.bin')).equals(content)).toBe(true);
  const down = await bench.end(await bench.download(bucket, ['data.bin']));
  expect(down).toMatchObject({ done: 1, failed: 0, bytes: size });
  const result = path.join(bench.folder, 'down/data.bin');
  expect(readFileSync(result).equals(content)).toBe(true);
  expect(bench.list(path.join(bench.folder, 'down'))).toEqual(['data.bin']);
  const { mtimeMs } = await import('node:fs').then((fs) => fs.statSync(result));
  expect(mtimeMs).toBe(1_600_000_000_000);
});

test('a folder goes up with its empty folders and comes down as it was', async () => {
  bench.file('photos/a.txt', 'a');
  bench.file('photos/deep/er/b.txt', 'bb');
  bench.file('photos/with space & ünï.txt', 'c');
  mkdirSync(path.join(bench.folder, 'photos/empty'));
  await bench.end(
    await bench.upload(bucket, [path.join(bench.folder, 'photos')], { prefix: 'my/' }),
  );
  expect([...(await bench.keys(bucket))].sort()).toEqual([
    'my/photos/a.txt',
    'my/photos/deep/er/b.txt',
    'my/photos/empty/',
    'my/photos/with space & ünï.txt',
  ]);
  const down = await bench.end(
    await bench.download(bucket, [], {
      basePrefix: 'my/',
      items: [{ key: 'my/photos/', folder: true }],
    }),
  );
  expect(down).toMatchObject({ kind: 'download', done: 4, failed: 0 });
  expect(bench.list(path.join(bench.folder, 'down'))).toEqual(
    [
      'photos/',
      'photos/a.txt',
      'photos/deep/',
      'photos/deep/er/',
      'photos/deep/er/b.txt',
      'photos/empty/',
      'photos/with space & ünï.txt',
    ].sort(),
  );
});

test('hostile and odd keys stay inside the folder and keep apart', async () => {
  const keys = [
    '../escape',
    'a//b',
    '/leading',
    '..',
    'plus+percent%20',
    'emoji🦆',
    'file',
    'file/inner',
    'dir/../../up',
    'con\u0001trol',
    'marker/',
  ];
  for (const key of keys) {
    await bench.s3.putObject({
      bucket,
      key,
      contentType: 'text/plain',
      metadata: {},
      body: Buffer.from(key),
    });
  }
  const listed = await bench.keys(bucket);
  const down = await bench.end(await bench.download(bucket, [...listed]));
  expect(down).toMatchObject({ done: keys.length, failed: 0 });
  const folder = path.join(bench.folder, 'down');
  const files = bench.list(folder).filter((name) => !name.endsWith('/'));
  const contents = files.map((name) => readFileSync(path.join(folder, name), 'utf8'));
  expect(contents.sort()).toEqual([...keys].sort());
  const outside = bench.list(bench.folder).filter((name) => !name.startsWith('down'));
  expect(outside.filter((name) => !name.startsWith('transfers.db'))).toEqual([]);
});

test('a link in the target folder does not lead a download out of it', async () => {
  await bench.put(bucket, 'link/evil', 'x');
  mkdirSync(path.join(bench.folder, 'down'));
  mkdirSync(path.join(bench.folder, 'outside'));
  symlinkSync(path.join(bench.folder, 'outside'), path.join(bench.folder, 'down/link'));
  const group = await bench.end(await bench.download(bucket, ['link/evil']));
  expect(group.failed).toBe(1);
  expect((await bench.rows())[0]?.error?.code).toBe('local.outside-target');
  expect(bench.list(path.join(bench.folder, 'outside'))).toEqual([]);
});

test('a file that cannot be read is a failed row, the others arrive', async () => {
  bench.file('in/good.txt', 'good');
  symlinkSync('nowhere', path.join(bench.folder, 'in/bad.txt'));
  const group = await bench.end(
    await bench.upload(bucket, [path.join(bench.folder, 'in')]),
  );
  expect(group).toMatchObject({ done: 1, failed: 1 });
  const failed = (await bench.rows()).find((row) => row.state === 'failed');
  expect(failed).toMatchObject({ name: 'bad.txt', error: { code: 'local.not-found' } });
});

test('a folder of 2,500 objects is deleted, its neighbours stay', async () => {
  const put = async (key: string): Promise<void> => {
    await bench.put(bucket, key, new Uint8Array(0));
  };
  if (target.server === null) {
    for (let at = 0; at < 2_500; at += 50) {
      await Promise.all(Array.from({ length: 50 }, (_, n) => put(`d/${at + n}`)));
    }
  } else {
    target.server.seed(
      bucket,
      Array.from({ length: 2_500 }, (_, n) => ({ key: `d/${n}` })),
    );
  }
  await put('d2/stays');
  await put('single');
  const { groupId } = await bench.service.handlers['transfers.remove']({
    connectionId: CONNECTION,
    bucket,
    items: [
      { key: 'd/', folder: true },
      { key: 'single', folder: false },
    ],
  });
  expect(await bench.end(groupId)).toMatchObject({ kind: 'delete', done: 2, failed: 0 });
  expect(await bench.keys(bucket)).toEqual(['d2/stays']);
  const folder = (await bench.rows()).find((row) => row.key === 'd/');
  expect(folder).toMatchObject({ objectsDone: 2_500, objectsTotal: 2_500 });
});

test('objects and folders move, and the source is gone only then', async () => {
  for (const key of ['from/a', 'from/b/c', 'one.txt']) {
    await bench.put(bucket, key, key, { kept: 'yes' });
  }
  const move = async (key: string, folder: boolean, targetKey: string) => {
    const { groupId } = await bench.service.handlers['transfers.move']({
      connectionId: CONNECTION,
      bucket,
      items: [{ item: { key, folder }, targetKey }],
      targetConnectionId: CONNECTION,
      targetBucket: bucket,
      conflict: 'ask',
    });
    return bench.end(groupId);
  };
  expect(await move('from/', true, 'to/')).toMatchObject({ done: 2 });
  expect(await move('one.txt', false, 'two.txt')).toMatchObject({ done: 1 });
  expect(await bench.keys(bucket)).toEqual(['to/a', 'to/b/c', 'two.txt']);
  expect((await bench.s3.headObject({ bucket, key: 'two.txt' })).metadata).toMatchObject({
    kept: 'yes',
  });
});

test('a move onto something asks first', async () => {
  for (const key of ['a', 'b']) {
    await bench.put(bucket, key, key);
  }
  const { groupId } = await bench.service.handlers['transfers.move']({
    connectionId: CONNECTION,
    bucket,
    items: [{ item: { key: 'a', folder: false }, targetKey: 'b' }],
    targetConnectionId: CONNECTION,
    targetBucket: bucket,
    conflict: 'ask',
  });
  await bench.until((rows) => rows[0]?.waitReason === 'conflict');
  expect((await bench.read(bucket, 'b')).toString()).toBe('b');
  const id = (await bench.rows())[0]?.id;
  if (id === undefined) throw new Error('no row');
  await bench.service.handlers['transfers.answerConflict']({
    id,
    answer: 'overwrite',
    forAll: false,
  });
  await bench.end(groupId);
  expect(await bench.keys(bucket)).toEqual(['b']);
  expect((await bench.read(bucket, 'b')).toString()).toBe('a');
});

test('a limited key uploads, downloads and deletes under its prefix', async () => {
  bench.configure({}, target.limited);
  const { limitedBucket, limitedPrefix } = target;
  const name = `limited-${Date.now()}.txt`;
  const source = bench.file(name, 'limited');
  const up = await bench.end(
    await bench.upload(limitedBucket, [source], { prefix: limitedPrefix }),
  );
  expect(up).toMatchObject({ done: 1, failed: 0 });
  const key = limitedPrefix + name;
  const down = await bench.end(
    await bench.download(limitedBucket, [key], { basePrefix: limitedPrefix }),
  );
  expect(down).toMatchObject({ done: 1, failed: 0 });
  const { groupId } = await bench.service.handlers['transfers.remove']({
    connectionId: CONNECTION,
    bucket: limitedBucket,
    items: [{ key, folder: false }],
  });
  expect(await bench.end(groupId)).toMatchObject({ done: 1, failed: 0 });
  const denied = await bench.end(
    await bench.upload(limitedBucket, [source], { prefix: 'elsewhere/' }),
  );
  expect(denied).toMatchObject({ done: 0, failed: 1 });
});

test('staged items come at once, and too much is refused', async () => {
  for (const key of ['s/a', 's/sub/b', 'c']) {
    await bench.put(bucket, key, key);
  }
  const folder = path.join(bench.folder, 'stage');
  const request = {
    connectionId: CONNECTION,
    bucket,
    basePrefix: '',
    items: [
      { key: 's/', folder: true },
      { key: 'c', folder: false },
    ],
    folder,
    maxBytes: 100,
  };
  const { paths } = await bench.service.stage(request);
  expect([...paths].sort()).toEqual([path.join(folder, 'c'), path.join(folder, 's')]);
  expect(readFileSync(path.join(folder, 's/sub/b'), 'utf8')).toBe('s/sub/b');
  await expect(bench.service.stage({ ...request, maxBytes: 3 })).rejects.toThrow(
    'transfer.too-large',
  );
});
