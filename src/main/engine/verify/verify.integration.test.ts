import { randomBytes } from 'node:crypto';
import { readFileSync, truncateSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { VerifyRow, VerifyStatus } from '../../../shared/domain/verify.ts';
import { openS3Target, type S3Target } from '../testing/s3-target.ts';
import {
  CONNECTION,
  openBench,
  type TransferBench,
  waitFor,
} from '../transfers/testing.ts';
import { createVerifyService, type VerifyService } from './verify-service.ts';

const MIB = 1024 * 1024;
let target: S3Target;
let bench: TransferBench;
let bucket: string;
let verifying: VerifyService;

beforeEach(async () => {
  target = await openS3Target();
  bucket = await target.makeBucket();
  bench = openBench(target);
  verifying = open();
});

afterEach(async () => {
  await verifying.stop();
  await bench.close();
  await target.close();
});

function open(): VerifyService {
  const { registry, service } = bench;
  return createVerifyService({
    registry,
    receipts: service.receipts,
    gateOf: (id) => service.gateOf(id),
    random: Math.random,
  });
}

interface Found {
  readonly verifyId: string;
  readonly status: VerifyStatus;
  readonly rows: Readonly<Record<string, VerifyRow>>;
}

async function verify(prefix: string, folder = 'up'): Promise<Found> {
  const { verifyId } = await verifying.handlers['verify.start']({
    connectionId: CONNECTION,
    bucket,
    prefix,
    folder: path.join(bench.folder, folder),
  });
  const status = await waitFor(async () => {
    const now = await verifying.handlers['verify.status']({ verifyId });
    return now === null || now.state === 'running' ? undefined : now;
  });
  const page = { verifyId, filter: 'all', offset: 0, limit: 500 } as const;
  const { rows } = await verifying.handlers['verify.page'](page);
  return {
    verifyId,
    status,
    rows: Object.fromEntries(rows.map((row) => [row.name, row])),
  };
}

function put(key: string, body: string): Promise<unknown> {
  const rest = { contentType: '', metadata: {} };
  return bench.s3.putObject({ bucket, key, body: Buffer.from(body), ...rest });
}

test('a folder and a prefix are told apart name by name', async () => {
  bench.file('up/same.txt', 'same');
  // Nobody misses what uploads leave out.
  bench.file('up/sub/.DS_Store', 'junk');
  await put('p/Thumbs.db', 'junk');
  bench.file('up/sub/deep.txt', 'deep');
  bench.file('up/other.txt', 'ours');
  bench.file('up/longer.txt', 'longer');
  bench.file('up/here.txt', 'here');
  bench.file('up/ümlaut 😀.txt', 'odd');
  await put('p/same.txt', 'same');
  await put('p/sub/deep.txt', 'deep');
  await put('p/sub/', '');
  await put('p/other.txt', 'them');
  await put('p/longer.txt', 'longest');
  await put('p/there.txt', 'there');
  await put('p/ümlaut 😀.txt', 'odd');
  await put('q/same.txt', 'elsewhere');
  const { status, rows } = await verify('p/');
  expect(status).toMatchObject({
    state: 'done',
    error: null,
    objects: 6,
    files: 6,
    equal: 3,
    different: 2,
    onlyHere: 1,
    onlyThere: 1,
    unclear: 0,
    current: '',
  });
  expect(
    Object.values(rows).map(({ name, outcome, reason }) => [name, outcome, reason]),
  ).toMatchInlineSnapshot(`
    [
      [
        "here.txt",
        "only-here",
        "",
      ],
      [
        "longer.txt",
        "different",
        "size",
      ],
      [
        "other.txt",
        "different",
        "content",
      ],
      [
        "same.txt",
        "equal",
        "",
      ],
      [
        "sub/deep.txt",
        "equal",
        "",
      ],
      [
        "there.txt",
        "only-there",
        "",
      ],
      [
        "ümlaut 😀.txt",
        "equal",
        "",
      ],
    ]
  `);
  expect(rows['same.txt']).toMatchObject({ check: 'md5', localSize: 4, remoteSize: 4 });
});

test('what was sent has a receipt, which spares reading it again', async () => {
  bench.configure({ advanced: { partSizeMiB: 5 } as never });
  const small = bench.file('up/small.bin', randomBytes(50_000));
  const big = bench.file('up/big.bin', randomBytes(17 * MIB));
  await bench.end(await bench.upload(bucket, [path.join(bench.folder, 'up')]));
  const first = await verify('up/');
  expect(first.status).toMatchObject({ equal: 2, bytesRead: 0 });
  expect(first.rows['big.bin']).toMatchObject({ outcome: 'equal', check: 'receipt' });
  // Touched: read again, in the parts the receipt knows.
  utimesSync(small, 1, 1);
  utimesSync(big, 1, 1);
  const second = await verify('up/');
  expect(second.status).toMatchObject({ equal: 2, bytesRead: 17 * MIB + 50_000 });
  expect(second.rows['big.bin']).toMatchObject({ outcome: 'equal', check: 'etag' });
  // Another object by now, whatever the receipt says.
  await put('up/small.bin', 'x'.repeat(50_000));
  truncateSync(big, 17 * MIB - 1);
  expect((await verify('up/')).status).toMatchObject({ equal: 0, different: 2 });
});

test('what was fetched has a receipt too', async () => {
  await put('a.txt', 'fetched');
  await bench.end(await bench.download(bucket, ['a.txt']));
  const { rows, status } = await verify('', 'down');
  expect(rows['a.txt']).toMatchObject({ outcome: 'equal', check: 'receipt' });
  expect(status.bytesRead).toBe(0);
});

test('receipts outlive the rows of the panel', async () => {
  bench.file('up/a.txt', 'a');
  await bench.end(await bench.upload(bucket, [path.join(bench.folder, 'up')]));
  const [row] = await bench.rows();
  const receipt = bench.service.receipts.get(row?.id ?? (0 as never));
  expect(receipt).toMatchObject({
    kind: 'upload',
    bucket,
    key: 'up/a.txt',
    localPath: path.join(bench.folder, 'up', 'a.txt'),
    size: 1,
    integrity: 'md5',
    etag: '0cc175b9c0f1b6a831c399e269772661',
    partSize: 0,
  });
  await bench.service.handlers['transfers.clear']({ ids: null });
  await verifying.stop();
  await bench.restart();
  verifying = open();
  expect(await bench.rows()).toEqual([]);
  expect(bench.service.receipts.get(row?.id ?? (0 as never))).toEqual(receipt);
});

test('results are exported as a table that is safe to open', async () => {
  bench.file('up/=1+1.txt', 'a');
  bench.file('up/a, "b".txt', 'b');
  await put('up/a, "b".txt', 'b');
  const { verifyId } = await verify('up/');
  const place = path.join(bench.folder, 'result.csv');
  const exported = await verifying.handlers['engine.exportVerification']({
    verifyId,
    filter: 'all',
    path: place,
  });
  expect(exported).toEqual({ rows: 2 });
  expect(readFileSync(place, 'utf8').split('\r\n')).toEqual([
    'name,result,detail,local bytes,remote bytes',
    "'=1+1.txt,Only here,,1,",
    '"a, ""b"".txt",Equal,By MD5 of the whole file,1,1',
    '',
  ]);
});

test('it can be cancelled, fails with a reason, and is forgotten when closed', async () => {
  const gone = await verify('', 'nowhere');
  expect(gone.status).toMatchObject({
    state: 'failed',
    error: { code: 'local.not-found' },
  });
  const missing = await verifying.handlers['verify.status']({ verifyId: 'none' });
  expect(missing).toBeNull();
  bench.file('up/big.bin', Buffer.alloc(40 * MIB));
  await bench.end(await bench.upload(bucket, [path.join(bench.folder, 'up')]));
  utimesSync(path.join(bench.folder, 'up/big.bin'), 1, 1);
  const { verifyId } = await verifying.handlers['verify.start']({
    connectionId: CONNECTION,
    bucket,
    prefix: 'up/',
    folder: path.join(bench.folder, 'up'),
  });
  await verifying.handlers['verify.cancel']({ verifyId });
  const status = await verifying.handlers['verify.status']({ verifyId });
  expect(status?.state).toBe('cancelled');
  await verifying.handlers['verify.close']({ verifyId });
  expect(await verifying.handlers['verify.status']({ verifyId })).toBeNull();
});
