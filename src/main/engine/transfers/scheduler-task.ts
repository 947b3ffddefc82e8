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
