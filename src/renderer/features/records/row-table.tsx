/* oxlint-disable jsx-a11y/prefer-tag-over-role, jsx-a11y/interactive-supports-focus -- rows drawn on demand cannot be a <table>; the table keeps the focus, aria-activedescendant names the row */
import {
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
} from 'react';
import { classes } from '../../components/classes.ts';
import { bodyHeight, rowRange } from '../browser/grid/row-window.ts';
import { useRowScroll } from '../browser/grid/use-row-scroll.ts';
import styles from './row-table.module.css';

const ROW_HEIGHT = 24;
const HEADER_HEIGHT = 26;

/** A column of a {@link RowTable}. */
export interface TableColumn {
  readonly id: string;
  readonly label: string;
  /** A track of a CSS grid, such as `70px` or `minmax(120px, 1fr)`. */
  readonly width: string;
  readonly end?: boolean;
}

/** Props of {@link RowTable}. */
export interface RowTableProps {
  readonly label: string;
  readonly columns: readonly TableColumn[];
  readonly rowCount: number;
  /** Tells a row from others, also when its place changes. */
  readonly rowKey: (index: number) => string;
  readonly renderCell: (index: number, column: string) => ReactNode;
  readonly selected?: number;
  readonly onSelect?: (index: number) => void;
  /** Copies the selected row. */
  readonly onCopy?: () => void;
  /** Hears which rows are in view. */
  readonly onRange?: (first: number, last: number) => void;
  /** Stays at its end, while one is there. */
  readonly followEnd?: boolean;
  /** Smallest width in pixels; below, it scrolls sideways. */
  readonly minWidth: number;
}

/** A table to read, of any length: only the rows in view are drawn. */
export function RowTable(props: RowTableProps) {
  const { columns, rowCount, selected = -1, onRange, followEnd = false } = props;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const { metrics, scroll, reveal, scrollTo } = useRowScroll(scroller, {
    rowCount,
    rowHeight: ROW_HEIGHT,
    headerHeight: HEADER_HEIGHT,
    onScroll: (rowsTop) => {
      const element = scroller.current;
      const seen = (element?.clientHeight ?? 0) - HEADER_HEIGHT;
      atEnd.current = rowsTop + seen >= rowCount * ROW_HEIGHT - ROW_HEIGHT;
    },
  });
  const { first, last } = rowRange(scroll.rowsTop, metrics);
  useEffect(() => onRange?.(first, last), [onRange, first, last]);
  const bottom = rowCount * ROW_HEIGHT - metrics.viewport;
  useLayoutEffect(() => {
    if (followEnd && atEnd.current) scrollTo(bottom);
  }, [followEnd, bottom, scrollTo]);

  function go(event: KeyboardEvent): void {
    const page = Math.max(1, Math.floor(metrics.viewport / ROW_HEIGHT) - 1);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: selected + 1,
      ArrowUp: selected < 0 ? rowCount - 1 : selected - 1,
      PageDown: selected + page,
      PageUp: selected - page,
      Home: 0,
      End: rowCount - 1,
    };
    const wanted = steps[event.key];
    if (wanted !== undefined && rowCount > 0) {
      event.preventDefault();
      const index = Math.min(rowCount - 1, Math.max(0, wanted));
      props.onSelect?.(index);
      reveal(index);
    } else if (event.key === 'c' && (event.ctrlKey || event.metaKey) && selected >= 0) {
      event.preventDefault();
      event.stopPropagation();
      props.onCopy?.();
    }
  }

  const tracks = columns.map(({ width }) => width).join(' ');
  const shown = Array.from(
    { length: Math.max(0, last - first + 1) },
    (_, n) => first + n,
  );
  const rows = shown.map((index) => (
    <div
      key={props.rowKey(index)}
      id={`${id}-${index}`}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={index === selected}
      className={classes(
        styles.row,
        index % 2 === 1 && styles.alternate,
        index === selected && styles.selected,
      )}
      style={{ translate: `0 ${index * ROW_HEIGHT}px` }}
      onPointerDown={() => props.onSelect?.(index)}
    >
      {columns.map(({ id: column, end }) => (
        <div
          key={column}
          role="gridcell"
          className={classes(styles.cell, end === true && styles.end)}
        >
          {props.renderCell(index, column)}
        </div>
      ))}
    </div>
  ));
  return (
    <div
      ref={scroller}
      role="grid"
      aria-label={props.label}
      aria-readonly="true"
      aria-rowcount={rowCount + 1}
      aria-colcount={columns.length}
      aria-activedescendant={
        selected >= first && selected <= last ? `${id}-${selected}` : undefined
      }
      tabIndex={0}
      className={styles.grid}
      onKeyDown={go}
    >
      <div
        role="row"
        aria-rowindex={1}
        className={styles.header}
        style={{ gridTemplateColumns: tracks, minWidth: props.minWidth }}
      >
        {columns.map(({ id: column, label, end }) => (
          <div
            key={column}
            role="columnheader"
            className={classes(styles.heading, end === true && styles.end)}
          >
            {label}
          </div>
        ))}
      </div>
      <div
        role="presentation"
        className={styles.body}
        style={{
          height: bodyHeight(metrics),
          minWidth: props.minWidth,
          ['--row-tracks' as string]: tracks,
        }}
      >
        {rows}
      </div>
    </div>
  );
}
