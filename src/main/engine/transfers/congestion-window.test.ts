import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CongestionWindow } from './congestion-window.ts';

test('halves once for requests that were refused together', () => {
  const window = new CongestionWindow(16);
  const { round } = window;
  expect([window.slowDown(round), window.slowDown(round)]).toEqual([true, false]);
  expect(window.size).toBe(8);
  expect(window.slowDown(window.round)).toBe(true);
  expect(window.size).toBe(4);
});

test('grows by one in a round of good answers, up to its limit', () => {
  const window = new CongestionWindow(6);
  window.slowDown(window.round);
  expect(window.size).toBe(3);
  for (let n = 0; n < 4; n += 1) window.grow();
  expect(window.size).toBe(4);
  for (let n = 0; n < 100; n += 1) window.grow();
  expect(window.size).toBe(6);
});

test('another limit counts at once; a slow server stays slow', () => {
  const window = new CongestionWindow(16);
  window.setLimit(32);
  expect(window.size).toBe(32);
  window.slowDown(window.round);
  window.setLimit(64);
  expect(window.size).toBe(16);
  window.setLimit(4);
  expect(window.size).toBe(4);
  window.setLimit(8);
  expect(window.size).toBe(8);
});

test('never below one, never above the limit', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 256 }),
      fc.array(fc.constantFrom('grow', 'slow'), { maxLength: 200 }),
      (limit, steps) => {
        const window = new CongestionWindow(limit);
        for (const step of steps) {
          if (step === 'grow') window.grow();
          else window.slowDown(window.round);
          expect(window.size).toBeGreaterThanOrEqual(1);
          expect(window.size).toBeLessThanOrEqual(limit);
        }
      },
    ),
  );
});
