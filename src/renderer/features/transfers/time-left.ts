import type { Format } from '../../../shared/lib/format.ts';

/** After so many ms half of an old estimate is forgotten. */
const HALF_LIFE_MS = 4_000;
/** What is shown goes up only when it was wrong by more than this. */
const TOLERANCE = 1.3;

/**
 * How long something still takes, to be shown while it moves: counts down, and goes up
 * only when the estimate was far off.
 */
export class TimeLeft {
  readonly #now: () => number;
  #what = 0;
  #endsAt: number | undefined;
  #at = 0;
  #shown: number | undefined;

  /** `now` in ms, only compared with itself. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Seconds to show; `estimate` in seconds, `null`: unknown; of another thing: anew. */
  next(estimate: number | null, what = 0): number | null {
    if (estimate === null || what !== this.#what) {
      this.#endsAt = undefined;
      this.#shown = undefined;
    }
    this.#what = what;
    if (estimate === null) return null;
    const now = this.#now();
    const target = now + estimate * 1_000;
    const weight = 1 - 0.5 ** ((now - this.#at) / HALF_LIFE_MS);
    this.#endsAt =
      this.#endsAt === undefined
        ? target
        : this.#endsAt + weight * (target - this.#endsAt);
    this.#at = now;
    const left = Math.max(0, (this.#endsAt - now) / 1_000);
    const coarse = coarseSeconds(left);
    if (
      this.#shown === undefined ||
      coarse < this.#shown ||
      left > this.#shown * TOLERANCE
    ) {
      this.#shown = coarse;
    }
    return this.#shown;
  }
}

/** Seconds as one would say them: 5 by 5, then whole minutes, then tens of them. */
export function coarseSeconds(seconds: number): number {
  const step =
    seconds <= 60 ? 5 : seconds <= 3_600 ? 60 : seconds <= 10_800 ? 600 : 3_600;
  return Math.max(5, Math.ceil(seconds / step) * step);
}

/** `about 3 min left`; `seconds` from {@link TimeLeft}. */
export function timeLeftText(seconds: number, format: Format): string {
  if (seconds <= 5) return 'a few seconds left';
  return `about ${format.duration(seconds)} left`;
}
