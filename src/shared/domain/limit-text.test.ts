import { expect, test } from 'vitest';
import { MAX_LIMIT_KIBS } from './bandwidth.ts';
import { limitText, parseLimit } from './limit-text.ts';

test.each([
  ['5', 4_883],
  ['2,5', 2_441],
  [' .5 ', 488],
  ['0.0000001', 1],
  ['1000000000', 10_485_760],
  ['', null],
  ['0', 0],
  ['-1', null],
  ['1e9', null],
  ['0x10', null],
  ['Infinity', null],
  ['fast', null],
  ['1.2.3', null],
] as const)('a limit typed as “%s” is %s KiB per second', (text, kibs) => {
  expect(parseLimit(text)).toBe(kibs);
});

test.each([
  [0, '0'],
  [4_883, '5'],
  [2_441, '2.5'],
  [500, '0.512'],
])('a limit of %s KiB per second is shown as %s', (kibs, text) => {
  expect(limitText(kibs)).toBe(text);
});

test('a limit that was kept is the same after it was shown and read again', () => {
  const kept = Array.from({ length: 20_000 }, (_, n) => n);
  for (let kibs = 20_000; kibs < MAX_LIMIT_KIBS; kibs += 997) kept.push(kibs);
  kept.push(MAX_LIMIT_KIBS);
  expect(kept.filter((kibs) => parseLimit(limitText(kibs)) !== kibs)).toEqual([]);
});
