import type { BookmarksState } from '../../../shared/contract/bookmarks.ts';
import type { Bookmark, BookmarkFolder } from '../../../shared/domain/bookmark.ts';
import type { BookmarkId, FolderId } from '../../../shared/domain/ids.ts';
import { matchesSearch } from './bookmark-text.ts';

/** A line of the sidebar. */
export type SidebarRow =
  | {
      readonly kind: 'folder';
      /** Unique among all rows. */
      readonly key: string;
      readonly folder: BookmarkFolder;
      readonly expanded: boolean;
      /** Bookmarks in it (that match the search). */
      readonly count: number;
    }
  | {
      readonly kind: 'bookmark';
      readonly key: string;
      readonly bookmark: Bookmark;
      /** 1: at the top, 2: in a folder. */
      readonly level: 1 | 2;
    };

/** Where a bookmark is put: into a folder (or none), before another (or at the end). */
export interface MoveTarget {
  readonly folderId: FolderId | null;
  readonly beforeId: BookmarkId | null;
}

/** Where on a row something is dropped. */
export type DropPlace = 'before' | 'after' | 'into';

/**
 * The lines of the sidebar: folders with their bookmarks, then bookmarks without a folder.
 * A search opens every folder and leaves out what does not match.
 */
export function sidebarRows(state: BookmarksState, search: string): SidebarRow[] {
  const isSearching = search.trim() !== '';
  const rows: SidebarRow[] = [];
  for (const folder of state.folders) {
    const inside = inFolder(state, folder.id).filter((b) => matchesSearch(b, search));
    if (isSearching && inside.length === 0) continue;
    const expanded = isSearching || !folder.collapsed;
    rows.push({
      kind: 'folder',
      key: `folder-${folder.id}`,
      folder,
      expanded,
      count: inside.length,
    });
    if (expanded) rows.push(...inside.map((bookmark) => bookmarkRow(bookmark, 2)));
  }
  const loose = inFolder(state, null).filter((b) => matchesSearch(b, search));
  rows.push(...loose.map((bookmark) => bookmarkRow(bookmark, 1)));
  return rows;
}

/** Key of a bookmark's row. */
export function rowKey(id: BookmarkId): string {
  return `bookmark-${id}`;
}

/** Where Alt+Up or Alt+Down puts a bookmark; `null` at the very top or bottom. */
export function stepTarget(
  state: BookmarksState,
  id: BookmarkId,
  direction: 'up' | 'down',
): MoveTarget | null {
  const bookmark = state.bookmarks.find((b) => b.id === id);
  if (bookmark === undefined) return null;
  // The groups in the order they are seen; the one without a folder comes last.
  const groups: readonly (FolderId | null)[] = [
    ...state.folders.map((folder) => folder.id),
    null,
  ];
  const group = inFolder(state, bookmark.folderId);
  const index = group.findIndex((b) => b.id === id);
  const place = groups.indexOf(bookmark.folderId);
  if (direction === 'up') {
    const above = group[index - 1];
    if (above !== undefined) return { folderId: bookmark.folderId, beforeId: above.id };
    const previous = groups[place - 1];
    return previous === undefined ? null : { folderId: previous, beforeId: null };
  }
  if (index < group.length - 1) {
    return { folderId: bookmark.folderId, beforeId: group[index + 2]?.id ?? null };
  }
  const next = groups[place + 1];
  if (next === undefined) return null;
  return { folderId: next, beforeId: inFolder(state, next)[0]?.id ?? null };
}

/** Where a drop on a row puts bookmark `id`; `null` when it would stay where it is. */
export function dropTarget(
  state: BookmarksState,
  id: BookmarkId,
  row: SidebarRow,
  place: DropPlace,
): MoveTarget | null {
  if (row.kind === 'folder') return { folderId: row.folder.id, beforeId: null };
  const { folderId, id: rowId } = row.bookmark;
  if (rowId === id) return null;
  const group = inFolder(state, folderId);
  const index = group.findIndex((b) => b.id === rowId);
  const neighbour = place === 'after' ? (group[index + 1]?.id ?? null) : rowId;
  // Before itself means: where it is already.
  if (neighbour === id) return null;
  return { folderId, beforeId: neighbour };
}

/** Row to select after the row `key` is gone. */
export function neighbourKey(rows: readonly SidebarRow[], key: string): string | null {
  const index = rows.findIndex((row) => row.key === key);
  return (rows[index + 1] ?? rows[index - 1])?.key ?? null;
}

function inFolder(state: BookmarksState, folderId: FolderId | null): Bookmark[] {
  return state.bookmarks.filter((bookmark) => bookmark.folderId === folderId);
}

function bookmarkRow(bookmark: Bookmark, level: 1 | 2): SidebarRow {
  return { kind: 'bookmark', key: rowKey(bookmark.id), bookmark, level };
}
