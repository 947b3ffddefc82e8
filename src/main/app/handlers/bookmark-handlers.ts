import type { Handlers } from '../../../shared/contract/define.ts';
import type { AppCalls, AppRequest } from '../../../shared/contract/index.ts';
import type { ConnectionDraft } from '../../../shared/domain/bookmark.ts';
import type { BookmarkId } from '../../../shared/domain/ids.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { Services } from '../services.ts';
import { readTextFile, writeTextFile } from '../text-files.ts';
import { TEXTS } from '../texts.ts';

/** Bytes of an import file that are still read. */
const MAX_IMPORT_BYTES = 10_000_000;

type Names = Extract<keyof AppCalls, `bookmarks.${string}`>;

/** Handlers of bookmarks and their folders. */
export function bookmarkHandlers(services: Services): Pick<Handlers<AppCalls>, Names> {
  const { bookmarks, connections, secrets, platform } = services;

  /** The bookmark is saved whatever the engine says; it gets the change at the next start. */
  async function passOn(action: Promise<void>): Promise<void> {
    try {
      await action;
    } catch (error) {
      services.logger.warn('engine missed a change of a bookmark', { error });
    }
  }

  /** Asks where transfers are not done; the second button goes on. */
  async function mayDo(
    ids: readonly BookmarkId[],
    question: { readonly message: string; readonly detail: string },
    buttons: readonly [string, string],
  ): Promise<void> {
    if (!(await connections.hasTransfers(ids))) return;
    const answer = await platform.dialogs.ask({ ...question, buttons, cancel: 0 });
    if (answer !== 1) throw new AppError('transfer.cancelled');
  }

  /** Only a bookmark has the keys of its transfers, and no other can take its place. */
  function mayRemove(ids: readonly BookmarkId[]): Promise<void> {
    const { message, detail, keep, remove } = TEXTS.removeBusy;
    return mayDo(ids, { message, detail }, [keep, remove]);
  }

  /** What was to be deleted at one server must not be deleted at another by accident. */
  async function maySave({ id, draft }: AppRequest<'bookmarks.save'>): Promise<void> {
    if (id === null || hostOf(draft) === hostOf(bookmarks.find(id))) return;
    const { message, detail, back, save } = TEXTS.moveBusy;
    await mayDo([id], { message, detail }, [back, save]);
  }

  return {
    'bookmarks.snapshot': () => bookmarks.snapshot(),
    'bookmarks.save': async (request) => {
      await maySave(request);
      const bookmark = await bookmarks.save(request);
      if (request.id !== null) await passOn(connections.bookmarkChanged(bookmark.id));
      return bookmark;
    },
    'bookmarks.setColour': ({ id, colour }) => bookmarks.setColour(id, colour),
    'bookmarks.duplicate': ({ id }) => bookmarks.duplicate(id),
    'bookmarks.remove': async ({ ids }) => {
      await mayRemove(ids);
      const undo = await bookmarks.remove(ids);
      for (const id of ids) await passOn(connections.bookmarkRemoved(id));
      return undo;
    },
    'bookmarks.undoRemove': async ({ undoToken }) => {
      const ids = await bookmarks.undoRemove(undoToken);
      for (const id of ids) await passOn(connections.bookmarkChanged(id));
    },
    'bookmarks.move': ({ ids, folderId, beforeId }) =>
      bookmarks.move(ids, folderId, beforeId),
    'bookmarks.createFolder': ({ name }) => bookmarks.createFolder(name),
    'bookmarks.changeFolder': (request) => bookmarks.changeFolder(request),
    'bookmarks.removeFolder': ({ id }) => bookmarks.removeFolder(id),
    'bookmarks.exportAll': async () => {
      const path = await platform.dialogs.saveFile({
        title: TEXTS.exportTitle,
        defaultName: TEXTS.exportName,
        extensions: ['json'],
      });
      if (path !== null)
        await writeTextFile(services.files, path, bookmarks.exportText());
      return { path };
    },
    'bookmarks.importFile': async () => {
      const path = await platform.dialogs.openFile({
        title: TEXTS.importTitle,
        extensions: ['json'],
      });
      if (path === null) return { added: 0 };
      return {
        added: await bookmarks.importText(await readTextFile(path, MAX_IMPORT_BYTES)),
      };
    },
    'bookmarks.vaultStatus': async () => ({ ...(await secrets.status()) }),
  };
}

function hostOf({ endpoint }: Pick<ConnectionDraft, 'endpoint'>): string | undefined {
  return URL.parse(endpoint)?.host;
}
