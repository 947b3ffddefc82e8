import { type Dirent, type Stats, statSync } from 'node:fs';
import { opendir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../../shared/errors/app-error.ts';
import { createDiskPace, type DiskPace } from './disk-pace.ts';
import { localError } from './local-error.ts';

/** What a walk finds. `relative` uses `/` and begins with the name of the walk's root. */
export type WalkEntry =
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly relative: string;
      /** Bytes. */
      readonly size: number;
      /** ms since 1970. */
      readonly modified: number;
    }
  | { readonly kind: 'empty-folder'; readonly path: string; readonly relative: string }
  /** A socket, pipe or device: nothing to upload. */
  | { readonly kind: 'special'; readonly path: string; readonly relative: string }
  | {
      readonly kind: 'unreadable';
      readonly path: string;
      readonly relative: string;
      readonly error: AppError;
    };

interface Folder {
  readonly path: string;
  readonly relative: string;
  /** Real paths of this folder and those it was reached through, to notice loops. */
  readonly chain: readonly string[];
}

/** Files of a quick disk that are handed on together. */
const TOGETHER = 64;

/** What a walk shares. */
interface Folders {
  /** Still to be walked. */
  readonly left: Folder[];
  readonly pace: DiskPace;
}

/**
 * Walks a file or folder. Symbolic links are followed; one that leads back to a folder it
 * was reached through is reported as unreadable. What cannot be read is reported and the
 * walk goes on. Memory grows with the number of folders waiting, not with the files.
 * `leaveOut` is asked about everything found by its `relative`, which ends in `/` for a
 * folder; what it passes over is not looked at, nor what lies in it.
 */
export async function* walk(
  root: string,
  rootName: string,
  signal: AbortSignal,
  leaveOut: (relative: string) => boolean = () => false,
): AsyncGenerator<WalkEntry> {
  for await (const found of walkTogether(root, rootName, signal, leaveOut)) yield* found;
}

/**
 * {@link walk}, some dozens of entries at a time if the disk is quick: handing on each by
 * itself costs as much as looking at it.
 */
export async function* walkTogether(
  root: string,
  rootName: string,
  signal: AbortSignal,
  leaveOut: (relative: string) => boolean,
): AsyncGenerator<readonly WalkEntry[]> {
  const folders: Folders = { left: [], pace: createDiskPace(() => performance.now()) };
  const first = await visit(path.normalize(root), rootName, [], folders, leaveOut);
  if (first !== undefined) yield [first];
  for (;;) {
    signal.throwIfAborted();
    const folder = folders.left.pop();
    if (folder === undefined) return;
    yield* walkFolder(folder, folders, signal, leaveOut);
  }
}

async function* walkFolder(
  folder: Folder,
  folders: Folders,
  signal: AbortSignal,
  leaveOut: (relative: string) => boolean,
): AsyncGenerator<readonly WalkEntry[]> {
  const { path: place, relative, chain } = folder;
  const { pace } = folders;
  let empty = true;
  const leavesOut = (child: string): boolean => {
    const out = leaveOut(child);
    // A folder with nothing else in it is an empty folder.
    if (!out) empty = false;
    return out;
  };
  let found: WalkEntry[] = [];
  try {
    const names = await opendir(place, { bufferSize: 256 });
    const readNow = (): Dirent | null => names.readSync();
    const readLater = (): Promise<Dirent | null> => names.read();
    try {
      for (;;) {
        const entry = pace.quick ? pace.now(readNow) : await pace.later(readLater);
        if (entry === null) break;
        signal.throwIfAborted();
        const child = inFolder(place, entry.name);
        const name = `${relative}/${entry.name}`;
        const seen = visitEntry(entry, child, name, chain, folders, leavesOut);
        const one = seen instanceof Promise ? await seen : seen;
        if (one !== undefined) found.push(one);
        if (found.length >= (pace.quick ? TOGETHER : 1)) {
          yield found;
          found = [];
        }
      }
    } finally {
      // Also when the consumer stops early.
      await names.close();
    }
  } catch (error) {
    signal.throwIfAborted();
    found.push({
      kind: 'unreadable',
      path: place,
      relative,
      error: localError(error, place),
    });
    yield found;
    return;
  }
  if (empty) found.push({ kind: 'empty-folder', path: place, relative });
  if (found.length > 0) yield found;
}

/** `path.join` would put in order what is in order. */
function inFolder(folder: string, name: string): string {
  return folder.endsWith(path.sep) ? folder + name : folder + path.sep + name;
}

function visitEntry(
  entry: Dirent,
  place: string,
  relative: string,
  chain: readonly string[],
  folders: Folders,
  leaveOut: (relative: string) => boolean,
): Promise<WalkEntry | undefined> | WalkEntry | undefined {
  if (entry.isDirectory()) {
    if (leaveOut(`${relative}/`)) return undefined;
    const parent = chain.at(-1) ?? path.dirname(place);
    folders.left.push({
      path: place,
      relative,
      chain: [...chain, path.join(parent, entry.name)],
    });
    return undefined;
  }
  if (entry.isFile()) {
    // Asked before it is looked at, which is what costs time.
    if (leaveOut(relative)) return undefined;
    const now = folders.pace.quick ? lookAtFile(place, relative, folders.pace) : null;
    return now ?? visit(place, relative, chain, folders, () => false);
  }
  if (entry.isSymbolicLink()) {
    return visit(place, relative, chain, folders, leaveOut);
  }
  // Some file systems do not tell the type with the name.
  if (!isKnownSpecial(entry)) return visit(place, relative, chain, folders, leaveOut);
  return leaveOut(relative) ? undefined : { kind: 'special', path: place, relative };
}

function isKnownSpecial(entry: Dirent): boolean {
  return (
    entry.isSocket() ||
    entry.isFIFO() ||
    entry.isCharacterDevice() ||
    entry.isBlockDevice()
  );
}

/** `null`: it is no file any more, or cannot be looked at. */
function lookAtFile(place: string, relative: string, pace: DiskPace): WalkEntry | null {
  try {
    const stats = pace.now(() => statSync(place));
    return stats.isFile() ? fileEntry(place, relative, stats) : null;
  } catch {
    return null;
  }
}

function fileEntry(place: string, relative: string, stats: Stats): WalkEntry {
  const { size, mtimeMs } = stats;
  return { kind: 'file', path: place, relative, size, modified: Math.round(mtimeMs) };
}

function look(place: string, pace: DiskPace): Stats | Promise<Stats> {
  return pace.quick ? pace.now(() => statSync(place)) : pace.later(() => stat(place));
}

async function visit(
  place: string,
  relative: string,
  chain: readonly string[],
  folders: Folders,
  leaveOut: (relative: string) => boolean,
): Promise<WalkEntry | undefined> {
  try {
    const stats = await look(place, folders.pace);
    if (leaveOut(stats.isDirectory() ? `${relative}/` : relative)) return undefined;
    if (stats.isFile()) return fileEntry(place, relative, stats);
    if (!stats.isDirectory()) return { kind: 'special', path: place, relative };
    const real = await realpath(place);
    if (chain.includes(real)) {
      throw new AppError('local.io', { params: { path: place, reason: 'ELOOP' } });
    }
    folders.left.push({ path: place, relative, chain: [...chain, real] });
    return undefined;
  } catch (error) {
    // A link that leads nowhere may be junk, too.
    if (leaveOut(relative)) return undefined;
    return {
      kind: 'unreadable',
      path: place,
      relative,
      error: localError(error, place),
    };
  }
}
