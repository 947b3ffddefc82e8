import { linkSync, unlinkSync } from 'node:fs';
import { link, rename } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../../shared/errors/app-error.ts';
import { nodeCode } from './local-error.ts';
import { lookAt, type Occupant, removeTemp } from './local-target.ts';
import { numberedName } from './safe-name.ts';

/** What a finished file may do to whatever has its name. */
export type NameClaim =
  /** Replace it. */
  | { readonly kind: 'replace' }
  /** Nothing: there must be none. */
  | { readonly kind: 'absent' }
  /** Replace it while it is still what was seen. */
  | { readonly kind: 'same'; readonly seen: Occupant }
  /** Give it the first free `name 2`, `name 3`, …; `onSetAside` hears which. */
  | { readonly kind: 'set-aside'; readonly onSetAside: (name: string) => void };

/** File systems without hard links (FAT, some network drives) say so in these words. */
const NO_LINKS = new Set([
  'EPERM',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EMLINK',
  'EXDEV',
  'EINVAL',
  'EACCES',
]);

/**
 * Gives a finished temporary file its name. Throws `conflict.exists` where something has
 * it that the claim does not cover, also when that came a moment ago; else Node's errors.
 */
export async function takeName(
  temp: string,
  target: string,
  claim: NameClaim,
): Promise<void> {
  if (claim.kind === 'set-aside') {
    const name = await moveAside(target);
    if (name !== null) claim.onSetAside(name);
  }
  if (claim.kind === 'same') {
    const now = await lookAt(target);
    if (now !== undefined && !isSameLook(now, claim.seen)) throw exists(target);
  }
  if (claim.kind === 'replace' || claim.kind === 'same') {
    await rename(temp, target);
    // Two names of one file, as a crash between link and unlink leaves them, both stay.
    await removeTemp(temp);
  } else if (!(await renameExclusive(temp, target))) {
    throw exists(target);
  }
}

/** The claim `absent` of a small file, without waiting. `null`: it takes the long way. */
export function takeAbsentNameNow(temp: string, target: string): true | null {
  try {
    linkSync(temp, target);
  } catch (error) {
    const code = nodeCode(error) ?? '';
    if (code === 'EEXIST') throw exists(target);
    if (NO_LINKS.has(code)) return null;
    throw error;
  }
  try {
    // Half the price of `rmSync`, which looks first what it removes.
    unlinkSync(temp);
  } catch (error) {
    if (nodeCode(error) !== 'ENOENT') throw error;
  }
  return true;
}

/** Renames unless the new name is taken, then `false`. */
async function renameExclusive(from: string, to: string): Promise<boolean> {
  try {
    // A rename would replace what is there without a word.
    await link(from, to);
  } catch (error) {
    const code = nodeCode(error) ?? '';
    if (code === 'EEXIST') return false;
    if (!NO_LINKS.has(code)) throw error;
    // Without links nothing better can be had than a look right before.
    if ((await lookAt(to)) !== undefined) return false;
    await rename(from, to);
    return true;
  }
  await removeTemp(from);
  return true;
}

/** Renames what is at `target`; returns its new name, `null` where nothing was. */
async function moveAside(target: string): Promise<string | null> {
  const folder = path.dirname(target);
  for (let number = 2; ; number += 1) {
    const there = await lookAt(target);
    if (there === undefined) return null;
    const name = numberedName(path.basename(target), number);
    const free = path.join(folder, name);
    if (there.kind === 'file' && (await renameExclusive(target, free))) return name;
    if (there.kind === 'file') continue;
    // Folders and links cannot be linked to.
    if ((await lookAt(free)) !== undefined) continue;
    await rename(target, free);
    return name;
  }
}

function isSameLook(a: Occupant, b: Occupant): boolean {
  return a.kind === b.kind && a.size === b.size && a.modified === b.modified;
}

function exists(target: string): AppError {
  return new AppError('conflict.exists', { params: { key: path.basename(target) } });
}
