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

/** Columns of a list, with the widths the user chose. */
export function columnsFor(
  what: 'objects' | 'buckets',
  widths: Readonly<Record<string, number>>,
): readonly GridColumn[] {
  return (what === 'buckets' ? BUCKET_COLUMNS : FILE_COLUMNS).map((column) => {
    const width = widths[column.id];
    return width === undefined || column.flexible === true
      ? column
      : { ...column, width: Math.max(column.minWidth, width) };
  });
}
