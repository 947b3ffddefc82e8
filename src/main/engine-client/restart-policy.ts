/** Crashes within this time count together, ms. */
export const CRASH_WINDOW_MS = 60_000;
/** Between two tries when the queue cannot be written, as on a full disk, ms. */
export const STORAGE_RETRY_MS = 10_000;
/** Restarts within {@link CRASH_WINDOW_MS} before we give up. */
export const MAX_RESTARTS = 3;

/**
 * How long to wait before the engine is started again, in ms: 0.5 s, 1 s, 2 s. `null`:
 * it died too often, do not.
 */
export function restartDelay(crashTimes: readonly number[], now: number): number | null {
  const recent = crashTimes.filter((time) => now - time < CRASH_WINDOW_MS).length;
  return recent > MAX_RESTARTS ? null : 250 * 2 ** Math.max(recent, 1);
}
