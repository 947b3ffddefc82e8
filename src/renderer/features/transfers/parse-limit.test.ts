import { expect, test } from 'vitest';
import { parseLimit } from './parse-limit.ts';

test.each([
  ['5', 4_883],
  ['2,5', 2_441],
  [' .5 ', 488],
  ['0.0000001', 1],
  ['1000000000', 10_485_760],
  ['', null],
  ['0', null],
  ['-1', null],
  ['1e9', null],
  ['0x10', null],
  ['Infinity', null],
  ['fast', null],
  ['1.2.3', null],
] as const)('a limit typed as “%s” is %s KiB per second', (text, kibs) => {
  expect(parseLimit(text)).toBe(kibs);
});
