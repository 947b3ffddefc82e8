import { constants } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import type { ConflictInfo } from '../../../shared/domain/transfer.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { localError } from '../files/local-error.ts';
import { freeName, type Occupant, removeTemp, tempPath } from '../files/local-target.ts';
import { lookAtFor } from '../files/small-target.ts';
import type { NameClaim } from '../files/take-name.ts';
import { compareBytes } from './compare-bytes.ts';
import { type ExistingObject, headIfThere } from './existing-keys.ts';
import { NOTES } from './notes.ts';
import { isSameTime, sourceTime } from './object-time.ts';
import { ownFile } from './own-file.ts';
import { noteStream, startOfComputer } from './range-journal.ts';
import { RANGED_THRESHOLD, rangeSize } from './ranges.ts';
import { policyOf, type RunContext, type RunOutcome } from './run-context.ts';
import { hasSameContent } from './same-content.ts';

/** What to do about the local target. */
export type DownloadDecision =
  | {
      readonly kind: 'go';
      readonly claim: NameClaim;
      /** The file that is there is the beginning of the object: only the rest is fetched. */
      readonly beginning?: Occupant;
    }
  | RunOutcome;

/** Bytes compared at the beginning and before the end of what is there already. */
const PROBE_BYTES = 64 * 1024;

/** Decides about a local file of the target's name. */
export async function decideDownloadTarget(
  context: RunContext,
): Promise<DownloadDecision> {
  const { row, group } = context;
  const target = row.localPath ?? '';
  const there = await lookAtFor(target, context.disk);
  if (there === undefined) {
    // Who wants everything replaced also wants what came a moment ago replaced.
    const kind = policyOf(row, group) === 'overwrite' ? 'replace' : 'absent';
    return { kind: 'go', claim: { kind } };
  }
  // The engine may have ended between giving the file its name and writing that down.
  const integrity = await ownFile(context, there);
  if (integrity !== null) return { kind: 'done', integrity };
  const policy = policyOf(row, group);
  switch (policy) {
    case 'overwrite':
      if (there.kind !== 'folder') return { kind: 'go', claim: { kind: 'replace' } };
      throw isFolder(target);
    case 'skip':
      return { kind: 'skipped' };
    case 'rename': {
      const free = await freeName(target);
      const name = path.basename(free);
      context.store.update(row, { localPath: free, note: NOTES.renamed(name) });
      return { kind: 'go', claim: { kind: 'absent' } };
    }
    case 'rename-existing':
      return {
        kind: 'go',
        claim: {
          kind: 'set-aside',
          onSetAside: (name) => context.store.update(row, { note: NOTES.setAside(name) }),
        },
      };
    case 'ask':
      // People judge by what they see: the source's own time, not that of its storing.
      await learnFacts(context);
      return { kind: 'conflict', info: conflictInfo(context, there) };
    default:
      return decideByLook(context, policy, there);
  }
}

/** The policies that need to know more of both sides than that they are there. */
async function decideByLook(
  context: RunContext,
  policy: 'newer' | 'different' | 'resume',
  there: Occupant,
): Promise<DownloadDecision> {
  const { row, store, parts } = context;
  const target = row.localPath ?? '';
  if (there.kind === 'folder') throw isFolder(target);
  const replace = { kind: 'go', claim: { kind: 'same', seen: there } } as const;
  // An object was stored after the file it came from was changed, not before.
  if (policy === 'newer' && row.modified !== null && row.modified <= there.modified) {
    return leave(context, NOTES.notNewer);
  }
  if (
    policy === 'different' &&
    row.bytesTotal !== null &&
    row.bytesTotal !== there.size
  ) {
    return replace;
  }
  const head = await learnFacts(context);
  // The download itself will run into it and say so.
  if (head === undefined) return replace;
  const theirs = sourceTime(head);
  const ask = {
    kind: 'conflict',
    info: { ...conflictInfo(context, there), resumable: false },
    insist: true,
  } as const;
  if (policy === 'newer') {
    if (theirs === null) return ask;
    return theirs > there.modified ? replace : leave(context, NOTES.notNewer);
  }
  const same = await isSame(context, head, there);
  if (same === true) return leave(context, NOTES.same);
  if (policy === 'different') return replace;
  // What was fetched after the beginning is kept for the next attempt.
  if (parts.download(row.id) !== undefined) return replace;
  if (row.note === NOTES.unproven) return ask;
  // Once begun with it, only a wrong sum takes everything away again. What was found out
  // to be none stays none, however often somebody answers "resume".
  const tried = row.note === NOTES.continued || row.note === NOTES.noBeginning;
  const hopeful = !tried && (await isBeginning(context, head, there));
  if (hopeful) return { ...replace, beginning: there };
  store.update(row, { note: NOTES.noBeginning });
  return ask;
}

