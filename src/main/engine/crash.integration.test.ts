import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { S3Server } from '../../../tools/s3-server/index.ts';
import type { ConnectionId } from '../../shared/domain/ids.ts';
import type { TransferTotals } from '../../shared/domain/transfer.ts';
import {
  type CrashBench,
  type EngineClient,
  openCrashBench,
} from './testing/crash-bench.ts';

const MIB = 1024 * 1024;
const SIZE = 96 * MIB;
const connectionId = 'one' as ConnectionId;
const other = 'two' as ConnectionId;
let bench: CrashBench;
let server: S3Server;
let folder: string;
let bucket: string;

beforeEach(async ({ skip }) => {
  bench = await openCrashBench(skip);
  ({ server, folder, bucket } = bench);
});

afterEach(async () => {
  await bench?.close();
});

async function start(): Promise<EngineClient> {
  const engine = bench.start();
  const changes = { advanced: { partSizeMiB: 5 } as never };
  await bench.configure(engine, connectionId, changes);
  await bench.configure(engine, other, changes);
  return engine;
}

/** Waits until the totals are as wanted. */
async function until(
  engine: EngineClient,
  wanted: (totals: TransferTotals) => boolean,
): Promise<void> {
  for (;;) {
    const { totals } = await engine.call('transfers.totals', undefined);
    if (wanted(totals)) return;
    expect(totals.failed).toBe(0);
    await delay(20);
  }
}

/** Kills the engine again and again while it works, each time a little further. */
async function runWithCrashes(
  begin: (engine: EngineClient) => Promise<unknown>,
): Promise<void> {
  let engine = await start();
  await begin(engine);
  for (const share of [0.15, 0.4, 0.7]) {
    await until(engine, (totals) => totals.bytesDone >= share * SIZE);
    await bench.kill();
    engine = await start();
  }
  server.faults.clear();
  await until(engine, (totals) => totals.done === 1);
  await engine.call('engine.stop', undefined);
}

