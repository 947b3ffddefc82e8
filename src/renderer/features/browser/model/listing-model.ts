import type { BucketEntry, ListingPage } from '../../../../shared/domain/listing.ts';
import { type NameOrder, type Row, RowColumns, type Sort } from './columns.ts';
import {
  append,
  type CompareRows,
  filterRows,
  mergeInto,
  positionOf,
  sortRows,
} from './order.ts';
import { searchable } from './searchable.ts';
import { runSliced, type SlicedWork, type Slicer } from './sliced.ts';

/** Rows looked at between two offers to pause. */
const STRIDE = 2_048;

/** Which rows are shown. */
export interface RowFilter {
  /** Part of a name; case does not matter. Empty: all. */
  readonly text: string;
  /** Also names that start with a dot. */
  readonly showHidden: boolean;
}

/** What a listing model is made with. */
export interface ListingModelOptions extends NameOrder {
  /** Prefix the listing is of; empty for buckets and a bucket's root. */
  readonly prefix: string;
  readonly sort: Sort;
  readonly filter: RowFilter;
  readonly slicer: Slicer;
  /** The shown rows changed. */
  readonly onChange: () => void;
}

interface Applied {
  readonly sort: Sort;
  readonly filter: RowFilter;
  readonly compare: CompareRows;
}

/**
 * The rows of one folder, sorted and filtered. Pages come in while the list is shown; the
 * work of merging, sorting and filtering is done in slices, so a million rows never hold
 * up the window. What is shown stays valid all the while.
 */
export class ListingModel {
  readonly columns: RowColumns;
  readonly #options: ListingModelOptions;
  #wanted: { sort: Sort; filter: RowFilter };
  #applied: Applied;
  /** Every merged row in order. */
  #all = new Uint32Array(0);
  /** Those that pass the filter; the very same array when all do. */
  #view = this.#all;
  /** Rows below this are merged; those from here on wait. */
  #merged = 0;
  #pumping: Promise<void> | null = null;
  #abort = new AbortController();
  #disposed = false;

