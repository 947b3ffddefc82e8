import { createCipheriv, createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { FaultMatch } from '../../../../tools/s3-server/index.ts';
import type { ConflictAnswer, TransferRow } from '../../../shared/domain/transfer.ts';
import { openS3Target, type S3Target } from '../testing/s3-target.ts';
import { openBench, ownServer, type TransferBench, waitFor } from './testing.ts';

const MIB = 1024 * 1024;
const IN_PARTS = { advanced: { partSizeMiB: 5 } as never };

let target: S3Target;
let bench: TransferBench;
let bucket: string;
/** Leaves the test out that runs. */
let skipTest: () => never;

beforeAll(async () => {
  target = await openS3Target();
});

afterAll(async () => {
  await target.close();
});

beforeEach(async ({ skip }) => {
  skipTest = skip;
  bucket = await target.makeBucket();
  bench = openBench(target);
});

afterEach(async () => {
  target.server?.faults.clear();
  await bench.close();
});

async function put(
  key: string,
  body: string | Uint8Array,
  metadata: Record<string, string> = {},
): Promise<void> {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  await bench.s3.putObject({ bucket, key, contentType: '', metadata, body: bytes });
}

/** A file with a time of its own, seconds since 1970. */
function fileOf(name: string, content: string | Uint8Array, seconds: number): string {
  const place = bench.file(name, content);
  utimesSync(place, seconds, seconds);
  return place;
}

async function textOf(key: string): Promise<string> {
  return (await bench.read(bucket, key)).toString();
}

async function answer(given: ConflictAnswer): Promise<void> {
  const { handlers } = bench.service;
  const row = await handlers['transfers.nextConflict']();
  if (row === null) throw new Error('nothing asked');
  await handlers['transfers.answerConflict']({
    id: row.id,
    answer: given,
    forAll: false,
  });
}

async function allTexts(): Promise<readonly string[]> {
  return Promise.all((await bench.keys(bucket)).map(textOf));
}

/** Holds a request of `start` up, does something, and lets it go on. */
async function meanwhile<T>(
  match: FaultMatch,
  start: () => Promise<T>,
  act: () => unknown,
): Promise<T> {
  const server = ownServer(target, skipTest);
  const before = server.faults.hits.length;
  server.faults.add({ match, times: 1, action: { kind: 'delay', ms: 50_000 } });
  const result = await start();
  await waitFor(() => server.faults.hits.length > before || undefined);
  act();
  // Ends the delay, too.
  server.faults.clear();
  return result;
}

/** Bytes that differ everywhere, the same every time. */
function noise(size: number, seed: string): Buffer {
  const key = createHash('md5').update(seed).digest();
  return createCipheriv('aes-128-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(size));
}

const OLD = 1_500_000_000;
const NEW = 1_600_000_000;

test.each([
  ['newer', NEW, OLD, 'mine!'],
  ['newer', OLD, NEW, 'theirs'],
  ['newer', OLD, OLD, 'theirs'],
  ['different', NEW, OLD, 'mine!'],
] as const)(
  'uploading with %s a file of %i over an object of %i leaves %s',
  async (conflict, mine, theirs, expected) => {
    await put('a.txt', 'theirs', { mtime: `${theirs}.000000000` });
    const source = fileOf('a.txt', 'mine!', mine);
    const group = await bench.end(await bench.upload(bucket, [source], { conflict }));
    expect(await textOf('a.txt')).toBe(expected);
    expect(group).toMatchObject(
      expected === 'mine!' ? { done: 1, skipped: 0 } : { done: 0, skipped: 1 },
    );
  },
);

test('newer goes by when an object was stored where nobody noted its time', async () => {
  await put('a.txt', 'theirs');
  const past = fileOf('a.txt', 'mine', OLD);
  await bench.end(await bench.upload(bucket, [past], { conflict: 'newer' }));
  expect(await textOf('a.txt')).toBe('theirs');
  const future = fileOf('a.txt', 'mine', Date.now() / 1_000 + 3_600);
  await bench.end(await bench.upload(bucket, [future], { conflict: 'newer' }));
  expect(await textOf('a.txt')).toBe('mine');
});

test.each([
  ['the same content', 'equal', 'equal', NEW, 'skipped'],
  ['other content of the same length', 'abcde', 'edcba', NEW, 'done'],
  ['the same time and length', 'abcde', 'edcba', OLD, 'skipped'],
  ['another length', 'abcdef', 'edcba', OLD, 'done'],
] as const)('different, given %s', async (_case, mine, theirs, seconds, state) => {
  await put('a.txt', theirs, { mtime: `${OLD}.000000000` });
  const source = fileOf('a.txt', mine, seconds);
  await bench.end(await bench.upload(bucket, [source], { conflict: 'different' }));
  expect((await bench.rows())[0]).toMatchObject({ state });
  expect(await textOf('a.txt')).toBe(state === 'done' ? mine : theirs);
});

test('different tells objects uploaded in parts from what they are not', async () => {
  bench.configure(IN_PARTS);
  const content = noise(17 * MIB, 'a');
  const source = fileOf('a.bin', content, OLD);
  await bench.end(await bench.upload(bucket, [source]));
  utimesSync(source, NEW, NEW);
  await bench.end(await bench.upload(bucket, [source], { conflict: 'different' }));
  content[9 * MIB] = (content[9 * MIB] ?? 0) ^ 1;
  fileOf('a.bin', content, NEW + 10);
  await bench.end(await bench.upload(bucket, [source], { conflict: 'different' }));
  const states = (await bench.rows()).map((row) => row.state).sort();
  // Ceph does not tell how an object was cut: there everything seems to differ.
  const second = target.isRadosgw ? 'done' : 'skipped';
  expect(states).toEqual(['done', 'done', second]);
  expect((await bench.read(bucket, 'a.bin')).equals(content)).toBe(true);
});

test('rename-existing keeps the object under another name, with what it carried', async () => {
  await put('dir/a.txt', 'theirs', { colour: 'blue' });
  await put('dir/a 2.txt', 'older');
  const source = bench.file('a.txt', 'mine');
  await bench.end(
    await bench.upload(bucket, [source], { conflict: 'rename-existing', prefix: 'dir/' }),
  );
  expect(await bench.keys(bucket)).toEqual(['dir/a 2.txt', 'dir/a 3.txt', 'dir/a.txt']);
  expect(await textOf('dir/a.txt')).toBe('mine');
  expect(await textOf('dir/a 3.txt')).toBe('theirs');
  const kept = await bench.s3.headObject({ bucket, key: 'dir/a 3.txt' });
  expect(kept.metadata).toMatchObject({ colour: 'blue' });
  expect((await bench.rows())[0]?.note).toContain('a 3.txt');
});

test('rename-existing of a file in parts', async () => {
  bench.configure(IN_PARTS);
  await put('a.bin', 'theirs');
  const content = noise(17 * MIB, 'b');
  const source = bench.file('a.bin', content);
  await bench.end(await bench.upload(bucket, [source], { conflict: 'rename-existing' }));
  expect(await textOf('a 2.bin')).toBe('theirs');
  expect((await bench.read(bucket, 'a.bin')).equals(content)).toBe(true);
});

test('resume leaves uploaded files and asks about others', async () => {
  await put('same.txt', 'same');
  await put('other.txt', 'something else');
  const files = [bench.file('same.txt', 'same'), bench.file('other.txt', 'mine')];
  const group = await bench.upload(bucket, files, { conflict: 'resume' });
  await bench.until((rows) => rows.some((row) => row.waitReason === 'conflict'));
  await answer('skip');
  expect(await bench.end(group)).toMatchObject({ skipped: 2 });
  expect(await textOf('other.txt')).toBe('something else');
});

test.each([
  ['skip', { skipped: 1 }],
  ['newer', { skipped: 1 }],
  ['rename', { done: 1 }],
  ['rename-existing', { done: 1 }],
] as const)(
  'with %s an object that comes between look and write is never lost',
  async (conflict, counts) => {
    const server = ownServer(target, skipTest);
    if (conflict !== 'skip') await put('a.txt', 'first', { mtime: `${OLD}.000000000` });
    const source = fileOf('a.txt', 'mine', NEW);
    const key = conflict === 'rename' ? 'a 2.txt' : 'a.txt';
    const group = await meanwhile(
      { operation: 'PutObject', keyPattern: key },
      () => bench.upload(bucket, [source], { conflict }),
      () => server.seed(bucket, [{ key, body: 'theirs' }]),
    );
    expect(await bench.end(group)).toMatchObject(counts);
    expect(await allTexts()).toContain('theirs');
    if (conflict === 'rename-existing') {
      // Both that were there before ours.
      expect([...(await allTexts())].sort()).toEqual(['first', 'mine', 'theirs']);
    }
  },
);

test.each([
  ['skip', { skipped: 1 }],
  ['rename', { done: 1 }],
  ['rename-existing', { done: 1 }],
] as const)(
  'with %s an object that comes before Complete is never lost',
  async (conflict, counts) => {
    const server = ownServer(target, skipTest);
    bench.configure(IN_PARTS);
    const content = noise(17 * MIB, 'f');
    const source = bench.file('a.bin', content);
    const group = await meanwhile(
      { operation: 'CompleteMultipartUpload' },
      () => bench.upload(bucket, [source], { conflict }),
      () => server.seed(bucket, [{ key: 'a.bin', body: 'theirs' }]),
    );
    expect(await bench.end(group)).toMatchObject(counts);
    const sizes = new Map<string, number>();
    for (const key of await bench.keys(bucket)) {
      sizes.set(key, (await bench.read(bucket, key)).length);
    }
    expect(new Set(sizes.values())).toEqual(
      new Set('skipped' in counts ? [6] : [6, content.length]),
    );
    expect(sizes.size).toBe('skipped' in counts ? 1 : 2);
    const open = await bench.s3.listUploads({ bucket, key: 'a.bin' });
    expect(open.uploads).toEqual([]);
  },
);

test('a question keeps the upload in parts for its answer', async () => {
  const server = ownServer(target, skipTest);
  bench.configure(IN_PARTS);
  const content = noise(17 * MIB, 'g');
  const source = bench.file('a.bin', content);
  const group = await meanwhile(
    { operation: 'CompleteMultipartUpload' },
    () => bench.upload(bucket, [source]),
    () => server.seed(bucket, [{ key: 'a.bin', body: 'theirs' }]),
  );
  await bench.until((rows) => rows[0]?.waitReason === 'conflict');
  server.clearRequests();
  await answer('overwrite');
  expect(await bench.end(group)).toMatchObject({ done: 1 });
  expect((await bench.read(bucket, 'a.bin')).equals(content)).toBe(true);
  expect(server.requests.filter(({ partNumber }) => partNumber !== undefined)).toEqual(
    [],
  );
});

test.each([
  // The first may have been about the checksum.
  [501, 'NotImplemented', 2],
  [400, 'InvalidArgument', 1],
])(
  'a server that answers %i %s to a condition is asked without from then on',
  async (status, code, times) => {
    const server = ownServer(target, skipTest);
    server.faults.add({
      match: { operation: 'PutObject' },
      times,
      action: { kind: 'error', status, code },
    });
    server.clearRequests();
    await bench.end(await bench.upload(bucket, [bench.file('a.txt', 'a')]));
    await bench.end(await bench.upload(bucket, [bench.file('b.txt', 'b')]));
    const puts = server.requests.filter(({ operation }) => operation === 'PutObject');
    const conditions = puts.map(({ headers }) => headers['if-none-match']);
    expect(conditions.slice(0, times)).toEqual(Array(times).fill('*'));
    expect(conditions.slice(times)).toEqual([undefined, undefined]);
    expect(await allTexts()).toEqual(['a', 'b']);
  },
);

test('a server that refuses the right ETag is asked without from then on', async () => {
  const server = ownServer(target, skipTest);
  await put('a.txt', 'theirs', { mtime: `${OLD}.0` });
  server.faults.add({
    match: { operation: 'PutObject' },
    times: 1,
    action: { kind: 'error', status: 412, code: 'PreconditionFailed' },
  });
  const source = fileOf('a.txt', 'mine', NEW);
  await bench.end(await bench.upload(bucket, [source], { conflict: 'newer' }));
  expect(await textOf('a.txt')).toBe('mine');
});

test.each([
  ['newer', NEW, OLD, 'remote'],
  ['newer', OLD, NEW, 'local!'],
  ['different', OLD, NEW, 'remote'],
  ['rename-existing', OLD, NEW, 'remote'],
] as const)(
  'downloading with %s an object of %i over a file of %i leaves %s',
  async (conflict, theirs, mine, expected) => {
    await put('a.txt', 'remote', { mtime: `${theirs}.250000000` });
    const local = fileOf('down/a.txt', 'local!', mine);
    await bench.end(await bench.download(bucket, ['a.txt'], { conflict }));
    expect(readFileSync(local, 'utf8')).toBe(expected);
    if (expected === 'remote') {
      expect(statSync(local).mtimeMs).toBeCloseTo(theirs * 1_000 + 250, 0);
    }
    const kept = path.join(bench.folder, 'down/a 2.txt');
    expect(existsSync(kept)).toBe(conflict === 'rename-existing');
    if (existsSync(kept)) expect(readFileSync(kept, 'utf8')).toBe('local!');
  },
);

test.each([
  ['newer', 'skipped'],
  ['different', 'skipped'],
  ['resume', 'skipped'],
] as const)(
  'a second download with %s fetches nothing again',
  async (conflict, state) => {
    await put('dir/a.txt', 'content');
    const items = [{ key: 'dir/', folder: true }];
    await bench.end(await bench.download(bucket, [], { items }));
    const group = await bench.end(await bench.download(bucket, [], { items, conflict }));
    expect(group).toMatchObject({ done: 0, [state]: 1 });
  },
);

test.each([
  ['one stream', 3 * MIB, 2 * MIB + 17],
  ['ranges', 33 * MIB, 25 * MIB + 5],
] as const)('resume fetches only the rest, in %s', async (_case, size, have) => {
  const content = noise(size, 'c');
  const uploaded = bench.file('a.bin', content);
  utimesSync(uploaded, OLD, OLD);
  await bench.end(await bench.upload(bucket, [uploaded]));
  const local = fileOf('down/a.bin', content.subarray(0, have), Date.now() / 1_000 + 5);
  const group = await bench.download(bucket, ['a.bin'], { conflict: 'resume' });
  const ofGroup = (rows: readonly TransferRow[]): TransferRow | undefined =>
    rows.find(({ groupId }) => groupId === group);
  await bench.until((rows) => {
    const state = ofGroup(rows)?.state;
    return state === 'done' || state === 'failed' || state === 'waiting';
  });
  const row = ofGroup(await bench.rows());
  expect(row).toMatchObject({ state: 'done', error: null, conflict: null });
  expect(row?.note).toContain('rest');
  await bench.end(group);
  expect(readFileSync(local).equals(content)).toBe(true);
  expect(statSync(local).mtimeMs).toBe(OLD * 1_000);
  expect(bench.list(path.join(bench.folder, 'down'))).toEqual(['a.bin']);
});

test('what is no beginning of the object is asked about, and kept when told to skip', async () => {
  const content = noise(3 * MIB, 'd');
  await put('a.bin', content);
  const wrong = Buffer.from(content.subarray(0, 2 * MIB));
  wrong[2 * MIB - 3] = (wrong[2 * MIB - 3] ?? 0) ^ 1;
  const local = fileOf('down/a.bin', wrong, Date.now() / 1_000 + 5);
  const group = await bench.download(bucket, ['a.bin'], { conflict: 'resume' });
  await bench.until((rows) => rows[0]?.waitReason === 'conflict');
  expect((await bench.rows())[0]?.conflict).toMatchObject({ resumable: false });
  await answer('skip');
  expect(await bench.end(group)).toMatchObject({ skipped: 1 });
  expect(readFileSync(local).equals(wrong)).toBe(true);
});

test('a file that only looks like the beginning is found out and nothing wrong is kept', async () => {
  const content = noise(3 * MIB, 'e');
  await put('a.bin', content);
  const wrong = Buffer.from(content.subarray(0, 2 * MIB));
  // Where nobody looks before the end.
  wrong[MIB] = (wrong[MIB] ?? 0) ^ 1;
  const local = fileOf('down/a.bin', wrong, Date.now() / 1_000 + 5);
  const group = await bench.download(bucket, ['a.bin'], { conflict: 'resume' });
  await bench.until((rows) => rows[0]?.waitReason === 'conflict');
  expect(readFileSync(local).equals(wrong)).toBe(true);
  await answer('overwrite');
  expect(await bench.end(group)).toMatchObject({ done: 1 });
  expect(readFileSync(local).equals(content)).toBe(true);
});

test.each(['skip', 'rename', 'rename-existing', 'newer'] as const)(
  'with %s a local file that comes while the object is on its way is not lost',
  async (conflict) => {
    ownServer(target, skipTest);
    await put('a.txt', 'remote', { mtime: `${NEW}.000000000` });
    if (conflict === 'newer') fileOf('down/a.txt', 'older', OLD);
    const group = await meanwhile(
      { operation: 'GetObject', keyPattern: 'a.txt' },
      () => bench.download(bucket, ['a.txt'], { conflict }),
      // Later than the object.
      () => fileOf('down/a.txt', 'theirs', NEW + 100),
    );
    await bench.end(group);
    const folder = path.join(bench.folder, 'down');
    const all = bench
      .list(folder)
      .map((name) => readFileSync(path.join(folder, name), 'utf8'));
    expect(all).toContain('theirs');
    const both = conflict === 'rename' || conflict === 'rename-existing';
    expect(all.length).toBe(both ? 2 : 1);
  },
);
