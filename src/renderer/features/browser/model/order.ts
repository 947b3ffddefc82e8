import type { SlicedWork } from './sliced.ts';

/** Compares two row ids; never 0 for different rows, so every order is total. */
export type CompareRows = (a: number, b: number) => number;

/** Rows sorted at once before a pause is offered; about 2 ms of work. */
const RUN = 4_096;
/** Comparisons between two offers to pause. */
const STRIDE = 2_048;

/** First position in `sorted[from, to)` whose row comes after `row`. */
export function insertionPoint(
  sorted: Uint32Array<ArrayBuffer>,
  row: number,
  compare: CompareRows,
  from = 0,
  to = sorted.length,
): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(sorted[middle] as number, row) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Position of a row in a sorted order, or -1. */
export function positionOf(
  sorted: Uint32Array<ArrayBuffer>,
  row: number,
  compare: CompareRows,
): number {
  const at = insertionPoint(sorted, row, compare);
  return sorted[at] === row ? at : -1;
}

/**
 * A long order with a short one behind it. Both share memory where the long one has room
 * left: what was given out before stays what it is, as nobody looks beyond its end. Only
 * one such order may be gone on with, the others are of the past.
 */
export function append(
  long: Uint32Array<ArrayBuffer>,
  short: Uint32Array<ArrayBuffer>,
): Uint32Array<ArrayBuffer> {
  if (short.length === 0) return long;
  const length = long.length + short.length;
  const room = long.buffer.byteLength / Uint32Array.BYTES_PER_ELEMENT;
  const whole = length <= room ? long.buffer : new Uint32Array(length * 2).buffer;
  const appended = new Uint32Array(whole, 0, length);
  if (whole !== long.buffer) appended.set(long);
  appended.set(short, long.length);
  return appended;
}

/**
 * Merges a short sorted order into a long one. Searches each newcomer's place and copies
 * whole blocks between, so a page costs a thousand searches, not a million comparisons.
 */
export function* mergeInto(
  long: Uint32Array<ArrayBuffer>,
  short: Uint32Array<ArrayBuffer>,
  compare: CompareRows,
): SlicedWork<Uint32Array<ArrayBuffer>> {
  if (short.length === 0) return long;
  if (long.length === 0) return short;
  const merged = new Uint32Array(long.length + short.length);
  let from = 0;
  for (let i = 0; i < short.length; i += 1) {
    const row = short[i] as number;
    // Listings come nearly in order: look in a doubling window before searching all.
    let reach = 1;
    while (from + reach < long.length && compare(long[from + reach] as number, row) < 0) {
      reach *= 2;
    }
    const to = insertionPoint(
      long,
      row,
      compare,
      from + (reach >> 1),
      Math.min(from + reach + 1, long.length),
    );
    merged.set(long.subarray(from, to), from + i);
    merged[to + i] = row;
    from = to;
    if (i % 256 === 255) yield;
  }
  merged.set(long.subarray(from), from + short.length);
  return merged;
}

/** Merges `source[low, middle)` and `source[middle, high)` into `target`. */
function* mergeRuns(
  source: Uint32Array<ArrayBuffer>,
  target: Uint32Array<ArrayBuffer>,
  low: number,
  middle: number,
  high: number,
  compare: CompareRows,
): SlicedWork<void> {
  let left = low;
  let right = middle;
  for (let out = low; out < high; out += 1) {
    const takeLeft =
      left < middle &&
      (right >= high || compare(source[left] as number, source[right] as number) <= 0);
    target[out] = (takeLeft ? source[left++] : source[right++]) as number;
    if (out % STRIDE === 0) yield;
  }
}

/** Sorts row ids: a merge sort that can pause anywhere. The input is left alone. */
export function* sortRows(
  rows: Uint32Array<ArrayBuffer>,
  compare: CompareRows,
): SlicedWork<Uint32Array<ArrayBuffer>> {
  let source = rows.slice();
  for (let low = 0; low < source.length; low += RUN) {
    source.subarray(low, low + RUN).sort(compare);
    yield;
  }
  let target = new Uint32Array(source.length);
  for (let width = RUN; width < source.length; width *= 2) {
    for (let low = 0; low < source.length; low += width * 2) {
      const middle = Math.min(low + width, source.length);
      const high = Math.min(low + width * 2, source.length);
      if (
        middle >= high ||
        compare(source[middle - 1] as number, source[middle] as number) <= 0
      ) {
        target.set(source.subarray(low, high), low);
        yield;
      } else {
        yield* mergeRuns(source, target, low, middle, high, compare);
      }
    }
    [source, target] = [target, source];
  }
  return source;
}

/** Rows of an order that pass, in the same order. */
export function* filterRows(
  rows: Uint32Array<ArrayBuffer>,
  passes: (row: number) => boolean,
): SlicedWork<Uint32Array<ArrayBuffer>> {
  const kept = new Uint32Array(rows.length);
  let count = 0;
  for (let i = 0; i < rows.length; i += 1) {
    const row = rows[i] as number;
    if (passes(row)) {
      kept[count] = row;
      count += 1;
    }
    if (i % STRIDE === 0) yield;
  }
  return kept.slice(0, count);
}
