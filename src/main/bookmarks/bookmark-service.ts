import type { BookmarksState } from '../../shared/contract/bookmarks.ts';
import type { AppRequest } from '../../shared/contract/index.ts';
import type {
  Bookmark,
  BookmarkColour,
  BookmarkFolder,
  ConnectionDraft,
  SecretInput,
  SecretStorage,
} from '../../shared/domain/bookmark.ts';
import type { BookmarkId, FolderId } from '../../shared/domain/ids.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { SecretStore, TakenSecrets } from '../credentials/secret-store.ts';
import type { Clock, Ids } from '../platform/system.ts';
import type { FileOperations } from '../storage/file-operations.ts';
import { openJsonStore } from '../storage/json-store.ts';
import {
  BookmarkList,
  dissolveFolder,
  findBookmark,
  forgetSessionSecrets,
  insertAfter,
  moveBookmarks,
  putBack,
  type Removed,
  replaceBookmark,
  requireFolder,
} from './bookmark-list.ts';
import { checkDraft } from './check-draft.ts';
import { readExchange, writeExchange } from './exchange.ts';

/** How long a removal can be undone, ms. */
export const UNDO_MS = 10 * 60_000;

/** The bookmarks and their secrets. Ids that do not exist throw `bookmark.not-found`. */
export interface BookmarkService {
  /** What went wrong while reading the file. */
  readonly notice: AppError | null;
  snapshot(): BookmarksState;
  find(id: BookmarkId): Bookmark;
  /** Throws `vault.unavailable` before anything is changed, `input.endpoint`. */
  save(request: AppRequest<'bookmarks.save'>): Promise<Bookmark>;
  setColour(id: BookmarkId, colour: BookmarkColour): Promise<void>;
  duplicate(id: BookmarkId): Promise<Bookmark>;
  remove(ids: readonly BookmarkId[]): Promise<{ readonly undoToken: string }>;
  /** Throws `bookmark.not-found` when the token has expired or was used. */
  undoRemove(undoToken: string): Promise<readonly BookmarkId[]>;
  move(
    ids: readonly BookmarkId[],
    folderId: FolderId | null,
    beforeId: BookmarkId | null,
  ): Promise<void>;
  createFolder(name: string): Promise<BookmarkFolder>;
  changeFolder(request: AppRequest<'bookmarks.changeFolder'>): Promise<void>;
  removeFolder(id: FolderId): Promise<void>;
  setExtraBuckets(id: BookmarkId, buckets: readonly string[]): Promise<void>;
  /** Text of an export, without any secret. */
  exportText(): string;
  /** Adds what an export holds; how many. Throws `input.invalid`. */
  importText(text: string): Promise<number>;
  /** Resolves when everything is on the disk. */
  settled(): Promise<void>;
  /** Forgets what an undo would need. */
  dispose(): void;
}

interface Undo {
  readonly removed: readonly Removed[];
  readonly taken: TakenSecrets;
  readonly expiry: AbortController;
}

