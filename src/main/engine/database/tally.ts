import type { GroupId } from '../../../shared/domain/ids.ts';
import type { TransferState, WaitReason } from '../../../shared/domain/transfer.ts';
import { isSettled, TRANSFER_STATES } from '../../../shared/domain/transfer-state.ts';
import { GroupBook } from './group-book.ts';

/** What counting needs of a row, or of many alike. */
export interface TallyEntry {
  readonly groupId: GroupId;
  readonly state: TransferState;
  readonly waitReason: WaitReason | null;
  readonly bytesTotal: number | null;
  readonly bytesDone: number;
  /** When it came to its end, ms since 1970, if it did and that is known. */
  readonly finishedAt?: number | null;
}

/** Rows of one group by outcome. */
export interface GroupTally {
  /** Neither done nor failed, cancelled or skipped. */
  open: number;
  done: number;
  failed: number;
  skipped: number;
  cancelled: number;
  /** Bytes of what is done. */
  bytes: number;
}

interface StateTally {
  count: number;
  bytesTotal: number;
  bytesDone: number;
}

/** Counts over the whole queue, kept up with every change instead of scanned. */
export class Tally {
  readonly #states = new Map<TransferState, StateTally>(
    TRANSFER_STATES.map((state) => [state, { count: 0, bytesTotal: 0, bytesDone: 0 }]),
  );
  readonly #groups = new Map<GroupId, GroupTally>();
  /** Every group that has rows, for the panel. */
  readonly book = new GroupBook();
  #conflicts = 0;

  /** Waiting rows that need an answer. */
  get conflicts(): number {
    return this.#conflicts;
  }

  /** Adds (`sign` 1) or takes away (-1) `count` rows whose byte sums `entry` carries. */
  add(entry: TallyEntry, sign: 1 | -1, count = 1): void {
    const state = this.state(entry.state);
    state.count += sign * count;
    state.bytesTotal += sign * (entry.bytesTotal ?? entry.bytesDone);
    state.bytesDone += sign * entry.bytesDone;
    if (entry.waitReason === 'conflict') this.#conflicts += sign * count;
    this.book.add(entry, sign, count, entry.finishedAt ?? 0);
    const group = this.#groups.get(entry.groupId);
    if (group === undefined) return;
    if (!isSettled(entry.state)) group.open += sign * count;
    else if (entry.state === 'failed') group.failed += sign * count;
    else if (entry.state === 'cancelled') group.cancelled += sign * count;
    else if (entry.state === 'skipped') group.skipped += sign * count;
    else {
      group.done += sign * count;
      group.bytes += sign * entry.bytesDone;
    }
  }

  /** The sums of one state. */
  state(state: TransferState): StateTally {
    const tally = this.#states.get(state);
    if (tally === undefined) throw new Error(state);
    return tally;
  }

  /** Starts to count a group. */
  watch(groupId: GroupId): GroupTally {
    let group = this.#groups.get(groupId);
    if (group === undefined) {
      group = { open: 0, done: 0, failed: 0, skipped: 0, cancelled: 0, bytes: 0 };
      this.#groups.set(groupId, group);
    }
    return group;
  }

  /** The counts of a watched group. */
  group(groupId: GroupId): GroupTally | undefined {
    return this.#groups.get(groupId);
  }

  /** Stops counting a group. */
  unwatch(groupId: GroupId): void {
    this.#groups.delete(groupId);
  }
}
