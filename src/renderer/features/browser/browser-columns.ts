import type { GridColumn } from './grid/grid-header.tsx';

const FILE_COLUMNS: readonly GridColumn[] = [
  { id: 'name', label: 'Name', width: 320, minWidth: 160, flexible: true },
  { id: 'size', label: 'Size', width: 84, minWidth: 64, align: 'end' },
  { id: 'modified', label: 'Modified', width: 166, minWidth: 96 },
  { id: 'kind', label: 'Kind', width: 118, minWidth: 72 },
  { id: 'class', label: 'Storage Class', width: 108, minWidth: 72 },
];

const BUCKET_COLUMNS: readonly GridColumn[] = [
  { id: 'name', label: 'Name', width: 320, minWidth: 160, flexible: true },
  { id: 'modified', label: 'Created', width: 200, minWidth: 96 },
];

/** What gives way in a narrow list, first to last. The inspector shows it all. */
const EXPENDABLE: readonly string[] = ['class', 'kind', 'modified'];

function needed(columns: readonly GridColumn[]): number {
  return columns.reduce(
    (sum, each) => sum + (each.flexible === true ? each.minWidth : each.width),
    0,
  );
}

/** Columns for which a list of so many pixels has room, going by their usual widths. */
function withRoom(
  columns: readonly GridColumn[],
  width: number | null,
): readonly GridColumn[] {
  if (width === null) return columns;
  let kept = columns;
  for (const id of EXPENDABLE) {
    if (needed(kept) > width) kept = kept.filter((column) => column.id !== id);
  }
  return kept;
}

/**
 * Columns of a list, with the widths the user chose; those that fit into `available`
 * pixels (`null`: not known yet).
 */
export function columnsFor(
  what: 'objects' | 'buckets',
  widths: Readonly<Record<string, number>>,
  available: number | null,
): readonly GridColumn[] {
  return withRoom(what === 'buckets' ? BUCKET_COLUMNS : FILE_COLUMNS, available).map(
    (column) => {
      const width = widths[column.id];
      return width === undefined || column.flexible === true
        ? column
        : { ...column, width: Math.max(column.minWidth, width) };
    },
  );
}
