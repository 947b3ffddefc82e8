import { expect, test } from 'vitest';
import type { GroupId } from '../../../shared/domain/ids.ts';
import type { TransferFilter, TransferState } from '../../../shared/domain/transfer.ts';
import { GroupBook } from '../database/group-book.ts';
import { dayFinder, layOut } from './panel-layout.ts';

const DAY = 86_400_000;
const id = (value: number): GroupId => value as GroupId;

interface Given {
  readonly id: number;
  readonly rows: Partial<Record<TransferState, number>>;
  readonly endedAt?: number;
}

function book(groups: readonly Given[]): GroupBook {
  const result = new GroupBook();
  for (const group of groups) {
    for (const [state, count] of Object.entries(group.rows)) {
      result.add(
        {
          groupId: id(group.id),
          state: state as TransferState,
          waitReason: null,
          bytesTotal: 0,
          bytesDone: 0,
        },
        1,
        count,
        group.endedAt ?? 0,
      );
    }
  }
  return result;
}

function lay(
  groups: readonly Given[],
  more: {
    readonly filter?: TransferFilter;
    readonly opened?: readonly number[];
    readonly folded?: readonly number[];
    readonly planning?: readonly number[];
    readonly places?: Readonly<Record<number, number>>;
  } = {},
): readonly string[] {
  return layOut({
    book: book(groups),
    filter: more.filter ?? 'all',
    fits: () => true,
    planning: (more.planning ?? []).map(id),
    opened: new Set((more.opened ?? []).map(id)),
    folded: new Set((more.folded ?? []).map(id)),
    placeOf: (groupId) => more.places?.[groupId] ?? groupId,
    createdAt: () => 5 * DAY,
    dayOf: (time) => Math.floor(time / DAY),
  }).map(
    (block) =>
      `${block.line}: ${block.day === null ? '' : `day ${block.day}, `}${
        block.head ? `head ${block.groupId}` : `file ${block.groupId}`
      } +${block.children}`,
  );
}

test('what moves comes first, then what failed, then what ended, newest first by day', () => {
  expect(
    lay([
      { id: 1, rows: { done: 3 }, endedAt: 2 * DAY },
      { id: 2, rows: { done: 1 }, endedAt: 3 * DAY },
      { id: 3, rows: { failed: 1, done: 2 }, endedAt: 3 * DAY },
      { id: 4, rows: { queued: 2, done: 1 }, endedAt: 3 * DAY },
      { id: 5, rows: { running: 1 } },
      { id: 6, rows: { done: 1 }, endedAt: 3 * DAY + 1 },
    ]),
  ).toEqual([
    '0: head 4 +3',
    '8: file 5 +1',
    '10: head 3 +3',
    '18: day 3, file 6 +1',
    '21: file 2 +1',
    '23: day 2, head 1 +3',
  ]);
});

test('more than 20 rows are folded until the user opens them, fewer until they are folded', () => {
  const groups = [
    { id: 1, rows: { queued: 20 } },
    { id: 2, rows: { queued: 21 } },
  ];
  expect({
    plain: lay(groups),
    changed: lay(groups, { opened: [2], folded: [1] }),
  }).toEqual({
    plain: ['0: head 1 +20', '42: head 2 +0'],
    changed: ['0: head 1 +0', '2: head 2 +21'],
  });
});

test('a filter leaves heads out that have nothing under it, and counts rows under it', () => {
  const groups = [
    { id: 1, rows: { done: 900, failed: 2 }, endedAt: DAY },
    { id: 2, rows: { running: 1, done: 30 }, endedAt: 2 * DAY },
    { id: 3, rows: { failed: 1 }, endedAt: DAY },
  ];
  expect({
    active: lay(groups, { filter: 'active' }),
    failed: lay(groups, { filter: 'failed' }),
    finished: lay(groups, { filter: 'finished' }),
  }).toEqual({
    active: ['0: head 2 +1'],
    failed: ['0: file 3 +1', '2: head 1 +2'],
    finished: ['0: day 2, head 2 +0', '3: day 1, head 1 +0'],
  });
});

test('a group shows as soon as it is being counted, before it has a row', () => {
  expect({
    all: lay([], { planning: [7] }),
    finished: lay([], { planning: [7], filter: 'finished' }),
  }).toEqual({ all: ['0: head 7 +0'], finished: [] });
});

test('a group whose rows were moved to the front stands first', () => {
  const groups = [
    { id: 1, rows: { queued: 1 } },
    { id: 2, rows: { queued: 1 } },
    { id: 3, rows: { queued: 1 } },
  ];
  expect(lay(groups, { places: { 3: -5 } })).toEqual([
    '0: file 3 +1',
    '2: file 1 +1',
    '4: file 2 +1',
  ]);
});

test('days begin at midnight of this computer, on days of 23 and 25 hours too', () => {
  const dayOf = dayFinder();
  for (const at of [
    new Date(2026, 2, 29, 23, 59),
    new Date(2026, 2, 29, 0, 0),
    new Date(2026, 9, 25, 23, 30),
    new Date(2026, 9, 26, 0, 0),
  ]) {
    const midnight = new Date(dayOf(at.getTime()));
    expect([midnight.getDate(), midnight.getHours()]).toEqual([at.getDate(), 0]);
  }
});
