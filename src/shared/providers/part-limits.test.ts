import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MIB, partRange, planParts } from '../domain/part-plan.ts';
import { partLimitsOf } from './part-limits.ts';
import { DEFAULT_QUIRKS, resolveQuirks } from './profile.ts';
import { getProviderProfile } from './registry.ts';

const GIB = 1_024 * MIB;
const TIB = 1_024 * GIB;
const any = partLimitsOf(DEFAULT_QUIRKS);
const aws = partLimitsOf(resolveQuirks(getProviderProfile('aws')));
const thousand = partLimitsOf({ ...DEFAULT_QUIRKS, maxParts: 1_000 });
const coarse = partLimitsOf({ ...DEFAULT_QUIRKS, minPartSizeMiB: 64 });

test.each([
  ['5 TiB anywhere', any, 5 * TIB, 525 * MIB, 9_987],
  ['5 TiB at Amazon', aws, 5 * TIB, 525 * MIB, 9_987],
  ['10,001 parts of the usual size', any, 10_000 * 16 * MIB + 1, 17 * MIB, 9_412],
  ['just 10,000 parts', any, 10_000 * 16 * MIB, 16 * MIB, 10_000],
  ['more than 5 TiB at Amazon', aws, 5 * TIB + 1, 525 * MIB, 9_987],
  ['the most at Amazon, 48.8 TiB', aws, 50_000 * GIB, 5 * GIB, 10_000],
  ['1,001 parts on a server of 1,000', thousand, 1_000 * 16 * MIB + 1, 17 * MIB, 942],
  ['the most there', thousand, 5_000 * GIB, 5 * GIB, 1_000],
  ['parts of at least 64 MiB', coarse, 100 * MIB, 64 * MIB, 2],
  ['5 TiB there', coarse, 5 * TIB, 525 * MIB, 9_987],
])('%s', (_case, limits, size, partSize, partCount) => {
  expect(planParts(size, 0, limits)).toEqual({ partSize, partCount });
});

test.each([
  ['anywhere', any, 5 * TIB],
  ['at Amazon', aws, 50_000 * GIB],
  ['on a server of 1,000 parts', thousand, 5_000 * GIB],
])('one byte more than the most is refused: %s', (_case, limits, most) => {
  expect(() => planParts(most, 0, limits)).not.toThrow();
  expect(() => planParts(most + 1, 0, limits)).toThrow('transfer.too-large');
});

test('under any limits the parts cover the file once and keep to them', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 50_000 * GIB }),
      fc.integer({ min: 0, max: 6 * GIB }),
      fc.constantFrom(100, 1_000, 10_000),
      fc.integer({ min: 5, max: 512 }),
      (size, preferred, maxParts, minPartSizeMiB) => {
        const limits = partLimitsOf({ maxParts, minPartSizeMiB, maxObjectGiB: 50_000 });
        if (size > limits.maxPartSize * maxParts) {
          expect(() => planParts(size, preferred, limits)).toThrow('transfer.too-large');
          return;
        }
        const plan = planParts(size, preferred, limits);
        expect(plan.partCount).toBeLessThanOrEqual(maxParts);
        expect(plan.partSize).toBeGreaterThanOrEqual(limits.minPartSize);
        expect(plan.partSize).toBeLessThanOrEqual(limits.maxPartSize);
        const last = partRange(plan.partCount, plan, size);
        expect(last.length).toBeGreaterThan(0);
        expect(last.start + last.length).toBe(size);
        const before = partRange(Math.max(1, plan.partCount - 1), plan, size);
        expect(before.length).toBe(plan.partCount === 1 ? size : plan.partSize);
      },
    ),
  );
});
