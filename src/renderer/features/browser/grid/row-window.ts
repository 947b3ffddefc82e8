/**
 * Tallest element we make. Chromium clamps at 33,554,428 px; beyond this many pixels of
 * rows the scroll bar stands for more than it measures.
 */
export const TALLEST = 30_000_000;
/** Rows drawn above and below what one sees. */
const OVERSCAN = 5;

/** Sizes a window onto rows is computed from, in CSS pixels. */
export interface RowMetrics {
  readonly rowCount: number;
  readonly rowHeight: number;
  /** Height in which rows are seen. */
  readonly viewport: number;
}

/** How far one is scrolled: as the element says, and in pixels of rows. */
export interface ScrollState {
  readonly scrollTop: number;
  readonly rowsTop: number;
}

/** Height of the element that holds the rows. */
export function bodyHeight({ rowCount, rowHeight }: RowMetrics): number {
  return Math.min(rowCount * rowHeight, TALLEST);
}

/** Whether the scroll bar cannot measure all rows. */
export function isScaled({ rowCount, rowHeight }: RowMetrics): boolean {
  return rowCount * rowHeight > TALLEST;
}

/** Rows' pixels for a scroll position. */
export function rowsTopFor(scrollTop: number, metrics: RowMetrics): number {
  if (!isScaled(metrics)) return scrollTop;
  const { rowsMost, scrollMost } = mosts(metrics);
  return scrollMost <= 0 ? 0 : (scrollTop / scrollMost) * rowsMost;
}

/** Scroll position for rows' pixels. */
export function scrollTopFor(rowsTop: number, metrics: RowMetrics): number {
  const { rowsMost, scrollMost } = mosts(metrics);
  const within = Math.min(Math.max(rowsTop, 0), Math.max(rowsMost, 0));
  if (!isScaled(metrics)) return within;
  return rowsMost <= 0 ? 0 : (within / rowsMost) * scrollMost;
}

/** First and last row to draw; `last` is -1 when there is none. */
export function rowRange(
  rowsTop: number,
  { rowCount, rowHeight, viewport }: RowMetrics,
): { readonly first: number; readonly last: number } {
  const first = Math.floor(rowsTop / rowHeight) - OVERSCAN;
  const last = Math.ceil((rowsTop + viewport) / rowHeight) + OVERSCAN;
  return {
    first: Math.max(0, Math.min(first, rowCount - 1)),
    last: Math.min(rowCount - 1, last),
  };
}

/** Rows' pixels that bring a row into view with the least movement. */
export function revealTop(
  position: number,
  rowsTop: number,
  { rowHeight, viewport }: RowMetrics,
): number {
  const top = position * rowHeight;
  if (top < rowsTop) return top;
  const bottom = top + rowHeight;
  return bottom > rowsTop + viewport ? bottom - viewport : rowsTop;
}

function mosts(metrics: RowMetrics): { rowsMost: number; scrollMost: number } {
  return {
    rowsMost: metrics.rowCount * metrics.rowHeight - metrics.viewport,
    scrollMost: bodyHeight(metrics) - metrics.viewport,
  };
}
