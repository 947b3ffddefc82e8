import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MIB, partRange, planParts, S3_LIMITS } from './part-plan.ts';

const GIB = 1024 * MIB;
const TIB = 1024 * GIB;

test.each([
  [0, 16 * MIB, 1],
  [1, 16 * MIB, 1],
  [16 * MIB, 16 * MIB, 1],
  [16 * MIB + 1, 16 * MIB, 2],
  [40 * MIB, 16 * MIB, 3],
  [160_000 * MIB, 16 * MIB, 10_000],
  [160_000 * MIB + 1, 17 * MIB, 9_412],
  [5 * TIB, 525 * MIB, 9_987],
])('%d bytes go in parts of %d', (size, partSize, partCount) => {
  expect(planParts(size)).toEqual({ partSize, partCount });
});

test('one byte over 5 TiB is refused', () => {
  expect(() => planParts(5 * TIB + 1)).toThrow('transfer.too-large');
});

test('a wish below the minimum is raised and a fraction of a MiB rounded up', () => {
  expect(planParts(100 * MIB, MIB).partSize).toBe(5 * MIB);
  expect(planParts(100 * MIB, 8 * MIB + 1).partSize).toBe(9 * MIB);
});

test('a service with a thousand parts of at least 64 MiB is served', () => {
  const limits = { ...S3_LIMITS, minPartSize: 64 * MIB, maxParts: 1_000 };
  expect(planParts(100 * MIB, 0, limits)).toEqual({ partSize: 64 * MIB, partCount: 2 });
  expect(planParts(TIB, 0, limits)).toEqual({ partSize: 1_049 * MIB, partCount: 1_000 });
  expect(() => planParts(5 * TIB, 0, limits)).toThrow('transfer.too-large');
});

test('the parts cover every byte once within the limits', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5 * TIB }),
      fc.integer({ min: 0, max: 6 * GIB }),
      (size, preferred) => {
        const plan = planParts(size, preferred);
        expect(plan.partCount).toBeLessThanOrEqual(S3_LIMITS.maxParts);
        expect(plan.partSize).toBeGreaterThanOrEqual(S3_LIMITS.minPartSize);
        expect(plan.partSize).toBeLessThanOrEqual(S3_LIMITS.maxPartSize);
        expect(plan.partSize % MIB).toBe(0);
        const last = partRange(plan.partCount, plan, size);
        expect(last.start + last.length).toBe(size);
        expect(last.length).toBeGreaterThan(0);
      },
    ),
  );
});
