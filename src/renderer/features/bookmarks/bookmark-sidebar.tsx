import { Bookmark as BookmarkIcon, Plus, Search } from 'lucide-react';
import { type DragEvent, type KeyboardEvent, useMemo, useRef, useState } from 'react';
import type { BookmarksState } from '../../../shared/contract/bookmarks.ts';
import type { Bookmark } from '../../../shared/domain/bookmark.ts';
import type { BookmarkId, FolderId } from '../../../shared/domain/ids.ts';
import { type Api, toAppError } from '../../bridge/api.ts';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { IconButton } from '../../components/icon-button.tsx';
import { ContextMenu, Menu } from '../../components/menu.tsx';
import { Spinner } from '../../components/spinner.tsx';
import { TextInput } from '../../components/text-input.tsx';
import type { Toasts } from '../../components/toasts.ts';
import { createBookmarkActions } from './bookmark-actions.ts';
import styles from './bookmark-sidebar.module.css';
import { displayName } from './bookmark-text.ts';
import { generalMenu, rowMenu, type SidebarMenuContext } from './sidebar-menu.tsx';
import {
  type DropPlace,
  dropTarget,
  type MoveTarget,
  neighbourKey,
  type SidebarRow,
  sidebarRows,
  stepTarget,
} from './sidebar-model.ts';
import { type BookmarkStatus, SidebarRowView } from './sidebar-row.tsx';

/** Data of a dragged bookmark; a type of our own, so that no other drop is taken. */
const DRAG_TYPE = 'application/x-dipper-bookmark';

/** Props of {@link BookmarkSidebar}. */
export interface BookmarkSidebarProps {
  readonly api: Api;
  readonly toasts: Toasts;
  /** `null`: main has not answered yet. */
  readonly state: BookmarksState | null;
  /** Bookmarks with an open connection. */
  readonly connectedIds: ReadonlySet<BookmarkId>;
  /** Double click or Enter. The bookmark shows a spinner until the promise is settled. */
  readonly onOpen: (id: BookmarkId) => Promise<void>;
  readonly onDisconnect: (id: BookmarkId) => Promise<void>;
  readonly onEdit: (id: BookmarkId) => void;
  /** The connection dialog for a new bookmark in this folder. */
  readonly onNew: (folderId: FolderId | null) => void;
  readonly onImport: () => void;
  readonly onExport: () => void;
  /** Reports what failed; `onOpen` and `onDisconnect` included. */
  readonly onError: (error: unknown) => void;
}

