import { z } from 'zod';
import { Bookmark, BookmarkFolder } from '../../shared/domain/bookmark.ts';
import type { BookmarkId, FolderId } from '../../shared/domain/ids.ts';
import { AppError } from '../../shared/errors/app-error.ts';

/** Bookmarks and folders in sidebar order; what bookmarks.json holds. */
export const BookmarkList = z.strictObject({
  folders: z.array(BookmarkFolder),
  bookmarks: z.array(Bookmark),
});
export type BookmarkList = z.infer<typeof BookmarkList>;

/** The bookmark. Throws `bookmark.not-found`. */
export function findBookmark(list: BookmarkList, id: BookmarkId): Bookmark {
  const found = list.bookmarks.find((each) => each.id === id);
  if (found === undefined) throw new AppError('bookmark.not-found', { params: { id } });
  return found;
}

/** Throws `bookmark.not-found` unless `id` is a folder or none. */
export function requireFolder(list: BookmarkList, id: FolderId | null): void {
  if (id !== null && !list.folders.some((each) => each.id === id)) {
    throw new AppError('bookmark.not-found', { params: { id } });
  }
}

/** The list with this bookmark in the place of the one of the same id. */
export function replaceBookmark(list: BookmarkList, bookmark: Bookmark): BookmarkList {
  return {
    ...list,
    bookmarks: list.bookmarks.map((each) => (each.id === bookmark.id ? bookmark : each)),
  };
}

/** The list with `added` right behind the bookmark `after`. */
export function insertAfter(
  list: BookmarkList,
  after: BookmarkId,
  added: Bookmark,
): BookmarkList {
  return {
    ...list,
    bookmarks: list.bookmarks.flatMap((each) =>
      each.id === after ? [each, added] : [each],
    ),
  };
}

/**
 * Puts bookmarks, in their present order, into a folder before `beforeId`, or behind all
 * others. Throws `bookmark.not-found` for any id that does not exist.
 */
export function moveBookmarks(
  list: BookmarkList,
  ids: readonly BookmarkId[],
  folderId: FolderId | null,
  beforeId: BookmarkId | null,
): BookmarkList {
  requireFolder(list, folderId);
  for (const id of ids) findBookmark(list, id);
  if (beforeId !== null) findBookmark(list, beforeId);
  const moving = new Set(ids);
  const moved = list.bookmarks
    .filter((each) => moving.has(each.id))
    .map((each) => ({ ...each, folderId }));
  const rest = list.bookmarks.filter((each) => !moving.has(each.id));
  // Dropped onto one of themselves: the place of the next one that stays.
  const before = firstStaying(list.bookmarks, beforeId, moving);
  const at = rest.findIndex((each) => each.id === before);
  const place = at === -1 ? rest.length : at;
  return {
    ...list,
    bookmarks: [...rest.slice(0, place), ...moved, ...rest.slice(place)],
  };
}

function firstStaying(
  bookmarks: readonly Bookmark[],
  from: BookmarkId | null,
  moving: ReadonlySet<BookmarkId>,
): BookmarkId | null {
  if (from === null) return null;
  const start = bookmarks.findIndex((each) => each.id === from);
  return bookmarks.slice(start).find((each) => !moving.has(each.id))?.id ?? null;
}

/** The list without a folder; its bookmarks stay, outside of it. */
export function dissolveFolder(list: BookmarkList, id: FolderId): BookmarkList {
  requireFolder(list, id);
  return {
    folders: list.folders.filter((each) => each.id !== id),
    bookmarks: list.bookmarks.map((each) =>
      each.folderId === id ? { ...each, folderId: null } : each,
    ),
  };
}

/** A removed bookmark and where it was. */
export interface Removed {
  readonly bookmark: Bookmark;
  readonly index: number;
}

/** Puts removed bookmarks back where they were, as far as the list still has the place. */
export function putBack(list: BookmarkList, removed: readonly Removed[]): BookmarkList {
  const bookmarks = [...list.bookmarks];
  const known = new Set(bookmarks.map((each) => each.id));
  const folders = new Set(list.folders.map((each) => each.id));
  for (const { bookmark, index } of removed) {
    if (known.has(bookmark.id)) continue;
    const { folderId } = bookmark;
    const home = folderId !== null && folders.has(folderId) ? folderId : null;
    bookmarks.splice(Math.min(index, bookmarks.length), 0, {
      ...bookmark,
      folderId: home,
    });
  }
  return { ...list, bookmarks };
}

/** After a start nothing is left of secrets that were kept for the session only. */
export function forgetSessionSecrets(list: BookmarkList): BookmarkList {
  return {
    ...list,
    bookmarks: list.bookmarks.map((each) =>
      each.secretStorage === 'session'
        ? { ...each, secretStorage: 'none' as const, hasSessionToken: false }
        : each,
    ),
  };
}
