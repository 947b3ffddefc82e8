import fc from 'fast-check';
import { expect, test } from 'vitest';
import { filterRows, mergeInto, positionOf, sortRows } from './order.ts';
import { runAtOnce, runSliced } from './sliced.ts';

function byValue(values: readonly number[]) {
  return (a: number, b: number) => (values[a] ?? 0) - (values[b] ?? 0) || a - b;
}

test('sorting gives the order of a plain sort, for any length', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(50), { maxLength: 12_000 }), (values) => {
      const rows = Uint32Array.from(values, (_, i) => i);
      const expected = [...rows].sort(byValue(values));
      expect([...runAtOnce(sortRows(rows, byValue(values)))]).toEqual(expected);
    }),
    { numRuns: 30 },
  );
});

test('merging two sorted orders is sorting them together', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1000)), fc.nat(100), (values, share) => {
      const compare = byValue(values);
      const rows = values.map((_, i) => i);
      const cut = Math.floor((values.length * share) / 100);
      const long = Uint32Array.from(rows.slice(0, cut)).sort(compare);
      const short = Uint32Array.from(rows.slice(cut)).sort(compare);
      expect([...runAtOnce(mergeInto(long, short, compare))]).toEqual(rows.sort(compare));
    }),
  );
});

test('every row is found at its position, a filtered one is not', () => {
  const values = Array.from({ length: 500 }, (_, i) => (i * 7919) % 97);
  const compare = byValue(values);
  const sorted = runAtOnce(
    sortRows(
      Uint32Array.from(values, (_, i) => i),
      compare,
    ),
  );
  const even = runAtOnce(filterRows(sorted, (row) => row % 2 === 0));
  expect([...sorted].every((row, at) => positionOf(sorted, row, compare) === at)).toBe(
    true,
  );
  expect(positionOf(even, 3, compare)).toBe(-1);
});

test('long work pauses whenever its stretch is used up, and ends when aborted', async () => {
  let time = 0;
  let pauses = 0;
  const slicer = {
    now: () => (time += 2),
    pause: async () => {
      pauses += 1;
    },
  };
  const rows = Uint32Array.from({ length: 100_000 }, (_, i) => 99_999 - i);
  const sorted = await runSliced(
    sortRows(rows, (a, b) => a - b),
    slicer,
  );
  expect({ first: sorted?.[0], last: sorted?.at(-1), paused: pauses > 10 }).toEqual({
    first: 0,
    last: 99_999,
    paused: true,
  });
  expect(
    await runSliced(
      sortRows(rows, (a, b) => a - b),
      slicer,
      AbortSignal.abort(),
    ),
  ).toBeNull();
});
