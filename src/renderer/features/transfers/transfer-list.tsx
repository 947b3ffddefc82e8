/* oxlint-disable jsx-a11y/prefer-tag-over-role -- rows drawn on demand cannot be a <table> */
import {
  type KeyboardEvent,
  type MouseEvent,
  type Ref,
  useEffect,
  useId,
  useImperativeHandle,
  useRef,
  useState,
} from 'react';
import { useStore } from 'zustand';
import type { TransferId } from '../../../shared/domain/ids.ts';
import type { TransferRow } from '../../../shared/domain/transfer.ts';
import { useServices } from '../../app/services.ts';
import { bodyHeight, rowRange } from '../browser/grid/row-window.ts';
import { useRowScroll } from '../browser/grid/use-row-scroll.ts';
import { type TransferActions, verbsFor } from './transfer-actions.ts';
import { TransferItem } from './transfer-item.tsx';
import styles from './transfers-panel.module.css';

/** Height of a transfer in CSS pixels. */
const ROW_HEIGHT = 48;

/** What a parent asks of the list. */
export interface TransferListHandle {
  /** Selected rows that are loaded. */
  readonly selectedRows: () => readonly TransferRow[];
}

/** Props of {@link TransferList}. */
export interface TransferListProps {
  readonly ref?: Ref<TransferListHandle>;
  readonly actions: TransferActions;
  readonly selected: ReadonlySet<TransferId>;
  readonly onSelect: (ids: ReadonlySet<TransferId>) => void;
}

/** The rows of the queue; only those in view (and some around them) are ever fetched. */
export function TransferList({ ref, actions, selected, onSelect }: TransferListProps) {
  const { transfers } = useServices();
  const rows = useStore(transfers.store, (state) => state.rows);
  const offset = useStore(transfers.store, (state) => state.offset);
  const total = useStore(transfers.store, (state) => state.total);
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [focused, setFocused] = useState<TransferId | null>(null);
  const anchor = useRef<TransferId | null>(null);
  const { metrics, scroll, reveal } = useRowScroll(scroller, {
    rowCount: total,
    rowHeight: ROW_HEIGHT,
    headerHeight: 0,
  });
  const { first, last } = rowRange(scroll.rowsTop, metrics);
  useEffect(() => transfers.show(first, last), [transfers, first, last]);

  const selectedRows = (): readonly TransferRow[] =>
    rows.filter((row) => selected.has(row.id));
  useImperativeHandle(ref, () => ({ selectedRows }));

  const positionOf = (wanted: TransferId | null): number => {
    const at = rows.findIndex((row) => row.id === wanted);
    return at < 0 ? -1 : at + offset;
  };
  const at = (position: number): TransferRow | undefined => rows[position - offset];

  function selectTo(position: number, range: boolean): void {
    const row = at(position);
    if (!row) return;
    const from = range ? positionOf(anchor.current) : -1;
    if (from < 0) {
      anchor.current = row.id;
      onSelect(new Set([row.id]));
    } else {
      const low = Math.min(from, position) - offset;
      const high = Math.max(from, position) - offset;
      onSelect(new Set(rows.slice(low, high + 1).map((other) => other.id)));
    }
    setFocused(row.id);
  }

  function onMouseDown(row: TransferRow, event: MouseEvent): void {
    if (event.target instanceof Element && event.target.closest('button')) return;
    scroller.current?.focus({ preventScroll: true });
    if (event.button === 2 && selected.has(row.id)) return;
    if (event.ctrlKey || event.metaKey) {
      const next = new Set(selected);
      if (!next.delete(row.id)) next.add(row.id);
      anchor.current = row.id;
      setFocused(row.id);
      onSelect(next);
    } else selectTo(positionOf(row.id), event.shiftKey);
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.target !== scroller.current) return;
    const page = Math.max(1, Math.floor(metrics.viewport / ROW_HEIGHT));
    const here = positionOf(focused);
    const targets: Readonly<Record<string, number>> = {
      ArrowUp: here - 1,
      ArrowDown: here + 1,
      PageUp: here - page,
      PageDown: here + page,
      Home: 0,
      End: total - 1,
    };
    const target = targets[event.key];
    const chosen = selectedRows();
    if (target !== undefined && !event.altKey && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      const position = Math.min(Math.max(0, target), total - 1);
      reveal(position);
      selectTo(position, event.shiftKey);
    } else if (event.key === 'Delete' || event.key === 'Backspace') {
      event.preventDefault();
      // A running transfer is stopped, a finished one only taken off the list.
      for (const verb of ['cancel', 'clear'] as const) {
        const able = chosen.filter(
          (row) => verbsFor(row)[1] === verb || verbsFor(row)[0] === verb,
        );
        actions.run(
          verb,
          able.map((row) => row.id),
        );
      }
    } else if (event.key === ' ') {
      event.preventDefault();
      for (const verb of ['pause', 'resume', 'retry'] as const) {
        const able = chosen.filter((row) => verbsFor(row).includes(verb));
        actions.run(
          verb,
          able.map((row) => row.id),
        );
      }
    } else if ((event.ctrlKey || event.metaKey) && event.key === 'a') {
      event.preventDefault();
      onSelect(new Set(rows.map((row) => row.id)));
    }
  }

  const shown: React.ReactNode[] = [];
  for (let position = first; position <= last; position += 1) {
    const row = at(position);
    if (!row) continue;
    shown.push(
      <TransferItem
        key={row.id}
        id={`${id}-${row.id}`}
        row={row}
        position={position}
        top={scroll.scrollTop + position * ROW_HEIGHT - scroll.rowsTop}
        selected={selected.has(row.id)}
        focused={row.id === focused}
        actions={actions}
        onMouseDown={onMouseDown}
      />,
    );
  }
  return (
    <div
      ref={scroller}
      role="grid"
      tabIndex={0}
      aria-label="Transfers"
      aria-multiselectable="true"
      aria-rowcount={total}
      aria-colcount={2}
      aria-activedescendant={focused === null ? undefined : `${id}-${focused}`}
      className={styles.scroller}
      onKeyDown={onKeyDown}
    >
      <div
        role="rowgroup"
        className={styles.body}
        style={{ height: bodyHeight(metrics) }}
      >
        {shown}
      </div>
    </div>
  );
}
