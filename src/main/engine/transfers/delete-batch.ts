import { AppError } from '../../../shared/errors/app-error.ts';
import type { RequestGate } from './request-gate.ts';
import type { RunOutcome } from './run-context.ts';
import { deleteKeys } from './run-delete.ts';
import type { Task } from './scheduler-task.ts';

/** Most objects of one request. https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
export const BATCH_ROWS = 1_000;

/**
 * Deletes the single objects of many rows, all of one bucket and connection, in one
 * request. Each row ends for itself: done, or with the refusal of its own key. The request
 * is given up only when every one of the rows was stopped; whoever is stopped before was
 * deleted all the same, or was not.
 */
export function deleteTogether(
  tasks: readonly Task[],
  deps: { readonly gate: RequestGate; readonly random: () => number },
): (task: Task) => Promise<RunOutcome> {
  const first = tasks[0];
  if (first === undefined) throw new RangeError('no tasks');
  const stop = new AbortController();
  const { signal } = stop;
  let running = tasks.length;
  for (const { controller } of tasks) {
    controller.signal.addEventListener('abort', () => {
      running -= 1;
      if (running === 0) stop.abort();
    });
  }
  const { row, connection } = first;
  const work = async (): Promise<ReadonlyMap<string, AppError>> => {
    const keys = tasks.map((task) => task.row.key);
    const context = { ...deps, row, connection, signal };
    const refused = await deleteKeys(context, keys);
    return new Map(refused.map(({ key, error }) => [key, error as AppError]));
  };
  const batch = work();
  return async (task) => {
    const { signal: stopped } = task.controller;
    const refusal = (await Promise.race([batch, endOf(stopped)])).get(task.row.key);
    if (refusal !== undefined) throw refusal;
    return { kind: 'done', integrity: '' };
  };
}

/** Rejects when a row is stopped: it does not wait for the others. */
function endOf(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const end = (): void => reject(new AppError('transfer.cancelled'));
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}
