import type { GroupId } from '../../../shared/domain/ids.ts';
import type { TransferState } from '../../../shared/domain/transfer.ts';
import { isSettled } from '../../../shared/domain/transfer-state.ts';
import type { TallyEntry } from './tally.ts';

/** What the rows of one group add up to. */
export interface GroupCounts {
  readonly states: Record<TransferState, number>;
  /** Bytes of everything but what was cancelled or skipped. */
  bytesTotal: number;
  bytesDone: number;
  /** When a row of it came to its end last, ms since 1970; 0: never. */
  endedAt: number;
}

/** Counts of every group that has rows: the heads of the panel cost no query. */
export class GroupBook {
  readonly #groups = new Map<GroupId, GroupCounts>();
  #changed = new Set<GroupId>();

  /** Ids of groups with counts, oldest first. */
  ids(): IterableIterator<GroupId> {
    return this.#groups.keys();
  }

  get(groupId: GroupId): GroupCounts | undefined {
    return this.#groups.get(groupId);
  }

  /** Adds (`sign` 1) or takes away (-1) `count` rows alike; `endedAt` of settled ones. */
  add(entry: TallyEntry, sign: 1 | -1, count: number, endedAt: number): void {
    let group = this.#groups.get(entry.groupId);
    if (group === undefined) {
      group = { states: none(), bytesTotal: 0, bytesDone: 0, endedAt: 0 };
      this.#groups.set(entry.groupId, group);
    }
    group.states[entry.state] += sign * count;
    if (entry.state !== 'cancelled' && entry.state !== 'skipped') {
      group.bytesTotal += sign * (entry.bytesTotal ?? entry.bytesDone);
      group.bytesDone += sign * entry.bytesDone;
    }
    if (sign === 1 && isSettled(entry.state)) {
      group.endedAt = Math.max(group.endedAt, endedAt);
    }
    this.#changed.add(entry.groupId);
  }

  /** Forgets groups without rows. */
  dropEmpty(): void {
    for (const [id, { states }] of this.#groups) {
      if (rowsOf(states) === 0) this.#groups.delete(id);
    }
  }

  /** Groups whose counts changed since the last call. */
  takeChanged(): ReadonlySet<GroupId> {
    const changed = this.#changed;
    this.#changed = new Set();
    return changed;
  }
}

/** Rows in all states. */
export function rowsOf(states: Readonly<Record<TransferState, number>>): number {
  return openOf(states) + states.failed + endedOf(states);
}

/** Rows that are still to move. */
export function openOf(states: Readonly<Record<TransferState, number>>): number {
  return states.queued + states.running + states.waiting + states.paused;
}

/** Rows that are done, skipped or cancelled. */
export function endedOf(states: Readonly<Record<TransferState, number>>): number {
  return states.done + states.skipped + states.cancelled;
}

function none(): Record<TransferState, number> {
  return {
    queued: 0,
    running: 0,
    waiting: 0,
    paused: 0,
    failed: 0,
    cancelled: 0,
    skipped: 0,
    done: 0,
  };
}
