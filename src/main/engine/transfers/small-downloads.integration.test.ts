import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openS3Target, type S3Target } from '../testing/s3-target.ts';
import { openBench, type TransferBench } from './testing.ts';

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

/** Puts objects and returns what each holds. */
async function put(names: readonly string[]): Promise<ReadonlyMap<string, Buffer>> {
  const contents = new Map<string, Buffer>();
  for (const [index, name] of names.entries()) {
    const body = randomBytes(index % 5 === 0 ? 0 : 1 + index * 97);
    contents.set(name, body);
    await bench.put(bucket, `many/${name}`, body, { mtime: '1600000000' });
  }
  return contents;
}

const numbered = (count: number): string[] =>
  Array.from({ length: count }, (_, n) => `${n % 3}/file ${n}.bin`);

function download(changes: Parameters<TransferBench['download']>[2] = {}) {
  return bench.download(bucket, [], {
    items: [{ key: 'many/', folder: true }],
    ...changes,
  });
}

function expectAll(contents: ReadonlyMap<string, Buffer>): void {
  const down = path.join(bench.folder, 'down/many');
  const files = bench.list(down).filter((name) => !name.endsWith('/'));
  expect(files).toEqual([...contents.keys()].sort());
  for (const [name, content] of contents) {
    const file = path.join(down, name);
    expect(readFileSync(file).equals(content)).toBe(true);
    expect(statSync(file).mtimeMs).toBe(1_600_000_000_000);
  }
}

test('many small files come down as they are, and nothing lies beside them', async () => {
  const contents = await put(numbered(60));
  const end = await bench.end(await download());
  expect(end).toMatchObject({ done: 60, failed: 0 });
  expectAll(contents);
  const rows = (await bench.rows()).filter((row) => row.bytesTotal !== 0);
  expect(new Set(rows.map((row) => row.integrity))).toEqual(new Set(['md5']));
});

test.skipIf(process.env['S3_ENDPOINT'] !== undefined)(
  'spoilt and short bodies never take a name, and are fetched again',
  async () => {
    const contents = await put(numbered(60));
    const match = { operation: 'GetObject' } as const;
    const corrupt = { kind: 'corrupt', what: 'response', atByte: 50 } as const;
    target.server?.faults.add({ match, times: 4, skip: 15, action: corrupt });
    const truncate = { kind: 'truncate', afterBytes: 20 } as const;
    target.server?.faults.add({ match, times: 4, skip: 25, action: truncate });
    const end = await bench.end(await download());
    expect(end).toMatchObject({ done: 60, failed: 0 });
    expectAll(contents);
  },
);

test('files that are there are replaced when that was asked for', async () => {
  const contents = await put(numbered(30));
  for (const name of contents.keys()) bench.file(`down/many/${name}`, 'old');
  const end = await bench.end(await download({ conflict: 'overwrite' }));
  expect(end).toMatchObject({ done: 30, failed: 0 });
  expectAll(contents);
});

test('a link among the folders leads nowhere, however many files went before', async () => {
  await put([...numbered(30), 'link/x', 'link/y']);
  mkdirSync(path.join(bench.folder, 'outside'));
  mkdirSync(path.join(bench.folder, 'down/many'), { recursive: true });
  symlinkSync(
    path.join(bench.folder, 'outside'),
    path.join(bench.folder, 'down/many/link'),
  );
  const end = await bench.end(await download());
  expect(end).toMatchObject({ done: 30, failed: 2 });
  expect(bench.list(path.join(bench.folder, 'outside'))).toEqual([]);
});
