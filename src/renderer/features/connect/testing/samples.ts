import type { BookmarksState } from '../../../../shared/contract/bookmarks.ts';
import {
  AdvancedSettings,
  type Bookmark,
  type BookmarkFolder,
} from '../../../../shared/domain/bookmark.ts';
import type { BookmarkId, FolderId } from '../../../../shared/domain/ids.ts';

/** A bookmark for tests; `changes` says what matters. */
export function sampleBookmark(id: string, changes: Partial<Bookmark> = {}): Bookmark {
  return {
    id: id as BookmarkId,
    folderId: null,
    colour: 'none',
    extraBuckets: [],
    secretStorage: 'keychain',
    hasSessionToken: false,
    providerId: 'aws',
    nickname: id,
    endpoint: 'https://s3.eu-central-1.amazonaws.com',
    accessKeyId: 'AKIAEXAMPLE',
    root: '',
    region: 'eu-central-1',
    signature: 'v4',
    addressing: 'auto',
    uploadAcl: 'none',
    advanced: AdvancedSettings.parse({}),
    ...changes,
  };
}

/** A folder for tests. */
export function sampleFolder(
  id: string,
  changes: Partial<BookmarkFolder> = {},
): BookmarkFolder {
  return { id: id as FolderId, name: id, collapsed: false, ...changes };
}

/** Two folders with a bookmark or two each, and two without a folder. */
export function sampleState(): BookmarksState {
  const work = 'Work' as FolderId;
  const home = 'Home' as FolderId;
  return {
    revision: 1,
    folders: [sampleFolder('Work'), sampleFolder('Home')],
    bookmarks: [
      sampleBookmark('alpha', { folderId: work }),
      sampleBookmark('beta', { folderId: work }),
      sampleBookmark('gamma', { folderId: home }),
      sampleBookmark('delta'),
      sampleBookmark('epsilon'),
    ],
  };
}
