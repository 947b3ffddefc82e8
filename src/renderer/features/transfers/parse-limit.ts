import { MAX_LIMIT_KIBS } from '../../../shared/domain/bandwidth.ts';

/** Kibibytes per second for megabytes per second. */
export function kibsOf(megabytes: number): number {
  return Math.round((megabytes * 1_000_000) / 1_024);
}

/** Kibibytes per second for megabytes per second as typed; `null`: that is no limit. */
export function parseLimit(text: string): number | null {
  const trimmed = text.trim();
  if (!/^(?:\d+(?:[.,]\d*)?|[.,]\d+)$/.test(trimmed)) return null;
  const value = Number(trimmed.replace(',', '.'));
  if (value <= 0) return null;
  return Math.min(MAX_LIMIT_KIBS, Math.max(1, kibsOf(value)));
}
