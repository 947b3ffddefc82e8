import { contentTypeFor } from '../../../shared/domain/content-type.ts';
import type { ConflictInfo } from '../../../shared/domain/transfer.ts';
import type { Fingerprint } from '../files/fingerprint.ts';
import { modifiedMs } from '../files/fingerprint.ts';
import { numberedName } from '../files/safe-name.ts';
import { isMd5Etag } from '../s3/etag.ts';
import type { NewObject } from '../s3/s3-connection.ts';
import { type ExistingObject, headIfThere } from './existing-keys.ts';
import { NOTES } from './notes.ts';
import { isSameTime, mtimeText, sourceTime } from './object-time.ts';
import { noteUpload } from './receipt-draft.ts';
import { policyOf, type RunContext, type TargetDecision } from './run-context.ts';
import { hasSameContent, md5OfFile } from './same-content.ts';
import { isOurEarlier, type SentFile } from './sent-file.ts';

/** Waits until no other transfer writes to the row's key; see `KeyClaims.enter`. */
export function claimKey(context: RunContext): Promise<void> | undefined {
  const { row, connection, existing, signal } = context;
  const { bucket, key } = row;
  return existing.claims.enter(row, { connection, bucket, key }, signal);
}

/**
 * Decides about an existing object before the first byte is sent. After a failed or
 * interrupted attempt it asks the server itself and knows its own object again, also when
 * the file is another one by now: `sent` is what the attempt before noted of it.
 */
export async function decideUploadTarget(
  context: RunContext,
  source: Fingerprint,
  sent: SentFile,
): Promise<TargetDecision> {
  const { row, group } = context;
  const policy = policyOf(row, group);
  if (policy === 'overwrite') return { kind: 'go', onlyIfAbsent: false };
  const found =
    row.attempt > 0 || row.answer !== ''
      ? await headOf(context)
      : await context.existing.find({ ...context, key: row.key });
  if (found === undefined) return { kind: 'go', onlyIfAbsent: true };
  if (row.attempt > 0 && (await isOurs(context, found, source))) {
    noteUpload(context.receipt, source, { etag: found.etag ?? '' });
    return { kind: 'done', integrity: 'md5' };
  }
  if (row.attempt > 0 && isOurEarlier(context, found, sent)) {
    return { kind: 'go', onlyIfAbsent: false, onlyIfEtag: found.etag ?? '' };
  }
  return settleUploadConflict(context, found, source);
}

/** Applies the policy to an object that is there and not ours. */
export async function settleUploadConflict(
  context: RunContext,
  found: ExistingObject,
  source: Fingerprint,
): Promise<TargetDecision> {
  const { row, group } = context;
  const policy = policyOf(row, group);
  switch (policy) {
    case 'overwrite':
      return { kind: 'go', onlyIfAbsent: false };
    case 'skip':
      return { kind: 'skipped' };
    case 'rename':
      await takeFreeKey(context);
      return { kind: 'go', onlyIfAbsent: true };
    default: {
      const now = found.listed ? await headOf(context) : found;
      // It went between the two looks.
      if (now === undefined) return { kind: 'go', onlyIfAbsent: true };
      // People judge by what they see: the source's own time, not that of its storing.
      if (policy === 'ask') return { kind: 'conflict', info: conflictInfo(now, source) };
      return settleByLook(context, policy, now, source);
    }
  }
}

/** The policies that need to know more of the object than that it is there. */
async function settleByLook(
  context: RunContext,
  policy: 'newer' | 'different' | 'resume' | 'rename-existing',
  found: ExistingObject,
  source: Fingerprint,
): Promise<TargetDecision> {
  const replace = {
    kind: 'go',
    onlyIfAbsent: false,
    onlyIfEtag: found.etag ?? '',
  } as const;
  const ask = {
    kind: 'conflict',
    info: conflictInfo(found, source),
    insist: true,
  } as const;
  if (policy === 'rename-existing') return { ...replace, setAside: found };
  if (policy === 'newer') {
    const theirs = sourceTime(found);
    if (theirs === null) return ask;
    return modifiedMs(source) > theirs ? replace : leave(context, NOTES.notNewer);
  }
  const same = await isSame(context, found, source);
  if (same === true) return leave(context, NOTES.same);
  if (policy === 'different') return replace;
  // An object is whole or not there: what differs is no beginning.
  return ask;
}

