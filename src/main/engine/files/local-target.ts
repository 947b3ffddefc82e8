import type { Stats } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, realpath, rm } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../../shared/errors/app-error.ts';
import { localError, nodeCode } from './local-error.ts';
import { numberedName, shorten } from './safe-name.ts';

/**
 * Makes the folder of `target` and makes sure that it truly lies in `root`: a symbolic
 * link on the way must not lead out. Throws `local.outside-target`.
 */
export async function prepareParent(root: string, target: string): Promise<void> {
  const parent = path.dirname(target);
  assertInside(root, target, parent);
  try {
    await mkdir(root, { recursive: true });
    const realRoot = await realpath(root);
    // The nearest existing ancestor is checked before anything is made below it.
    const existing = await nearestExisting(parent);
    assertInside(realRoot, path.join(await realpath(existing), 'x'), target);
    await mkdir(parent, { recursive: true });
    assertInside(realRoot, path.join(await realpath(parent), 'x'), target);
  } catch (error) {
    throw localError(error, parent);
  }
}

/** Throws `local.outside-target` unless `inner` lies below `root`, going by the names. */
export function assertInside(root: string, inner: string, shown: string): void {
  const relative = path.relative(root, inner);
  if (
    relative === '' ||
    relative.split(path.sep)[0] === '..' ||
    path.isAbsolute(relative)
  ) {
    throw new AppError('local.outside-target', { params: { path: shown } });
  }
}

async function nearestExisting(folder: string): Promise<string> {
  for (let current = folder; ; current = path.dirname(current)) {
    try {
      await lstat(current);
      return current;
    } catch (error) {
      if (nodeCode(error) !== 'ENOENT' || current === path.dirname(current)) throw error;
    }
  }
}

/** Something that stands at a path. */
export interface Occupant {
  readonly kind: 'file' | 'folder' | 'other';
  readonly size: number;
  /** ms since 1970. */
  readonly modified: number;
}

/** What a look at a path says. */
export function occupantOf(stats: Stats): Occupant {
  return {
    kind: stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : 'other',
    size: stats.size,
    modified: Math.round(stats.mtimeMs),
  };
}

/** What stands at a path: nothing, or something with a size. Links are not followed. */
export async function lookAt(target: string): Promise<Occupant | undefined> {
  try {
    return occupantOf(await lstat(target));
  } catch (error) {
    const code = nodeCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw localError(error, target);
  }
}

/** The first free `name 2`, `name 3`, … beside `target`. */
export async function freeName(target: string): Promise<string> {
  const folder = path.dirname(target);
  const name = path.basename(target);
  for (let number = 2; ; number += 1) {
    const candidate = path.join(folder, numberedName(name, number));
    if ((await lookAt(candidate)) === undefined) return candidate;
  }
}

/** Where a download grows until it is whole: `name.<id>.part` beside the target. */
export function tempPath(target: string, id: number | string): string {
  const suffix = `.${id}.part`;
  const whole = path.basename(target);
  const name = shorten(whole, 255 - suffix.length);
  return target.endsWith(whole)
    ? target.slice(0, target.length - whole.length) + name + suffix
    : path.join(path.dirname(target), name + suffix);
}

/**
 * Opens a temporary file for positional writes. `fresh` empties it. Refuses to follow a
 * symbolic link that somebody put in its place.
 */
export async function openTemp(temp: string, fresh: boolean): Promise<FileHandle> {
  try {
    const there = await lookAt(temp);
    if (fresh || there?.kind !== 'file') {
      await rm(temp, { force: true });
      return await open(temp, 'wx+');
    }
    return await open(temp, 'r+');
  } catch (error) {
    throw localError(error, temp);
  }
}

/** Removes a temporary file; one that is gone is fine. */
export async function removeTemp(temp: string): Promise<void> {
  try {
    await rm(temp, { force: true });
  } catch (error) {
    throw localError(error, temp);
  }
}