async function sha(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

test('an engine killed in mid-upload goes on where it was and leaves nothing behind', async () => {
  const source = path.join(folder, 'big.bin');
  await writeFile(source, randomBytes(SIZE));
  server.faults.add({
    match: { operation: 'UploadPart' },
    action: { kind: 'bandwidth', direction: 'up', bytesPerSecond: 12 * MIB },
  });
  await runWithCrashes((engine) =>
    engine.call('transfers.upload', {
      connectionId,
      bucket,
      prefix: '',
      paths: [source],
      conflict: 'ask',
    }),
  );
  const stored = createHash('sha256').update(await server.read(bucket, 'big.bin'));
  expect(stored.digest('hex')).toBe(await sha(source));
  expect(server.uploads(bucket)).toEqual([]);
  const begun = server.requests.filter(
    ({ operation }) => operation === 'CreateMultipartUpload',
  );
  expect(begun).toHaveLength(1);
  // What was under way at each of three ends may have to be sent again, the rest not.
  const sent = server.requests.filter(
    ({ operation, status }) => operation === 'UploadPart' && status === 200,
  );
  expect(sent.length).toBeLessThanOrEqual(Math.ceil(SIZE / (5 * MIB)) + 3 * 4);
});

test('an engine killed in mid-download goes on where it was and leaves nothing behind', async () => {
  const content = randomBytes(SIZE);
  await bench.target.connect().putObject({
    bucket,
    key: 'big.bin',
    contentType: '',
    metadata: {},
    body: content,
  });
  server.faults.add({
    match: { operation: 'GetObject' },
    action: { kind: 'bandwidth', direction: 'down', bytesPerSecond: 12 * MIB },
  });
  const down = path.join(folder, 'down');
  await runWithCrashes((engine) =>
    engine.call('transfers.download', {
      connectionId,
      bucket,
      basePrefix: '',
      items: [{ key: 'big.bin', folder: false }],
      folder: down,
      conflict: 'ask',
    }),
  );
  expect(await readdir(down)).toEqual(['big.bin']);
  expect(await sha(path.join(down, 'big.bin'))).toBe(
    createHash('sha256').update(content).digest('hex'),
  );
});

test('an engine killed while it begins an upload finds it again', async () => {
  const source = path.join(folder, 'big.bin');
  await writeFile(source, randomBytes(20 * MIB));
  server.faults.add({
    match: { operation: 'CreateMultipartUpload' },
    times: 1,
    action: { kind: 'stall', when: 'response' },
  });
  const first = await start();
  await first.call('transfers.upload', {
    connectionId,
    bucket,
    prefix: '',
    paths: [source],
    conflict: 'ask',
  });
  while (server.uploads(bucket).length === 0) await delay(20);
  await bench.kill();
  const second = await start();
  await until(second, (totals) => totals.done === 1);
  await second.call('engine.stop', undefined);
  expect(server.uploads(bucket)).toEqual([]);
});

/** Puts `count` objects of `size` bytes below `from/`; returns them by the rest of the key. */
function seed(count: number, size: number): ReadonlyMap<string, Buffer> {
  const contents = new Map<string, Buffer>();
  for (let number = 0; number < count; number += 1) {
    contents.set(`${number % 3}/ä + ${number}%`, randomBytes(size + number));
  }
  contents.set('', Buffer.alloc(0));
  contents.set('a', Buffer.from('a file'));
  contents.set('a/', Buffer.alloc(0));
  server.seed(
    bucket,
    [...contents].map(([name, body]) => ({ key: `from/${name}`, body })),
  );
  return contents;
}

/** Keys of the bucket, with what they hold. */
async function contentsNow(): Promise<ReadonlyMap<string, Buffer>> {
  const found = new Map<string, Buffer>();
  const s3 = bench.target.connect();
  const page = await s3.listPage({ bucket, prefix: '', delimiter: '', cursor: null });
  for (const key of page.keys) found.set(key, await server.read(bucket, key));
  return found;
}

/** Kills and starts the engine whenever so many more requests of a kind were made. */
async function killAlong(
  engine: EngineClient,
  operations: readonly string[],
  every: number,
  rounds: number,
): Promise<EngineClient> {
  const made = (): number =>
    server.requests.filter(({ operation }) => operations.includes(operation ?? ''))
      .length;
  let current = engine;
  for (let round = 0; round < rounds; round += 1) {
    const goal = made() + every;
    for (;;) {
      const { totals } = await current.call('transfers.totals', undefined);
      expect(totals.failed).toBe(0);
      if (made() >= goal) break;
      if (totals.queued + totals.running + totals.waiting === 0) return current;
      await delay(1);
    }
    await bench.kill();
    current = await start();
  }
  return current;
}

/** Ends with everything moved: at the target as it was, and nowhere else. */
async function expectMoved(contents: ReadonlyMap<string, Buffer>): Promise<void> {
  const found = await contentsNow();
  expect([...found.keys()].sort()).toEqual(
    [...contents.keys()].map((name) => `to/${name}`).sort(),
  );
  for (const [name, bytes] of contents) {
    expect(found.get(`to/${name}`)?.equals(bytes)).toBe(true);
  }
  expect(server.uploads(bucket)).toEqual([]);
}

test.each(['CopyObject', 'HeadObject', 'DeleteObject'])(
  'an engine killed again and again in a move of a folder moves it all: %s',
  async (operation) => {
    const contents = seed(60, 100);
    const first = await start();
    await first.call('transfers.move', {
      connectionId,
      bucket,
      items: [{ item: { key: 'from/', folder: true }, targetKey: 'to/' }],
      targetConnectionId: connectionId,
      targetBucket: bucket,
      conflict: 'ask',
    });
    const last = await killAlong(first, [operation], 7, 6);
    await until(last, (totals) => totals.done === contents.size);
    const { totals } = await last.call('transfers.totals', undefined);
    expect(totals).toMatchObject({ done: contents.size, conflicts: 0 });
    await last.call('engine.stop', undefined);
    await expectMoved(contents);
  },
);

test('an engine killed in a move through this computer moves it all', async () => {
  const contents = seed(4, 14 * MIB);
  const first = await start();
  await first.call('transfers.move', {
    connectionId,
    bucket,
    items: [{ item: { key: 'from/', folder: true }, targetKey: 'to/' }],
    targetConnectionId: other,
    targetBucket: bucket,
    conflict: 'ask',
  });
  const last = await killAlong(first, ['UploadPart', 'CompleteMultipartUpload'], 2, 4);
  await until(last, (totals) => totals.done === contents.size);
  await last.call('engine.stop', undefined);
  await expectMoved(contents);
});

test('an engine killed again and again in a download keeps each file once', async () => {
  const contents = new Map<string, Buffer>();
  for (let number = 0; number < 90; number += 1) {
    contents.set(
      `${number}.bin`,
      randomBytes([900, 400_000, 1_500_000][number % 3] ?? 0),
    );
  }
  server.seed(
    bucket,
    [...contents].map(([name, body]) => ({
      key: `from/${name}`,
      body,
      metadata: { mtime: '1600000000.5' },
    })),
  );
  const down = path.join(folder, 'down');
  const first = await start();
  await first.call('transfers.download', {
    connectionId,
    bucket,
    basePrefix: '',
    items: [{ key: 'from/', folder: true }],
    folder: down,
    conflict: 'rename',
  });
  const last = await killAlong(first, ['GetObject'], 11, 6);
  await until(last, (totals) => totals.done === contents.size);
  await last.call('engine.stop', undefined);
  const names = await readdir(path.join(down, 'from'));
  expect(names.sort()).toEqual([...contents.keys()].sort());
  for (const [name, bytes] of contents) {
    expect((await readFile(path.join(down, 'from', name))).equals(bytes)).toBe(true);
  }
});

test('an engine killed in a batch of deletions deletes all of them, and nothing else', async () => {
  const keys = Array.from({ length: 2_500 }, (_, number) => `k/${number}`);
  server.seed(
    bucket,
    [...keys, 'k', 'kept'].map((key) => ({ key, body: 'x' })),
  );
  server.faults.add({
    match: { operation: 'DeleteObjects' },
    times: 3,
    action: { kind: 'lostResponse' },
  });
  const first = await start();
  await first.call('transfers.remove', {
    connectionId,
    bucket,
    items: keys.map((key) => ({ key, folder: false })),
  });
  const last = await killAlong(first, ['DeleteObjects'], 1, 3);
  await until(last, (totals) => totals.done === keys.length);
  await last.call('engine.stop', undefined);
  expect([...(await contentsNow()).keys()]).toEqual(['k', 'kept']);
});
