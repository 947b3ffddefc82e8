import { expect, test } from 'vitest';
import type { Lane, StoredTransfer } from '../database/stored-transfer.ts';
import { freeSlots, isSmallFile, SMALL_FILE_BYTES } from './free-slots.ts';

function task(kind: StoredTransfer['kind'], bytesTotal: number | null, lane: Lane = 0) {
  return { row: { kind, lane, bytesTotal } as StoredTransfer, lane };
}

const small = task('upload', 1);
const medium = task('download', SMALL_FILE_BYTES + 1);
const large = task('upload', 1e9, 1);
const limits = { maxTransfers: 4, smallTransfers: 6, partsPerTransfer: 1 };

test('small are files whose size is known to be small', () => {
  expect(isSmallFile(task('upload', 0).row)).toBe(true);
  expect(isSmallFile(task('download', SMALL_FILE_BYTES).row)).toBe(true);
  expect(isSmallFile(medium.row)).toBe(false);
  expect(isSmallFile(task('download', null).row)).toBe(false);
  expect(isSmallFile(task('delete', 1).row)).toBe(false);
  expect(isSmallFile(task('copy', 1).row)).toBe(false);
});

test('large files hold at most half of the slots', () => {
  expect(freeSlots([], limits)).toEqual({ lanes: [1, 0], smallOnly: false });
  expect(freeSlots([large], limits)).toEqual({ lanes: [1, 0], smallOnly: false });
  expect(freeSlots([large, large], limits)).toEqual({ lanes: [0], smallOnly: false });
  const one = { ...limits, maxTransfers: 1 };
  expect(freeSlots([small], one)).toEqual({ lanes: [1, 0], smallOnly: false });
});

test('only small files may be more than the transfers at once', () => {
  const four = [large, large, medium, medium];
  expect(freeSlots(four, limits)).toEqual({ lanes: [0], smallOnly: true });
  expect(freeSlots([...four, small], limits)).toEqual({ lanes: [0], smallOnly: true });
  expect(freeSlots([...four, small, small], limits)).toBeUndefined();
  expect(
    freeSlots(
      Array.from({ length: 6 }, () => small),
      limits,
    ),
  ).toBeUndefined();
  // Small ones do not keep others away.
  expect(
    freeSlots(
      Array.from({ length: 5 }, () => small),
      limits,
    ),
  ).toEqual({
    lanes: [1, 0],
    smallOnly: false,
  });
});

test('without a limit of their own, or with a lower one, small files are as all others', () => {
  const full = Array.from({ length: 4 }, () => small);
  const { smallTransfers: _, ...plain } = limits;
  expect(freeSlots(full, plain)).toBeUndefined();
  expect(freeSlots(full, { ...limits, smallTransfers: 2 })).toBeUndefined();
  expect(freeSlots(full.slice(1), plain)).toEqual({ lanes: [1, 0], smallOnly: false });
});
