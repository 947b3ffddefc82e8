/* oxlint-disable jsx-a11y/prefer-tag-over-role -- rows drawn on demand cannot be a <table> */
import {
  type DragEvent,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  type Ref,
  useEffect,
  useEffectEvent,
  useId,
  useImperativeHandle,
  useRef,
} from 'react';
import { classes } from '../../../components/classes.ts';
import { type GridColumn, GridHeader, type GridSort } from './grid-header.tsx';
import { gridKey } from './grid-keys.ts';
import { bodyHeight, rowRange } from './row-window.ts';
import type { SelectAction } from './select.ts';
import { useMarquee } from './use-marquee.ts';
import { useRowScroll } from './use-row-scroll.ts';
import styles from './virtual-grid.module.css';

/** Height of a row in CSS pixels. */
export const ROW_HEIGHT = 24;
/** Height of the header in CSS pixels. */
const HEADER_HEIGHT = 26;
/** Letters typed further apart than this start a new type-ahead. */
const TYPE_AHEAD_MS = 800;

/** How a parent moves a grid. */
export interface GridHandle {
  readonly focus: () => void;
  /** Scrolls to so many pixels of rows. */
  readonly scrollTo: (rowsTop: number) => void;
}

/** Props of {@link VirtualGrid}. Rows are named by their shown position. */
export interface VirtualGridProps {
  readonly ref?: Ref<GridHandle>;
  /** Name for screen readers. */
  readonly label: string;
  readonly columns: readonly GridColumn[];
  readonly rowCount: number;
  /** Identity of the row at a position, for React. */
  readonly rowId: (position: number) => number;
  readonly renderCell: (position: number, column: string) => ReactNode;
  readonly isSelected: (position: number) => boolean;
  /** Whether a plain press on a selected row must wait for the release (it may be a drag). */
  readonly hasManySelected: boolean;
  /** Where the keyboard is; -1: nowhere. */
  readonly focusPosition: number;
  readonly sort?: GridSort | undefined;
  readonly onSort?: ((column: string) => void) | undefined;
  readonly onColumnWidth?: ((column: string, width: number) => void) | undefined;
  readonly onSelect: (action: SelectAction) => void;
  readonly onActivate: (position: number) => void;
  readonly onTypeAhead?: ((text: string) => void) | undefined;
  readonly onScroll?: ((rowsTop: number) => void) | undefined;
  /** Makes rows draggable, by what is marked `data-drag`; all of a selected row. */
  readonly onRowDragStart?:
    | ((position: number, event: DragEvent<HTMLElement>) => void)
    | undefined;
  /** Row that would take a drop; `null`: none. */
  readonly dropPosition?: number | null | undefined;
  /** Says the list is still growing. */
  readonly busy?: boolean | undefined;
  /** Extra class names of a row. */
  readonly rowClass?: ((position: number) => string | undefined) | undefined;
  /** In place of rows, such as an empty state. */
  readonly children?: ReactNode;
}

/** Position of the row an event happened on; -1 beside the rows. */
export function positionOfEvent(target: EventTarget | null): number {
  const row = target instanceof Element ? target.closest('[data-position]') : null;
  return row === null ? -1 : Number(row.getAttribute('data-position'));
}

/**
 * A table of any number of rows of one height. Draws the rows one sees and a few more;
 * the focus stays on the grid, `aria-activedescendant` names the row.
 */
