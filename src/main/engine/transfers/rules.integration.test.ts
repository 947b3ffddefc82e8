import { mkdirSync, statSync, symlinkSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { AdvancedSettings } from '../../../shared/domain/bookmark.ts';
import { nameRules } from '../files/safe-name.ts';
import { openS3Target, type S3Target } from '../testing/s3-target.ts';
import { previewTransfer } from './preview.ts';
import { CONNECTION, openBench, ownServer, type TransferBench } from './testing.ts';

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
  target.server?.faults.clear();
  await bench.close();
});

function useRules(settings: Parameters<typeof AdvancedSettings.parse>[0]): void {
  bench.configure({ advanced: AdvancedSettings.parse(settings) });
}

async function put(key: string, body: string): Promise<void> {
  await bench.put(bucket, key, body);
}

function site(): string {
  bench.file('site/index.html', '<p>');
  bench.file('site/.DS_Store', 'junk');
  bench.file('site/.git/config', 'junk');
  bench.file('site/.git/objects/ab', 'junk');
  bench.file('site/only-junk/Thumbs.db', 'junk');
  bench.file('site/sub/a.tmp', 'temporary');
  bench.file('site/sub/a.txt', 'a');
  return path.join(bench.folder, 'site');
}

test('junk is left out and counted; a folder of nothing else stays a folder', async () => {
  const group = await bench.end(await bench.upload(bucket, [site()]));
  expect(group).toMatchObject({ hidden: 3, failed: 0 });
  expect(await bench.keys(bucket)).toEqual([
    'site/index.html',
    'site/only-junk/',
    'site/sub/a.tmp',
    'site/sub/a.txt',
  ]);
});

test('what was left out can be uploaded alone, or at once', async () => {
  const folder = site();
  await bench.end(await bench.upload(bucket, [folder], { hidden: 'only', prefix: 'a/' }));
  expect(await bench.keys(bucket, 'a/')).toEqual([
    'a/site/.DS_Store',
    'a/site/.git/config',
    'a/site/.git/objects/ab',
    'a/site/only-junk/Thumbs.db',
  ]);
  const all = await bench.upload(bucket, [folder], { hidden: 'include', prefix: 'b/' });
  expect(await bench.end(all)).toMatchObject({ done: 7, hidden: 0 });
});

test('what somebody chose is no junk, whatever its name', async () => {
  const file = bench.file('.DS_Store', 'wanted');
  bench.file('.git/config', 'wanted');
  const group = await bench.upload(bucket, [file, path.join(bench.folder, '.git')]);
  expect(await bench.end(group)).toMatchObject({ done: 2, hidden: 0 });
});

test('the bookmark’s own rules exclude, with a name and a path', async () => {
  useRules({
    excludeJunk: false,
    rules: [
      { pattern: '*.tmp', action: 'exclude' },
      { pattern: 'site/.git/', action: 'exclude' },
    ],
  });
  const group = await bench.end(await bench.upload(bucket, [site()]));
  expect(group).toMatchObject({ hidden: 2 });
  expect(await bench.keys(bucket)).toEqual([
    'site/.DS_Store',
    'site/index.html',
    'site/only-junk/Thumbs.db',
    'site/sub/a.txt',
  ]);
});

test('rules as they were when the upload was asked for hold after a restart', async () => {
  useRules({ rules: [{ pattern: '*.txt', action: 'exclude' }] });
  const folder = site();
  const groupId = await bench.upload(bucket, [folder]);
  const plan = bench.database.get(
    'SELECT plan, planned FROM groups WHERE id = ?',
    groupId,
  );
  // Planning may have ended, and then nobody needs the plan any more.
  expect(plan?.['planned'] === 1 || String(plan?.['plan']).includes('*.txt')).toBe(true);
  useRules({});
  await bench.end(groupId);
  expect(await bench.keys(bucket)).not.toContain('site/sub/a.txt');
});

test('headers by pattern, on small files and on those in parts', async ({ skip }) => {
  const server = ownServer(target, skip);
  useRules({
    partSizeMiB: 5,
    rules: [
      {
        pattern: '*',
        action: 'headers',
        cacheControl: 'max-age=60',
        storageClass: 'STANDARD_IA',
        encryption: 'AES256',
      },
      {
        pattern: 'pages/*.html',
        action: 'headers',
        contentType: 'text/html; charset=utf-8',
        cacheControl: 'no-cache',
        acl: 'public-read',
      },
    ],
  });
  const files = [
    bench.file('a.html', '<p>'),
    bench.file('big.html', Buffer.alloc(17 * MIB, 7)),
    bench.file('plain.txt', 'x'),
  ];
  await bench.end(await bench.upload(bucket, files.slice(0, 2), { prefix: 'pages/' }));
  await bench.end(await bench.upload(bucket, files.slice(2)));
  for (const key of ['pages/a.html', 'pages/big.html', 'plain.txt']) {
    const page = key.startsWith('pages/');
    const request = server.requests.find(
      (each) =>
        each.key === key &&
        (each.operation === 'PutObject' || each.operation === 'CreateMultipartUpload'),
    );
    expect(request?.headers).toMatchObject({
      'content-type': page ? 'text/html; charset=utf-8' : 'text/plain',
      'cache-control': page ? 'no-cache' : 'max-age=60',
      'x-amz-storage-class': 'STANDARD_IA',
      'x-amz-server-side-encryption': 'AES256',
    });
    expect(request?.headers['x-amz-acl']).toBe(page ? 'public-read' : undefined);
    const details = await bench.s3.details({ bucket, key });
    expect(details.storageClass).toBe('STANDARD_IA');
  }
});

