import type { PageNames } from '../s3/name-order.ts';
import type { RemotePage, S3Connection } from '../s3/s3-connection.ts';
import { listingWidth } from './listing-width.ts';
import { orAborted } from './or-aborted.ts';
import type { ListingRef } from './page-cache.ts';
import { NotInOrder } from './page-source.ts';
import { WideListing } from './wide-listing.ts';

/** Long listings read at once; the one unused the longest goes first. */
const MAX_LISTINGS = 2;
interface Entry {
  readonly ref: ListingRef;
  readonly connection: S3Connection;
  readonly listing: WideListing;
}

/** The long listings that the window is reading, found again by their next cursor. */
export class WideListings {
  readonly #entries = new Map<string, Entry>();
  readonly #unfit: WeakSet<S3Connection> = new WeakSet();

  /**
   * Begins to read a folder at several places, from where a page ends. `ahead` is the page
   * after it, if that is already being read.
   */
  begin(
    connection: S3Connection,
    ref: ListingRef,
    before: PageNames & { readonly cursor: string | null },
    ahead: Promise<RemotePage> | undefined,
  ): void {
    const { cursor } = before;
    if (cursor === null || this.#unfit.has(connection)) return;
    this.drop(ref);
    const { bucket, prefix } = ref;
    const listing = new WideListing({
      source: async (input, signal) => {
        const isAhead = input.cursor === cursor && input.maxKeys === undefined;
        const page = await (isAhead && ahead !== undefined
          ? orAborted(ahead, signal)
          : connection.listPage({ bucket, prefix, delimiter: '/', ...input, signal }));
        // The window shows none, and pages wait in memory.
        return { ...page, etags: [] };
      },
      prefix,
      cursor,
      before,
      width: listingWidth(connection),
    });
    this.#entries.set(idOf(ref), { ref, connection, listing });
    for (const [id, entry] of this.#entries) {
      if (this.#entries.size <= MAX_LISTINGS) break;
      entry.listing.dispose();
      this.#entries.delete(id);
    }
  }

  /** Whether the page of this cursor is the next one of a listing being read. */
  has(ref: ListingRef, cursor: string): boolean {
    return this.#entries.get(idOf(ref))?.listing.nextCursor === cursor;
  }

  /**
   * The page of a cursor that `has` knows; `null` when the server turns out not to list in
   * order, so that the page must be asked for by itself. Throws `AppError`.
   */
  async take(ref: ListingRef, signal: AbortSignal): Promise<RemotePage | null> {
    const entry = this.#entries.get(idOf(ref));
    if (entry === undefined) return null;
    try {
      const page = await entry.listing.next(signal);
      if (page.cursor === null) this.drop(ref);
      return page;
    } catch (error) {
      if (this.#entries.get(idOf(ref)) === entry) this.drop(ref);
      if (!(error instanceof NotInOrder)) throw error;
      this.#unfit.add(entry.connection);
      return null;
    }
  }

  /** Gives up one listing. */
  drop(ref: ListingRef): void {
    this.dropWhere((other) => idOf(other) === idOf(ref));
  }

  /** Gives up all listings that fit. */
  dropWhere(fits: (ref: ListingRef) => boolean): void {
    for (const [id, { ref, listing }] of this.#entries) {
      if (!fits(ref)) continue;
      listing.dispose();
      this.#entries.delete(id);
    }
  }
}

function idOf({ connectionId, bucket, prefix }: ListingRef): string {
  return `${connectionId}\n${bucket}\n${prefix}`;
}