/** Asks the server for size and time of the object, which a listing only half knows. */
async function learnFacts(context: RunContext): Promise<ExistingObject | undefined> {
  const { row, connection, gate, group, store, signal } = context;
  const head = await headIfThere({ connection, gate, group, key: row.key, signal });
  if (head !== undefined) {
    store.update(row, { bytesTotal: head.size, modified: sourceTime(head) });
  }
  return head;
}

function leave(context: RunContext, note: string): DownloadDecision {
  context.store.update(context.row, { note });
  return { kind: 'skipped' };
}

function isFolder(target: string): AppError {
  return new AppError('local.io', { params: { path: target, reason: 'EISDIR' } });
}

function conflictInfo(context: RunContext, there: Occupant): ConflictInfo {
  const { row } = context;
  const shorter = row.bytesTotal === null || there.size < row.bytesTotal;
  return {
    sourceSize: row.bytesTotal,
    sourceModified: row.modified,
    targetSize: there.size,
    targetModified: there.modified,
    resumable: there.kind === 'file' && there.size > 0 && shorter,
  };
}

/** Whether the file is what the object is: by size and time, else by content. */
async function isSame(
  context: RunContext,
  head: ExistingObject,
  there: Occupant,
): Promise<boolean | null> {
  if (there.kind !== 'file' || head.size !== there.size) return false;
  const theirs = sourceTime(head);
  if (theirs !== null && isSameTime(theirs, there.modified)) return true;
  const file = context.row.localPath ?? '';
  return hasSameContent(context, file, { size: head.size, etag: head.etag ?? '' });
}

/**
 * Whether a shorter file may be the beginning of an object: it was written after the object
 * was stored, and its first and last bytes are those of the object. The sum of the whole is
 * held against the ETag at the end.
 */
async function isBeginning(
  context: RunContext,
  head: ExistingObject,
  there: Occupant,
): Promise<boolean> {
  if (there.kind !== 'file' || there.size === 0 || there.size >= head.size) return false;
  // Without an ETag it could change between our looks.
  if (!head.etag) return false;
  if (head.modified !== null && head.modified > there.modified + 1_000) return false;
  const first = Math.min(PROBE_BYTES, there.size);
  const last = Math.max(first, there.size - PROBE_BYTES);
  return (
    (await compareBytes(context, head.etag, 0, first)) &&
    (await compareBytes(context, head.etag, last, there.size))
  );
}

/**
 * Begins a download with the bytes that are there: a copy of them (the file itself stays
 * until the end), with the journal entry of an interrupted download.
 */
export async function startFromBeginning(
  context: RunContext,
  beginning: Occupant,
): Promise<void> {
  const { row, connection, gate, group, parts, store, clock, signal } = context;
  const target = row.localPath ?? '';
  const head = await headIfThere({ connection, gate, group, key: row.key, signal });
  if (head === undefined) return;
  const temp = tempPath(target, row.id);
  try {
    await removeTemp(temp);
    await copyFile(target, temp, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  } catch (error) {
    throw localError(error, target);
  }
  const { size } = head;
  const ranged = size >= RANGED_THRESHOLD;
  const partSize = ranged ? rangeSize(size) : Math.max(1, size);
  parts.saveDownload(row.id, { tempPath: temp, etag: head.etag ?? '', size, partSize });
  if (!ranged) noteStream(parts, row.id, startOfComputer(clock.now()));
  const whole = ranged ? Math.floor(beginning.size / partSize) : 0;
  for (let number = 1; number <= whole; number += 1) {
    parts.savePart(row.id, { number, size: partSize, etag: '', checksum: '' });
  }
  store.update(row, { note: NOTES.continued, bytesTotal: size });
}