function leave(context: RunContext, note: string): TargetDecision {
  context.store.update(context.row, { note });
  return { kind: 'skipped' };
}

/** Whether the object is what the file is: by size and time, else by content. */
async function isSame(
  context: RunContext,
  found: ExistingObject,
  source: Fingerprint,
): Promise<boolean | null> {
  if (found.size !== source.size) return false;
  const theirs = sourceTime(found);
  if (theirs !== null && isSameTime(theirs, modifiedMs(source))) return true;
  const { localPath } = context.row;
  if (localPath === null) return null;
  return hasSameContent(context, localPath, { size: found.size, etag: found.etag ?? '' });
}

function conflictInfo(found: ExistingObject, source: Fingerprint): ConflictInfo {
  return {
    sourceSize: source.size,
    sourceModified: modifiedMs(source),
    targetSize: found.size,
    targetModified: sourceTime(found),
  };
}

/**
 * Copies the object that is in the way to a free name, before it is replaced. A second
 * attempt finds the copy of the first.
 */
export async function setAside(
  context: RunContext,
  found: ExistingObject,
): Promise<void> {
  const { row, group, connection, existing, gate, store, signal } = context;
  const { bucket } = row;
  const { folder, name } = splitKey(row.key);
  for (let number = 2; ; number += 1) {
    const candidate = numberedName(name, number);
    const key = folder + candidate;
    const note = NOTES.setAside(candidate);
    const there = await headIfThere({ connection, gate, group, key, signal });
    const copied = there?.size === found.size && there.etag === found.etag;
    const noted = there?.size === found.size && row.note === note;
    if (there !== undefined && (copied || noted)) {
      store.update(row, { note });
      return;
    }
    if (there !== undefined) continue;
    if (!existing.claims.also(row, { connection, bucket, key })) continue;
    store.update(row, { note });
    await gate.request(0, signal, () =>
      connection.copyObject({
        from: { bucket, key: row.key },
        to: { bucket, key },
        onlyIfAbsent: true,
        ...(found.etag ? { ifMatch: found.etag } : {}),
        signal,
      }),
    );
    return;
  }
}

/** What an uploaded file's object carries: type, time, and what the bookmark's rules say. */
export function describeUpload(
  context: Pick<RunContext, 'row' | 'connection'>,
  source: Fingerprint | null,
): Omit<NewObject, 'bucket' | 'key'> {
  const { row, connection } = context;
  const { contentType, ...headers } = connection.rules.headers(row.key);
  return {
    contentType:
      contentType || contentTypeFor(row.key.endsWith('/') ? row.key : row.name),
    metadata: source === null ? {} : { mtime: mtimeText(source.mtimeNs) },
    headers,
  };
}

/** Whether the object has the very bytes of our file, so that it is our own doing. */
export async function isOurs(
  context: RunContext,
  found: ExistingObject,
  source: Fingerprint,
): Promise<boolean> {
  const { row, signal } = context;
  if (found.size !== source.size || row.localPath === null) return false;
  const etag = found.etag ?? (await headOf(context))?.etag ?? '';
  if (!isMd5Etag(etag)) return false;
  return (await md5OfFile(row.localPath, signal)) === etag.toLowerCase();
}

function headOf(context: RunContext): Promise<ExistingObject | undefined> {
  const { connection, gate, group, row, signal } = context;
  return headIfThere({ connection, gate, group, key: row.key, signal });
}

/** Finds `name 2.ext` that is free and makes it the row's key. */
async function takeFreeKey(context: RunContext): Promise<void> {
  const { row, group, connection, existing, gate, store, signal } = context;
  const { bucket } = row;
  const { folder, name } = splitKey(row.key);
  for (let number = 2; ; number += 1) {
    const candidate = numberedName(name, number);
    const key = folder + candidate;
    const found = await headIfThere({ connection, gate, group, key, signal });
    if (found === undefined && existing.claims.also(row, { connection, bucket, key })) {
      store.update(row, { key, name: candidate, note: NOTES.renamed(candidate) });
      return;
    }
  }
}

function splitKey(key: string): { readonly folder: string; readonly name: string } {
  const folder = key.slice(0, key.lastIndexOf('/') + 1);
  return { folder, name: key.slice(folder.length) };
}
