import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareNatural, naturalKey, surelyBefore } from './natural-sort.ts';

function sorted(names: readonly string[]): string[] {
  return [...names].sort(compareNatural);
}

describe('natural order', () => {
  test('numbers count by value', () => {
    expect(sorted(['file 10', 'file 9', 'file 1', 'file 100'])).toEqual([
      'file 1',
      'file 9',
      'file 10',
      'file 100',
    ]);
  });

  test('leading zeros do not change the value', () => {
    expect(sorted(['a10', 'a0009', 'a2', 'a010x'])).toEqual([
      'a2',
      'a0009',
      'a10',
      'a010x',
    ]);
  });

  test('case and accents only break ties', () => {
    expect(sorted(['zebra', 'Éclair', 'apple', 'eclipse', 'Zoo'])).toEqual([
      'apple',
      'Éclair',
      'eclipse',
      'zebra',
      'Zoo',
    ]);
  });

  test('a name comes before longer names that start with it', () => {
    expect(sorted(['ab', 'a', 'a b', ''])).toEqual(['', 'a', 'a b', 'ab']);
  });

  test('numbers too long for a double keep their order', () => {
    const long = `1${'0'.repeat(70_000)}`;
    expect(sorted([`${long}0`, '99999999999999999999', '99999999999999999998'])).toEqual([
      '99999999999999999998',
      '99999999999999999999',
      `${long}0`,
    ]);
  });

  test('agrees with Intl.Collator on everyday names', () => {
    const word = fc.constantFrom('a', 'b', 'img', 'Photo', 'report', 'zürich', 'draft');
    const glue = fc.constantFrom(' ', '-', '_', '.', '');
    const name = fc
      .array(fc.tuple(word, glue, fc.nat({ max: 2_000 })), { minLength: 1, maxLength: 3 })
      .map((parts) => parts.map(([text, join, n]) => `${text}${join}${n}`).join('-'));
    const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
    fc.assert(
      fc.property(name, name, (a, b) => {
        const expected = collator.compare(a, b);
        if (expected !== 0) expect(compareNatural(a, b)).toBe(expected);
      }),
      { numRuns: 2_000 },
    );
  });

  test('is a total order over any strings', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('0', '1', 'a', 'A', 'é', '/', ' ', '\0') }),
    );
    fc.assert(
      fc.property(text, text, text, (a, b, c) => {
        expect(compareNatural(a, b)).toBe(-compareNatural(b, a) + 0);
        expect(compareNatural(a, b) === 0).toBe(a === b);
        if (compareNatural(a, b) <= 0 && compareNatural(b, c) <= 0) {
          expect(compareNatural(a, c)).toBeLessThanOrEqual(0);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('different names have different keys', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.string({ unit: 'binary' }),
        (a, b) => {
          expect(naturalKey(a) === naturalKey(b)).toBe(a === b);
        },
      ),
    );
  });

  test('what is sure at a glance is so by the keys', () => {
    const part = fc.oneof(
      fc.stringMatching(/^[0-9]{1,3}$/),
      fc.constantFrom('0', '00', 'a', 'A', 'b', ' ', '-', '.', '_', '~', '\t'),
      fc.constantFrom('é', 'e\u0301', '\u0301', 'Σ', 'İ', '\u{1F600}', '٣'),
    );
    const name = fc.array(part, { maxLength: 5 }).map((parts) => parts.join(''));
    const pair = fc.tuple(name, name, name);
    fc.assert(
      fc.property(pair, fc.constantFrom('', 'x1', 'é0'), ([start, a, b], prefix) => {
        const [left, right] = [start + a, start + b];
        if (!surelyBefore(prefix + left, prefix + right, prefix.length)) return;
        expect(naturalKey(left) < naturalKey(right)).toBe(true);
      }),
      { numRuns: 20_000 },
    );
  });

  test.each([
    ['photo-0009.jpg', 'photo-0010.jpg'],
    ['IMG_9.jpg', 'IMG_10.jpg'],
    ['2024-09-30.log', '2024-10-01.log'],
    ['a', 'ab'],
    ['a1', 'a1b'],
    ['Alpha', 'beta'],
  ])('%s is sure to come before %s', (a, b) => {
    expect(surelyBefore(a, b)).toBe(true);
    expect(surelyBefore(b, a)).toBe(false);
    expect(surelyBefore(a, a)).toBe(false);
  });
});
