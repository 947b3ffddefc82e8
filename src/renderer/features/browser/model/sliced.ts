/** Work that stops every now and then: each `yield` is a place to pause. */
export type SlicedWork<T> = Generator<void, T, void>;

/** Where sliced work gets its time. */
export interface Slicer {
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  /** Resolves when the window has had a chance to paint and take input. */
  readonly pause: () => Promise<void>;
}

/** Longest stretch of work between two pauses, in milliseconds. */
const BUDGET_MS = 6;

/**
 * Runs work in stretches of a few milliseconds. Small work ends within one stretch and
 * never pauses. Resolves with `null` when `signal` aborts.
 */
export async function runSliced<T>(
  work: SlicedWork<T>,
  slicer: Slicer,
  signal?: AbortSignal,
): Promise<T | null> {
  let start = slicer.now();
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
    if (slicer.now() - start >= BUDGET_MS) {
      await slicer.pause();
      start = slicer.now();
    }
    if (signal?.aborted === true) return null;
  }
}

/** Runs work to its end at once. */
export function runAtOnce<T>(work: SlicedWork<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

/** The slicer of a window: a message to oneself is the shortest real pause there is. */
export function createWindowSlicer(): Slicer {
  const channel = new MessageChannel();
  const waiting: (() => void)[] = [];
  channel.port1.addEventListener('message', () => waiting.shift()?.());
  channel.port1.start();
  return {
    now: () => performance.now(),
    pause: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        channel.port2.postMessage(null);
      }),
  };
}