  constructor(options: ListingModelOptions) {
    this.#options = options;
    this.columns = new RowColumns(options.prefix, options);
    this.#wanted = { sort: options.sort, filter: options.filter };
    this.#applied = {
      ...this.#wanted,
      compare: this.columns.compare(options.sort),
    };
  }

  /** Shown rows. */
  get length(): number {
    return this.#view.length;
  }

  /** Rows that have come in, shown or not. */
  get loaded(): number {
    return this.columns.count;
  }

  /** Rows that came in but are not shown, being filtered out or hidden. */
  get excluded(): number {
    return this.#all.length - this.#view.length;
  }

  get sort(): Sort {
    return this.#wanted.sort;
  }

  /** Row id at a shown position; -1 beyond the end. */
  rowAt(position: number): number {
    return this.#view[position] ?? -1;
  }

  /** Shown position of a row id; -1 when it is not shown. */
  positionOf(row: number): number {
    if (row < 0 || row >= this.#merged) return -1;
    return positionOf(this.#view, row, this.#applied.compare);
  }

  /** The row at a shown position. */
  at(position: number): Row | null {
    const row = this.#view[position];
    return row === undefined ? null : this.columns.row(row);
  }

  addPage(page: ListingPage): void {
    this.columns.addPage(page);
    this.#pump();
  }

  addBuckets(buckets: readonly BucketEntry[]): void {
    this.columns.addBuckets(buckets);
    this.#pump();
  }

  setSort(sort: Sort): void {
    this.#wanted = { ...this.#wanted, sort };
    this.#abort.abort();
    this.#pump();
  }

  setFilter(filter: RowFilter): void {
    const { text, showHidden } = this.#wanted.filter;
    if (text === filter.text && showHidden === filter.showHidden) return;
    this.#wanted = { ...this.#wanted, filter };
    this.#abort.abort();
    this.#pump();
  }

  /** Resolves when everything asked for is shown. */
  async settled(): Promise<void> {
    while (this.#pumping) await this.#pumping;
  }

  /** Ends the work; the model is not used any more. */
  dispose(): void {
    this.#disposed = true;
    this.#abort.abort();
  }

  /**
   * First shown position at or after `from` (wrapping around) whose name starts with
   * `text`; -1 when there is none.
   */
  find(text: string, from: number): number {
    const start = searchable(text);
    const { length } = this.#view;
    for (let i = 0; i < length; i += 1) {
      const position = (from + i) % length;
      if (this.columns.startsWith(this.#view[position] as number, start)) return position;
    }
    return -1;
  }

  #pump(): void {
    if (this.#pumping || this.#disposed) return;
    this.#pumping = this.#work().finally(() => {
      this.#pumping = null;
      if (this.#behind()) this.#pump();
    });
  }

  #behind(): boolean {
    return (
      !this.#disposed &&
      (this.#merged < this.columns.count ||
        this.#wanted.sort !== this.#applied.sort ||
        this.#wanted.filter !== this.#applied.filter)
    );
  }

  async #work(): Promise<void> {
    while (this.#behind()) {
      this.#abort = new AbortController();
      const { sort, filter } = this.#wanted;
      const count = this.columns.count;
      const same = sort === this.#applied.sort && filter === this.#applied.filter;
      const work = same ? this.#merge(count) : this.#rebuild(sort, filter, count);
      const result = await runSliced(work, this.#options.slicer, this.#abort.signal);
      if (result === null || this.#disposed) continue;
      this.#all = result.all;
      this.#view = result.view;
      this.#merged = count;
      if (!same) this.#applied = { sort, filter, compare: this.columns.compare(sort) };
      this.#options.onChange();
    }
  }

  *#merge(count: number): SlicedWork<{
    all: Uint32Array<ArrayBuffer>;
    view: Uint32Array<ArrayBuffer>;
  }> {
    const { compare, filter } = this.#applied;
    const came = range(this.#merged, count);
    const sorted = yield* this.#continues(came);
    const fresh = sorted ? came : yield* sortRows(came, compare);
    const all = sorted
      ? append(this.#all, fresh)
      : yield* mergeInto(this.#all, fresh, compare);
    const shown = yield* filterRows(fresh, this.#passes(filter));
    if (this.#view === this.#all && shown.length === fresh.length) {
      return { all, view: all };
    }
    // What both shared is not shared any more.
    const before = this.#view === this.#all ? this.#view.slice() : this.#view;
    const view = sorted
      ? append(before, shown)
      : yield* mergeInto(before, shown, compare);
    return { all, view };
  }

  /** Whether the rows stand in order behind all others, as far as a glance tells. */
  *#continues(rows: Uint32Array<ArrayBuffer>): SlicedWork<boolean> {
    const { column, descending } = this.#applied.sort;
    if (column !== 'name' || descending) return false;
    let before = this.#all.at(-1);
    for (let i = 0; i < rows.length; i += 1) {
      const row = rows[i] as number;
      if (before !== undefined && !this.columns.surelyBefore(before, row)) return false;
      before = row;
      if (i % STRIDE === STRIDE - 1) yield;
    }
    return true;
  }

  *#rebuild(
    sort: Sort,
    filter: RowFilter,
    count: number,
  ): SlicedWork<{ all: Uint32Array<ArrayBuffer>; view: Uint32Array<ArrayBuffer> }> {
    let all = this.#all;
    if (sort !== this.#applied.sort || this.#merged !== count) {
      all =
        sort.column === this.#applied.sort.column &&
        sort.descending !== this.#applied.sort.descending &&
        this.#merged === count
          ? reversed(all, (row) => this.columns.isFile(row))
          : yield* sortRows(range(0, count), this.columns.compare(sort));
    }
    const view = yield* filterRows(all, this.#passes(filter));
    return { all, view: view.length === all.length ? all : view };
  }

  #passes(filter: RowFilter): (row: number) => boolean {
    const needle = searchable(filter.text);
    return (row) => this.columns.passes(row, needle, filter.showHidden);
  }
}

function range(from: number, to: number): Uint32Array<ArrayBuffer> {
  const rows = new Uint32Array(to - from);
  for (let i = 0; i < rows.length; i += 1) rows[i] = from + i;
  return rows;
}

/** The other direction of an order that has its folders first. */
function reversed(
  rows: Uint32Array<ArrayBuffer>,
  isFile: (row: number) => boolean,
): Uint32Array<ArrayBuffer> {
  let files = 0;
  let end = rows.length;
  while (files < end) {
    const middle = (files + end) >>> 1;
    if (isFile(rows[middle] as number)) end = middle;
    else files = middle + 1;
  }
  const result = rows.slice();
  result.subarray(0, files).reverse();
  result.subarray(files).reverse();
  return result;
}
