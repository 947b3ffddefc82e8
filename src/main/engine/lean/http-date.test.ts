import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseHttpDate } from './http-date.ts';

test('reads what servers send as Date does', () => {
  fc.assert(
    fc.property(
      fc.date({
        min: new Date('1970-01-01'),
        max: new Date('2999-12-31'),
        noInvalidDate: true,
      }),
      (date) => {
        const text = date.toUTCString();
        expect(parseHttpDate(text)).toBe(Date.parse(text));
      },
    ),
  );
});

test.each([
  '',
  'never',
  'Sunday, 06-Nov-94 08:49:37 GMT',
  '2026-11-21T06:48:13.000Z',
  'Sun, 06 Xyz 1994 08:49:37 GMT',
  'Sun, 06 anF 1994 08:49:37 GMT',
  'Sun, 0x Nov 1994 08:49:37 GMT',
])('leaves %s to Date', (text) => {
  expect(parseHttpDate(text)).toBe(Date.parse(text));
});
