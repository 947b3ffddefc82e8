import type { TransferId } from '../../../shared/domain/ids.ts';
import type { Lane, StoredTransfer } from '../database/stored-transfer.ts';
import type { S3Connection } from '../s3/s3-connection.ts';
import type { TransferMeter } from './progress.ts';
import type { ReceiptDraft } from './receipt-draft.ts';

/** Why a task was told to stop. `offline`: the system lost its network. */
export type Intent = 'interrupt' | 'offline' | 'pause' | 'cancel';

const WEIGHT: Readonly<Record<Intent, number>> = {
  interrupt: 0,
  offline: 1,
  pause: 2,
  cancel: 3,
};

/** A transfer that runs. */
export interface Task {
  readonly row: StoredTransfer;
  readonly lane: Lane;
  readonly connection: S3Connection;
  readonly controller: AbortController;
  readonly meter: TransferMeter;
  /** Bytes done when it began: more at its end is progress, and resets the attempts. */
  readonly startBytes: number;
  readonly receipt: ReceiptDraft;
  intent: Intent | undefined;
  done: Promise<void>;
}

/** Tells a task to stop. A weaker reason never replaces a stronger one. */
export function stopTask(task: Task, intent: Intent): void {
  // Quitting or pausing must not bring back what the user cancelled.
  if (task.intent === undefined || WEIGHT[intent] > WEIGHT[task.intent]) {
    task.intent = intent;
  }
  task.controller.abort();
}

/**
 * Tasks by id, in the order they began. An array, as a Map that is filled and emptied all
 * the time leaves its outgrown tables behind, each holding on to what was in it and to the
 * next: everything a transfer needed would live until the next full collection.
 */
export class TaskList {
  readonly #tasks: Task[] = [];

  get size(): number {
    return this.#tasks.length;
  }

  has(id: TransferId): boolean {
    return this.get(id) !== undefined;
  }

  get(id: TransferId): Task | undefined {
    return this.#tasks.find((task) => task.row.id === id);
  }

  /** Adds a task whose id is not here yet. */
  add(task: Task): void {
    this.#tasks.push(task);
  }

  delete(id: TransferId): void {
    const index = this.#tasks.findIndex((task) => task.row.id === id);
    if (index !== -1) this.#tasks.splice(index, 1);
  }

  ids(): readonly TransferId[] {
    return this.#tasks.map((task) => task.row.id);
  }

  /** To be walked at once: it is the list itself, not a copy. */
  values(): readonly Task[] {
    return this.#tasks;
  }
}
