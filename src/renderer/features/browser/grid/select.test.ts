import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RowSet } from './row-set.ts';
import { NO_SELECTION, type RowOrder, type SelectAction, select } from './select.ts';

function orderOf(rows: readonly number[]): RowOrder {
  return {
    length: rows.length,
    rowAt: (position) => rows[position] ?? -1,
    positionOf: (row) => rows.indexOf(row),
  };
}

const order = orderOf([30, 10, 20, 50, 40]);

function after(...actions: readonly SelectAction[]) {
  const end = actions.reduce((now, action) => select(now, action, order), NO_SELECTION);
  return { rows: [...end.rows], anchor: end.anchor, focus: end.focus };
}

const click = (position: number, toggle = false, range = false): SelectAction => ({
  kind: 'click',
  position,
  toggle,
  range,
});
const move = (
  to: Extract<SelectAction, { kind: 'move' }>['to'],
  range = false,
  focusOnly = false,
): SelectAction => ({ kind: 'move', to, page: 2, range, focusOnly });

test('a click selects one row, with Ctrl it adds and takes away', () => {
  expect(after(click(0), click(2))).toEqual({ rows: [20], anchor: 20, focus: 20 });
  expect(after(click(0), click(2, true))).toEqual({
    rows: [20, 30],
    anchor: 20,
    focus: 20,
  });
  expect(after(click(0), click(2, true), click(0, true)).rows).toEqual([20]);
});

test('Shift selects from the anchor in shown order, both ways, replacing the last range', () => {
  expect(after(click(1), click(3, false, true))).toEqual({
    rows: [10, 20, 50],
    anchor: 10,
    focus: 50,
  });
  expect(after(click(1), click(3, false, true), click(0, false, true))).toEqual({
    rows: [10, 30],
    anchor: 10,
    focus: 30,
  });
});

test('Ctrl+Shift adds a range to what is selected', () => {
  expect(after(click(0), click(3, true), click(4, true, true)).rows).toEqual([
    30, 40, 50,
  ]);
});

test('a click beside the rows clears, a right click keeps a selection that holds the row', () => {
  expect(after(click(0), click(9)).rows).toEqual([]);
  expect(after({ kind: 'all' }, { kind: 'context', position: 2 }).rows).toHaveLength(5);
  expect(after(click(0), { kind: 'context', position: 2 }).rows).toEqual([20]);
});

test('arrows, page and end keys move, stop at the ends and extend with Shift', () => {
  expect(after(move('down')).rows).toEqual([30]);
  expect(after(move('up')).rows).toEqual([40]);
  expect(after(click(1), move('page-down')).rows).toEqual([50]);
  expect(after(click(4), move('down')).rows).toEqual([40]);
  expect(after(click(2), move('end', true))).toEqual({
    rows: [20, 40, 50],
    anchor: 20,
    focus: 40,
  });
  expect(after(click(2), move('home', true), move('down', true)).rows).toEqual([10, 20]);
});

test('Ctrl+arrow moves the focus alone and Ctrl+Space selects there', () => {
  expect(after(click(0), move('down', false, true))).toEqual({
    rows: [30],
    anchor: 30,
    focus: 10,
  });
  expect(
    after(click(0), move('down', false, true), { kind: 'toggle-focused' }).rows,
  ).toEqual([10, 30]);
});

test('rows that are filtered away are not selected any more', () => {
  const all = select(NO_SELECTION, { kind: 'all' }, order);
  const pruned = select(all, { kind: 'prune' }, orderOf([20, 50]));
  expect({ rows: [...pruned.rows], focus: pruned.focus }).toEqual({
    rows: [20, 50],
    focus: -1,
  });
});

test('a selection outlives a change of order', () => {
  const before = select(NO_SELECTION, click(1), order);
  const end = select(before, click(0, false, true), orderOf([50, 40, 10]));
  expect([...end.rows]).toEqual([10, 40, 50]);
});

test('a row set is a set', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(5_000)), fc.nat(5_000), (rows, gone) => {
      const expected = new Set(rows);
      expected.delete(gone);
      const actual = RowSet.of(rows).without(gone);
      expect([...actual]).toEqual([...expected].sort((a, b) => a - b));
      expect(actual.size).toBe(expected.size);
    }),
  );
});

test('a million rows are selected and gone through', () => {
  const many: RowOrder = {
    length: 1_000_000,
    rowAt: (position) => position,
    positionOf: (row) => row,
  };
  const all = select(NO_SELECTION, { kind: 'all' }, many);
  let sum = 0;
  for (const row of all.rows) sum += row;
  expect({ size: all.rows.size, sum }).toEqual({ size: 1_000_000, sum: 499_999_500_000 });
});
