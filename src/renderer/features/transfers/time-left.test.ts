import { expect, test } from 'vitest';
import { createFormat } from '../../../shared/lib/format.ts';
import { coarseSeconds, TimeLeft, timeLeftText } from './time-left.ts';

const format = createFormat({ locale: 'en-US', timeZone: 'UTC' });

const text = (seconds: number): string => timeLeftText(coarseSeconds(seconds), format);

/** What is shown for estimates at these times, ms. */
function show(steps: Iterable<readonly [ms: number, estimate: number | null]>) {
  let now = 0;
  const left = new TimeLeft(() => now);
  return [...steps].map(([ms, estimate]) => {
    now = ms;
    return left.next(estimate);
  });
}

test('time left is said as people would say it', () => {
  expect([3, 21, 61, 170, 3_500, 4_000, 20_000].map(text)).toEqual([
    'a few seconds left',
    'about 25 sec left',
    'about 2 min left',
    'about 3 min left',
    'about 59 min left',
    'about 1 hr, 10 min left',
    'about 6 hr left',
  ]);
});

test('a speed that swings does not make the time left swing', () => {
  // 100 s of work at a speed between half and one and a half of the mean.
  const shown = show(
    Array.from({ length: 600 }, (_, i) => {
      const ms = i * 100;
      return [ms, (100 - ms / 1_000) / (1 + 0.5 * Math.sin(ms / 700))] as const;
    }),
  ).filter((value, i, all) => value !== all[i - 1]);
  const rises = shown.filter((value, i) => i > 0 && (value ?? 0) > (shown[i - 1] ?? 0));
  expect(rises.length).toBeLessThanOrEqual(1);
  expect(shown.length).toBeLessThan(14);
});

test('an estimate that was far off is corrected upwards', () => {
  const steps = Array.from({ length: 300 }, (_, i) => [100 + i * 100, 600] as const);
  expect(show([[0, 60], ...steps]).at(-1)).toBeGreaterThan(400);
});

test('what cannot be told is not shown, and begins anew', () => {
  expect(
    show([
      [0, 20],
      [100, null],
      [200, 300],
    ]),
  ).toEqual([20, null, 300]);
});
