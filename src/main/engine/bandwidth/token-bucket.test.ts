import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TokenBucket } from './token-bucket.ts';

test('without a limit all goes at once', () => {
  const bucket = new TokenBucket(0);
  expect(bucket.take(1e9, 0, true)).toBe(1e9);
  expect(bucket.wait(1e9, 0)).toBe(0);
});

test('a full bucket holds a quarter of a second, not what an hour would bring', () => {
  const bucket = new TokenBucket(0);
  bucket.setRate(100_000, 0);
  let taken = 0;
  for (let got = -1; got !== 0; taken += Math.max(0, got)) {
    got = bucket.take(1e9, 3_600_000, false);
  }
  expect(taken).toBe(25_000);
});

test('what came unasked is paid off first', () => {
  const bucket = new TokenBucket(0);
  bucket.setRate(100_000, 0);
  bucket.charge(50_000, 0);
  expect(bucket.take(1_024, 500, true)).toBe(0);
  expect(bucket.wait(1_024, 500)).toBe(11);
  expect(bucket.take(1_024, 511, true)).toBe(1_024);
  bucket.charge(-1_024, 511);
  expect(bucket.take(1_024, 511, true)).toBe(1_024);
});

test('any takers at any times get the rate within a tenth over ten seconds', () => {
  const rates = fc.integer({ min: 20_000, max: 200_000_000 });
  const wants = fc.array(fc.integer({ min: 1, max: 300_000 }), {
    minLength: 1,
    maxLength: 20,
  });
  fc.assert(
    fc.property(rates, wants, fc.integer({ min: 0, max: 100 }), (rate, sizes, late) => {
      const bucket = new TokenBucket(0);
      bucket.setRate(rate, 0);
      let taken = 0;
      let now = 0;
      for (let turn = 0; now < 10_000; turn += 1) {
        const want = sizes[turn % sizes.length] ?? 1;
        const got = bucket.take(want, now, turn % 2 === 0);
        taken += got;
        // Timers come late on a busy machine.
        if (got === 0) now += bucket.wait(want, now) + late;
        // A taker of single bytes cannot move more than it asks for.
        if (turn > 100_000) return;
      }
      expect(taken).toBeGreaterThan(rate * 10 * 0.9);
      expect(taken).toBeLessThan(rate * 10 * 1.1);
    }),
    { numRuns: 60 },
  );
});
