/** The middle value; the mean of the two middle ones for an even count. NaN for none. */
export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/**
 * The value below which `percent` of the values lie, interpolated between neighbours.
 * NaN for no values.
 */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  if (sorted.length === 0) return Number.NaN;
  const position = ((sorted.length - 1) * percent) / 100;
  const below = Math.floor(position);
  const low = sorted[below] ?? Number.NaN;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? Number.NaN;
  return low + (high - low) * (position - below);
}

/** `value ÷ reference`; `null` where either is missing or the reference is zero. */
export function ratio(
  value: number | undefined,
  reference: number | undefined,
): number | null {
  if (value === undefined || reference === undefined) return null;
  if (!Number.isFinite(value) || !Number.isFinite(reference)) return null;
  return reference <= 0 ? null : value / reference;
}

/** The order of one round: as given, then backwards, then as given, … */
export function roundOrder<T>(items: readonly T[], round: number): readonly T[] {
  return round % 2 === 0 ? [...items] : items.toReversed();
}