/** Opens bookmarks.json. */
export async function openBookmarks(options: {
  readonly path: string;
  readonly files: FileOperations;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly secrets: SecretStore;
  readonly onChange: (state: BookmarksState) => void;
}): Promise<BookmarkService> {
  const { clock, ids, secrets } = options;
  const store = await openJsonStore<BookmarkList>({
    path: options.path,
    schema: BookmarkList.transform(forgetSessionSecrets),
    version: 1,
    initial: () => ({ folders: [], bookmarks: [] }),
    files: options.files,
    now: () => clock.now(),
  });
  const undos = new Map<string, Undo>();
  let revision = 1;

  function snapshot(): BookmarksState {
    return { revision, ...store.value };
  }
  function announce(): void {
    revision += 1;
    options.onChange(snapshot());
  }
  async function write(list: BookmarkList): Promise<void> {
    const written = store.write(list);
    announce();
    try {
      await written;
    } catch (error) {
      // The store has gone back to what is on the disk.
      announce();
      throw error;
    }
  }

  /** Keeps the secret; tells where it is now. */
  async function keepSecret(
    id: BookmarkId,
    request: AppRequest<'bookmarks.save'>,
    old: Bookmark | null,
  ): Promise<Pick<Bookmark, 'secretStorage' | 'hasSessionToken'>> {
    if (request.draft.signature === 'anonymous') {
      return { secretStorage: 'none', hasSessionToken: false };
    }
    const { secret } = request;
    if (secret === null) {
      return {
        secretStorage: old?.secretStorage ?? 'none',
        hasSessionToken: old?.hasSessionToken ?? false,
      };
    }
    const secretStorage = await secrets.put(id, secret, request.secretTarget);
    return { secretStorage, hasSessionToken: hasToken(secret) };
  }

  /** After a save that failed: a secret belongs to its bookmark, or to nobody. */
  async function goBackTo(before: TakenSecrets, id: BookmarkId): Promise<void> {
    try {
      const exists = store.value.bookmarks.some((each) => each.id === id);
      if (exists) await secrets.revert(id, before);
      else await secrets.take([id]);
    } catch {
      // The disk is full for this file too; the failure that matters is being told.
    }
  }

  return {
    notice: store.notice,
    snapshot,
    find: (id) => findBookmark(store.value, id),

    async save(request) {
      checkDraft(request.draft);
      requireFolder(store.value, request.folderId);
      const old = request.id === null ? null : findBookmark(store.value, request.id);
      const id = old?.id ?? (ids.next() as BookmarkId);
      const before = secrets.peek([id]);
      const kept = await keepSecret(id, request, old);
      try {
        const list = store.value;
        // Looked up again: it may have changed or gone while the keychain was asked.
        const current = old === null ? null : findBookmark(list, id);
        const bookmark: Bookmark = {
          ...request.draft,
          ...kept,
          id,
          folderId: request.folderId,
          colour: request.colour,
          extraBuckets: current?.extraBuckets ?? [],
        };
        await write(
          current === null
            ? { ...list, bookmarks: [...list.bookmarks, bookmark] }
            : replaceBookmark(list, bookmark),
        );
        // Only now: until then the old bookmark might have stayed, and needed it.
        if (bookmark.signature === 'anonymous') await secrets.take([id]);
        return bookmark;
      } catch (error) {
        if (request.secret !== null) await goBackTo(before, id);
        throw error;
      }
    },

    async setColour(id, colour) {
      const bookmark = findBookmark(store.value, id);
      await write(replaceBookmark(store.value, { ...bookmark, colour }));
    },

    async duplicate(id) {
      const original = findBookmark(store.value, id);
      const copyId = ids.next() as BookmarkId;
      const copied = await secrets.copy(id, copyId);
      const secretStorage: SecretStorage = copied ? original.secretStorage : 'none';
      const copy: Bookmark = {
        ...original,
        id: copyId,
        nickname: copyName(original, store.value.bookmarks),
        secretStorage,
        hasSessionToken: copied && original.hasSessionToken,
      };
      try {
        findBookmark(store.value, id);
        await write(insertAfter(store.value, id, copy));
      } catch (error) {
        await secrets.take([copyId]).catch(() => undefined);
        throw error;
      }
      return copy;
    },

    async remove(removing) {
      for (const id of removing) findBookmark(store.value, id);
      const gone = new Set(removing);
      const taken = await secrets.take(removing);
      const removed = store.value.bookmarks.flatMap((bookmark, index) =>
        gone.has(bookmark.id) ? [{ bookmark, index }] : [],
      );
      try {
        await write({
          ...store.value,
          bookmarks: store.value.bookmarks.filter((each) => !gone.has(each.id)),
        });
      } catch (error) {
        await secrets.restore(taken).catch(() => undefined);
        throw error;
      }
      const undoToken = ids.next();
      const expiry = new AbortController();
      undos.set(undoToken, { removed, taken, expiry });
      void clock
        .sleep(UNDO_MS, { signal: expiry.signal })
        .then(() => undos.delete(undoToken));
      return { undoToken };
    },

    async undoRemove(undoToken) {
      const undo = undos.get(undoToken);
      if (undo === undefined) throw new AppError('bookmark.not-found');
      await secrets.restore(undo.taken);
      await write(putBack(store.value, undo.removed));
      // Only now: an undo that failed on a full disk can be tried again.
      undos.delete(undoToken);
      undo.expiry.abort();
      return undo.removed.map((each) => each.bookmark.id);
    },

    move: async (moving, folderId, beforeId) =>
      write(moveBookmarks(store.value, moving, folderId, beforeId)),

    async createFolder(name) {
      const folder = { id: ids.next() as FolderId, name, collapsed: false };
      await write({ ...store.value, folders: [...store.value.folders, folder] });
      return folder;
    },

    async changeFolder({ id, name, collapsed }) {
      requireFolder(store.value, id);
      const folders = store.value.folders.map((each) =>
        each.id === id
          ? {
              id,
              name: name ?? each.name,
              collapsed: collapsed ?? each.collapsed,
            }
          : each,
      );
      await write({ ...store.value, folders });
    },

    removeFolder: async (id) => write(dissolveFolder(store.value, id)),

    async setExtraBuckets(id, buckets) {
      const bookmark = findBookmark(store.value, id);
      if (buckets.length > 1_000) throw new AppError('input.invalid');
      await write(
        replaceBookmark(store.value, { ...bookmark, extraBuckets: [...buckets] }),
      );
    },

    exportText: () => writeExchange(store.value),

    async importText(text) {
      const { list, added } = readExchange(store.value, text, () => ids.next());
      if (added > 0 || list.folders.length > store.value.folders.length) {
        await write(list);
      }
      return added;
    },

    settled: () => store.settled(),

    dispose() {
      for (const undo of undos.values()) undo.expiry.abort();
      undos.clear();
    },
  };
}

function hasToken(secret: SecretInput): boolean {
  return secret.sessionToken !== '';
}

function copyName(original: Bookmark, all: readonly Bookmark[]): string {
  const base = original.nickname === '' ? hostOf(original) : original.nickname;
  const taken = new Set(all.map((each) => each.nickname));
  for (let n = 1; ; n += 1) {
    const name = n === 1 ? `${base} copy` : `${base} copy ${n}`;
    if (!taken.has(name)) return name.slice(0, 200);
  }
}

function hostOf(draft: ConnectionDraft): string {
  return URL.canParse(draft.endpoint) ? new URL(draft.endpoint).host : draft.endpoint;
}
