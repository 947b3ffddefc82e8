import { MIB } from '../../../shared/domain/part-plan.ts';
import type { Lane, StoredTransfer } from '../database/stored-transfer.ts';
import type { TransferLimits } from './scheduler-deps.ts';

/**
 * Up to this size a file is small, bytes: it waits for its answer far longer than for its
 * bytes, and when the line breaks there is little to send again.
 */
export const SMALL_FILE_BYTES = MIB / 16;

/** What may start now. */
export interface FreeSlots {
  /** In the order they are asked for a row. */
  readonly lanes: readonly Lane[];
  /** Only small files: of the others as many run as may. */
  readonly smallOnly: boolean;
}

/** Whether a row moves one small file. */
export function isSmallFile({
  kind,
  lane,
  bytesTotal,
}: Pick<StoredTransfer, 'kind' | 'lane' | 'bytesTotal'>): boolean {
  const isFile = kind === 'upload' || kind === 'download';
  return isFile && lane === 0 && bytesTotal !== null && bytesTotal <= SMALL_FILE_BYTES;
}

/**
 * What may start beside what runs; `undefined`: nothing. Large files hold at most half of
 * the slots, so that others always move. Small ones may be more than the others: over a
 * distance all they do is wait.
 */
export function freeSlots(
  running: readonly { readonly row: StoredTransfer; readonly lane: Lane }[],
  { maxTransfers, smallTransfers = maxTransfers }: TransferLimits,
): FreeSlots | undefined {
  if (running.length >= Math.max(maxTransfers, smallTransfers)) return undefined;
  let large = 0;
  let others = 0;
  for (const { row, lane } of running) {
    if (lane === 1) large += 1;
    if (!isSmallFile(row)) others += 1;
  }
  if (others >= maxTransfers) return { lanes: [0], smallOnly: true };
  const half = Math.max(1, Math.floor(maxTransfers / 2));
  return { lanes: large < half ? [1, 0] : [0], smallOnly: false };
}
