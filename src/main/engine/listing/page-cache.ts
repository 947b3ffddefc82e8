import type { ConnectionId } from '../../../shared/domain/ids.ts';
import type { ListingPage } from '../../../shared/domain/listing.ts';

/** Which listing. */
export interface ListingRef {
  readonly connectionId: ConnectionId;
  readonly bucket: string;
  readonly prefix: string;
}

/** A page whose names are one string each: a third of the memory, and less to look after. */
type PackedPage = Omit<ListingPage, 'keys' | 'prefixes'> & {
  readonly keys: string | readonly string[];
  readonly prefixes: string | readonly string[];
};

/** A complete listing, page by page as it came. */
interface CachedListing {
  readonly ref: ListingRef;
  /** By the cursor that asked for them; the first by the empty string. */
  readonly pages: Map<string, PackedPage>;
  entries: number;
}

/** Pages of listings, so that going back shows a folder at once. */
export interface PageCache {
  get(ref: ListingRef, cursor: string | null): ListingPage | undefined;
  /** Whether a page is there, which is quicker than to take it. */
  has(ref: ListingRef, cursor: string | null): boolean;
  put(ref: ListingRef, cursor: string | null, page: ListingPage): void;
  /**
   * Forgets the listing of a prefix, of every prefix under it (a folder was deleted) and
   * of every one above it (a folder may have appeared or gone).
   */
  invalidate(connectionId: ConnectionId, bucket: string, prefix: string): void;
  /** Forgets one listing only, before it is read anew. */
  drop(ref: ListingRef): void;
  forgetConnection(connectionId: ConnectionId): void;
}

/** A cache that keeps the most recently used listings up to `maxEntries` names in all. */
export function createPageCache(maxEntries: number): PageCache {
  // A Map keeps the order of insertion: the first is the one unused the longest.
  const listings = new Map<string, CachedListing>();
  let total = 0;

  function touch(id: string, listing: CachedListing): void {
    listings.delete(id);
    listings.set(id, listing);
  }

  function remove(id: string): void {
    total -= listings.get(id)?.entries ?? 0;
    listings.delete(id);
  }

  function removeWhere(test: (ref: ListingRef) => boolean): void {
    for (const [id, { ref }] of listings) if (test(ref)) remove(id);
  }

  return {
    get(ref, cursor) {
      const id = idOf(ref);
      const listing = listings.get(id);
      const page = listing?.pages.get(cursor ?? '');
      if (listing === undefined || page === undefined) return undefined;
      touch(id, listing);
      return { ...page, keys: unpack(page.keys), prefixes: unpack(page.prefixes) };
    },
    has: (ref, cursor) => listings.get(idOf(ref))?.pages.has(cursor ?? '') === true,
    put(ref, cursor, page) {
      const id = idOf(ref);
      // A later page without the ones before it is of no use to anybody.
      if (cursor !== null && !listings.has(id)) return;
      if (cursor === null) remove(id);
      const listing = listings.get(id) ?? { ref, pages: new Map(), entries: 0 };
      const size = page.keys.length + page.prefixes.length;
      if (!listing.pages.has(cursor ?? '')) {
        listing.entries += size;
        total += size;
      }
      listing.pages.set(cursor ?? '', {
        ...page,
        keys: pack(page.keys),
        prefixes: pack(page.prefixes),
      });
      touch(id, listing);
      for (const oldest of listings.keys()) {
        if (total <= maxEntries) break;
        remove(oldest);
      }
    },
    invalidate(connectionId, bucket, prefix) {
      removeWhere(
        (ref) =>
          ref.connectionId === connectionId &&
          ref.bucket === bucket &&
          (ref.prefix.startsWith(prefix) || prefix.startsWith(ref.prefix)),
      );
    },
    drop: (ref) => remove(idOf(ref)),
    forgetConnection(connectionId) {
      removeWhere((ref) => ref.connectionId === connectionId);
    },
  };
}

/** Lengths in front keep odd names from running into each other. */
function idOf({ connectionId, bucket, prefix }: ListingRef): string {
  return `${connectionId.length}:${bucket.length}:${connectionId}${bucket}${prefix}`;
}

/** Between packed names: listings come as XML, which has no such character. */
const SEPARATOR = '\0';

/** One string, or the names themselves where that would lose something. */
function pack(names: readonly string[]): string | readonly string[] {
  if (names.length === 0 || names.some((name) => name.includes(SEPARATOR))) return names;
  return names.join(SEPARATOR);
}

function unpack(packed: string | readonly string[]): string[] {
  return typeof packed === 'string' ? packed.split(SEPARATOR) : [...packed];
}
