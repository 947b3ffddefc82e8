/** How far the server's clock is ahead of ours, as closely as its answers tell, ms. */
export interface ClockLead {
  readonly least: number;
  readonly most: number;
}

/** A `Date` header tells whole seconds. */
const DATE_MS = 1_000;

/**
 * What one answer tells: its `Date` was written after the request was sent and before the
 * answer came. `null`: there is no date in it.
 */
export function clockLead(
  date: string | undefined,
  sentAt: number,
  answeredAt: number,
): ClockLead | null {
  const server = Date.parse(date ?? '');
  if (Number.isNaN(server)) return null;
  return { least: server - answeredAt, most: server + DATE_MS - sentAt };
}

/** What two answers tell together: each narrows the other, unless a clock was moved. */
export function narrowed(before: ClockLead | null, now: ClockLead): ClockLead {
  if (before === null) return now;
  const least = Math.max(before.least, now.least);
  const most = Math.min(before.most, now.most);
  return least <= most ? { least, most } : now;
}
