import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AdvancedSettings } from '../../shared/domain/bookmark.ts';
import type { ConnectionId } from '../../shared/domain/ids.ts';
import {
  createFakeDesktop,
  type FakeDesktop,
  noEngine,
} from '../app/testing/fake-platform.ts';
import type { Clock } from '../platform/system.ts';
import { createEngineClient, type EngineClient } from './engine-client.ts';
import { restartDelay } from './restart-policy.ts';
import { createForkLauncher, type ForkLauncher } from './testing/fork-launcher.ts';

const connectionId = 'c' as ConnectionId;

describe('the restart policy', () => {
  test('waits longer each time, and gives up at the fourth crash in a minute', () => {
    const times = [0, 1_000, 2_000, 3_000];
    const delays = times.map((time, n) => restartDelay(times.slice(0, n + 1), time));
    expect(delays).toEqual([500, 1_000, 2_000, null]);
  });

  test('forgets crashes older than a minute', () => {
    expect(restartDelay([0, 1, 2, 60_500], 60_500)).toBe(500);
  });
});

let desktop: FakeDesktop;
let launcher: ForkLauncher;
let givenUp: number;
let slept: number[];
/** What five seconds of an engine's time to stop take here. */
let patience: number;

beforeEach(async () => {
  desktop = await createFakeDesktop(noEngine());
  launcher = createForkLauncher();
  givenUp = 0;
  slept = [];
  patience = 200;
});
afterEach(async () => {
  await launcher.dispose();
  await desktop.dispose();
});

/** Real time, but the pauses between restarts are only noted. */
function hastyClock(): Clock {
  return {
    now: () => Date.now(),
    sleep: (ms) => {
      slept.push(ms);
      return ms >= 5_000 ? delay(patience, undefined, { ref: false }) : Promise.resolve();
    },
  };
}

function create(): EngineClient {
  return createEngineClient({
    launcher,
    clock: hastyClock(),
    logger: desktop.logger,
    prepare: async (line) => {
      await line.call('engine.setLimits', { maxTransfers: 2, partsPerTransfer: 3 });
    },
    onGivenUp: () => {
      givenUp += 1;
    },
  });
}

test('the first call starts the engine, which is prepared before it answers', async () => {
  const client = create();
  expect(launcher.launched).toHaveLength(0);
  await client.call('engine.configure', {
    connectionId,
    draft: {
      providerId: 'generic',
      nickname: '',
      endpoint: 'http://127.0.0.1',
      accessKeyId: '',
      root: '',
      region: '',
      signature: 'anonymous',
      addressing: 'auto',
      uploadAcl: 'none',
      advanced: AdvancedSettings.parse({}),
    },
    credentials: null,
  });
  const { buckets } = await client.call('browse.buckets', { connectionId });
  expect(buckets.map((each) => each.name)).toContain('limits-2-3');
  expect(launcher.launched).toHaveLength(1);
  await client.stop();
});

test('a call during which the engine dies fails; the next one gets a new engine', async () => {
  const client = create();
  await expect(client.call('transfers.clear', { ids: null })).rejects.toMatchObject({
    code: 'engine.gone',
  });
  expect((await client.call('transfers.totals', undefined)).revision).toBe(1);
  expect(launcher.launched).toHaveLength(2);
  expect(slept).toEqual([0, 500]);
  await client.stop();
});

test('subscriptions live on in the next engine', async () => {
  const client = create();
  const seen: Float64Array[] = [];
  client.subscribe('transfers.changed', (batch) => seen.push(batch.progress));
  await client.call('transfers.pause', { ids: null });
  await client.call('transfers.clear', { ids: null }).catch(() => undefined);
  await client.call('transfers.pause', { ids: null });
  expect(seen).toEqual([new Float64Array([1, 2, 3]), new Float64Array([1, 2, 3])]);
  await client.stop();
});

test('an engine that dies again and again is given up after three restarts', async () => {
  launcher.broken = true;
  const client = create();
  client.start();
  await expect.poll(() => givenUp).toBe(1);
  expect(launcher.launched).toHaveLength(4);
  expect(slept).toEqual([0, 500, 1_000, 2_000, 60_000]);
  await expect(client.call('transfers.totals', undefined)).rejects.toMatchObject({
    code: 'engine.gone',
  });
  await client.stop();
});

test('one that was given up is tried again by itself', async () => {
  launcher.broken = true;
  const client = create();
  client.start();
  await expect.poll(() => givenUp).toBe(1);
  launcher.broken = false;
  await expect.poll(() => launcher.launched.length).toBe(5);
  expect((await client.call('transfers.totals', undefined)).revision).toBe(1);
  await client.stop();
});

test('an engine that cannot write its queue is tried again and again, without giving up', async () => {
  const client = create();
  for (let round = 0; round < 6; round += 1) {
    await client.call('verify.close', { verifyId: 'v' }).catch(() => undefined);
  }
  expect((await client.call('transfers.totals', undefined)).revision).toBe(1);
  expect(slept).toEqual([0, ...Array.from({ length: 6 }, () => 10_000)]);
  expect(givenUp).toBe(0);
  await client.stop();
});

test('stop waits for the answer, not for its time to run out, and starts no other', async () => {
  const client = create();
  await client.call('transfers.totals', undefined);
  patience = 3_600_000;
  await client.stop();
  await launcher.launched[0]?.exited;
  await expect(client.call('transfers.totals', undefined)).rejects.toMatchObject({
    code: 'engine.gone',
  });
  expect(launcher.launched).toHaveLength(1);
});

test('an engine that does not stop is ended', async () => {
  launcher = createForkLauncher('', 'stubborn');
  const client = create();
  await client.call('transfers.totals', undefined);
  await client.stop();
  expect(await launcher.launched[0]?.exited).toBeNull();
  expect(slept).toContain(5_000);
});

test('calls under way fail with engine.gone when the process is killed', async () => {
  const client = create();
  await client.call('transfers.totals', undefined);
  const waiting = client.call('browse.cancel', { taskId: 't' });
  launcher.launched[0]?.kill();
  await expect(waiting).rejects.toMatchObject({ code: 'engine.gone' });
  await client.stop();
});
