import { useEffect, useState } from 'react';
import { TimeLeft } from './time-left.ts';

/** Seconds to show for an estimate of `what` that changes; see {@link TimeLeft}. */
export function useTimeLeft(estimate: number | null, what = 0): number | null {
  const [left] = useState(() => new TimeLeft(() => performance.now()));
  return left.next(estimate, what);
}

/** Draws again every second until a time (ms since 1970) has come; returns the time now. */
export function useCountdown(until: number | null): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (until === null) return undefined;
    const tick = (): void => {
      setNow(Date.now());
      if (Date.now() >= until) clearInterval(timer);
    };
    const timer = setInterval(tick, 1_000);
    // What was drawn for another pause is out of date.
    const first = setTimeout(tick, 0);
    return () => {
      clearInterval(timer);
      clearTimeout(first);
    };
  }, [until]);
  return now;
}
