import {
  closeSync,
  futimesSync,
  lstatSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import type { DiskPace } from './disk-pace.ts';
import { localError, nodeCode } from './local-error.ts';
import {
  assertInside,
  lookAt,
  type Occupant,
  occupantOf,
  openTemp,
  prepareParent,
  removeTemp,
} from './local-target.ts';
import { fileTime, publish } from './publish.ts';
import type { NameRules } from './safe-name.ts';
import { type NameClaim, takeAbsentNameNow, takeName } from './take-name.ts';

/** `prepareParent` for one of many files, which costs next to nothing while the disk is quick. */
export async function prepareParentFor(
  root: string,
  target: string,
  pace: DiskPace,
): Promise<void> {
  const parent = path.dirname(target);
  if (pace.quick && pace.folder.holds(root, parent)) return;
  if (pace.quick && pace.now(() => isParentReady(root, target))) {
    pace.folder.keep(root, parent);
    return;
  }
  await pace.later(() => prepareParent(root, target));
}

/** Whether the folder is there and truly lies in `root`. Throws `local.outside-target`. */
function isParentReady(root: string, target: string): boolean {
  const parent = path.dirname(target);
  assertInside(root, target, parent);
  let realRoot: string;
  let realParent: string;
  try {
    realParent = realpathSync.native(parent);
    realRoot = parent === root ? realParent : realpathSync.native(root);
  } catch {
    // Not there yet, or something is in the way: the long way makes it, or says what.
    return false;
  }
  assertInside(realRoot, path.join(realParent, 'x'), target);
  return true;
}

/** `lookAt` for one of many files. */
export async function lookAtFor(
  target: string,
  pace: DiskPace,
): Promise<Occupant | undefined> {
  if (!pace.quick) return pace.later(() => lookAt(target));
  try {
    const stats = pace.now(() => lstatSync(target, { throwIfNoEntry: false }));
    return stats === undefined ? undefined : occupantOf(stats);
  } catch (error) {
    if (nodeCode(error) === 'ENOTDIR') return undefined;
    throw localError(error, target);
  }
}

/** What becomes a small file. */
export interface SmallFile {
  readonly bytes: Buffer;
  /** Its temporary path. */
  readonly temp: string;
  readonly target: string;
  /** ms since 1970; `null`: now. */
  readonly modified: number | null;
  readonly rules: Pick<NameRules, 'windows'>;
  /** What it may do to whatever has the name. */
  readonly claim: NameClaim;
}

/**
 * Writes a whole file beside its target and gives it its name once `check` has passed. A
 * process that dies leaves the old file or the new one, never a torn one; a computer that
 * loses power may leave an empty one, as small files are not forced to the disk one by one.
 * Throws what `check` throws, `conflict.exists` where the claim does not cover what has the
 * name, or `local.…`; then nothing is left behind.
 */
export async function saveSmallFile<T>(
  file: SmallFile,
  pace: DiskPace,
  check: () => T | Promise<T>,
): Promise<T> {
  const { temp } = file;
  try {
    // Windows wants its mark, which takes a file system call that has no quick way.
    const plain = file.claim.kind === 'replace' || file.claim.kind === 'absent';
    if (!pace.quick || file.rules.windows || !plain)
      return await saveLater(file, pace, check);
    pace.now(() => writeTemp(file));
    const result = await check();
    if (pace.now(() => rename(file)) === null) {
      await takeName(temp, file.target, file.claim);
    }
    return result;
  } catch (error) {
    await removeTemp(temp).catch(() => undefined);
    throw error;
  }
}

async function saveLater<T>(
  { bytes, temp, target, modified, rules, claim }: SmallFile,
  pace: DiskPace,
  check: () => T | Promise<T>,
): Promise<T> {
  const handle = await pace.later(() => openTemp(temp, true));
  let result: T;
  try {
    for (let done = 0; done < bytes.length; ) {
      const left = bytes.length - done;
      const { bytesWritten } = await handle.write(bytes, done, left, done);
      done += bytesWritten;
    }
    result = await check();
  } catch (error) {
    await handle.close().catch(() => undefined);
    throw localError(error, temp);
  }
  const durable = false;
  await pace.later(() =>
    publish(handle, temp, target, { modified, rules, durable, claim }),
  );
  return result;
}

function writeTemp({ bytes, temp, modified }: SmallFile): void {
  try {
    const fd = openNew(temp);
    try {
      for (let done = 0; done < bytes.length; ) {
        done += writeSync(fd, bytes, done, bytes.length - done, done);
      }
      if (modified !== null) futimesSync(fd, fileTime(modified), fileTime(modified));
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    throw localError(error, temp);
  }
}

/** Never follows a link that somebody put in its place: `x` refuses whatever is there. */
function openNew(temp: string): number {
  try {
    return openSync(temp, 'wx');
  } catch (error) {
    if (nodeCode(error) !== 'EEXIST') throw error;
    rmSync(temp, { force: true });
    return openSync(temp, 'wx');
  }
}

/** `null`: the file system cannot do it in one step. */
function rename({ temp, target, claim }: SmallFile): true | null {
  try {
    if (claim.kind === 'absent') return takeAbsentNameNow(temp, target);
    renameSync(temp, target);
    return true;
  } catch (error) {
    throw localError(error, target);
  }
}
