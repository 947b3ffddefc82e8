import { cursorAfter } from '../s3/list-cursor.ts';
import { compareNames, firstName, lastName } from '../s3/name-order.ts';
import type { RemotePage } from '../s3/s3-connection.ts';
import type { KeySpace } from './key-space.ts';
import { cutPage } from './page-cut.ts';
import { NotInOrder, type PageSource } from './page-source.ts';

/** Where a range begins: at a cursor of the server's, or after a name. */
export type RangeStart = { readonly cursor: string } | { readonly after: string };

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

  /** Reads what comes next. Throws `NotInOrder` and what the source throws. */
  async read(source: PageSource, signal: AbortSignal): Promise<RemotePage> {
    this.#reading = true;
    try {
      const cursor = this.#cursor;
      // Whether anything is there at all is a small question with a small answer.
      const probes = !this.proven;
      const input = probes ? { cursor, maxKeys: 1 } : { cursor };
      const page = await source(input, signal);
      this.#checkOrder(page);
      this.failed = false;
      if (probes) this.#prove(page);
      else this.#add(page);
      return page;
    } finally {
      this.#reading = false;
    }
  }

  #prove(page: RemotePage): void {
    const first = firstName(page);
    this.proven = true;
    this.done = first === undefined ? page.cursor === null : this.#isBeyond(first);
  }

  #add(page: RemotePage): void {
    const last = lastName(page);
    const kept = this.to === null ? page : cutPage(page, this.to);
    this.done = page.cursor === null || (last !== undefined && this.#isBeyond(last));
    this.#cursor = page.cursor ?? '';
    this.#first = firstName(kept) ?? this.#first;
    this.#last = lastName(kept) ?? this.#last;
    // An empty page in the middle tells nothing; at the end it carries the way on.
    if (kept.keys.length + kept.prefixes.length > 0 || this.done) this.pages.push(kept);
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
