import { hash } from 'node:crypto';
import { MIB } from '../../../shared/domain/part-plan.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { resolveQuirks } from '../../../shared/providers/profile.ts';
import { getProviderProfile } from '../../../shared/providers/registry.ts';
import { tempPath } from '../files/local-target.ts';
import { saveSmallFile } from '../files/small-target.ts';
import type { NameClaim } from '../files/take-name.ts';
import { isMd5Etag } from '../s3/etag.ts';
import type { S3Connection } from '../s3/s3-connection.ts';
import { type RemoteFacts, remoteFacts } from './remote-facts.ts';
import { type RunContext, type RunOutcome, throwIfStopped } from './run-context.ts';
import { verifyContent } from './verify-download.ts';

/** Up to this size an object is held in memory before it becomes a file, bytes. */
export const SMALL_BYTES = MIB / 4;

/**
 * Downloads a small object in one go: no part map, no open file while bytes are awaited.
 * `null`: this is none, or the object has grown since it was listed. Throws `AppError`.
 */
export async function runSmallDownload(
  context: RunContext,
  target: string,
  claim: NameClaim,
): Promise<RunOutcome | null> {
  const { row, connection, parts, rules, disk, signal } = context;
  if (row.bytesTotal === null || row.bytesTotal > SMALL_BYTES) return null;
  // An earlier attempt met a large object and may have left part of it.
  if (row.attempt > 0 && parts.download(row.id) !== undefined) return null;
  const fetched = await fetchSmall(context);
  throwIfStopped(signal);
  if (fetched === null) return null;
  const { facts, bytes } = fetched;
  const temp = tempPath(target, row.id);
  const { modified } = facts;
  const proven = isProven(connection, facts.etag, bytes);
  const integrity = await saveSmallFile(
    { bytes, temp, target, modified, rules, claim },
    disk,
    () => {
      // A file that has its name must not be met as a stranger after a crash.
      context.store.commit();
      return proven ? 'md5' : verify(context, temp, facts);
    },
  );
  context.receipt.etag = facts.etag;
  context.receipt.modified = modified;
  return { kind: 'done', integrity };
}

async function fetchSmall(
  context: RunContext,
): Promise<{ readonly facts: RemoteFacts; readonly bytes: Buffer } | null> {
  const { row, connection, gate, meter, signal } = context;
  const { bucket, key } = row;
  const fetch = async () => {
    const body = await connection.getObject({ bucket, key, signal });
    if (body.length > SMALL_BYTES) {
      body.discard();
      return null;
    }
    const facts = remoteFacts(context, body);
    const bytes = await body.bytes();
    meter.bytes = bytes.length;
    return { facts, bytes };
  };
  return gate.request(row.bytesTotal ?? 0, signal, fetch, 'reads');
}

/** Whether the ETag is the MD5 of just these bytes. */
function isProven(connection: S3Connection, etag: string, bytes: Buffer): boolean {
  const { etag: kind } = resolveQuirks(getProviderProfile(connection.draft.providerId));
  return kind === 'md5' && isMd5Etag(etag) && hash('md5', bytes) === etag.toLowerCase();
}

async function verify(
  context: RunContext,
  temp: string,
  facts: RemoteFacts,
): Promise<string> {
  const { row, store } = context;
  try {
    return await verifyContent(context, temp, facts);
  } catch (error) {
    if (error instanceof AppError && error.code === 'transfer.checksum-mismatch') {
      context.meter.bytes = 0;
      store.update(row, { bytesDone: 0 });
    }
    throw error;
  }
}