test('a key of KMS is asked for by its id', async ({ skip }) => {
  const server = ownServer(target, skip);
  useRules({
    rules: [
      { pattern: '*', action: 'headers', encryption: 'aws:kms', kmsKeyId: 'key-1' },
    ],
  });
  server.clearRequests();
  // Our server has no key service and refuses; what it was asked for is what counts.
  const group = await bench.upload(bucket, [bench.file('a.txt', 'x')]);
  expect(await bench.end(group)).toMatchObject({ failed: 1 });
  const request = server.requests.find(({ operation }) => operation === 'PutObject');
  expect(request?.headers).toMatchObject({
    'x-amz-server-side-encryption': 'aws:kms',
    'x-amz-server-side-encryption-aws-kms-key-id': 'key-1',
  });
});

test('junk is a matter of uploads: a download brings what is there', async () => {
  await put('dir/.DS_Store', 'x');
  await put('dir/~draft', 'x');
  const items = [{ key: 'dir/', folder: true }];
  const group = await bench.end(await bench.download(bucket, [], { items }));
  expect(group).toMatchObject({ done: 2, hidden: 0 });
});

test('times of files survive the way up and down, in folders too', async () => {
  const at = 1_234_567_890.125;
  for (const name of ['dir/a.txt', 'dir/sub/b.txt']) {
    utimesSync(bench.file(name, name), at, at);
  }
  const big = bench.file('dir/big.bin', Buffer.alloc(2 * MIB, 3));
  utimesSync(big, at, at);
  await bench.end(await bench.upload(bucket, [path.join(bench.folder, 'dir')]));
  const head = await bench.s3.headObject({ bucket, key: 'dir/a.txt' });
  expect(head.metadata['mtime']).toBe('1234567890.125000000');
  const items = [{ key: 'dir/', folder: true }];
  await bench.end(await bench.download(bucket, [], { items }));
  for (const name of ['dir/a.txt', 'dir/sub/b.txt', 'dir/big.bin']) {
    const { mtimeMs } = statSync(path.join(bench.folder, 'down', name));
    expect(mtimeMs).toBeCloseTo(at * 1_000, 0);
  }
});

test('links in an uploaded folder are followed, but not round in circles', async () => {
  const folder = site();
  mkdirSync(path.join(folder, 'links'));
  symlinkSync('..', path.join(folder, 'links/up'));
  symlinkSync('../index.html', path.join(folder, 'links/page.html'));
  const group = await bench.end(await bench.upload(bucket, [folder]));
  expect(group).toMatchObject({ failed: 1, hidden: 3 });
  expect(await bench.keys(bucket, 'site/links/')).toEqual(['site/links/page.html']);
});

function preview(
  request: Parameters<typeof previewTransfer>[0]['request'],
  deadlineMs?: number,
) {
  return previewTransfer({
    request,
    connection: bench.registry.require(CONNECTION),
    rules: nameRules(process.platform),
    signal: new AbortController().signal,
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
  });
}

test('an upload is counted before it starts, without changing anything', async () => {
  await put('to/site/index.html', 'old');
  await put('to/site/.DS_Store', 'old');
  await put('to/b.txt', 'old');
  const files = [site(), bench.file('b.txt', 'new'), bench.file('c.txt', 'new')];
  const counted = await preview(
    { kind: 'upload', connectionId: CONNECTION, bucket, prefix: 'to/', paths: files },
    20_000,
  );
  expect(counted).toEqual({
    files: 5,
    folders: 3,
    bytes: 3 + 9 + 1 + 3 + 3,
    conflicts: 2,
    first: 'index.html',
    hidden: 3,
    complete: true,
  });
  expect(await bench.keys(bucket)).toHaveLength(3);
  expect(await bench.rows()).toEqual([]);
});

test('many loose files are looked up by one listing', async ({ skip }) => {
  const server = ownServer(target, skip);
  const paths: string[] = [];
  for (let n = 0; n < 30; n += 1) paths.push(bench.file(`${n}.txt`, 'x'));
  for (let n = 0; n < 12; n += 1) await put(`${n}.txt`, 'old');
  server.clearRequests();
  const counted = await preview(
    { kind: 'upload', connectionId: CONNECTION, bucket, prefix: '', paths },
    20_000,
  );
  expect(counted).toMatchObject({ files: 30, conflicts: 12, complete: true });
  expect(server.requests).toHaveLength(1);
});

test('a download is counted against what is on the disk', async () => {
  for (const key of ['dir/a.txt', 'dir/sub/b.txt', 'dir/c.txt', 'loose.txt']) {
    await put(key, key);
  }
  bench.file('down/dir/a.txt', 'x');
  bench.file('down/loose.txt', 'x');
  const counted = await preview(
    {
      kind: 'download',
      connectionId: CONNECTION,
      bucket,
      basePrefix: '',
      items: [
        { key: 'dir/', folder: true },
        { key: 'loose.txt', folder: false },
      ],
      folder: path.join(bench.folder, 'down'),
    },
    20_000,
  );
  expect(counted).toMatchObject({ files: 4, folders: 2, conflicts: 2, complete: true });
});

test('a server that takes its time makes the count incomplete, not late', async ({
  skip,
}) => {
  const server = ownServer(target, skip);
  server.faults.add({
    match: { operation: 'ListObjectsV2', bucket },
    action: { kind: 'delay', ms: 60_000 },
  });
  const request = {
    kind: 'upload' as const,
    connectionId: CONNECTION,
    bucket,
    prefix: '',
    paths: [site()],
  };
  expect(await preview(request, 200)).toMatchObject({ complete: false, conflicts: 0 });
  expect(
    await preview({ ...request, bucket: 'no-such-bucket-here' }, 20_000),
  ).toMatchObject({ complete: false, conflicts: 0 });
});