export function VirtualGrid({ ref, ...props }: VirtualGridProps) {
  const { columns, rowCount, focusPosition, onSelect } = props;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const { metrics, scroll, reveal, scrollTo } = useRowScroll(scroller, {
    rowCount,
    rowHeight: ROW_HEIGHT,
    headerHeight: HEADER_HEIGHT,
    onScroll: props.onScroll,
  });
  const marquee = useMarquee(scroller, {
    rowHeight: ROW_HEIGHT,
    headerHeight: HEADER_HEIGHT,
    rowCount,
    viewport: metrics.viewport,
    rowsTop: scroll.rowsTop,
    scrollTo,
    onSelect,
  });
  const pressed = useRef(-1);
  /** Whether the last press began a rectangle rather than a drag of rows. */
  const onBlank = useRef(false);
  const typed = useRef({ text: '', at: 0 });

  useImperativeHandle(ref, () => ({
    focus: () => scroller.current?.focus({ preventScroll: true }),
    scrollTo,
  }));

  // Only a move of the focus scrolls: while pages come in the view must not jump.
  const focusId = focusPosition < 0 ? -1 : props.rowId(focusPosition);
  const revealFocus = useEffectEvent(() => {
    if (focusPosition >= 0) reveal(focusPosition);
  });
  useEffect(() => {
    if (focusId >= 0) revealFocus();
  }, [focusId]);

  function onKeyDown(event: KeyboardEvent<HTMLDivElement>): void {
    if (event.target !== scroller.current) return;
    const page = Math.floor(metrics.viewport / ROW_HEIGHT) - 1;
    const now = event.timeStamp;
    const typing = typed.current.text !== '' && now - typed.current.at < TYPE_AHEAD_MS;
    const key = gridKey(event, page, typing);
    if (key === null) return;
    switch (key.kind) {
      case 'select':
        event.preventDefault();
        onSelect(key.action);
        break;
      case 'activate':
        if (focusPosition >= 0) {
          event.preventDefault();
          props.onActivate(focusPosition);
        }
        break;
      case 'type': {
        if (!props.onTypeAhead) return;
        event.preventDefault();
        const text = (typing ? typed.current.text : '') + key.character;
        typed.current = { text, at: now };
        props.onTypeAhead(text);
        break;
      }
    }
  }

  function onMouseDown(event: MouseEvent<HTMLDivElement>): void {
    if (event.button !== 0) return;
    if (event.target instanceof Element && event.target.closest('button')) return;
    const position = positionOfEvent(event.target);
    const toggle = event.ctrlKey || event.metaKey;
    pressed.current = -1;
    onBlank.current = false;
    scroller.current?.focus({ preventScroll: true });
    if (position >= 0 && !toggle && !event.shiftKey && props.isSelected(position)) {
      if (props.hasManySelected) {
        pressed.current = position;
        return;
      }
    }
    const onContent =
      event.target instanceof Element && event.target.closest('[data-drag]') !== null;
    // The blank part of a row that is not selected is as good as the space below.
    const blank =
      position < 0 || (!onContent && !props.isSelected(position) && !event.shiftKey);
    // A Ctrl press beside the rows may begin a rectangle that adds to the selection.
    if (position >= 0 || !toggle) {
      onSelect({ kind: 'click', position, toggle, range: event.shiftKey });
    }
    onBlank.current = blank;
    if (blank) {
      const { clientX, clientY } = event;
      marquee.start({ clientX, clientY, add: toggle });
    }
  }

  function onClick(): void {
    if (pressed.current < 0) return;
    const position = pressed.current;
    pressed.current = -1;
    onSelect({ kind: 'click', position, toggle: false, range: false });
  }

  function onContextMenu(event: MouseEvent<HTMLDivElement>): void {
    // The menu key has no row under it: the selection is what the menu is about.
    if (event.button !== 2) return;
    scroller.current?.focus({ preventScroll: true });
    onSelect({ kind: 'context', position: positionOfEvent(event.target) });
  }

  const { first, last } = rowRange(scroll.rowsTop, metrics);
  function renderRow(position: number): ReactNode {
    const selected = props.isSelected(position);
    return (
      <div
        key={props.rowId(position)}
        id={`${id}-${props.rowId(position)}`}
        role="row"
        aria-rowindex={position + 2}
        aria-selected={selected}
        data-position={position}
        draggable={props.onRowDragStart !== undefined}
        className={classes(
          styles.row,
          position % 2 === 1 && styles.alternate,
          selected && styles.selected,
          position === focusPosition && styles.focused,
          position === props.dropPosition && styles.dropTarget,
          props.rowClass?.(position),
        )}
        style={{
          transform: `translateY(${scroll.scrollTop + position * ROW_HEIGHT - scroll.rowsTop}px)`,
        }}
        onDoubleClick={() => props.onActivate(position)}
        onDragStart={(event) => {
          if (onBlank.current) event.preventDefault();
          else props.onRowDragStart?.(position, event);
        }}
      >
        {columns.map((column, index) => (
          <div
            key={column.id}
            role="gridcell"
            aria-colindex={index + 1}
            data-column={column.id}
            className={classes(styles.cell, column.align === 'end' && styles.end)}
          >
            {props.renderCell(position, column.id)}
          </div>
        ))}
      </div>
    );
  }

  const table = (
    <div
      ref={scroller}
      role="grid"
      tabIndex={0}
      aria-label={props.label}
      aria-multiselectable="true"
      aria-rowcount={rowCount + 1}
      aria-colcount={columns.length}
      aria-busy={props.busy === true}
      aria-activedescendant={
        focusPosition >= first && focusPosition <= last
          ? `${id}-${props.rowId(focusPosition)}`
          : undefined
      }
      className={classes(
        styles.grid,
        focusPosition < 0 && styles.noFocusedRow,
        props.hasManySelected && styles.many,
      )}
      style={{
        '--grid-columns': columns.map(trackOf).join(' '),
        '--grid-width': `${columns.reduce((sum, column) => sum + leastOf(column), 0)}px`,
      }}
      onKeyDown={onKeyDown}
      onMouseDown={onMouseDown}
      onClick={onClick}
      onContextMenu={onContextMenu}
    >
      <GridHeader
        columns={columns}
        sort={props.sort}
        onSort={props.onSort}
        onColumnWidth={props.onColumnWidth}
      />
      <div
        role="rowgroup"
        className={styles.body}
        style={{ height: bodyHeight(metrics) }}
      >
        {Array.from({ length: last - first + 1 }, (_, index) => renderRow(first + index))}
      </div>
    </div>
  );
  return (
    <div className={styles.frame}>
      {table}
      {marquee.box !== null && (
        <div className={styles.marquee} style={{ ...marquee.box }} aria-hidden="true" />
      )}
      {props.children !== undefined && (
        <div className={styles.instead}>{props.children}</div>
      )}
    </div>
  );
}

function leastOf(column: GridColumn): number {
  return column.flexible === true ? column.minWidth : column.width;
}

function trackOf(column: GridColumn): string {
  return column.flexible === true
    ? `minmax(${column.minWidth}px, 1fr)`
    : `${column.width}px`;
}
