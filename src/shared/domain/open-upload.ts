import { type PartLimits, type PartPlan, partRange } from './part-plan.ts';

/** A part that a server has. */
interface HeldPart {
  readonly number: number;
  /** Bytes. */
  readonly size: number;
}

/**
 * How an upload that somebody else began cuts a file of `size` bytes, by the parts that are
 * there: all alike but the last, and what is missing can be sent within `limits`. `null`:
 * they are parts of something else, or do not tell.
 */
export function planOfParts(
  parts: readonly HeldPart[],
  size: number,
  limits: PartLimits,
): PartPlan | null {
  const partSize = Math.max(0, ...parts.map((part) => part.size));
  if (partSize <= 0 || partSize > limits.maxPartSize) return null;
  const partCount = Math.ceil(size / partSize);
  if (partCount < 1 || partCount > limits.maxParts) return null;
  // Of a file with one part only that part may be smaller.
  if (partCount > 1 && partSize < limits.minPartSize) return null;
  const plan = { partSize, partCount };
  const fit = parts.every(
    ({ number, size: length }) =>
      Number.isInteger(number) &&
      number >= 1 &&
      number <= partCount &&
      partRange(number, plan, size).length === length,
  );
  const numbers = new Set(parts.map(({ number }) => number));
  return fit && numbers.size === parts.length ? plan : null;
}
