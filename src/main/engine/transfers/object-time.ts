/**
 * The source's own time where an uploader noted it the way rclone does (seconds since 1970
 * with a fraction, in the metadata `mtime`), else when the object was stored; ms since 1970.
 */
export function sourceTime(object: {
  readonly metadata: Readonly<Record<string, string>>;
  readonly modified: number | null;
}): number | null {
  const text = object.metadata['mtime'] ?? '';
  const ms = /^-?\d{1,12}(?:\.\d*)?$/.test(text)
    ? Math.round(Number(text) * 1_000)
    : null;
  return ms ?? object.modified;
}

/** A time in nanoseconds since 1970 as rclone writes it into the metadata `mtime`. */
export function mtimeText(nanoseconds: bigint): string {
  const sign = nanoseconds < 0n ? '-' : '';
  const digits = (nanoseconds < 0n ? -nanoseconds : nanoseconds)
    .toString()
    .padStart(10, '0');
  return `${sign}${digits.slice(0, -9)}.${digits.slice(-9)}`;
}

/** Times closer than this are the same, ms: they went through fractions of a second. */
const SAME_TIME_MS = 2;

/** Whether two times, in ms since 1970, are that of the same file. */
export function isSameTime(a: number, b: number): boolean {
  return Math.abs(a - b) < SAME_TIME_MS;
}
