import { MAX_LIMIT_KIBS } from './bandwidth.ts';

/** How limits are counted wherever one types or reads them; kept are KiB per second. */
export const LIMIT_UNIT = 'MB/s';

/** Kibibytes per second for megabytes per second. */
export function kibsOf(megabytes: number): number {
  return Math.round((megabytes * 1_000_000) / 1_024);
}

/**
 * Megabytes per second for kibibytes per second, as one types them. Three digits after the
 * point tell every limit from the next: {@link parseLimit} gives the same one back.
 */
export function limitText(kibs: number): string {
  return String(Math.round(kibs * 1.024) / 1_000);
}

/**
 * Kibibytes per second for megabytes per second as typed; 0: no limit; `null`: that is no
 * number. What is more than can be kept is the most that can be.
 */
export function parseLimit(text: string): number | null {
  const trimmed = text.trim();
  if (!/^(?:\d+(?:[.,]\d*)?|[.,]\d+)$/.test(trimmed)) return null;
  const value = Number(trimmed.replace(',', '.'));
  if (value === 0) return 0;
  return Math.min(MAX_LIMIT_KIBS, Math.max(1, kibsOf(value)));
}
