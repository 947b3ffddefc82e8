import { cursorAfter } from '../s3/list-cursor.ts';
import { compareNames, firstName, lastName, type PageNames } from '../s3/name-order.ts';
import type { RemotePage } from '../s3/s3-connection.ts';
import type { KeySpace } from './key-space.ts';
import { cutPage } from './page-cut.ts';
import { NotInOrder, type PageSource } from './page-source.ts';

/** Where a range begins: at a cursor of the server's, or after a name. */
export type RangeStart = { readonly cursor: string } | { readonly after: string };

/** A page, and which share of it was wanted. */
export interface ReadPage {
  readonly page: RemotePage;
  /** From 0 to 1. */
  readonly use: number;
}

/** A stretch of a listing that is read page by page. */
export class ListingRange {
  /** Pages that were read and not yet taken. */
  readonly pages: RemotePage[] = [];
  /** The last name that belongs to it; `null`: it goes to the end. */
  to: string | null;
  /** Whether the server has shown that the range begins where it should. */
  proven: boolean;
  /** Everything was read. */
  done = false;
  /** Reading failed; it is tried again when it is the one that is wanted. */
  failed = false;
  /** There is no name to cut it at. */
  cannotBeCut = false;
  readonly #start: RangeStart;
  #cursor: string;
  #reading = false;
  #first: string | undefined;
  #last: string | undefined;

  constructor(start: RangeStart, to: string | null) {
    this.#start = start;
    this.to = to;
    this.#cursor = this.startCursor;
    this.proven = 'cursor' in start;
    this.#last = 'after' in start ? start.after : undefined;
  }

  /** Tells the range which page lies right before it. */
  follow(page: PageNames): void {
    this.#first = firstName(page);
    this.#last = lastName(page);
  }

  get startCursor(): string {
    return 'after' in this.#start ? cursorAfter(this.#start.after) : this.#start.cursor;
  }

  /** The server has nothing there. */
  get isEmpty(): boolean {
    return this.proven && this.done && this.pages.length === 0;
  }

  /** Nobody reads it, and there is more to read. */
  get isIdle(): boolean {
    return !this.#reading && !this.done;
  }

  /** The last name that is known to lie before what is still to be read. */
  get last(): string | undefined {
    return this.#last;
  }

  /** About how many pages are still to be read after the one that may be on its way. */
  pagesLeft(space: KeySpace): number {
    if (this.done || this.cannotBeCut || this.#first === undefined) return 0;
    const left = space.stretches(this.#first, this.#last ?? this.#first, this.to);
    return this.#reading ? left - 1 : left;
  }

  /**
   * Reads what comes next. `probing`: while it is not known whether anything is there at
   * all, only that is asked for, which is a small question with a small answer. Throws
   * `NotInOrder` and what the source throws.
   */
  async read(
    source: PageSource,
    probing: boolean,
    signal: AbortSignal,
  ): Promise<ReadPage> {
    this.#reading = true;
    try {
      const cursor = this.#cursor;
      const probes = probing && !this.proven;
      const input = probes ? { cursor, maxKeys: 1 } : { cursor };
      const page = await source(input, signal);
      this.#checkOrder(page);
      this.failed = false;
      return { page, use: probes ? this.#prove(page) : this.#add(page) };
    } finally {
      this.#reading = false;
    }
  }

  /** Whether the name belongs here, as a share. */
  #prove(page: RemotePage): number {
    const first = firstName(page);
    this.proven = true;
    this.done = first === undefined ? page.cursor === null : this.#isBeyond(first);
    return first === undefined || this.done ? 0 : 1;
  }

  /** The share of the page that belongs here. */
  #add(page: RemotePage): number {
    this.proven = true;
    const last = lastName(page);
    const kept = this.to === null ? page : cutPage(page, this.to);
    this.done = page.cursor === null || (last !== undefined && this.#isBeyond(last));
    this.#cursor = page.cursor ?? '';
    this.#first = firstName(kept) ?? this.#first;
    this.#last = lastName(kept) ?? this.#last;
    const count = countOf(kept);
    if (count > 0) this.pages.push(kept);
    return count / Math.max(1, countOf(page));
  }

  #isBeyond(name: string): boolean {
    return this.to !== null && compareNames(name, this.to) > 0;
  }

  #checkOrder(page: RemotePage): void {
    const first = firstName(page);
    const last = lastName(page);
    if (first === undefined || last === undefined) return;
    const after = this.#last;
    const follows = after === undefined || compareNames(first, after) > 0;
    if (!follows || compareNames(first, last) > 0) throw new NotInOrder();
  }
}

function countOf({ keys, prefixes }: PageNames): number {
  return keys.length + prefixes.length;
}
