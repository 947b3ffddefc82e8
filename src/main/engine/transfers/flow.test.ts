import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { ErrorCode } from '../../../shared/errors/codes.ts';
import { runPool } from './pool.ts';
import { SpeedMeter, TransferMeter } from './progress.ts';
import { RequestGate, type RequestGateOptions } from './request-gate.ts';
import { decideRetry, MAX_ATTEMPTS, retryDelay } from './retry-policy.ts';
import { Semaphore } from './semaphore.ts';

const never = new AbortController().signal;

/** Waits until something is so. */
async function waitFor(isSo: () => boolean): Promise<void> {
  await expect.poll(isSo).toBe(true);
}

test('a semaphore admits by weight, in order, and obeys a new limit', async () => {
  const semaphore = new Semaphore(10);
  expect(semaphore.enter(8, never)).toBeUndefined();
  const order: string[] = [];
  const second = semaphore.enter(5, never)?.then(() => order.push('second'));
  const third = semaphore.enter(1, never)?.then(() => order.push('third'));
  await delay(1);
  expect(order).toEqual([]);
  semaphore.setLimit(13);
  await second;
  expect(semaphore.held).toBe(13);
  semaphore.leave(8);
  await third;
  expect(order).toEqual(['second', 'third']);
  expect(semaphore.held).toBe(6);
});

test('what is heavier than the limit goes alone, and an abort leaves the line', async () => {
  const semaphore = new Semaphore(10);
  expect(semaphore.enter(100, never)).toBeUndefined();
  const abort = new AbortController();
  const waiting = semaphore.enter(1, abort.signal);
  const next = semaphore.enter(1, never);
  abort.abort();
  await expect(waiting).rejects.toThrow('transfer.cancelled');
  expect(() => semaphore.enter(1, abort.signal)).toThrow('transfer.cancelled');
  semaphore.leave(100);
  await next;
  semaphore.leave(1);
  expect(semaphore.held).toBe(0);
});

test('a pool keeps its limit, and its first failure stops the rest', async () => {
  let active = 0;
  let most = 0;
  await runPool(
    [...Array(20).keys()],
    () => 3,
    never,
    async () => {
      active += 1;
      most = Math.max(most, active);
      await delay(1);
      active -= 1;
    },
  );
  expect(most).toBe(3);
  const started: number[] = [];
  await expect(
    runPool(
      [1, 2, 3, 4, 5],
      () => 2,
      never,
      async (item, signal) => {
        started.push(item);
        if (item === 1) throw new AppError('network.reset');
        await delay(1_000, undefined, { signal });
      },
    ),
  ).rejects.toThrow('network.reset');
  expect(started.length).toBeLessThanOrEqual(3);
});

function decide(code: ErrorCode, attempt = 1): string {
  return decideRetry(new AppError(code), attempt, () => 0).kind;
}

function refuse(): Promise<never> {
  return Promise.reject(new AppError('throttle.slow-down'));
}

test('errors are retried, waited for or given up by their class', () => {
  expect(decide('provider.internal')).toBe('backoff');
  expect(decide('transfer.checksum-mismatch', MAX_ATTEMPTS)).toBe('fail');
  expect(decide('provider.internal', MAX_ATTEMPTS)).toBe('backoff');
  expect(decide('throttle.slow-down', MAX_ATTEMPTS)).toBe('backoff');
  expect(decide('network.reset', MAX_ATTEMPTS)).toBe('backoff');
  expect(decide('network.refused', 1_000)).toBe('offline');
  expect(decide('access.denied')).toBe('fail');
  expect(decide('local.no-space')).toBe('fail');
  expect(decide('connection.not-open')).toBe('credentials');
});

test('a pause is never shorter than the base nor longer than the cap', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 50 }),
      fc.double({ min: 0, max: 0.999_999, noNaN: true }),
      (attempt, random) => {
        const ms = retryDelay(new AppError('network.reset'), attempt, () => random);
        expect(ms).toBeGreaterThanOrEqual(300);
        expect(ms).toBeLessThanOrEqual(30_000);
      },
    ),
  );
});

