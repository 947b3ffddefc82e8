import { useMemo } from 'react';
import { useStore } from 'zustand';
import type { BookmarkId } from '../../shared/domain/ids.ts';
import { BookmarkSidebar } from '../features/bookmarks/bookmark-sidebar.tsx';
import { useServices } from './services.ts';

/** The bookmarks, tied to this window's connections and dialogs. */
export function Sidebar() {
  const {
    api,
    toasts,
    bookmarks,
    connections,
    navigation,
    dialogs,
    commands,
    reportError,
  } = useServices();
  const state = useStore(bookmarks.store, (replica) => replica.state);
  const open = useStore(connections.store, (now) => now.open);
  const connectedIds = useMemo(
    () =>
      new Set<BookmarkId>(
        open.flatMap(({ bookmarkId }) => (bookmarkId === null ? [] : [bookmarkId])),
      ),
    [open],
  );
  return (
    <BookmarkSidebar
      api={api}
      toasts={toasts}
      state={state}
      connectedIds={connectedIds}
      onOpen={(id) => navigation.openBookmark(id)}
      onDisconnect={async (id) => {
        const info = open.find((connection) => connection.bookmarkId === id);
        if (info) await navigation.disconnect(info.connectionId);
      }}
      onEdit={(bookmarkId) =>
        dialogs.open({ kind: 'bookmark', bookmarkId, folderId: null })
      }
      onNew={(folderId) => dialogs.open({ kind: 'bookmark', bookmarkId: null, folderId })}
      onImport={() => commands.run('bookmark.import')}
      onExport={() => commands.run('bookmark.export')}
      onError={reportError}
    />
  );
}
