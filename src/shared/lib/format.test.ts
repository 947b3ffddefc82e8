import { describe, expect, test } from 'vitest';
import { createFormat } from './format.ts';

const format = createFormat({ locale: 'en-US', timeZone: 'UTC' });

describe('sizes', () => {
  test.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [999, '999 bytes'],
    [1_000, '1 KB'],
    [1_499, '1 KB'],
    [999_499, '999 KB'],
    [999_999, '1.0 MB'],
    [1_250_000, '1.3 MB'],
    [999_960_000, '1.00 GB'],
    [5_497_558_138_880, '5.50 TB'],
  ])('%i bytes read %s', (bytes, text) => {
    expect(format.bytes(bytes)).toBe(text);
  });

  test('exact sizes have separators', () => {
    expect(format.bytesExact(1_234_567)).toBe('1,234,567 bytes');
  });

  test('speeds are sizes per second', () => {
    expect(format.speed(12_340_000)).toBe('12.3 MB/s');
  });
});

describe('durations', () => {
  test.each([
    [0, '0 sec'],
    [0.2, '1 sec'],
    [59, '59 sec'],
    [60, '1 min'],
    [61, '1 min, 1 sec'],
    [3_600, '1 hr'],
    [7_530, '2 hr, 5 min'],
    [93_600, '1 day, 2 hr'],
  ])('%f seconds read %s', (seconds, text) => {
    expect(format.duration(seconds)).toBe(text);
  });
});

test('a share reads 100 % only when everything is done', () => {
  expect([0, 0.456, 0.9999, 1].map(format.percent)).toEqual(['0%', '45%', '99%', '100%']);
});

test('dates are local, and unknown ones empty', () => {
  const ms = Date.UTC(2026, 10, 21, 14, 3, 9);
  expect(format.date(ms).replaceAll('\u202f', ' ')).toBe('Nov 21, 2026, 2:03 PM');
  expect(format.dateExact(ms)).toContain('03:09');
  expect(format.date(Number.NaN)).toBe('');
});

test('other locales write numbers their way', () => {
  expect(createFormat({ locale: 'de-DE' }).bytes(1_250_000)).toBe('1,3 MB');
});
