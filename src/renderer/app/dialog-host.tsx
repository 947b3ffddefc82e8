import { useState } from 'react';
import { useStore } from 'zustand';
import type { BookmarkId, FolderId } from '../../shared/domain/ids.ts';
import { AspectDialog } from '../features/aspects/aspect-dialog.tsx';
import { BulkDialog } from '../features/aspects/bulk-dialog.tsx';
import { BrowserDialogs } from '../features/browser/dialogs/browser-dialogs.tsx';
import { ConnectionDialog } from '../features/connect/connection-dialog.tsx';
import { QuickConnectDialog } from '../features/connect/quick-connect-bar.tsx';
import { LinksDialog } from '../features/links/links-dialog.tsx';
import { PreferencesDialog } from '../features/preferences/preferences-dialog.tsx';
import { ConflictDialog } from '../features/transfers/conflict-dialog.tsx';
import { StartDialog } from '../features/transfers/start-dialog.tsx';
import { VerifyDialog } from '../features/verify/verify-dialog.tsx';
import { useServices } from './services.ts';
import { ShortcutsSheet } from './shortcuts-sheet.tsx';
import { useUnfinished } from './use-unfinished.ts';

/** Shows the dialog that is open; the question of a conflict waits for it. */
export function DialogHost() {
  const { dialogs, navigation } = useServices();
  const open = useStore(dialogs.store, (state) => state.open);
  if (open === null) return <ConflictDialog />;
  switch (open.kind) {
    case 'bookmark':
      return <BookmarkDialog key={open.bookmarkId} {...open} />;
    case 'quick-connect':
      return (
        <QuickConnectDialog
          {...(open.address === undefined ? {} : { address: open.address })}
          onConnect={(draft, secret) => navigation.openQuick(draft, secret)}
          onClose={dialogs.close}
        />
      );
    case 'preferences':
      return <Preferences />;
    case 'start-transfer':
      return <StartDialog {...open} onClose={dialogs.close} />;
    case 'shortcuts':
      return <ShortcutsSheet onClose={dialogs.close} />;
    case 'aspect':
      return <AspectDialog {...open} onClose={dialogs.close} />;
    case 'aspect-many':
      return <BulkDialog {...open} onClose={dialogs.close} />;
    case 'links':
      return <LinksDialog {...open} onClose={dialogs.close} />;
    case 'verify':
      return <VerifyDialog {...open} onClose={dialogs.close} />;
    default:
      return <BrowserDialogs request={open} onClose={dialogs.close} />;
  }
}

function BookmarkDialog(props: {
  readonly bookmarkId: BookmarkId | null;
  readonly folderId: FolderId | null;
}) {
  const { api, subscribe, bookmarks, navigation, dialogs } = useServices();
  const state = useStore(bookmarks.store, (replica) => replica.state);
  const [typed, setTyped] = useState(false);
  useUnfinished('edit', typed);

  const bookmark = state?.bookmarks.find(({ id }) => id === props.bookmarkId) ?? null;
  return (
    <ConnectionDialog
      api={api}
      subscribe={subscribe}
      bookmark={bookmark}
      folders={state?.folders ?? []}
      initialFolderId={props.folderId}
      onOpenBookmark={(id) => navigation.openBookmark(id)}
      onOpenQuick={(draft, secret) => navigation.openQuick(draft, secret)}
      onTyped={setTyped}
      onClose={dialogs.close}
    />
  );
}

function Preferences() {
  const { api, settings, dialogs, reportError } = useServices();
  const now = useStore(settings.store, (state) => state.settings);
  if (now === null) return null;
  return (
    <PreferencesDialog
      api={api}
      settings={now}
      onChange={settings.change}
      onClose={dialogs.close}
      onError={reportError}
    />
  );
}
