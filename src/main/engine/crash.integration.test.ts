import { type ChildProcess, fork } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { S3Server } from '../../../tools/s3-server/index.ts';
import {
  type EngineCalls,
  type EngineTopics,
  engineContract,
} from '../../shared/contract/engine.ts';
import type { ConnectionId } from '../../shared/domain/ids.ts';
import type { TransferTotals } from '../../shared/domain/transfer.ts';
import { type ContractClient, connectContract } from '../rpc/connect-contract.ts';
import { openS3Target, type S3Target } from './testing/s3-target.ts';

const MIB = 1024 * 1024;
const SIZE = 96 * MIB;
const connectionId = 'one' as ConnectionId;
let target: S3Target;
let server: S3Server;
let folder: string;
let bucket: string;
let running: ChildProcess | undefined;

beforeEach(async ({ skip }) => {
  target = await openS3Target();
  server = target.server ?? skip();
  bucket = await target.makeBucket();
  folder = await mkdtemp(path.join(tmpdir(), 'dipper-crash-'));
});

afterEach(async () => {
  if (running !== undefined) await kill(running);
  await target.close();
  await rm(folder, { recursive: true, force: true });
});

async function start(): Promise<ContractClient<EngineCalls, EngineTopics>> {
  const child = fork(
    path.join(import.meta.dirname, 'process.ts'),
    [`--database=${path.join(folder, 'transfers.db')}`],
    { serialization: 'advanced', stdio: 'inherit' },
  );
  running = child;
  const engine = connectContract(engineContract, {
    post: (message) => child.send(message as object),
    onMessage: (listener) => child.on('message', listener),
    onClose: (listener) => child.once('exit', listener),
  });
  const draft = target.draft({ advanced: { partSizeMiB: 5 } as never });
  const credentials = target.full;
  await engine.call('engine.configure', { connectionId, draft, credentials });
  return engine;
}

/** As the kernel does when memory is short: no last word, no flush. */
async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

/** Waits until the totals are as wanted. */
async function until(
  engine: ContractClient<EngineCalls, EngineTopics>,
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
  begin: (engine: ContractClient<EngineCalls, EngineTopics>) => Promise<unknown>,
): Promise<void> {
  let engine = await start();
  await begin(engine);
  for (const share of [0.15, 0.4, 0.7]) {
    await until(engine, (totals) => totals.bytesDone >= share * SIZE);
    if (running !== undefined) await kill(running);
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
  await target.connect().putObject({
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
  if (running !== undefined) await kill(running);
  const second = await start();
  await until(second, (totals) => totals.done === 1);
  await second.call('engine.stop', undefined);
  expect(server.uploads(bucket)).toEqual([]);
});
