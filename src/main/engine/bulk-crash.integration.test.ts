import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { S3Server } from '../../../tools/s3-server/index.ts';
import type { ConnectionId } from '../../shared/domain/ids.ts';
import type { GroupRow } from '../../shared/domain/panel.ts';
import {
  type CrashBench,
  type EngineClient,
  openCrashBench,
} from './testing/crash-bench.ts';

/** Objects; `BULK_OBJECTS` in the environment sets another number. */
const COUNT = Number(process.env['BULK_OBJECTS'] ?? 20_000);
/** The engine is killed after these shares of the work. */
const KILLED_AT = [0.02, 0.3, 0.55, 0.8];
const TIMEOUT_MS = 600_000;

const connectionId = 'one' as ConnectionId;
let bench: CrashBench;
let server: S3Server;
let bucket: string;

beforeEach(async ({ skip }) => {
  bench = await openCrashBench(skip);
  ({ server, bucket } = bench);
});

afterEach(async () => {
  await bench?.close();
});

async function start(): Promise<EngineClient> {
  const engine = bench.start();
  await bench.configure(engine, connectionId);
  return engine;
}

async function head(engine: EngineClient): Promise<GroupRow | undefined> {
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
      await bench.kill();
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
