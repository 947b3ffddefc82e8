import { AppError } from '../../../shared/errors/app-error.ts';
import type { StoredCopy } from '../database/copy-store.ts';
import { isKmsEncryption } from '../s3/is-kms-encryption.ts';
import type { CopySource } from '../s3/object-traits.ts';
import type { StoredObject } from '../s3/s3-connection.ts';
import { askSource, askTarget, type CopyJob, sameContent, stateOf } from './copy-job.ts';
import { NOTES } from './notes.ts';

/**
 * Asks the server for the copy: how it was checked, and its state. Throws unless it is
 * what the source was.
 */
export async function verifyCopy(
  job: CopyJob,
  source: CopySource,
  entry: StoredCopy,
  copied: StoredObject | undefined,
): Promise<{ readonly integrity: string; readonly state: string }> {
  const { signal, copies, parts, row } = job.context;
  const found = await askTarget(job, 0, signal, (connection) =>
    connection.copySource({ ...job.to, signal }),
  );
  const { head } = found;
  const told = copied?.etag ?? '';
  const opaque = isKmsEncryption(found.traits.encryption);
  const same =
    opaque && head.etag !== source.head.etag ? 'unknown' : sameContent(source, head);
  const other = told !== '' && head.etag !== told;
  if (head.size !== source.head.size || other || same === 'different') {
    parts.forget(row.id);
    // What is there by our own doing may be replaced; what somebody else put there not.
    if (told !== '' && !other) {
      copies.save(row.id, { ...entry, phase: 'asked', targetBefore: stateOf(head) });
    }
    throw new AppError('transfer.checksum-mismatch', { params: { key: job.to.key } });
  }
  Object.assign(job.context.receipt, { etag: head.etag, versionId: head.versionId });
  const state = stateOf(head);
  if (same === 'same') return { integrity: 'etag', state };
  return { integrity: job.within ? 'size' : (copied?.integrity ?? 'size'), state };
}

/**
 * Deletes the source unless it changed since it was copied: then it is kept, and copied
 * once more by the next attempt. An answer that got lost is settled by the next one, too.
 */
export async function deleteSource(job: CopyJob, source: CopySource): Promise<void> {
  const { signal, store, row } = job.context;
  const { etag } = source.head;
  const changed = (): AppError => {
    store.update(row, { note: NOTES.copyChanged });
    return new AppError('object.changed', { params: { ...job.from } });
  };
  const look = () =>
    askSource(job, 0, signal, (connection) =>
      connection.headObject({ ...job.from, signal }),
    ).catch((error: unknown) => {
      if (error instanceof AppError && error.code === 'object.not-found') return null;
      throw error;
    });
  const now = await look();
  // Somebody else deleted it: the copy is what is left of it.
  if (now === null) return;
  if (now.etag !== etag || now.size !== source.head.size) throw changed();
  try {
    await askSource(job, 0, signal, (connection) =>
      connection.deleteObject({ ...job.from, ifMatch: etag, signal }),
    );
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'object.changed') throw error;
    if ((await look()) !== null) throw changed();
  }
}
