import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { ConflictInfo } from '../../../shared/domain/transfer.ts';
import type { Fingerprint } from '../files/fingerprint.ts';
import { modifiedMs } from '../files/fingerprint.ts';
import { localError } from '../files/local-error.ts';
import { numberedName } from '../files/safe-name.ts';
import { isMd5Etag } from '../s3/etag.ts';
import { type ExistingObject, headIfThere } from './existing-keys.ts';
import { NOTES } from './notes.ts';
import { policyOf, type RunContext, type TargetDecision } from './run-context.ts';

/**
 * Decides about an existing object before the first byte is sent. After a failed or
 * interrupted attempt it asks the server itself and knows its own object again.
 */
export async function decideUploadTarget(
  context: RunContext,
  source: Fingerprint,
): Promise<TargetDecision> {
  const { row, group, connection, gate, signal } = context;
  const policy = policyOf(row, group);
  if (policy === 'overwrite') return { kind: 'go', onlyIfAbsent: false };
  const input = { connection, gate, group, key: row.key, signal };
  const found =
    row.attempt > 0 || row.answer !== ''
      ? await headIfThere(input)
      : await context.existing.find(input);
  if (found === undefined) return { kind: 'go', onlyIfAbsent: true };
  if (row.attempt > 0 && (await isOurs(context, found, source))) {
    return { kind: 'done', integrity: 'md5' };
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
  if (policy === 'skip') return { kind: 'skipped' };
  if (policy === 'rename') {
    await takeFreeKey(context);
    return { kind: 'go', onlyIfAbsent: true };
  }
  if (policy === 'overwrite') return { kind: 'go', onlyIfAbsent: false };
  const info: ConflictInfo = {
    sourceSize: source.size,
    sourceModified: modifiedMs(source),
    targetSize: found.size,
    targetModified: found.modified,
  };
  return { kind: 'conflict', info };
}

/** Metadata of every uploaded file: its time, under rclone's name for it, in seconds. */
export function fileMetadata(source: Fingerprint): Readonly<Record<string, string>> {
  const seconds = source.mtimeNs / 1_000_000_000n;
  const rest = (source.mtimeNs % 1_000_000_000n).toString().padStart(9, '0');
  return { mtime: `${seconds}.${rest}` };
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

/** MD5 of a file in hex. Throws `local.*`. */
export async function md5OfFile(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('md5');
  try {
    await pipeline(createReadStream(path), hash, { signal });
  } catch (error) {
    throw localError(error, path);
  }
  return hash.digest('hex');
}

function headOf(context: RunContext): Promise<ExistingObject | undefined> {
  const { connection, gate, group, row, signal } = context;
  return headIfThere({ connection, gate, group, key: row.key, signal });
}

/** Finds `name 2.ext` that is free and makes it the row's key. */
async function takeFreeKey(context: RunContext): Promise<void> {
  const { row, group, connection, gate, store, signal } = context;
  const folder = row.key.slice(0, row.key.lastIndexOf('/') + 1);
  const name = row.key.slice(folder.length);
  for (let number = 2; ; number += 1) {
    const candidate = numberedName(name, number);
    const key = folder + candidate;
    const found = await headIfThere({ connection, gate, group, key, signal });
    if (found === undefined) {
      store.update(row, { key, name: candidate, note: NOTES.renamed(candidate) });
      return;
    }
  }
}
