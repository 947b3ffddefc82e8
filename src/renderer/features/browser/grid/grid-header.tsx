/* oxlint-disable jsx-a11y/prefer-tag-over-role -- rows drawn on demand cannot be a <table> */
import { ChevronDown, ChevronUp } from 'lucide-react';
import type { KeyboardEvent, PointerEvent } from 'react';
import { classes } from '../../../components/classes.ts';
import styles from './virtual-grid.module.css';

/** A column of a grid; widths in CSS pixels. */
export interface GridColumn {
  readonly id: string;
  readonly label: string;
  readonly width: number;
  readonly minWidth: number;
  readonly align?: 'start' | 'end';
  /** Takes the room the others leave; cannot be resized. */
  readonly flexible?: boolean;
}

/** The column a grid is sorted by. */
export interface GridSort {
  readonly column: string;
  readonly descending: boolean;
}

/** Widest a column gets. */
const WIDEST = 800;
/** Pixels per key press when resizing from the keyboard. */
const KEY_STEP = 16;

/** Props of {@link GridHeader}. */
export interface GridHeaderProps {
  readonly columns: readonly GridColumn[];
  readonly sort: GridSort | undefined;
  readonly onSort: ((column: string) => void) | undefined;
  readonly onColumnWidth: ((column: string, width: number) => void) | undefined;
}

/** The header row: a press sorts, the edge resizes, Shift+arrows resize from the keyboard. */
export function GridHeader({ columns, sort, onSort, onColumnWidth }: GridHeaderProps) {
  function resize(column: GridColumn, width: number): void {
    const within = Math.min(WIDEST, Math.max(column.minWidth, Math.round(width)));
    if (within !== column.width) onColumnWidth?.(column.id, within);
  }

  function onKeyDown(column: GridColumn, event: KeyboardEvent): void {
    if (!event.shiftKey || column.flexible === true) return;
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    event.preventDefault();
    event.stopPropagation();
    resize(column, column.width + (event.key === 'ArrowRight' ? KEY_STEP : -KEY_STEP));
  }

  function onPointerDown(column: GridColumn, event: PointerEvent<HTMLElement>): void {
    if (event.button !== 0) return;
    event.preventDefault();
    const handle = event.currentTarget;
    const { clientX } = event;
    handle.setPointerCapture(event.pointerId);
    const move = (moved: globalThis.PointerEvent): void => {
      // The flexible first column gives way, so the handle is on the left edge.
      resize(column, column.width - (moved.clientX - clientX));
    };
    const end = (): void => {
      handle.removeEventListener('pointermove', move);
      handle.removeEventListener('lostpointercapture', end);
    };
    handle.addEventListener('pointermove', move);
    handle.addEventListener('lostpointercapture', end);
  }

  return (
    <div role="row" aria-rowindex={1} className={styles.header}>
      {columns.map((column, index) => {
        const sorted = sort?.column === column.id;
        return (
          <div
            key={column.id}
            role="columnheader"
            aria-colindex={index + 1}
            {...(onSort === undefined
              ? {}
              : {
                  'aria-sort': !sorted
                    ? ('none' as const)
                    : sort.descending
                      ? ('descending' as const)
                      : ('ascending' as const),
                })}
            className={classes(styles.heading, column.align === 'end' && styles.end)}
          >
            {column.flexible !== true && onColumnWidth !== undefined && (
              <span
                aria-hidden="true"
                className={styles.resizer}
                onPointerDown={(event) => onPointerDown(column, event)}
              />
            )}
            {onSort === undefined ? (
              <span className={styles.sortButton}>{column.label}</span>
            ) : (
              <button
                type="button"
                className={classes(styles.sortButton, sorted && styles.sorted)}
                onClick={() => onSort(column.id)}
                onKeyDown={(event) => onKeyDown(column, event)}
              >
                <span className={styles.headingText}>{column.label}</span>
                {sorted &&
                  (sort.descending ? (
                    <ChevronDown size={12} aria-hidden="true" />
                  ) : (
                    <ChevronUp size={12} aria-hidden="true" />
                  ))}
              </button>
            )}
          </div>
        );
      })}
    </div>
  );
}
