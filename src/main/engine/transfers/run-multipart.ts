import { randomUUID } from 'node:crypto';
import {
  MIB,
  type PartLimits,
  partRange,
  planParts,
  S3_LIMITS,
} from '../../../shared/domain/part-plan.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { resolveQuirks } from '../../../shared/providers/profile.ts';
import { getProviderProfile } from '../../../shared/providers/registry.ts';
import type { StoredUpload } from '../database/part-store.ts';
import { contentTypeFor } from '../files/content-type.ts';
import { type Fingerprint, fingerprint, sameFingerprint } from '../files/fingerprint.ts';
import type { S3Connection, StoredObject, StoredPart } from '../s3/s3-connection.ts';
import { headIfThere } from './existing-keys.ts';
import { NOTES } from './notes.ts';
import { runPool } from './pool.ts';
import {
  type RunContext,
  type RunOutcome,
  throwIfStopped,
  withPartRetries,
} from './run-context.ts';
import { decideUploadTarget, fileMetadata } from './upload-target.ts';

/** Metadata by which we know an object as the one this upload made. */
const RETRY_ID = 'dipper-retry-id';

/**
 * Uploads a file in parts, going on with an earlier upload where the server still has it.
 * Throws `AppError`; the upload stays on the server for the next attempt.
 */
export async function runMultipartUpload(
  context: RunContext,
  source: Fingerprint,
): Promise<RunOutcome> {
  const { row, parts, connection, gate, signal } = context;
  const path = row.localPath ?? '';
  let upload = parts.upload(row.id);
  let stored: readonly StoredPart[] = [];
  if (upload !== undefined) {
    const resumed = await resume(context, upload, source);
    if (resumed === 'finished') {
      parts.forget(row.id);
      return { kind: 'done', integrity: 'size' };
    }
    if (resumed === 'restart') upload = undefined;
    else stored = resumed;
  }
  if (upload === undefined) {
    const decision = await decideUploadTarget(context, source);
    if (decision.kind !== 'go') return decision;
    upload = await create(context, source);
  }
  const finished = await sendParts(context, upload, source, stored);
  if (!sameFingerprint(source, await fingerprint(path))) {
    await giveUp(context, upload);
    context.store.update(row, { note: NOTES.sourceChanged });
    throw new AppError('transfer.source-changed', { params: { path } });
  }
  const { uploadId } = upload;
  const object = await complete(context, upload, () =>
    gate.request(0, signal, () =>
      connection.completeUpload({
        bucket: row.bucket,
        key: row.key,
        uploadId,
        parts: finished,
        signal,
      }),
    ),
  );
  parts.forget(row.id);
  return { kind: 'done', integrity: object?.integrity ?? 'size' };
}

/** The limits of a connection's provider. */
function limitsOf(connection: S3Connection): PartLimits {
  const quirks = resolveQuirks(getProviderProfile(connection.draft.providerId));
  return {
    ...S3_LIMITS,
    minPartSize: quirks.minPartSizeMiB * MIB,
    maxParts: quirks.maxParts,
  };
}

async function create(context: RunContext, source: Fingerprint): Promise<StoredUpload> {
  const { row, connection, gate, parts, signal, store } = context;
  const preferred = connection.draft.advanced.partSizeMiB * MIB;
  const plan = planParts(source.size, preferred, limitsOf(connection));
  const retryId = randomUUID();
  const { uploadId } = await gate.request(0, signal, () =>
    connection.createUpload({
      bucket: row.bucket,
      key: row.key,
      contentType: contentTypeFor(row.name),
      metadata: { ...fileMetadata(source), [RETRY_ID]: retryId },
      // Not the signal: an upload begun by a request cut short would stay as an orphan.
    }),
  );
  const upload: StoredUpload = {
    uploadId,
    partSize: plan.partSize,
    partCount: plan.partCount,
    checksumAlgorithm: '',
    sourceSize: source.size,
    sourceMtimeNs: source.mtimeNs,
    retryId,
  };
  parts.saveUpload(row.id, upload);
  store.update(row, { bytesDone: 0 });
  context.meter.bytes = 0;
  throwIfStopped(signal);
  return upload;
}

/**
 * What an earlier upload still has. `restart`: nothing, begin anew. `finished`: it was
 * completed and only the answer was lost.
 */
