import fc from 'fast-check';
import { expect, test } from 'vitest';
import { median, percentile, ratio, roundOrder } from './statistics.ts';

test('the median is the middle, or between the two middle ones', () => {
  expect([median([9, 1, 5]), median([4, 1, 3, 2]), median([7]), median([])]).toEqual([
    5,
    2.5,
    7,
    Number.NaN,
  ]);
});

test('percentiles are interpolated and stay within the values', () => {
  expect([
    percentile([10, 20, 30, 40, 50], 0),
    percentile([10, 20, 30, 40, 50], 95),
    percentile([10, 20, 30, 40, 50], 100),
  ]).toEqual([10, 48, 50]);
  fc.assert(
    fc.property(
      fc.array(fc.integer(), { minLength: 1 }),
      fc.integer({ min: 0, max: 100 }),
      (values, percent) => {
        const value = percentile(values, percent);
        return value >= Math.min(...values) && value <= Math.max(...values);
      },
    ),
  );
});

test('a ratio without a sound reference is no ratio', () => {
  expect([
    ratio(1, 2),
    ratio(1, 0),
    ratio(1, undefined),
    ratio(undefined, 1),
    ratio(Number.NaN, 1),
  ]).toEqual([0.5, null, null, null, null]);
});

test('every second round goes backwards, and the list given stays as it was', () => {
  const tools = ['a', 'b', 'c'] as const;
  expect([0, 1, 2].map((round) => roundOrder(tools, round).join(''))).toEqual([
    'abc',
    'cba',
    'abc',
  ]);
  expect(tools).toEqual(['a', 'b', 'c']);
});
