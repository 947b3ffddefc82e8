import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { ErrorCode } from '../../../shared/errors/codes.ts';
import { runPool } from './pool.ts';
import { SpeedMeter, TransferMeter } from './progress.ts';
import { RequestGate } from './request-gate.ts';
import { decideRetry, MAX_ATTEMPTS, retryDelay } from './retry-policy.ts';
import { Semaphore } from './semaphore.ts';

const never = new AbortController().signal;

test('a semaphore admits by weight, in order, and obeys a new limit', async () => {
  const semaphore = new Semaphore(10);
  const first = await semaphore.acquire(8, never);
  const order: string[] = [];
  const second = semaphore.acquire(5, never).then((release) => {
    order.push('second');
    return release;
  });
  const third = semaphore.acquire(1, never).then((release) => {
    order.push('third');
    return release;
  });
  await delay(1);
  expect(order).toEqual([]);
  semaphore.setLimit(13);
  await second;
  expect(semaphore.held).toBe(13);
  first();
  first();
  await third;
  expect(order).toEqual(['second', 'third']);
  expect(semaphore.held).toBe(6);
});

test('what is heavier than the limit goes alone, and an abort leaves the line', async () => {
  const semaphore = new Semaphore(10);
  const heavy = await semaphore.acquire(100, never);
  const abort = new AbortController();
  const waiting = semaphore.acquire(1, abort.signal);
  const next = semaphore.acquire(1, never);
  abort.abort();
  await expect(waiting).rejects.toThrow('transfer.cancelled');
  heavy();
  (await next)();
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
  expect(decide('provider.internal', MAX_ATTEMPTS)).toBe('fail');
  expect(decide('throttle.slow-down', MAX_ATTEMPTS)).toBe('backoff');
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

test('"slow down" spaces requests out, and success speeds them up again', async () => {
  const gate = new RequestGate(
    10,
    new Semaphore(1_000),
    { now: Date.now },
    () => undefined,
  );
  for (let n = 0; n < 3; n += 1) {
    await expect(gate.request(0, never, refuse)).rejects.toThrow('throttle.slow-down');
  }
  const begun = Date.now();
  for (let n = 0; n < 3; n += 1) await gate.request(0, never, () => Promise.resolve());
  expect(Date.now() - begun).toBeGreaterThan(100);
});

test('a server out of reach is looked for ever more rarely, until it answers', async () => {
  let now = 0;
  let reopened = 0;
  const clock = { now: () => now };
  const gate = new RequestGate(1, new Semaphore(1), clock, () => {
    reopened += 1;
  });
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
