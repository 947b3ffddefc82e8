import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Throttle, ThrottlePair } from './throttle.ts';

const KIB = 1_024;
const signal = new AbortController().signal;

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});

afterEach(() => {
  vi.useRealTimers();
});

function limited(kibs: number): Throttle {
  const throttle = new Throttle(Date.now);
  throttle.setLimit(kibs);
  return throttle;
}

/** Streams until told otherwise; counts what it may move. */
function stream(throttle: Pick<Throttle, 'some'>, until = new AbortController().signal) {
  const count = { bytes: 0 };
  void (async () => {
    try {
      for (;;) count.bytes += await throttle.some(256 * KIB, until);
    } catch {
      // Stopped by its signal.
    }
  })();
  return count;
}

/** Sends small bodies one after the other. */
function bodies(throttle: Pick<Throttle, 'whole'>, size: number) {
  const count = { bytes: 0 };
  void (async () => {
    for (;;) {
      await throttle.whole(size, signal);
      count.bytes += size;
    }
  })();
  return count;
}

test('without a limit nothing waits and nothing is promised', () => {
  const throttle = new Throttle(Date.now);
  expect(throttle.isLimited).toBe(false);
  expect(throttle.some(9, signal)).toBe(9);
  expect(throttle.whole(9, signal)).toBeUndefined();
});

test('sixteen streams share a limit evenly, within a tenth over ten seconds', async () => {
  const throttle = limited(512);
  const all = Array.from({ length: 16 }, () => stream(throttle));
  await vi.advanceTimersByTimeAsync(10_000);
  const sum = all.reduce((total, { bytes }) => total + bytes, 0);
  expect(sum / (512 * KIB * 10)).toBeCloseTo(1, 1);
  for (const { bytes } of all) expect(bytes / (sum / 16)).toBeCloseTo(1, 0);
});

test('small files hold the limit too, one after the other', async () => {
  const throttle = limited(256);
  const all = Array.from({ length: 8 }, () => bodies(throttle, 48 * KIB));
  await vi.advanceTimersByTimeAsync(10_000);
  const sum = all.reduce((total, { bytes }) => total + bytes, 0);
  expect(sum / (256 * KIB * 10)).toBeGreaterThan(0.9);
  expect(sum / (256 * KIB * 10)).toBeLessThan(1.1);
});

test('small files get half of the line while large ones stream', async () => {
  const throttle = limited(1_024);
  const large = Array.from({ length: 12 }, () => stream(throttle));
  const small = bodies(throttle, 16 * KIB);
  await vi.advanceTimersByTimeAsync(10_000);
  const streamed = large.reduce((total, { bytes }) => total + bytes, 0);
  expect(small.bytes / (streamed + small.bytes)).toBeCloseTo(0.5, 1);
});

test('another limit holds at once, and none lets all go', async () => {
  const throttle = limited(1);
  const before = stream(throttle);
  const waiting = throttle.whole(1024 * KIB, signal);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(before.bytes).toBeLessThan(4 * KIB);
  throttle.setLimit(1_024);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(before.bytes).toBeGreaterThan(8_000 * KIB);
  const stuck = limited(1);
  const body = stuck.whole(1024 * KIB, signal);
  stuck.setLimit(0);
  await Promise.all([waiting, body]);
});

test('who aborts leaves at once, and what it had collected serves the next', async () => {
  const throttle = limited(10);
  const stop = new AbortController();
  const first = throttle.whole(100 * KIB, stop.signal);
  const second = throttle.whole(4 * KIB, signal);
  const refused = first?.catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(5_000);
  stop.abort();
  expect(await refused).toMatchObject({ code: 'transfer.cancelled' });
  await vi.advanceTimersByTimeAsync(500);
  await second;
  await expect(throttle.whole(1, stop.signal)).rejects.toMatchObject({
    code: 'transfer.cancelled',
  });
});

test('a connection keeps its own limit and that of all', async () => {
  const all = limited(300);
  expect(new ThrottlePair(limited(100), all).limit).toBe(100);
  expect(new ThrottlePair(new Throttle(Date.now), new Throttle(Date.now)).limit).toBe(
    Number.POSITIVE_INFINITY,
  );
  const slow = stream(new ThrottlePair(limited(100), all));
  const quick = stream(new ThrottlePair(new Throttle(Date.now), all));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(slow.bytes / (100 * KIB * 10)).toBeGreaterThan(0.9);
  expect(slow.bytes / (100 * KIB * 10)).toBeLessThan(1.1);
  const sum = (slow.bytes + quick.bytes) / (300 * KIB * 10);
  expect(sum).toBeGreaterThan(0.9);
  expect(sum).toBeLessThan(1.1);
});