async function resume(
  context: RunContext,
  upload: StoredUpload,
  source: Fingerprint,
): Promise<readonly StoredPart[] | 'restart' | 'finished'> {
  const { row, connection, gate, parts, store, signal } = context;
  const before = { size: upload.sourceSize, mtimeNs: upload.sourceMtimeNs };
  if (!sameFingerprint(before, source)) {
    await giveUp(context, upload);
    store.update(row, { note: NOTES.sourceChanged });
    return 'restart';
  }
  const ref = { bucket: row.bucket, key: row.key, uploadId: upload.uploadId };
  try {
    const listed = await gate.request(0, signal, () =>
      connection.listParts({ ...ref, signal }),
    );
    return listed.filter((part) => isWhole(part, upload));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    // Some limited keys may not list parts: the journal is the next best truth.
    if (error.code === 'access.denied') return parts.parts(row.id);
    if (error.code !== 'transfer.upload-gone') throw error;
  }
  if (await isCompleted(context, upload)) return 'finished';
  parts.forget(row.id);
  store.update(row, { note: NOTES.uploadGone, bytesDone: 0 });
  context.meter.bytes = 0;
  return 'restart';
}

function isWhole(part: StoredPart, upload: StoredUpload): boolean {
  if (part.number < 1 || part.number > upload.partCount) return false;
  return part.size === partRange(part.number, upload, upload.sourceSize).length;
}

async function sendParts(
  context: RunContext,
  upload: StoredUpload,
  source: Fingerprint,
  stored: readonly StoredPart[],
): Promise<readonly StoredPart[]> {
  const { row, connection, gate, meter, parts, store, signal } = context;
  const finished = new Map(stored.map((part) => [part.number, part]));
  const done = stored.reduce((sum, part) => sum + part.size, 0);
  meter.bytes = done;
  store.update(row, { bytesDone: done });
  const path = row.localPath ?? '';
  await runPool(missing(upload, finished), context.partsAtOnce, signal, (number, inner) =>
    withPartRetries(context, inner, async () => {
      const { start, length } = partRange(number, upload, source.size);
      const progress = meter.request();
      try {
        const part = await gate.request(length, inner, () =>
          connection.uploadPart({
            bucket: row.bucket,
            key: row.key,
            uploadId: upload.uploadId,
            partNumber: number,
            body: { path, start, length },
            onProgress: progress.onProgress,
            signal: inner,
          }),
        );
        finished.set(number, part);
        parts.savePart(row.id, part);
        store.update(row, { bytesDone: row.bytesDone + length });
      } catch (error) {
        progress.undo();
        throw error;
      }
    }),
  );
  return [...finished.values()].sort((a, b) => a.number - b.number);
}

function* missing(
  upload: StoredUpload,
  finished: ReadonlyMap<number, StoredPart>,
): Generator<number> {
  for (let number = 1; number <= upload.partCount; number += 1) {
    if (!finished.has(number)) yield number;
  }
}

/** Completes; "no such upload" may mean that an earlier Complete had worked. */
async function complete(
  context: RunContext,
  upload: StoredUpload,
  work: () => Promise<StoredObject>,
): Promise<StoredObject | undefined> {
  try {
    return await work();
  } catch (error) {
    throwIfStopped(context.signal);
    if (!(error instanceof AppError) || error.code !== 'transfer.upload-gone')
      throw error;
    if (await isCompleted(context, upload)) return undefined;
    context.parts.forget(context.row.id);
    throw error;
  }
}

async function isCompleted(context: RunContext, upload: StoredUpload): Promise<boolean> {
  const { row, group, connection, gate, signal } = context;
  const found = await headIfThere({ connection, gate, group, key: row.key, signal });
  return found?.size === upload.sourceSize && found.metadata[RETRY_ID] === upload.retryId;
}

/** Nothing of this upload can be used: the server may forget it, and so do we. */
async function giveUp(context: RunContext, upload: StoredUpload): Promise<void> {
  const { row, connection, gate, parts, store, signal } = context;
  await gate.request(0, signal, () =>
    connection.abortUpload({
      bucket: row.bucket,
      key: row.key,
      uploadId: upload.uploadId,
      signal,
    }),
  );
  parts.forget(row.id);
  store.update(row, { bytesDone: 0 });
  context.meter.bytes = 0;
}
