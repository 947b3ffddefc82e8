import type { z } from 'zod';
import { AppError } from '../../shared/errors/app-error.ts';
import type { FileOperations } from './file-operations.ts';
import { replaceFile } from './replace-file.ts';

/** Turns the contents of version N into those of version N + 1. */
export type Migration = (contents: unknown) => unknown;

/** What a JSON file holds and how it is read. */
export interface JsonStoreOptions<T> {
  readonly path: string;
  /** Schema of the contents, without `version`. */
  readonly schema: z.ZodType<T>;
  /** The version this app writes. */
  readonly version: number;
  /** `migrations[n]` leads from version n to n + 1. */
  readonly migrations?: Readonly<Record<number, Migration>>;
  /** Contents of a file that does not exist yet. */
  readonly initial: () => T;
  readonly files: FileOperations;
  /** For the name of a file put aside. ms since 1970. */
  readonly now: () => number;
}

/**
 * A small JSON file held in memory and written atomically: temporary file, fsync, rename,
 * with the last good contents in `.bak`. At every moment either the old or the new
 * contents can be read back.
 */
export interface JsonStore<T> {
  /** What is stored, as of the last {@link JsonStore.write}. */
  readonly value: T;
  /** What went wrong while opening, to tell the user: `storage.corrupt`. */
  readonly notice: AppError | null;
  /**
   * Replaces the contents; resolves when they are on the disk. Writes follow each other;
   * of several waiting only the last is done. Throws `storage.write-failed`; the value in
   * memory then is the old one again, unless a later write has come between.
   */
  write(value: T): Promise<void>;
  /** Resolves when no write is under way. */
  settled(): Promise<void>;
}

/**
 * Opens a store. An unreadable file is replaced by its `.bak`; if that is no good either,
 * it is moved aside as `.corrupt-<time>` and the store starts afresh; `notice` tells both.
 */
export async function openJsonStore<T>(
  options: JsonStoreOptions<T>,
): Promise<JsonStore<T>> {
  const { value, notice } = await load(options);
  return createStore(options, value, notice);
}

interface Loaded<T> {
  readonly value: T;
  readonly notice: AppError | null;
}

async function load<T>(options: JsonStoreOptions<T>): Promise<Loaded<T>> {
  const { path, files } = options;
  const text = await files.read(path);
  if (text !== null) {
    const parsed = parse(options, text);
    if (parsed !== null) return { value: parsed.value, notice: null };
  }
  const backup = await files.read(`${path}.bak`);
  const restored = backup === null ? null : parse(options, backup);
  if (text === null && restored === null && backup === null) {
    return { value: options.initial(), notice: null };
  }
  const aside = `${path}.corrupt-${options.now()}`;
  if (text !== null) await files.rename(path, aside);
  if (restored === null) {
    if (text === null) await files.rename(`${path}.bak`, aside);
    return { value: options.initial(), notice: corrupt(path, aside, false) };
  }
  try {
    await replaceFile(files, path, serialize(options.version, restored.value), false);
  } catch {
    // A full disk now: the backup is still there, and the next change writes the file.
  }
  // A file that is missing beside its backup lost nothing but the rename.
  const notice = text === null ? null : corrupt(path, aside, true);
  return { value: restored.value, notice };
}

function corrupt(path: string, aside: string, restored: boolean): AppError {
  return new AppError('storage.corrupt', { params: { path, aside, restored } });
}

function parse<T>(
  options: JsonStoreOptions<T>,
  text: string,
): { readonly value: T } | null {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof raw !== 'object' || raw === null || !('version' in raw)) return null;
  const { version, ...rest } = raw;
  if (typeof version !== 'number' || !Number.isInteger(version)) return null;
  // A file of a newer Dipper: better set aside than half understood and overwritten.
  if (version < 0 || version > options.version) return null;
  let contents: unknown = rest;
  for (let from = version; from < options.version; from += 1) {
    const migrate = options.migrations?.[from];
    if (migrate === undefined) return null;
    contents = migrate(contents);
  }
  const result = options.schema.safeParse(contents);
  return result.success ? { value: result.data } : null;
}

function serialize(version: number, value: unknown): string {
  return `${JSON.stringify({ version, ...(value as object) }, null, 2)}\n`;
}

function createStore<T>(
  options: JsonStoreOptions<T>,
  loaded: T,
  notice: AppError | null,
): JsonStore<T> {
  const { files, path } = options;
  let value = loaded;
  let onDisk = loaded;
  let waiting: Promise<void> | null = null;
  let last: Promise<void> = Promise.resolve();

  async function flush(): Promise<void> {
    waiting = null;
    const next = value;
    try {
      const exists = (await files.read(path)) !== null;
      await replaceFile(files, path, serialize(options.version, next), exists);
      onDisk = next;
    } catch (error) {
      if (value === next) value = onDisk;
      throw error;
    }
  }

  return {
    get value() {
      return value;
    },
    notice,
    write(next) {
      value = next;
      waiting ??= last.then(flush);
      const written = waiting;
      last = written.catch(() => undefined);
      return written;
    },
    settled: () => last,
  };
}
