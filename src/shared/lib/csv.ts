/** A cell of a CSV file. `null` is an empty cell. */
export type CsvCell = string | number | null;

/**
 * A line of a CSV file with its line end (RFC 4180). Text that a spreadsheet would take
 * for a formula gets an apostrophe before it: names of objects come from anybody.
 * https://owasp.org/www-community/attacks/CSV_Injection
 */
export function csvLine(cells: readonly CsvCell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(cell: CsvCell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : '';
  const safe = /^[=+\-@\t\r\n]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A time as CSV has it, UTC; empty for `null`. */
export function csvTime(ms: number | null): string {
  return ms === null || !Number.isFinite(ms) || Math.abs(ms) > 8.64e15
    ? ''
    : new Date(ms).toISOString();
}
