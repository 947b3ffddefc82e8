import type { Bookmark, BookmarkColour } from '../../../shared/domain/bookmark.ts';
import type { BookmarkId, FolderId } from '../../../shared/domain/ids.ts';
import type { Api } from '../../bridge/api.ts';
import type { Toasts } from '../../components/toasts.ts';
import { displayName } from './bookmark-text.ts';
import type { MoveTarget } from './sidebar-model.ts';

/** What can be done with bookmarks and folders. Failures go to `onError`. */
export interface BookmarkActions {
  readonly move: (id: BookmarkId, target: MoveTarget) => void;
  readonly setColour: (id: BookmarkId, colour: BookmarkColour) => void;
  readonly duplicate: (id: BookmarkId) => void;
  /** Removes at once and offers to undo. */
  readonly remove: (bookmark: Bookmark) => void;
  readonly copyEndpoint: (bookmark: Bookmark) => void;
  /** Makes a folder and hands over its id, to be named. */
  readonly createFolder: (then: (id: FolderId) => void) => void;
  readonly renameFolder: (id: FolderId, name: string) => void;
  readonly setCollapsed: (id: FolderId, collapsed: boolean) => void;
  readonly removeFolder: (id: FolderId) => void;
}

/** Binds the actions to the bridge. */
export function createBookmarkActions(deps: {
  readonly api: Api;
  readonly toasts: Toasts;
  readonly onError: (error: unknown) => void;
}): BookmarkActions {
  const { api, onError } = deps;
  return {
    move: (id, target) => {
      api.bookmarks.move({ ids: [id], ...target }).catch(onError);
    },
    setColour: (id, colour) => {
      api.bookmarks.setColour({ id, colour }).catch(onError);
    },
    duplicate: (id) => {
      api.bookmarks.duplicate({ id }).catch(onError);
    },
    remove: (bookmark) => {
      removeWithUndo(deps, bookmark).catch(onError);
    },
    copyEndpoint: (bookmark) => {
      api.app.copyText({ text: bookmark.endpoint }).catch(onError);
    },
    createFolder: (then) => {
      api.bookmarks
        .createFolder({ name: 'New Folder' })
        .then((folder) => then(folder.id))
        .catch(onError);
    },
    renameFolder: (id, name) => {
      api.bookmarks.changeFolder({ id, name }).catch(onError);
    },
    setCollapsed: (id, collapsed) => {
      api.bookmarks.changeFolder({ id, collapsed }).catch(onError);
    },
    removeFolder: (id) => {
      api.bookmarks.removeFolder({ id }).catch(onError);
    },
  };
}

async function removeWithUndo(
  deps: {
    readonly api: Api;
    readonly toasts: Toasts;
    readonly onError: (error: unknown) => void;
  },
  bookmark: Bookmark,
): Promise<void> {
  const { undoToken } = await deps.api.bookmarks.remove({ ids: [bookmark.id] });
  deps.toasts.show({
    title: `Deleted “${displayName(bookmark)}”`,
    action: {
      label: 'Undo',
      onSelect: () => {
        deps.api.bookmarks.undoRemove({ undoToken }).catch(deps.onError);
      },
    },
  });
}
