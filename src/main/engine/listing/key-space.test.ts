import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareNames } from '../s3/name-order.ts';
import { KeySpace } from './key-space.ts';

const names = fc.string({ unit: 'binary', minLength: 1, maxLength: 12 });

describe('the order of names', () => {
  test('is that of their UTF-8 bytes', () => {
    fc.assert(
      fc.property(names, names, (a, b) => {
        const bytes = Buffer.compare(Buffer.from(a), Buffer.from(b));
        expect(Math.sign(compareNames(a, b))).toBe(bytes);
      }),
      { examples: [['\u{1F600}', '\uE000'] as [string, string]] },
    );
  });
});

describe('points between two names', () => {
  test('lie strictly between them, in order', () => {
    fc.assert(
      fc.property(
        fc.array(names, { minLength: 2, maxLength: 30 }),
        fc.integer({ min: 1, max: 12 }),
        fc.boolean(),
        (seen, count, open) => {
          const sorted = [...seen].sort(compareNames);
          const after = sorted[0] ?? '';
          const to = open ? null : (sorted.at(-1) ?? '');
          const space = new KeySpace(0);
          space.learn(sorted);
          let previous = after;
          for (const point of space.points(after, to, count)) {
            expect(compareNames(point, previous)).toBeGreaterThan(0);
            if (to !== null) expect(compareNames(point, to)).toBeLessThan(0);
            expect(point.isWellFormed()).toBe(true);
            previous = point;
          }
        },
      ),
    );
  });

  test('cut numbered names evenly, though only the first were seen', () => {
    const space = new KeySpace(2);
    space.learn(numbered('p/', 1_000));
    const points = space.points('p/0000999', 'p/09', 7);
    expect(points.map((point) => point.slice(0, 4))).toEqual([
      'p/01',
      'p/02',
      'p/03',
      'p/04',
      'p/05',
      'p/06',
      'p/07',
    ]);
    const ahead = space.points('p/0000999', null, 2_500, 3);
    for (const point of ahead) expect(point.startsWith('p/00')).toBe(true);
  });

  test('know about how many pages are left', () => {
    const space = new KeySpace(0);
    space.learn(numbered('', 1_000));
    const left = space.stretches('0000000', '0000999', '0009999');
    expect(left).toBeGreaterThan(5);
    expect(left).toBeLessThan(15);
    expect(space.stretches('a', 'a', null)).toBe(Number.POSITIVE_INFINITY);
  });
});

function numbered(prefix: string, count: number): readonly string[] {
  return Array.from(
    { length: count },
    (_, index) => prefix + String(index).padStart(7, '0'),
  );
}