test('speed follows the rate and forgets half in three seconds', () => {
  const meter = new SpeedMeter(0, 0);
  for (let s = 1; s <= 30; s += 1) meter.sample(s * 1_000, s * 1_000);
  expect(meter.speed).toBeCloseTo(1_000, 0);
  for (let s = 31; s <= 33; s += 1) meter.sample(s * 1_000, 30_000);
  expect(meter.speed).toBeCloseTo(500, 0);
  expect(meter.secondsFor(1_000, 33_000)).toBeCloseTo(2, 1);
  expect(new SpeedMeter(0, 0).secondsFor(1, 1_999)).toBeNull();
});

test('what a failed request had reported is taken back', () => {
  const meter = new TransferMeter(0, 100);
  const request = meter.request();
  request.onProgress(50);
  request.onProgress(-20);
  expect(meter.bytes).toBe(130);
  request.undo();
  expect(meter.bytes).toBe(100);
});

function gateOf(changes: Partial<RequestGateOptions> = {}): RequestGate {
  return new RequestGate({
    requests: 1,
    bytes: new Semaphore(1_000),
    clock: { now: Date.now },
    random: () => 0.5,
    onReopen: () => undefined,
    ...changes,
  });
}

test('nothing is put off for longer because the clock was set back', async () => {
  let now = 1_800_000_000_000;
  const gate = gateOf({ clock: { now: () => now } });
  expect(gate.goDown()).toBe(now + 1_000);
  const params = { retryAfterMs: 60_000 };
  const asked = new AppError('throttle.slow-down', { params });
  const { signal } = new AbortController();
  await expect(gate.request(0, signal, () => Promise.reject(asked))).rejects.toBe(asked);
  now -= 3_600_000;
  expect(gate.downUntil).toBe(0);
  expect(await gate.request(0, signal, () => Promise.resolve('sent'))).toBe('sent');
});

test('"slow down" spaces requests out, and success speeds them up again', async () => {
  const gate = gateOf({ requests: 10 });
  for (let n = 0; n < 3; n += 1) {
    await expect(gate.request(0, never, refuse)).rejects.toThrow('throttle.slow-down');
  }
  const begun = Date.now();
  for (let n = 0; n < 3; n += 1) await gate.request(0, never, () => Promise.resolve());
  expect(Date.now() - begun).toBeGreaterThan(100);
});

test('"slow down" halves the requests at once; good answers bring them back', async () => {
  const gate = gateOf({ requests: 8, clock: { now: () => 0 } });
  const refused = Array.from({ length: 8 }, () => gate.request(0, never, refuse));
  await Promise.allSettled(refused);
  expect(gate.width).toBe(4);
  const { promise, resolve } = Promise.withResolvers<void>();
  let running = 0;
  const work = (): Promise<void> => {
    running += 1;
    return promise;
  };
  gate.setRequests(6);
  const all = Array.from({ length: 6 }, () => gate.request(0, never, work));
  await waitFor(() => running === 4);
  resolve();
  await Promise.all(all);
  expect(gate.width).toBe(5);
});

test('parts of large files leave room for small requests', async () => {
  const gate = gateOf({ requests: 8, bytes: new Semaphore(2 ** 40) });
  const { promise, resolve } = Promise.withResolvers<void>();
  const running = { large: 0, small: 0 };
  const parts = Array.from({ length: 20 }, () =>
    gate.request(8 * 1_024 * 1_024, never, () => {
      running.large += 1;
      return promise;
    }),
  );
  const small = gate.request(0, never, () => {
    running.small += 1;
    return promise;
  });
  await waitFor(() => running.small === 1);
  expect(running.large).toBe(6);
  resolve();
  await Promise.all([...parts, small]);
});

test('what waits for its turn keeps no bytes from other connections', async () => {
  const bytes = new Semaphore(100);
  const busy = gateOf({ bytes });
  const { promise, resolve } = Promise.withResolvers<void>();
  const held = [1, 2, 3].map(() => busy.request(60, never, () => promise));
  await gateOf({ bytes }).request(40, never, () => Promise.resolve());
  resolve();
  await Promise.all(held);
});

test('a server out of reach is looked for ever more rarely, until it answers', async () => {
  let now = 0;
  let reopened = 0;
  const clock = { now: () => now };
  const onReopen = () => {
    reopened += 1;
  };
  const gate = gateOf({ clock, onReopen });
  const waits = Array.from({ length: 7 }, () => {
    const until = gate.goDown();
    const wait = until - now;
    now = until;
    return wait;
  });
  expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  await gate.request(0, never, () => Promise.resolve());
  expect([gate.isDown, reopened]).toEqual([false, 1]);
});
