import type { GroupId } from '../../../shared/domain/ids.ts';
import { ENTRY_LINES } from '../../../shared/domain/panel-lines.ts';
import type { TransferFilter } from '../../../shared/domain/transfer.ts';
import { assertNever } from '../../../shared/lib/assert-never.ts';
import {
  endedOf,
  type GroupBook,
  type GroupCounts,
  openOf,
  rowsOf,
} from '../database/group-book.ts';

/** Groups with more rows than this are folded until they are opened. */
const FOLD_BEYOND = 20;

/** A group where it stands in the panel. */
export interface Block {
  readonly groupId: GroupId;
  /** Midnight of the day it ended, when it is the first of that day in the list. */
  readonly day: number | null;
  /** A group of one file is shown as that file. */
  readonly head: boolean;
  readonly open: boolean;
  /** Rows below the head, or the one row without a head. */
  readonly children: number;
  /** First line, and lines in all. */
  readonly line: number;
  readonly lines: number;
}

/** What decides the order and the folding. */
export interface LayoutRequest {
  readonly book: GroupBook;
  readonly filter: TransferFilter;
  /** Groups that show nothing are left out. */
  readonly fits: (groupId: GroupId) => boolean;
  /** Rows of a group that are shown; by default all under the filter. */
  readonly found?: ((groupId: GroupId) => number) | undefined;
  readonly planning: readonly GroupId[];
  readonly opened: ReadonlySet<GroupId>;
  readonly folded: ReadonlySet<GroupId>;
  /** Where a group stands in the order of running. */
  readonly placeOf: (groupId: GroupId) => number;
  /** When a group was made; for those whose end is not known. */
  readonly createdAt: (groupId: GroupId) => number;
  readonly dayOf: (time: number) => number;
}

interface Candidate {
  readonly groupId: GroupId;
  readonly section: 0 | 1 | 2;
  readonly total: number;
  readonly visible: number;
  readonly endedAt: number;
}

/** Rows of a group under a filter. */
export function countUnder(counts: GroupCounts, filter: TransferFilter): number {
  switch (filter) {
    case 'active':
      return openOf(counts.states);
    case 'failed':
      return counts.states.failed;
    case 'finished':
      return endedOf(counts.states);
    case 'all':
      return rowsOf(counts.states);
    default:
      return assertNever(filter);
  }
}

/** Puts groups in order: what moves first, then what failed, then what ended, by day. */
export function layOut(request: LayoutRequest): readonly Block[] {
  const { filter, opened, folded, dayOf } = request;
  const found = candidates(request);
  const sections = [0, 1, 2].map((section) =>
    found.filter((one) => one.section === section),
  );
  const place = new Map(
    sections[0]?.map(({ groupId }) => [groupId, request.placeOf(groupId)]),
  );
  const placeOf = (groupId: GroupId): number => place.get(groupId) ?? 0;
  sections[0]?.sort((a, b) => compare(placeOf(a.groupId), placeOf(b.groupId)));
  sections[1]?.reverse();
  sections[2]?.sort((a, b) => b.endedAt - a.endedAt || b.groupId - a.groupId);
  const blocks: Block[] = [];
  let line = 0;
  let lastDay: number | null = null;
  for (const one of sections.flat()) {
    let day: number | null = null;
    if (one.section === 2 && filter !== 'failed') {
      const its = dayOf(one.endedAt);
      if (its !== lastDay) day = its;
      lastDay = its;
    }
    const head = one.total !== 1;
    const open =
      head &&
      (opened.has(one.groupId) ||
        (one.visible <= FOLD_BEYOND && !folded.has(one.groupId)));
    const children = !head || open ? one.visible : 0;
    const lines = (day === null ? 0 : 1) + ENTRY_LINES * (children + (head ? 1 : 0));
    blocks.push({ groupId: one.groupId, day, head, open, children, line, lines });
    line += lines;
  }
  return blocks;
}

function candidates(request: LayoutRequest): readonly Candidate[] {
  const { book, filter, fits, found, createdAt } = request;
  const planning = new Set(request.planning);
  const result: Candidate[] = [];
  const add = (groupId: GroupId, counts: GroupCounts | undefined): void => {
    const plans = planning.has(groupId);
    const visible =
      found?.(groupId) ?? (counts === undefined ? 0 : countUnder(counts, filter));
    const empty =
      plans && found === undefined && (filter === 'all' || filter === 'active');
    if ((visible === 0 && !empty) || !fits(groupId)) return;
    const active = plans || (counts !== undefined && openOf(counts.states) > 0);
    const failed = (counts?.states.failed ?? 0) > 0;
    result.push({
      groupId,
      section: filter === 'finished' ? 2 : active ? 0 : failed ? 1 : 2,
      total: counts === undefined ? 0 : rowsOf(counts.states),
      visible,
      endedAt: counts?.endedAt || createdAt(groupId),
    });
  };
  const ids = new Set([...book.ids(), ...planning]);
  for (const groupId of [...ids].sort((a, b) => a - b)) add(groupId, book.get(groupId));
  return result;
}

/** Tells the midnight before a time, in this computer's time zone. */
export function dayFinder(): (time: number) => number {
  let from = 0;
  let to = 0;
  return (time) => {
    if (time < from || time >= to) {
      const at = new Date(time);
      from = new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
      to = new Date(at.getFullYear(), at.getMonth(), at.getDate() + 1).getTime();
    }
    return from;
  };
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
