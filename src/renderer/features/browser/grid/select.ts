import { assertNever } from '../../../../shared/lib/assert-never.ts';
import { RowSet } from './row-set.ts';

/**
 * What is selected. Rows are named by id, which stays the same while pages come in and
 * the order changes; positions do not.
 */
export interface Selection {
  readonly rows: RowSet;
  /** Where a range starts; -1: nowhere. */
  readonly anchor: number;
  /** The row the keyboard is on; -1: none. */
  readonly focus: number;
  /** What was selected when the rectangle began that is being drawn. */
  readonly base?: RowSet;
}

/** The order rows are shown in. */
export interface RowOrder {
  readonly length: number;
  readonly rowAt: (position: number) => number;
  /** -1 when the row is not shown. */
  readonly positionOf: (row: number) => number;
}

/** What the user did. */
export type SelectAction =
  /** A click; `toggle` with Ctrl or Cmd, `range` with Shift. */
  | {
      readonly kind: 'click';
      readonly position: number;
      readonly toggle: boolean;
      readonly range: boolean;
    }
  /** A right click: keeps a selection that holds the row, else selects it. */
  | { readonly kind: 'context'; readonly position: number }
  /** Arrows, page, home, end; `page` is the number of rows a page key goes. */
  | {
      readonly kind: 'move';
      readonly to: 'up' | 'down' | 'page-up' | 'page-down' | 'home' | 'end';
      readonly page: number;
      /** With Shift: from the anchor to here. */
      readonly range: boolean;
      /** With Ctrl: moves the focus, leaves the selection. */
      readonly focusOnly: boolean;
    }
  /** A rectangle is drawn over these positions; `fresh` when it begins. */
  | {
      readonly kind: 'span';
      readonly from: number;
      readonly to: number;
      /** With Ctrl or Cmd: besides what was selected when it began. */
      readonly add: boolean;
      readonly fresh: boolean;
    }
  /** Type-ahead found this. */
  | { readonly kind: 'go'; readonly position: number }
  /** Ctrl+Space. */
  | { readonly kind: 'toggle-focused' }
  | { readonly kind: 'all' }
  | { readonly kind: 'none' }
  /** Rows went out of sight: what is not shown must not be acted upon. */
  | { readonly kind: 'prune' };

/** Nothing selected, nothing focused. */
export const NO_SELECTION: Selection = { rows: RowSet.empty, anchor: -1, focus: -1 };

/** The selection after an action. Pure; returns the same object when nothing changes. */
export function select(
  selection: Selection,
  action: SelectAction,
  order: RowOrder,
): Selection {
  switch (action.kind) {
    case 'click': {
      const row = order.rowAt(action.position);
      if (row < 0) return select(selection, { kind: 'none' }, order);
      if (action.range) return range(selection, action.position, action.toggle, order);
      if (action.toggle) return toggled(selection, row);
      return only(row);
    }
    case 'context': {
      const row = order.rowAt(action.position);
      if (row < 0) return select(selection, { kind: 'none' }, order);
      return selection.rows.has(row) ? { ...selection, focus: row } : only(row);
    }
    case 'move': {
      if (order.length === 0) return selection;
      const target = moveTarget(selection, action.to, action.page, order);
      if (action.range) return range(selection, target, false, order);
      const row = order.rowAt(target);
      return action.focusOnly ? { ...selection, focus: row } : only(row);
    }
    case 'span': {
      const kept = action.fresh ? selection.rows : (selection.base ?? RowSet.empty);
      const base = action.add ? kept : RowSet.empty;
      const to = Math.min(action.to, order.length - 1);
      return {
        rows: base.with(between(Math.max(0, action.from), to, order)),
        // The keyboard goes on from where one had been: a moving focus would scroll.
        anchor: selection.anchor,
        focus: selection.focus,
        base,
      };
    }
    case 'go': {
      const row = order.rowAt(action.position);
      return row < 0 ? selection : only(row);
    }
    case 'toggle-focused':
      return selection.focus < 0 ? selection : toggled(selection, selection.focus);
    case 'all': {
      const first = order.rowAt(0);
      return {
        rows: RowSet.of(between(0, order.length - 1, order)),
        anchor: selection.anchor >= 0 ? selection.anchor : first,
        focus: selection.focus >= 0 ? selection.focus : first,
      };
    }
    case 'none':
      return selection.rows.size === 0
        ? selection
        : { rows: RowSet.empty, anchor: selection.focus, focus: selection.focus };
    case 'prune':
      return pruned(selection, order);
    default:
      return assertNever(action);
  }
}

function only(row: number): Selection {
  return { rows: RowSet.of([row]), anchor: row, focus: row };
}

function toggled(selection: Selection, row: number): Selection {
  const rows = selection.rows.has(row)
    ? selection.rows.without(row)
    : selection.rows.with([row]);
  return { rows, anchor: row, focus: row };
}

function range(
  selection: Selection,
  position: number,
  add: boolean,
  order: RowOrder,
): Selection {
  const anchorAt = order.positionOf(
    selection.anchor >= 0 ? selection.anchor : selection.focus,
  );
  const from = anchorAt < 0 ? position : anchorAt;
  const base = add ? selection.rows : RowSet.empty;
  return {
    rows: base.with(between(Math.min(from, position), Math.max(from, position), order)),
    anchor: order.rowAt(from),
    focus: order.rowAt(position),
  };
}

function* between(from: number, to: number, order: RowOrder): Generator<number> {
  for (let position = from; position <= to; position += 1) yield order.rowAt(position);
}

function moveTarget(
  selection: Selection,
  to: Extract<SelectAction, { kind: 'move' }>['to'],
  page: number,
  order: RowOrder,
): number {
  const last = order.length - 1;
  const at = order.positionOf(selection.focus);
  // Nothing focused: the first step lands on the end one comes from.
  if (at < 0) return to === 'up' || to === 'end' || to === 'page-up' ? last : 0;
  switch (to) {
    case 'up':
      return Math.max(0, at - 1);
    case 'down':
      return Math.min(last, at + 1);
    case 'page-up':
      return Math.max(0, at - page);
    case 'page-down':
      return Math.min(last, at + page);
    case 'home':
      return 0;
    case 'end':
      return last;
    default:
      return assertNever(to);
  }
}

function pruned(selection: Selection, order: RowOrder): Selection {
  const kept: number[] = [];
  for (const row of selection.rows) if (order.positionOf(row) >= 0) kept.push(row);
  const focus = order.positionOf(selection.focus) >= 0 ? selection.focus : -1;
  if (kept.length === selection.rows.size && focus === selection.focus) return selection;
  const anchor = order.positionOf(selection.anchor) >= 0 ? selection.anchor : focus;
  return { rows: RowSet.of(kept), anchor, focus };
}
