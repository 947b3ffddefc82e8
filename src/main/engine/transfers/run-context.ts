import type { ConnectionId } from '../../../shared/domain/ids.ts';
import type { ConflictInfo, ConflictPolicy } from '../../../shared/domain/transfer.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { CopyStore } from '../database/copy-store.ts';
import type { EditStore } from '../database/edit-store.ts';
import type { StoredGroup } from '../database/group-store.ts';
import type { PartStore } from '../database/part-store.ts';
import type { StoredTransfer } from '../database/stored-transfer.ts';
import type { TransferStore } from '../database/transfer-store.ts';
import type { DiskPace } from '../files/disk-pace.ts';
import type { NameRules } from '../files/safe-name.ts';
import type { S3Connection } from '../s3/s3-connection.ts';
import { type Clock, sleep } from './clock.ts';
import type { SilentServers } from './copy-traits.ts';
import type { ExistingKeys, ExistingObject } from './existing-keys.ts';
import type { TransferMeter } from './progress.ts';
import type { ReceiptDraft } from './receipt-draft.ts';
import type { RequestGate } from './request-gate.ts';
import { isOffline, MAX_PART_ATTEMPTS, retryDelay } from './retry-policy.ts';
import type { CopyLimits } from './run-copy.ts';

/** Everything a runner needs for one transfer. */
export interface RunContext {
  readonly row: StoredTransfer;
  readonly group: StoredGroup;
  readonly connection: S3Connection;
  readonly store: TransferStore;
  readonly parts: PartStore;
  readonly copies: CopyStore;
  readonly edits: EditStore;
  /** What servers would not tell copies. */
  readonly silent: SilentServers;
  readonly copyLimits: CopyLimits;
  /** Another connection and its gate. Throws `connection.not-open`. */
  readonly peer: (connectionId: ConnectionId) => {
    readonly connection: S3Connection;
    readonly gate: RequestGate;
  };
  readonly gate: RequestGate;
  readonly meter: TransferMeter;
  readonly existing: ExistingKeys;
  readonly rules: NameRules;
  readonly clock: Clock;
  /** Whether this computer's disk is quick. */
  readonly disk: DiskPace;
  /** From 0 up to 1. */
  readonly random: () => number;
  /** Filled in for the receipt. */
  readonly receipt: ReceiptDraft;
  /** Parts of this transfer at once, now. */
  readonly partsAtOnce: () => number;
  readonly signal: AbortSignal;
}

/** How a runner ended when it did not throw. */
export type RunOutcome =
  | { readonly kind: 'done'; readonly integrity: string; readonly note?: string }
  | { readonly kind: 'skipped' }
  | {
      readonly kind: 'conflict';
      readonly info: ConflictInfo;
      /** The policy could not decide: the question stands whatever the policy is. */
      readonly insist?: true;
    };

/** What to do about the target before the first byte. */
export type TargetDecision =
  | {
      readonly kind: 'go';
      /** The target was absent when we looked and must still be. */
      readonly onlyIfAbsent: boolean;
      /** What is replaced must still be the object with this ETag; empty: unknown. */
      readonly onlyIfEtag?: string;
      /** The object that gets another name first. */
      readonly setAside?: ExistingObject;
    }
  | Exclude<RunOutcome, { kind: 'done' }>
  /** An earlier attempt had succeeded and only its answer was lost. */
  | { readonly kind: 'done'; readonly integrity: string; readonly note?: string };

/** The policy that holds for this row: its own answer, else the group's. */
export function policyOf(row: StoredTransfer, group: StoredGroup): ConflictPolicy {
  return row.answer === '' ? group.conflict : row.answer;
}

/** Throws `transfer.cancelled` once the signal has aborted. */
export function throwIfStopped(signal: AbortSignal): void {
  if (signal.aborted) throw new AppError('transfer.cancelled');
}

/**
 * Runs one of many requests of a transfer, trying again in place what is worth it, so that
 * a single bad part does not stop the others. No way to the server ends all at once.
 */
export async function withPartRetries<T>(
  context: Pick<RunContext, 'random'>,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      throwIfStopped(signal);
      const again =
        error instanceof AppError &&
        (error.retry === 'auto' || error.retry === 'paced') &&
        !isOffline(error) &&
        error.code !== 'object.changed' &&
        error.code !== 'transfer.upload-gone' &&
        error.code !== 'transfer.source-changed' &&
        attempt < MAX_PART_ATTEMPTS;
      if (!again) throw error;
      await sleep(retryDelay(error, attempt, context.random), signal);
    }
  }
}
