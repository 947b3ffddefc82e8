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
  const folders: Folders = { left: [], pace: createDiskPace(() => performance.now()) };
  const first = await visit(root, rootName, [], folders, leaveOut);
  if (first !== undefined) yield first;
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
): AsyncGenerator<WalkEntry> {
  const { path: place, relative } = folder;
  let empty = true;
  const leavesOut = (child: string): boolean => {
    const out = leaveOut(child);
    // A folder with nothing else in it is an empty folder.
    if (!out) empty = false;
    return out;
  };
  try {
    // The iterator closes the handle, also when the consumer stops early.
    for await (const entry of await opendir(place, { bufferSize: 256 })) {
      signal.throwIfAborted();
      const child = path.join(place, entry.name);
      const found = await visitEntry(
        entry,
        child,
        `${relative}/${entry.name}`,
        folder.chain,
        folders,
        leavesOut,
      );
      if (found !== undefined) yield found;
    }
  } catch (error) {
    signal.throwIfAborted();
    yield { kind: 'unreadable', path: place, relative, error: localError(error, place) };
    return;
  }
  if (empty) yield { kind: 'empty-folder', path: place, relative };
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
    return visit(place, relative, chain, folders, () => false);
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
    if (stats.isFile()) {
      return {
        kind: 'file',
        path: place,
        relative,
        size: stats.size,
        modified: Math.round(stats.mtimeMs),
      };
    }
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
