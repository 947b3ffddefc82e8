import { expect, test } from 'vitest';
import {
  bodyHeight,
  revealTop,
  rowRange,
  rowsTopFor,
  scrollTopFor,
  TALLEST,
} from './row-window.ts';

const few = { rowCount: 1_000, rowHeight: 24, viewport: 480 };
const many = { rowCount: 10_000_000, rowHeight: 24, viewport: 480 };

test('few rows scroll one to one', () => {
  expect([bodyHeight(few), rowsTopFor(777, few), scrollTopFor(777, few)]).toEqual([
    24_000, 777, 777,
  ]);
});

test('rows beyond what Chromium can measure are still reached, first to last', () => {
  expect(bodyHeight(many)).toBe(TALLEST);
  expect(rowsTopFor(0, many)).toBe(0);
  expect(rowsTopFor(TALLEST - 480, many)).toBeCloseTo(10_000_000 * 24 - 480);
  expect(rowsTopFor(scrollTopFor(123_456_789, many), many)).toBeCloseTo(123_456_789);
});

test('only rows near the viewport are drawn', () => {
  expect(rowRange(2_400, few)).toEqual({ first: 95, last: 125 });
  expect(rowRange(0, { ...few, rowCount: 0 })).toEqual({ first: 0, last: -1 });
  expect(rowRange(1e9, few)).toEqual({ first: 999, last: 999 });
});

test('a row comes into view with the least movement', () => {
  expect([10, 30, 99].map((row) => revealTop(row, 480, few))).toEqual([240, 480, 1_920]);
});
