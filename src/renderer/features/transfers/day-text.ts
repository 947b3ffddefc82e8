import type { Format } from '../../../shared/lib/format.ts';

/** `Today`, `Yesterday` or the date; `day` is a midnight, both in ms since 1970. */
export function dayText(day: number, format: Format, now = Date.now()): string {
  const today = new Date(now);
  const daysBack = (count: number): number =>
    new Date(today.getFullYear(), today.getMonth(), today.getDate() - count).getTime();
  if (day === daysBack(0)) return 'Today';
  if (day === daysBack(1)) return 'Yesterday';
  return format.day(day, now);
}
