import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planOfParts } from './open-upload.ts';
import { MIB, partRange, planParts, S3_LIMITS } from './part-plan.ts';

const SIZE = 24 * MIB;
const whole = (number: number) => ({ number, size: 5 * MIB });

test.each([
  ['nothing is there', [], null],
  ['the first two', [whole(1), whole(2)], { partSize: 5 * MIB, partCount: 5 }],
  ['some in the middle', [whole(2), whole(4)], { partSize: 5 * MIB, partCount: 5 }],
  [
    'the last one, too',
    [whole(1), { number: 5, size: 4 * MIB }],
    { partSize: 5 * MIB, partCount: 5 },
  ],
  ['a last one of another file', [whole(1), { number: 5, size: 3 * MIB }], null],
  ['more than the file has', [whole(1), whole(6)], null],
  ['a short one in the middle', [whole(1), { number: 2, size: MIB }], null],
  // Its size is none that others can have: it does not tell where it begins.
  ['only the last one', [{ number: 5, size: 4 * MIB }], null],
  ['the same number twice', [whole(1), whole(1)], null],
  ['a part that is larger than the file', [{ number: 1, size: 25 * MIB }], null],
  [
    'all of it in one part',
    [{ number: 1, size: SIZE }],
    { partSize: SIZE, partCount: 1 },
  ],
  ['an empty part', [{ number: 1, size: 0 }], null],
  ['parts below the smallest', [{ number: 1, size: MIB }], null],
])('%s', (_case, parts, plan) => {
  expect(planOfParts(parts, SIZE, S3_LIMITS)).toEqual(plan);
});

test('a server of a thousand parts is not sent more', () => {
  const limits = { ...S3_LIMITS, maxParts: 1_000 };
  expect(planOfParts([whole(1)], 5_001 * MIB, limits)).toBeNull();
  expect(planOfParts([whole(1)], 5_000 * MIB, limits)).toMatchObject({
    partCount: 1_000,
  });
});

test('whichever whole parts of a plan are there, the plan is found again', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 130 * MIB, max: 4_000 * MIB }),
      fc.integer({ min: 5, max: 64 }),
      fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 20 }),
      fc.boolean(),
      (size, mib, picks, withLast) => {
        const plan = planParts(size, mib * MIB);
        const numbers = new Set(picks.map((pick) => 1 + (pick % (plan.partCount - 1))));
        if (withLast) numbers.add(plan.partCount);
        const parts = [...numbers].map((number) => ({
          number,
          size: partRange(number, plan, size).length,
        }));
        expect(planOfParts(parts, size, S3_LIMITS)).toEqual(plan);
      },
    ),
  );
});

test('whatever is said to be there, a plan that is found covers the file within the limits', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 4_000 * MIB }),
      fc.array(
        fc.record({
          number: fc.integer({ min: -1, max: 10_001 }),
          size: fc.oneof(fc.constantFrom(5 * MIB, 8 * MIB, 0), fc.nat(6_000 * MIB)),
        }),
        { maxLength: 6 },
      ),
      (size, parts) => {
        const plan = planOfParts(parts, size, S3_LIMITS);
        if (plan === null) return;
        expect(plan.partCount).toBeLessThanOrEqual(S3_LIMITS.maxParts);
        const last = partRange(plan.partCount, plan, size);
        expect(last.length).toBeGreaterThan(0);
        expect(last.start + last.length).toBe(size);
      },
    ),
  );
});
