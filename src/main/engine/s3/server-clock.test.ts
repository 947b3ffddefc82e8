import { expect, test } from 'vitest';
import { clockLead, narrowed } from './server-clock.ts';

const DATE = 'Tue, 01 Jul 2025 12:00:00 GMT';
const AT = Date.parse(DATE);

test('the lead lies between what the sending and the answer allow', () => {
  expect(clockLead(DATE, AT - 300, AT + 200)).toEqual({ least: -200, most: 1_300 });
  expect(clockLead(undefined, 0, 0)).toBeNull();
  expect(clockLead('yesterday', 0, 0)).toBeNull();
});

test('answers narrow each other; one that contradicts means that a clock was set', () => {
  const wide = { least: -4_000, most: 1_000 };
  const near = { least: -100, most: 1_200 };
  expect(narrowed(null, wide)).toEqual(wide);
  expect(narrowed(wide, near)).toEqual({ least: -100, most: 1_000 });
  const other = { least: 60_000, most: 61_000 };
  expect(narrowed(near, other)).toEqual(other);
});
