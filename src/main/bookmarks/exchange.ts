import { z } from 'zod';
import {
  BookmarkColour,
  BookmarkFolder,
  ConnectionDraft,
} from '../../shared/domain/bookmark.ts';
import { type BookmarkId, BucketName, type FolderId } from '../../shared/domain/ids.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { BookmarkList } from './bookmark-list.ts';
import { checkDraft } from './check-draft.ts';

const FORMAT = 'dipper-bookmarks';
const VERSION = 1;
/** Characters; far more than thousands of bookmarks need. */
const MAX_LENGTH = 10_000_000;
/** In all; an import beyond it is a mistake or malice. */
const MOST_BOOKMARKS = 20_000;

/**
 * The file that export writes and import reads. It names every field it has: a field that
 * a bookmark gains later, such as a secret, does not slip into it.
 */
const ExchangeFile = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  folders: z.array(BookmarkFolder).max(1_000),
  bookmarks: z
    .array(
      ConnectionDraft.extend({
        folder: z.string().nullable(),
        colour: BookmarkColour,
        extraBuckets: z.array(BucketName).max(1_000),
      }),
    )
    .max(10_000),
});
type ExchangeFile = z.infer<typeof ExchangeFile>;

/** The text of an export. It holds no secret. */
export function writeExchange(list: BookmarkList): string {
  const file: ExchangeFile = {
    format: FORMAT,
    version: VERSION,
    folders: list.folders,
    bookmarks: list.bookmarks.map((each) => ({
      ...ConnectionDraft.strip().parse(each),
      folder: each.folderId,
      colour: each.colour,
      extraBuckets: each.extraBuckets,
    })),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/**
 * The list plus everything in an exported file, under new ids and without secrets; folders
 * of the same name are joined. Throws `input.invalid` with the place of the first mistake,
 * `input.endpoint` for an address that is none or holds a password.
 */
export function readExchange(
  list: BookmarkList,
  text: string,
  nextId: () => string,
): { readonly list: BookmarkList; readonly added: number } {
  const file = parseFile(text);
  for (const [index, bookmark] of file.bookmarks.entries()) {
    checkDraft(bookmark);
    // It becomes part of a header; no key of any service has one.
    if (/[\s\p{Cc}]/u.test(bookmark.accessKeyId)) {
      const field = `bookmarks.${index}.accessKeyId`;
      throw new AppError('input.invalid', { params: { field } });
    }
  }
  if (list.bookmarks.length + file.bookmarks.length > MOST_BOOKMARKS) {
    throw new AppError('input.invalid', { params: { field: 'bookmarks' } });
  }
  const folders = [...list.folders];
  const folderIds = new Map<string, FolderId>();
  for (const { name, ...rest } of file.folders) {
    const folder = { ...rest, name: tidy(name) || 'Folder' };
    const known = folders.find((each) => each.name === folder.name);
    const id = known?.id ?? (nextId() as FolderId);
    if (known === undefined) folders.push({ ...folder, id });
    folderIds.set(folder.id, id);
  }
  const added = file.bookmarks.map(({ folder, ...rest }) => ({
    ...rest,
    nickname: tidy(rest.nickname),
    id: nextId() as BookmarkId,
    folderId: folder === null ? null : (folderIds.get(folder) ?? null),
    secretStorage: 'none' as const,
    hasSessionToken: false,
  }));
  return {
    list: { folders, bookmarks: [...list.bookmarks, ...added] },
    added: added.length,
  };
}

/** A name from elsewhere without control characters, and those that turn text around. */
function tidy(name: string): string {
  return name.replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim();
}

function parseFile(text: string): ExchangeFile {
  let raw: unknown;
  try {
    if (text.length > MAX_LENGTH) throw new RangeError('too long');
    raw = JSON.parse(text);
  } catch (error) {
    throw new AppError('input.invalid', { params: { field: 'file' }, cause: error });
  }
  const result = ExchangeFile.safeParse(raw);
  if (result.success) return result.data;
  const field = result.error.issues[0]?.path.join('.') || 'file';
  throw new AppError('input.invalid', { params: { field } });
}
