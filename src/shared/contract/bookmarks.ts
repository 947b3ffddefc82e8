import { z } from 'zod';
import {
  Bookmark,
  BookmarkColour,
  BookmarkFolder,
  ConnectionDraft,
  SecretInput,
} from '../domain/bookmark.ts';
import { BookmarkId, FolderId } from '../domain/ids.ts';
import { call, namespace } from './define.ts';

/** All bookmarks in sidebar order, with the revision that batches refer to. */
export const BookmarksState = z.strictObject({
  revision: z.int(),
  folders: z.array(BookmarkFolder),
  bookmarks: z.array(Bookmark),
});
export type BookmarksState = z.infer<typeof BookmarksState>;

/** Where to keep a secret. `keychain` fails with `vault.unavailable` where there is none. */
export const SecretTarget = z.enum(['keychain', 'session', 'unprotected']);
export type SecretTarget = z.infer<typeof SecretTarget>;

/** Bookmarks and their folders. Main owns them; the renderer has a replica. */
export const bookmarks = namespace('bookmarks', {
  snapshot: call(z.void(), BookmarksState),
  /** Creates (`id` null) or changes a bookmark. `secret` null keeps what is stored. */
  save: call(
    z.strictObject({
      id: BookmarkId.nullable(),
      draft: ConnectionDraft,
      folderId: FolderId.nullable(),
      colour: BookmarkColour,
      secret: SecretInput.nullable(),
      secretTarget: SecretTarget,
    }),
    Bookmark,
  ),
  setColour: call(z.strictObject({ id: BookmarkId, colour: BookmarkColour }), z.void()),
  duplicate: call(z.strictObject({ id: BookmarkId }), Bookmark),
  /** Removes; `undoRemove` with the token brings them back, secrets included. */
  remove: call(
    z.strictObject({ ids: z.array(BookmarkId).min(1).max(1_000) }),
    z.strictObject({ undoToken: z.string() }),
  ),
  undoRemove: call(z.strictObject({ undoToken: z.string().max(64) }), z.void()),
  /** Puts bookmarks into a folder (or none) before another (or at the end). */
  move: call(
    z.strictObject({
      ids: z.array(BookmarkId).min(1).max(1_000),
      folderId: FolderId.nullable(),
      beforeId: BookmarkId.nullable(),
    }),
    z.void(),
  ),
  createFolder: call(
    z.strictObject({ name: z.string().min(1).max(200) }),
    BookmarkFolder,
  ),
  changeFolder: call(
    z.strictObject({
      id: FolderId,
      name: z.string().min(1).max(200).optional(),
      collapsed: z.boolean().optional(),
    }),
    z.void(),
  ),
  /** Removes the folder; its bookmarks move out of it. */
  removeFolder: call(z.strictObject({ id: FolderId }), z.void()),
  /** Asks for a file and writes the bookmarks without any secret. */
  exportAll: call(z.void(), z.strictObject({ path: z.string().nullable() })),
  /** Asks for a file and adds its bookmarks. Returns how many were added. */
  importFile: call(z.void(), z.strictObject({ added: z.int() })),
  /** How this computer can keep secrets. */
  vaultStatus: call(
    z.void(),
    z.strictObject({
      /** `false`: no OS keychain here; ask before storing. */
      protected: z.boolean(),
      /** Name of the back end, such as `Keychain` or `basic_text`. */
      backend: z.string(),
    }),
  ),
});
