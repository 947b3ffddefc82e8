import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mtimeText, sourceTime } from './object-time.ts';

test.each([
  ['1354040105.123456789', 1_354_040_105_123],
  ['1354040105', 1_354_040_105_000],
  ['0.000000000', 0],
  ['-1.500000000', -1_500],
  ['', 7],
  ['yesterday', 7],
  ['1e9', 7],
  ['99999999999999999', 7],
])('an object with the mtime %j is of %i', (mtime, expected) => {
  expect(sourceTime({ metadata: { mtime }, modified: 7 })).toBe(expected);
});

test('without a note the time of storing counts', () => {
  expect(sourceTime({ metadata: {}, modified: 7 })).toBe(7);
  expect(sourceTime({ metadata: {}, modified: null })).toBeNull();
});

test('what is written is read back, before 1970 too', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 19n), max: 10n ** 19n }), (nanoseconds) => {
      const text = mtimeText(nanoseconds);
      expect(text).toMatch(/^-?\d+\.\d{9}$/);
      const read = sourceTime({ metadata: { mtime: text }, modified: null });
      expect(Math.abs((read ?? 0) - Number(nanoseconds) / 1e6)).toBeLessThan(1);
    }),
  );
});
