import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PayloadOf } from '../../shared/contract/define.ts';
import type { EngineTopics } from '../../shared/contract/engine.ts';
import type { ConnectionId } from '../../shared/domain/ids.ts';
import { createEngine } from './serve.ts';
import { type EngineClient, forkEngine } from './testing/crash-bench.ts';
import { openS3Target, type S3Target } from './testing/s3-target.ts';

let target: S3Target;
let folder: string;

beforeAll(async () => {
  target = await openS3Target();
  folder = await mkdtemp(join(tmpdir(), 'dipper-engine-'));
});
afterAll(async () => {
  await target.close();
  await rm(folder, { recursive: true, force: true });
});

test('the engine process serves its contract, tests a connection and stops', async () => {
  const { child, engine } = forkEngine(join(folder, 'transfers.db'));
  const gone = once(child, 'exit');
  const stages: PayloadOf<EngineTopics, 'connections.testProgress'>[] = [];
  engine.subscribe('connections.testProgress', (progress) => stages.push(progress));

  const connectionId = 'one' as ConnectionId;
  const draft = target.draft();
  await expect(engine.call('browse.buckets', { connectionId })).rejects.toMatchObject({
    code: 'connection.not-open',
  });
  const report = await engine.call('engine.test', {
    testId: 't',
    draft,
    credentials: target.full,
  });
  expect(report.ok).toBe(true);
  expect(stages.at(-1)).toMatchObject({ testId: 't', stage: { name: 'read' } });

  const bucket = await target.makeBucket();
  await engine.call('engine.configure', {
    connectionId,
    draft,
    credentials: target.full,
  });
  const { buckets, listed } = await engine.call('browse.buckets', { connectionId });
  expect(listed).toBe(true);
  expect(buckets.map(({ name }) => name)).toContain(bucket);
  await engine.call('browse.createFolder', { connectionId, bucket, key: 'new/' });
  const page = await engine.call('browse.list', {
    connectionId,
    bucket,
    prefix: '',
    cursor: null,
    fresh: false,
    taskId: 'a',
  });
  expect(page.prefixes).toEqual(['new/']);
  expect(page.sizes).toBeInstanceOf(Float64Array);

  expect(await engine.call('engine.pendingConnections', undefined)).toEqual([]);
  await engine.call('engine.stop', undefined);
  child.disconnect();
  expect(await gone).toEqual([0, null]);
});

test('a queue that had to be replaced is told, not only logged', async () => {
  const databasePath = join(folder, 'broken.db');
  await writeFile(databasePath, 'no database at all '.repeat(500));
  const notices: unknown[] = [];
  const engine = createEngine(
    { databasePath, clock: Date, random: Math.random },
    (topic, payload) => {
      if (topic === 'engine.notice') notices.push(payload);
    },
  );
  await engine.stop();
  expect(notices).toMatchObject([
    { code: 'storage.corrupt', params: { restored: false } },
  ]);
});

test('changes of a new engine are never older than those of the one before, whatever the clock says', async () => {
  const revisions: number[] = [];
  // Set back by a day while the engine is started anew.
  for (const ahead of [86_400_000, 0]) {
    const clock = { now: () => Date.now() + ahead };
    const databasePath = join(folder, 'clock.db');
    const engine = createEngine(
      { databasePath, clock, random: Math.random },
      (topic, payload) => {
        if (topic !== 'transfers.changed') return;
        const { from, to } = payload as PayloadOf<EngineTopics, 'transfers.changed'>;
        revisions.push(from, to);
      },
    );
    await engine.stop();
  }
  // Each tells once more when it stops. A gap makes the window ask for all of it.
  const [from = 0, to = 0, nextFrom = 0, nextTo = 0] = revisions;
  expect([to - from, nextTo - nextFrom, nextFrom > to]).toEqual([1, 1, true]);
});

test('a quick connection without keys is known to the next engine as long as it has work', async () => {
  const databasePath = join(folder, 'keyless.db');
  const bucket = await target.makeBucket();
  const connectionId = 'quick-1' as ConnectionId;
  const draft = { ...target.draft(), signature: 'anonymous' as const, accessKeyId: '' };
  const keyless: unknown[] = [];
  async function session(work: (engine: EngineClient) => Promise<void>): Promise<void> {
    const { child, engine } = forkEngine(databasePath);
    const gone = once(child, 'exit');
    keyless.push(await engine.call('engine.keylessConnections', undefined));
    await work(engine);
    await engine.call('engine.stop', undefined);
    child.disconnect();
    await gone;
  }
  const withKeys = 'quick-2' as ConnectionId;
  const idle = 'quick-3' as ConnectionId;
  await session(async (engine) => {
    await engine.call('engine.setOnline', { online: false });
    const connection = { connectionId, draft, credentials: null };
    await engine.call('engine.configure', connection);
    await engine.call('engine.configure', { ...connection, connectionId: idle });
    const { full: credentials } = target;
    await engine.call('engine.configure', {
      connectionId: withKeys,
      draft: target.draft(),
      credentials,
    });
    for (const id of [connectionId, withKeys]) {
      await engine.call('transfers.remove', {
        connectionId: id,
        bucket,
        items: [{ key: 'a', folder: false }],
      });
    }
  });
  await session(async (engine) => {
    await engine.call('transfers.cancel', { ids: null });
  });
  await session(async () => undefined);
  expect(keyless).toEqual([[], [{ connectionId, draft, credentials: null }], []]);
});
