import { AppError } from '../../../shared/errors/app-error.ts';
import type { PageNames } from '../s3/name-order.ts';
import type { RemotePage } from '../s3/s3-connection.ts';
import { KeySpace } from './key-space.ts';
import { ListingRange } from './listing-range.ts';
import { EMPTY_PAGE } from './page-cut.ts';
import { NotInOrder, type PageSource } from './page-source.ts';

/** Options of {@link WideListing}. */
export interface WideListingOptions {
  readonly source: PageSource;
  /** All names begin with it. */
  readonly prefix: string;
  /** Where to begin, as a page before said. */
  readonly cursor: string;
  /** That page: with it, the first request already goes out together with others. */
  readonly before?: PageNames;
  /** Requests at once. */
  readonly width: number;
}

/** Pages read ahead of the one who takes them: about 4 MB. */
const PAGES_AHEAD = 48;
/** A range with less than this ahead, in pages, is not worth a cut. */
const MIN_PAGES = 2;
/** Pages that are learnt name by name, and of how many names one is of the others. */
const LEARNT_PAGES = 4;
const LEARNT_OF = 13;
/** Guesses are read at once, without a probe, while so much of what they bring is wanted. */
const TRUSTED_USE = 0.6;
/** With less, one guess is made at a time. */
const POOR_USE = 0.5;
/** How much the last answer counts. */
const NEWS = 0.2;
/** Ranges are cut so long, in pages: what is read ahead lies near what is wanted next. */
const RANGE_PAGES = 4;

/**
 * Reads a long listing at several places at once. A listing is a chain of pages, each
 * naming the next, so the way to the server counts a hundred times for 100,000 names;
 * `start-after` opens the chain anywhere. Pages come out in order, each with a cursor
 * that also works by itself. Where names lie is guessed, asked for with one name until
 * guesses turn out well, and guessed again: only what the server answered is given out.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html (start-after)
 */
export class WideListing {
  readonly #options: WideListingOptions;
  readonly #space: KeySpace;
  readonly #controller = new AbortController();
  readonly #ranges: ListingRange[];
  #width: number;
  #running = 0;
  #learnt = 0;
  /** Which share of what came was wanted, of late. The first guesses are probed. */
  #use = 0.59;
  #failure: unknown;
  #changed = Promise.withResolvers<void>();
  #nextCursor: string;

  constructor(options: WideListingOptions) {
    this.#options = options;
    this.#space = new KeySpace(options.prefix.length);
    this.#width = options.width;
    this.#nextCursor = options.cursor;
    const all = new ListingRange({ cursor: options.cursor }, null);
    this.#ranges = [all];
    if (options.before !== undefined) {
      all.follow(options.before);
      this.#learn(options.before);
    }
    this.#pump();
  }

  /** The cursor whose page `next` gives. */
  get nextCursor(): string {
    return this.#nextCursor;
  }

  /**
   * The next page in order. Throws `AppError`, and `NotInOrder` when the server cannot be
   * read this way: `nextCursor` then is where to go on page by page.
   */
  async next(signal: AbortSignal): Promise<RemotePage> {
    const onAbort = (): void => this.#wake();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      for (;;) {
        if (signal.aborted) throw new AppError('transfer.cancelled');
        const page = this.#take();
        if (page !== undefined) {
          if (page.cursor !== null) this.#nextCursor = page.cursor;
          this.#pump();
          return page;
        }
        if (this.#failure !== undefined) throw this.#failure;
        await this.#changed.promise;
      }
    } finally {
      // The signal of a whole job outlives many pages.
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** Gives up what is being read. */
  dispose(): void {
    this.#controller.abort();
    this.#failure ??= new AppError('transfer.cancelled');
    this.#wake();
  }

  /** A page that is sure to be the next one. */
  #take(): RemotePage | undefined {
    for (;;) {
      const [head] = this.#ranges;
      if (head === undefined) return EMPTY_PAGE;
      const ends = head.done && head.pages.length <= 1;
      if (ends) this.#dropEmptyAfterHead();
      const following = this.#ranges[1];
      // Where the cut was, the server must have shown that it can go on there.
      if (ends && following !== undefined && !following.proven) return undefined;
      const page = head.pages.shift();
      if (page === undefined && !head.done) return undefined;
      if (ends) this.#ranges.shift();
      if (page === undefined) continue;
      if (!ends) return page;
      return { ...page, cursor: following === undefined ? null : following.startCursor };
    }
  }

  #dropEmptyAfterHead(): void {
    while (this.#ranges[1]?.isEmpty === true) this.#ranges.splice(1, 1);
  }

  get #pagesAhead(): number {
    return this.#ranges.reduce((sum, range) => sum + range.pages.length, 0);
  }

  #pump(): void {
    while (this.#failure === undefined && this.#running < this.#width) {
      const range = this.#nextRange();
      if (range === undefined) return;
      void this.#read(range);
    }
  }

  #nextRange(): ListingRange | undefined {
    const [head] = this.#ranges;
    if (head?.isIdle === true && head.pages.length === 0) return head;
    if (this.#pagesAhead + this.#running >= PAGES_AHEAD) return undefined;
    const idle = this.#ranges.find((range) => range.isIdle && !range.failed);
    if (idle !== undefined) return idle;
    return this.#cutFirstLong() ? this.#nextRange() : undefined;
  }

  #cutFirstLong(): boolean {
    for (const range of this.#ranges) {
      const pages = range.pagesLeft(this.#space);
      if (pages <= MIN_PAGES || range.last === undefined) continue;
      const free = this.#use < POOR_USE ? 1 : this.#width - this.#running;
      // How far a page reaches is not always to be told: then the cuts are even.
      const pieces = Number.isFinite(pages) ? Math.ceil(pages / RANGE_PAGES) : free;
      const count = Math.max(1, pieces - 1);
      const points = this.#space.points(range.last, range.to, count, free);
      if (points.length > 0) {
        this.#cut(range, points);
        return true;
      }
      range.cannotBeCut = true;
    }
    return false;
  }

  #cut(range: ListingRange, points: readonly string[]): void {
    const pieces = points.map(
      (after, index) => new ListingRange({ after }, points[index + 1] ?? range.to),
    );
    range.to = points[0] ?? range.to;
    this.#ranges.splice(this.#ranges.indexOf(range) + 1, 0, ...pieces);
  }

  async #read(range: ListingRange): Promise<void> {
    this.#running += 1;
    try {
      const { source } = this.#options;
      const guessed = !range.proven;
      const probing = this.#use < TRUSTED_USE;
      const read = await range.read(source, probing, this.#controller.signal);
      this.#learn(read.page);
      if (guessed || range.to !== null) this.#use += NEWS * (read.use - this.#use);
    } catch (error) {
      // Another place may wait; the one that is wanted now may not.
      if (error instanceof NotInOrder || range === this.#ranges[0]) {
        this.#failure ??= error;
      } else {
        range.failed = true;
        this.#width = Math.max(1, this.#width >> 1);
      }
    } finally {
      this.#running -= 1;
    }
    this.#pump();
    this.#wake();
  }

  #learn(page: PageNames): void {
    const step = this.#learnt < LEARNT_PAGES ? 1 : LEARNT_OF;
    this.#learnt += 1;
    this.#space.learn(page.keys, step);
    this.#space.learn(page.prefixes, step);
  }

  #wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
