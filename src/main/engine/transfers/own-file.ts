import { COARSEST_TIME_MS, identify, isSameFile } from '../files/file-identity.ts';
import type { Occupant } from '../files/local-target.ts';
import { isMd5Etag } from '../s3/etag.ts';
import { compareBytes } from './compare-bytes.ts';
import { headIfThere } from './existing-keys.ts';
import { sourceTime } from './object-time.ts';
import type { RunContext } from './run-context.ts';
import { SMALL_BYTES } from './run-small-download.ts';
import { hasSameContent } from './same-content.ts';

/**
 * Whether the file at the target is what an earlier run of this row put there, which ended
 * before it could write that down. Returns how it was checked, or `null`: it is somebody
 * else's, and the policy decides.
 *
 * The journal knows the temporary file of all but small ones from before it got its name.
 * A small file has cost no such note; it is its own if its content is the object's.
 */
export async function ownFile(
  context: RunContext,
  there: Occupant,
): Promise<string | null> {
  const { row, parts, receipt } = context;
  if (row.attempt === 0 || there.kind !== 'file') return null;
  const noted = parts.publication(row.id);
  if (noted === undefined) return smallOwnFile(context, there);
  const now = await identify(row.localPath ?? '');
  if (now === undefined || !isSameFile(now, noted.file)) return null;
  receipt.etag = noted.etag;
  receipt.modified = now.modified;
  return noted.integrity;
}

async function smallOwnFile(
  context: RunContext,
  there: Occupant,
): Promise<string | null> {
  const { row, connection, gate, group, receipt, signal } = context;
  if (there.size > SMALL_BYTES || there.size !== row.bytesTotal) return null;
  const head = await headIfThere({ connection, gate, group, key: row.key, signal });
  // The download itself will run into it and say so.
  if (head === undefined || head.size !== there.size) return null;
  const time = sourceTime(head);
  if (time !== null && Math.abs(time - there.modified) > COARSEST_TIME_MS) return null;
  const etag = head.etag ?? '';
  const file = row.localPath ?? '';
  const proven = await hasSameContent(context, file, { size: head.size, etag });
  // An ETag that is no sum proves nothing, and some only look like one.
  if (proven !== true && !(await compareBytes(context, etag, 0, there.size))) return null;
  receipt.etag = etag;
  receipt.modified = time;
  if (proven !== true) return 'size';
  return isMd5Etag(etag) ? 'md5' : 'etag';
}