/** Bookmarks in folders: search, connect, reorder, rename, delete with undo. */
export function BookmarkSidebar(props: BookmarkSidebarProps) {
  const { api, toasts, state, onError } = props;
  const [search, setSearch] = useState('');
  const [selectedKey, setSelectedKey] = useState<string | null>(null);
  const [renamingKey, setRenamingKey] = useState<string | null>(null);
  const [connecting, setConnecting] = useState<readonly BookmarkId[]>([]);
  const [dragged, setDragged] = useState<BookmarkId | null>(null);
  const [drop, setDrop] = useState<{ key: string; place: DropPlace } | null>(null);
  const treeRef = useRef<HTMLDivElement>(null);
  /** Row under the last right click; `null`: the space below the rows. */
  const menuKey = useRef<string | null>(null);
  const actions = useMemo(
    () => createBookmarkActions({ api, toasts, onError }),
    [api, toasts, onError],
  );
  const rows = useMemo(
    () => (state === null ? [] : sidebarRows(state, search)),
    [state, search],
  );

  if (state === null) {
    return (
      <div className={styles.loading}>
        <Spinner label="Loading bookmarks" />
      </div>
    );
  }
  const current = state;
  const selected = rows.find((row) => row.key === selectedKey) ?? null;
  const tabStop = selected?.key ?? rows[0]?.key;

  function statusOf(bookmark: Bookmark): BookmarkStatus {
    if (connecting.includes(bookmark.id)) return 'connecting';
    return props.connectedIds.has(bookmark.id) ? 'connected' : 'idle';
  }
  function connect({ id }: Bookmark): void {
    if (connecting.includes(id)) return;
    setConnecting((ids) => [...ids, id]);
    props
      .onOpen(id)
      .catch((error: unknown) => {
        onError(error);
        // Its secret was for one session, or came without one from a file: ask for it.
        if (toAppError(error).code === 'auth.missing-secret') props.onEdit(id);
      })
      .finally(() => setConnecting((ids) => ids.filter((other) => other !== id)));
  }
  function disconnect({ id }: Bookmark): void {
    props.onDisconnect(id).catch(onError);
  }
  function remove(row: SidebarRow): void {
    setSelectedKey(neighbourKey(rows, row.key));
    if (row.kind === 'folder') actions.removeFolder(row.folder.id);
    else actions.remove(row.bookmark);
  }
  function move(id: BookmarkId, target: MoveTarget | null): void {
    if (target === null) return;
    actions.move(id, target);
    // A bookmark must not vanish into a closed folder.
    const folder = current.folders.find((other) => other.id === target.folderId);
    if (folder?.collapsed === true) actions.setCollapsed(folder.id, false);
  }
  function select(key: string): void {
    setSelectedKey(key);
    treeRef.current?.querySelector<HTMLElement>(`[data-key="${key}"]`)?.focus();
  }
  function rename(row: SidebarRow & { kind: 'folder' }, name: string | null): void {
    setRenamingKey(null);
    if (name !== null) actions.renameFolder(row.folder.id, name);
    select(row.key);
  }
  const folderOfSelection: FolderId | null =
    selected === null
      ? null
      : selected.kind === 'folder'
        ? selected.folder.id
        : selected.bookmark.folderId;
  const menu: SidebarMenuContext = {
    state: current,
    actions,
    isConnected: (bookmark) => props.connectedIds.has(bookmark.id),
    connect,
    disconnect,
    edit: (bookmark) => props.onEdit(bookmark.id),
    remove,
    newBookmark: () => props.onNew(folderOfSelection),
    newFolder: () =>
      actions.createFolder((id) => {
        setSearch('');
        setRenamingKey(`folder-${id}`);
      }),
    startRename: (row) => setRenamingKey(row.key),
    importFile: props.onImport,
    exportAll: props.onExport,
  };

  function onKeyDown(event: KeyboardEvent): void {
    const row = selected ?? rows[0];
    if (row === undefined) return;
    const index = rows.indexOf(row);
    const go = (to: number) => {
      const next = rows[Math.max(0, Math.min(rows.length - 1, to))];
      if (next !== undefined) select(next.key);
    };
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
      if (row.kind === 'bookmark' && search.trim() === '') {
        const direction = event.key === 'ArrowUp' ? 'up' : 'down';
        move(row.bookmark.id, stepTarget(current, row.bookmark.id, direction));
      }
    } else if (!isPlain) {
      return;
    } else if (event.key === 'ArrowDown') {
      go(selected === null ? 0 : index + 1);
    } else if (event.key === 'ArrowUp') {
      go(index - 1);
    } else if (event.key === 'Home') {
      go(0);
    } else if (event.key === 'End') {
      go(rows.length - 1);
    } else if (event.key === 'ArrowRight') {
      if (row.kind === 'folder' && !row.expanded) {
        actions.setCollapsed(row.folder.id, false);
      } else if (row.kind === 'folder' && row.count > 0) {
        go(index + 1);
      }
    } else if (event.key === 'ArrowLeft') {
      if (row.kind === 'folder') {
        if (row.expanded) actions.setCollapsed(row.folder.id, true);
      } else if (row.level === 2) {
        go(rows.findLastIndex((other, at) => at < index && other.kind === 'folder'));
      }
    } else if (event.key === 'Enter') {
      if (row.kind === 'folder') actions.setCollapsed(row.folder.id, row.expanded);
      else connect(row.bookmark);
    } else if (event.key === 'F2') {
      if (row.kind === 'folder') setRenamingKey(row.key);
      else props.onEdit(row.bookmark.id);
    } else if (event.key === 'Delete' || event.key === 'Backspace') {
      remove(row);
    } else if (
      event.key.length === 1 &&
      event.key !== ' ' &&
      !event.nativeEvent.isComposing
    ) {
      const start = event.key.toLowerCase();
      const after = [...rows.slice(index + 1), ...rows.slice(0, index + 1)];
      const hit = after.find((other) => nameOf(other).toLowerCase().startsWith(start));
      if (hit !== undefined) select(hit.key);
    } else {
      return;
    }
    // Handled here: the window's shortcuts for the file list must not see it.
    event.preventDefault();
  }

  function onDragOver(event: DragEvent, row: SidebarRow): void {
    if (!event.dataTransfer.types.includes(DRAG_TYPE)) return;
    event.preventDefault();
    event.stopPropagation();
    event.dataTransfer.dropEffect = 'move';
    const box = event.currentTarget.getBoundingClientRect();
    const isUpper = event.clientY < box.top + box.height / 2;
    const place = row.kind === 'folder' ? 'into' : isUpper ? 'before' : 'after';
    if (drop?.key !== row.key || drop.place !== place) setDrop({ key: row.key, place });
  }
  function onDrop(event: DragEvent, row: SidebarRow): void {
    if (dragged === null || !event.dataTransfer.types.includes(DRAG_TYPE)) return;
    event.preventDefault();
    event.stopPropagation();
    move(dragged, dropTarget(current, dragged, row, drop?.place ?? 'into'));
    setDragged(null);
    setDrop(null);
  }

  const isEmpty = current.bookmarks.length === 0 && current.folders.length === 0;
  return (
    <div className={styles.sidebar}>
      <div className={styles.head}>
        <TextInput
          type="search"
          aria-label="Search bookmarks"
          placeholder="Search bookmarks"
          icon={<Search size={14} />}
          value={search}
          onChange={setSearch}
          onKeyDown={(event) => {
            if (event.key === 'Escape' && search !== '') {
              event.preventDefault();
              event.stopPropagation();
              setSearch('');
            } else if (event.key === 'ArrowDown' && rows[0] !== undefined) {
              event.preventDefault();
              select(selected?.key ?? rows[0].key);
            }
          }}
        />
      </div>
      <ContextMenu
        area={
          // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- only notes where the click was
          <div
            className={styles.scroller}
            onContextMenu={(event) => {
              const row =
                event.target instanceof Element
                  ? event.target.closest('[data-key]')
                  : null;
              menuKey.current = row?.getAttribute('data-key') ?? null;
            }}
            onDragOver={(event) => {
              if (event.dataTransfer.types.includes(DRAG_TYPE)) event.preventDefault();
              setDrop(null);
            }}
            onDrop={(event) => {
              if (dragged === null) return;
              event.preventDefault();
              move(dragged, { folderId: null, beforeId: null });
              setDragged(null);
            }}
          />
        }
        items={() =>
          rowMenu(rows.find((row) => row.key === menuKey.current) ?? null, menu)
        }
      >
        {rows.length > 0 && (
          <div
            ref={treeRef}
            role="tree"
            aria-label="Bookmarks"
            tabIndex={-1}
            className={styles.tree}
            onKeyDown={onKeyDown}
          >
            {rows.map((row) => (
              <SidebarRowView
                key={row.key}
                row={row}
                isSelected={row.key === selectedKey}
                isTabStop={row.key === tabStop}
                status={row.kind === 'bookmark' ? statusOf(row.bookmark) : 'idle'}
                isRenaming={row.key === renamingKey}
                drop={drop?.key === row.key ? drop.place : null}
                onSelect={() => setSelectedKey(row.key)}
                onOpen={() => {
                  if (row.kind === 'bookmark') connect(row.bookmark);
                }}
                onToggle={() => {
                  if (row.kind === 'folder') {
                    actions.setCollapsed(row.folder.id, row.expanded);
                  }
                }}
                onDisconnect={() => {
                  if (row.kind === 'bookmark') disconnect(row.bookmark);
                }}
                onRenamed={(name) => {
                  if (row.kind === 'folder') rename(row, name);
                }}
                onDragStart={(event) => {
                  if (row.kind !== 'bookmark') return;
                  event.dataTransfer.setData(DRAG_TYPE, row.bookmark.id);
                  event.dataTransfer.effectAllowed = 'move';
                  setDragged(row.bookmark.id);
                }}
                onDragEnd={() => {
                  setDragged(null);
                  setDrop(null);
                }}
                onDragOver={(event) => onDragOver(event, row)}
                onDrop={(event) => onDrop(event, row)}
              />
            ))}
          </div>
        )}
        {isEmpty && (
          <EmptyState
            icon={<BookmarkIcon size={32} strokeWidth={1.5} />}
            title="No bookmarks yet"
            actions={<Button onClick={() => props.onNew(null)}>New Bookmark…</Button>}
          >
            A bookmark keeps a server and its keys, to connect with a double click.
          </EmptyState>
        )}
        {!isEmpty && rows.length === 0 && (
          <p className={styles.nothing}>No bookmark matches “{search.trim()}”.</p>
        )}
      </ContextMenu>
      <div className={styles.foot}>
        <Menu
          trigger={
            <IconButton label="Add" icon={<Plus size={16} aria-hidden="true" />} />
          }
          items={() => generalMenu(menu)}
        />
      </div>
    </div>
  );
}

function nameOf(row: SidebarRow): string {
  return row.kind === 'folder' ? row.folder.name : displayName(row.bookmark);
}
