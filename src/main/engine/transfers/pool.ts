import { AppError } from '../../../shared/errors/app-error.ts';
import { LinkedAbort } from '../linked-abort.ts';

/**
 * Works through `items` with at most `limit` at once; `limit` is asked again before each
 * start. The first failure aborts the others, waits for them and is thrown.
 */
export async function runPool<T>(
  items: Iterable<T> | AsyncIterable<T>,
  limit: () => number,
  signal: AbortSignal,
  work: (item: T, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  using stop = new LinkedAbort(signal);
  const inner = stop.signal;
  const active = new Set<Promise<void>>();
  let failure: unknown;
  let failed = false;
  const fail = (error: unknown): void => {
    if (!failed) failure = error;
    failed = true;
    stop.abort();
  };
  try {
    for await (const item of items) {
      if (inner.aborted) break;
      const task = work(item, inner)
        .catch(fail)
        .finally(() => active.delete(task));
      active.add(task);
      while (active.size >= Math.max(1, limit())) await Promise.race(active);
    }
  } catch (error) {
    fail(error);
  }
  await Promise.all(active);
  if (failed) throw failure;
  if (signal.aborted) throw new AppError('transfer.cancelled');
}
