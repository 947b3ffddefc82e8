import { AppError, serializeError } from '../../../shared/errors/app-error.ts';
import type { StoredTransfer } from '../database/stored-transfer.ts';
import { peerOf } from './copy-job.ts';
import { writeReceipt } from './receipt-draft.ts';
import { decideRetry } from './retry-policy.ts';
import type { RunOutcome } from './run-context.ts';
import type { SchedulerDeps } from './scheduler-deps.ts';
import type { Intent, Task } from './scheduler-task.ts';

/** Writes down how a run of a row ended. */
export class RowSettler {
  readonly #deps: SchedulerDeps;

  constructor(deps: SchedulerDeps) {
    this.#deps = deps;
  }

  /** It came to an end of its own. */
  finish({ row, receipt }: Task, outcome: RunOutcome): void {
    const { store, clock, receipts, copies, parts } = this.#deps;
    const finishedAt = clock.now();
    switch (outcome.kind) {
      case 'done':
        // What is done has its receipt, also after a crash right here.
        receipts.together(() => {
          store.finish(row, {
            finishedAt,
            bytesDone: row.bytesTotal ?? row.bytesDone,
            objectsDone: Math.max(row.objectsDone, row.objectsTotal ?? 0),
            integrity: outcome.integrity,
            ...(outcome.note === undefined ? {} : { note: outcome.note }),
          });
          writeReceipt(receipts, row, receipt);
          // Not before: a move that is done, but not said to be, needs to know its copy.
          if (row.kind === 'copy' || row.kind === 'move') copies.forget(row.id);
          if (row.kind === 'download') parts.forgetPublished(row.id);
        });
        return;
      case 'skipped':
        store.step(row, 'skip', { finishedAt, error: null, conflict: null });
        return;
      case 'conflict':
        // "For all" may have been answered since this row asked.
        if (
          outcome.insist !== true &&
          this.#deps.groups.get(row.groupId)?.conflict !== 'ask' &&
          row.answer === ''
        ) {
          store.step(row, 'interrupt');
          return;
        }
        store.step(row, 'wait', { waitReason: 'conflict', conflict: outcome.info });
    }
  }

  /** It was told to stop. */
  obey(row: StoredTransfer, intent: Intent): void {
    const { store, clock } = this.#deps;
    if (intent === 'cancel') {
      store.step(row, 'cancel', { finishedAt: clock.now() });
      this.#deps.onCancelled(row);
      return;
    }
    // A step that was cut short may have taken effect: the next run must look first.
    const attempt = Math.max(1, row.attempt);
    if (intent === 'offline') {
      const waitUntil = this.#deps.gateOf(row.connectionId).downUntil || null;
      store.step(row, 'wait', { attempt, waitReason: 'offline', waitUntil });
    } else store.step(row, intent, { attempt });
  }

  /** It failed. `refused`: the server does not take the keys. */
  fail(task: Task, thrown: unknown, refused: boolean): void {
    const { row } = task;
    const { store, clock, random, gateOf, hold, registry, log } = this.#deps;
    const peer = peerOf(thrown);
    if (!(thrown instanceof AppError)) {
      const stack = thrown instanceof Error ? thrown.stack : String(thrown);
      log('A transfer failed unexpectedly.', { id: row.id, stack });
    }
    const error =
      thrown instanceof AppError ? thrown : new AppError('internal', { cause: thrown });
    const advanced = row.bytesDone > task.startBytes;
    const attempt = advanced ? 1 : row.attempt + 1;
    const decision = refused
      ? ({ kind: 'credentials' } as const)
      : decideRetry(error, attempt, random);
    const patch = { attempt, error: serializeError(error) };
    // Not being let in, or not getting there, is nobody's failed attempt.
    const kept = Math.max(1, row.attempt);
    switch (decision.kind) {
      case 'fail':
        store.step(row, 'fail', { ...patch, finishedAt: clock.now(), integrity: '' });
        return;
      case 'credentials':
        if (refused) {
          const other = peer && registry.get(peer);
          if (peer === undefined) hold.add(row.connectionId, task.connection);
          else if (other !== undefined) hold.add(peer, other);
        }
        store.step(row, 'wait', { ...patch, attempt: kept, waitReason: 'credentials' });
        return;
      case 'offline': {
        const waitUntil = gateOf(peer ?? row.connectionId).goDown();
        store.step(row, 'wait', {
          ...patch,
          attempt: kept,
          waitReason: 'offline',
          waitUntil,
        });
        return;
      }
      case 'backoff': {
        const waitUntil = clock.now() + decision.delayMs;
        store.step(row, 'wait', { ...patch, waitReason: 'backoff', waitUntil });
      }
    }
  }
}
