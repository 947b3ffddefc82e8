import type { BookmarksState } from '../../../shared/contract/bookmarks.ts';
import type { Bookmark } from '../../../shared/domain/bookmark.ts';
import type { MenuEntry } from '../../components/menu-entries.tsx';
import type { BookmarkActions } from './bookmark-actions.ts';
import { ColourDot } from './colour-picker.tsx';
import { COLOURS } from './colours.ts';
import type { SidebarRow } from './sidebar-model.ts';

/** What the menus of the sidebar work with. */
export interface SidebarMenuContext {
  readonly state: BookmarksState;
  readonly actions: BookmarkActions;
  readonly isConnected: (bookmark: Bookmark) => boolean;
  readonly connect: (bookmark: Bookmark) => void;
  readonly disconnect: (bookmark: Bookmark) => void;
  readonly edit: (bookmark: Bookmark) => void;
  readonly remove: (row: SidebarRow) => void;
  readonly newBookmark: () => void;
  readonly newFolder: () => void;
  readonly startRename: (row: SidebarRow) => void;
  readonly importFile: () => void;
  readonly exportAll: () => void;
}

/** The context menu of a row, or of the empty space below the rows. */
export function rowMenu(
  row: SidebarRow | null,
  context: SidebarMenuContext,
): readonly MenuEntry[] {
  if (row === null) return generalMenu(context);
  const { actions } = context;
  if (row.kind === 'folder') {
    return [
      item('rename', 'Rename…', () => context.startRename(row), { shortcut: 'F2' }),
      item('toggle', row.expanded ? 'Collapse' : 'Expand', () =>
        actions.setCollapsed(row.folder.id, row.expanded),
      ),
      { kind: 'separator', id: 'before-new' },
      ...newEntries(context),
      { kind: 'separator', id: 'before-delete' },
      item('remove', 'Delete Folder', () => context.remove(row), { danger: true }),
    ];
  }
  const { bookmark } = row;
  const connection = context.isConnected(bookmark)
    ? item('disconnect', 'Disconnect', () => context.disconnect(bookmark))
    : item('connect', 'Connect', () => context.connect(bookmark), { shortcut: 'Enter' });
  return [
    connection,
    item('edit', 'Edit…', () => context.edit(bookmark), { shortcut: 'F2' }),
    item('duplicate', 'Duplicate', () => actions.duplicate(bookmark.id)),
    item('copy', 'Copy Endpoint', () => actions.copyEndpoint(bookmark)),
    { kind: 'separator', id: 'before-look' },
    {
      kind: 'submenu',
      id: 'colour',
      label: 'Colour',
      items: COLOURS.map(({ value, label }) => ({
        kind: 'item',
        id: value,
        label,
        icon: <ColourDot colour={value} />,
        checked: bookmark.colour === value,
        onSelect: () => actions.setColour(bookmark.id, value),
      })),
    },
    moveMenu(bookmark, context),
    { kind: 'separator', id: 'before-new' },
    ...newEntries(context),
    { kind: 'separator', id: 'before-delete' },
    item('remove', 'Delete', () => context.remove(row), {
      danger: true,
      shortcut: 'Delete',
    }),
  ];
}

/** The menu of the sidebar as a whole. */
export function generalMenu(context: SidebarMenuContext): readonly MenuEntry[] {
  return [
    ...newEntries(context),
    { kind: 'separator', id: 'before-files' },
    item('import', 'Import Bookmarks…', context.importFile),
    item('export', 'Export Bookmarks…', context.exportAll, {
      disabled: context.state.bookmarks.length === 0,
    }),
  ];
}

function newEntries(context: SidebarMenuContext): readonly MenuEntry[] {
  return [
    item('new', 'New Bookmark…', context.newBookmark, { shortcut: 'CmdOrCtrl+B' }),
    item('new-folder', 'New Bookmark Folder', context.newFolder),
  ];
}

function moveMenu(bookmark: Bookmark, context: SidebarMenuContext): MenuEntry {
  const places = [{ id: null, name: 'None' }, ...context.state.folders];
  return {
    kind: 'submenu',
    id: 'move',
    label: 'Move to Folder',
    disabled: context.state.folders.length === 0,
    items: places.map(({ id, name }) => ({
      kind: 'item',
      id: id ?? 'none',
      label: name,
      checked: bookmark.folderId === id,
      onSelect: () => {
        if (bookmark.folderId !== id) {
          context.actions.move(bookmark.id, { folderId: id, beforeId: null });
        }
      },
    })),
  };
}

function item(
  id: string,
  label: string,
  onSelect: () => void,
  more: {
    readonly shortcut?: string;
    readonly danger?: boolean;
    readonly disabled?: boolean;
  } = {},
): MenuEntry {
  return { kind: 'item', id, label, onSelect, ...more };
}
