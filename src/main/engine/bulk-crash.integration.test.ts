import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
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
import type { GroupRow } from '../../shared/domain/panel.ts';
import { type ContractClient, connectContract } from '../rpc/connect-contract.ts';
import { openS3Target, type S3Target } from './testing/s3-target.ts';

/** Objects; `BULK_OBJECTS` in the environment sets another number. */
const COUNT = Number(process.env['BULK_OBJECTS'] ?? 20_000);
/** The engine is killed after these shares of the work. */
const KILLED_AT = [0.02, 0.3, 0.55, 0.8];
const TIMEOUT_MS = 600_000;

type Engine = ContractClient<EngineCalls, EngineTopics>;

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
  folder = await mkdtemp(path.join(tmpdir(), 'dipper-bulk-'));
});

afterEach(async () => {
  await kill();
  await target.close();
  await rm(folder, { recursive: true, force: true });
});

async function start(): Promise<Engine> {
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
  const credentials = target.full;
  await engine.call('engine.configure', {
    connectionId,
    draft: target.draft(),
    credentials,
  });
  return engine;
}

/** As the kernel does when memory is short: no last word, no flush. */
async function kill(): Promise<void> {
  const child = running;
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

async function head(engine: Engine): Promise<GroupRow | undefined> {
  const { entries } = await engine.call('panel.view', {
    filter: 'all',
    kind: 'all',
    text: '',
    opened: [],
    folded: [],
    offset: 0,
    limit: 10,
  });
  return entries.find((entry) => entry.type === 'group')?.group;
}

/** Objects that have the grant. */
function granted(): number {
  return server.keys(bucket).filter((key) => isPublic(key)).length;
}

function isPublic(key: string): boolean {
  const grants = server.peek(bucket, key)?.grants ?? [];
  return grants.some(({ grantee }) => grantee.kind === 'group');
}

test(
  'an engine killed again and again in a bulk change of permissions changes all of them',
  async () => {
    server.seed(
      bucket,
      Array.from({ length: COUNT }, (_, n) => ({
        key: `d/${n % 7}/ä + ${n}%`,
        body: 'x',
      })),
    );
    server.seed(bucket, [
      { key: 'd', body: 'x' },
      { key: 'd0', body: 'x' },
    ]);
    let engine = await start();
    await engine.call('aspects.changeMany', {
      connectionId,
      bucket,
      items: [{ key: 'd/', folder: true }],
      change: {
        aspect: 'acl',
        canned: null,
        add: [{ grantee: { kind: 'group', group: 'AllUsers' }, permission: 'READ' }],
        remove: [],
      },
    });
    for (const share of KILLED_AT) {
      while (((await head(engine))?.objects?.done ?? 0) < share * COUNT) await delay(100);
      await kill();
      expect(granted()).toBeLessThan(COUNT);
      engine = await start();
    }
    for (;;) {
      const group = await head(engine);
      expect(group?.failed).toBe(0);
      if (group?.planning === false && group.queued + group.running + group.waiting === 0)
        break;
      await delay(50);
    }
    // Found once each, whatever was listed twice.
    expect((await head(engine))?.objects).toEqual({ total: COUNT, done: COUNT });
    await engine.call('engine.stop', undefined);
    expect(server.keys(bucket).filter((key) => !isPublic(key))).toEqual(['d', 'd0']);
    const own = server
      .peek(bucket, 'd/0/ä + 0%')
      ?.grants?.map((grant) => grant.permission);
    expect(own?.sort()).toEqual(['FULL_CONTROL', 'READ']);
  },
  TIMEOUT_MS,
);
