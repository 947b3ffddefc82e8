import { randomUUID } from 'node:crypto';
import { MIB, partRange, planParts } from '../../../shared/domain/part-plan.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { StoredUpload } from '../database/part-store.ts';
import { type Fingerprint, fingerprint, sameFingerprint } from '../files/fingerprint.ts';
import { multipartEtag } from '../s3/etag.ts';
import type { StoredObject, StoredPart } from '../s3/s3-connection.ts';
import { partLimits } from './copy-job.ts';
import { type ExistingObject, headIfThere } from './existing-keys.ts';
import { createJournaled } from './journaled-create.ts';
import { settleLostUpload } from './lost-upload.ts';
import { addNote, NOTES } from './notes.ts';
import { ADOPTED, DISCARDED, decideOpenUpload } from './open-upload.ts';
import { isWhole, matchesSlice } from './part-match.ts';
import { runPool } from './pool.ts';
import { noteUpload } from './receipt-draft.ts';
import {
  policyOf,
  type RunContext,
  type RunOutcome,
  type TargetDecision,
  throwIfStopped,
  withPartRetries,
} from './run-context.ts';
import {
  isOurEarlier,
  noteSent,
  RETRY_ID,
  type SentFile,
  sentBefore,
} from './sent-file.ts';
import {
  claimKey,
  decideUploadTarget,
  describeUpload,
  setAside,
  settleUploadConflict,
} from './upload-target.ts';

/** How often an upload decides anew because its target changed under its hands. */
const MAX_ROUNDS = 5;

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
  const sent = sentBefore(row, upload?.retryId ?? null);
  let stored: readonly StoredPart[] = [];
  let agreed: TargetDecision | undefined;
  if (upload?.uploadId === '') {
    await settle(context, upload);
    upload = undefined;
  }
  if (upload?.retryId === DISCARDED) {
    await giveUp(context, upload);
    upload = undefined;
  }
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
    agreed = await decideUploadTarget(context, source, sent);
    if (agreed.kind !== 'go') return agreed;
    const open = await decideOpenUpload(context, source);
    if (open.kind === 'ask') return { kind: 'conflict', info: open.info };
    if (open.kind === 'adopt') {
      // From here on it is ours.
      parts.saveUpload(row.id, open.upload);
      return runMultipartUpload(context, source);
    }
    noteSent(context, source);
    upload = await create(context, source);
  }
  // Nothing is written to the key until all parts are there, which may take hours.
  context.existing.claims.leave(row);
  const finished = await sendParts(context, upload, source, stored);
  await claimKey(context);
  if (!sameFingerprint(source, await fingerprint(path))) {
    await giveUp(context, upload);
    context.store.update(row, { note: NOTES.sourceChanged });
    throw new AppError('transfer.source-changed', { params: { path } });
  }
  const whole = upload;
  const { uploadId } = whole;
  for (let round = 1; ; round += 1) {
    const target = await decideCompletion(context, whole, source, { agreed, sent });
    if (target.kind === 'again') return runMultipartUpload(context, source);
    if (target.kind !== 'go') return target;
    if (target.setAside !== undefined) await setAside(context, target.setAside);
    const { onlyIfAbsent, onlyIfEtag } = target;
    try {
      const object = await complete(context, whole, () =>
        gate.request(0, signal, () =>
          connection.completeUpload({
            bucket: row.bucket,
            key: row.key,
            uploadId,
            parts: finished,
            checksum: whole.checksumAlgorithm,
            onlyIfAbsent,
            onlyIfEtag,
            signal,
          }),
        ),
      );
      parts.forget(row.id);
      const { partSize } = whole;
      noteUpload(context.receipt, source, object ?? { etag: '' }, partSize);
      return { kind: 'done', integrity: object?.integrity ?? 'size' };
    } catch (error) {
      // Somebody was faster: what is there now is looked at anew.
      const conflict = error instanceof AppError && error.code === 'conflict.exists';
      if (!conflict || round >= MAX_ROUNDS) throw error;
    }
  }
}

/**
 * Looks at the target once more when all parts are there: nobody said that what came to it
 * meanwhile is to be replaced. `again`: under another name, by a new upload.
 */
async function decideCompletion(
  context: RunContext,
  upload: StoredUpload,
  source: Fingerprint,
  {
    agreed,
    sent,
  }: { readonly agreed: TargetDecision | undefined; readonly sent: SentFile },
): Promise<TargetDecision | { readonly kind: 'again' }> {
  const { row, group, connection, gate, signal } = context;
  const policy = policyOf(row, group);
  if (policy === 'overwrite') return { kind: 'go', onlyIfAbsent: false };
  const found = await headIfThere({ connection, gate, group, key: row.key, signal });
  if (found === undefined) return { kind: 'go', onlyIfAbsent: true };
  // What was to be replaced is still what it was then.
  const isSame =
    agreed?.kind === 'go' && !!found.etag && agreed.onlyIfEtag === found.etag;
  if (isSame) return agreed;
  // An earlier Complete had worked, as the next one will tell.
  if (isMadeBy(context, upload, found)) {
    return { kind: 'go', onlyIfAbsent: false };
  }
  // One that was given up on arrived after all; the file is another by now.
  if (row.attempt > 0 && isOurEarlier(context, found, sent)) {
    return { kind: 'go', onlyIfAbsent: false, onlyIfEtag: found.etag ?? '' };
  }
  // With the name that it began with: the new one needs an upload of its own.
  if (policy === 'rename') await giveUp(context, upload);
  const decision = await settleUploadConflict(context, found, source);
  if (policy === 'rename') return { kind: 'again' };
  // Only a question keeps the upload, for its answer.
  if (decision.kind === 'skipped') await giveUp(context, upload);
  return decision;
}

async function create(context: RunContext, source: Fingerprint): Promise<StoredUpload> {
  const { row, connection, gate, parts, signal, store, clock } = context;
  const preferred = connection.draft.advanced.partSizeMiB * MIB;
  const plan = planParts(source.size, preferred, partLimits(connection));
  const planned = {
    partSize: plan.partSize,
    partCount: plan.partCount,
    sourceSize: source.size,
    sourceMtimeNs: source.mtimeNs,
    retryId: randomUUID(),
  };
  const described = describeUpload(context, source);
  const begun = await gate.request(0, signal, () =>
    createJournaled({
      connection,
      object: {
        bucket: row.bucket,
        key: row.key,
        ...described,
        metadata: { ...described.metadata, [RETRY_ID]: planned.retryId },
      },
      now: () => clock.now(),
      save: (entry) => parts.saveUpload(row.id, { ...planned, ...entry }),
      forget: () => parts.forget(row.id),
      signal,
    }),
  );
  store.update(row, { bytesDone: 0 });
  context.meter.bytes = 0;
  throwIfStopped(signal);
  return { ...planned, ...begun };
}

/** Before another one is begun: what became of the one whose answer was lost? */
async function settle(context: RunContext, upload: StoredUpload): Promise<void> {
  const { row, connection, gate, parts, store, clock, signal } = context;
  const target = { bucket: row.bucket, key: row.key };
  const outcome = await settleLostUpload({
    connection,
    parts,
    target,
    upload,
    now: () => clock.now(),
    request: (work) => gate.request(0, signal, work),
    signal,
  });
  parts.forget(row.id);
  if (outcome === 'unsure') store.update(row, { note: NOTES.uploadLeft });
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
    const whole = listed.filter((part) => isWhole(part, upload));
    if (upload.retryId === ADOPTED) {
      store.update(row, { note: addNote(row.note, NOTES.adopted) });
    }
    return await keepTrue(context, upload, whole);
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

/**
 * Leaves out parts that are not what our file says: what arrived spoilt, or came from
 * elsewhere, has the right size and a wrong sum. Parts of the journal were checked when
 * they were sent.
 */
async function keepTrue(
  context: RunContext,
  upload: StoredUpload,
  listed: readonly StoredPart[],
): Promise<readonly StoredPart[]> {
  const { row, parts, signal } = context;
  const sent = new Map(parts.parts(row.id).map((part) => [part.number, part]));
  const kept: StoredPart[] = [];
  for (const part of listed) {
    const known = sent.get(part.number);
    const range = partRange(part.number, upload, upload.sourceSize);
    const slice = { path: row.localPath ?? '', ...range };
    if (known?.etag === part.etag || (await matchesSlice(part, slice, signal))) {
      const checksum = part.checksum || (known?.checksum ?? '');
      kept.push({ ...part, checksum });
      if (known?.etag !== part.etag) parts.savePart(row.id, part);
    }
  }
  return kept;
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

/** Failures in a row after which a Complete that is refused may be the parts' fault. */
const COMPLETES_IN_VAIN = 2;

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
    if (!(error instanceof AppError)) throw error;
    if (error.code === 'transfer.checksum-mismatch') {
      if (await isCompleted(context, upload)) {
        // It is there and it is wrong: the next attempt must not take it for finished, nor
        // ask whether to replace it.
        context.parts.forget(context.row.id);
        context.store.update(context.row, { bytesDone: 0, answer: 'overwrite' });
      } else if (context.row.attempt >= COMPLETES_IN_VAIN) {
        await giveUp(context, upload);
      }
      // Else the request arrived spoilt, and the upload is as good as before.
      throw error;
    }
    if (error.code !== 'transfer.upload-gone') throw error;
    if (await isCompleted(context, upload)) return undefined;
    // Also said of parts the server does not like: then the upload itself is still there.
    await giveUp(context, upload);
    throw error;
  }
}

async function isCompleted(context: RunContext, upload: StoredUpload): Promise<boolean> {
  const { row, group, connection, gate, signal } = context;
  const found = await headIfThere({ connection, gate, group, key: row.key, signal });
  return found?.size === upload.sourceSize && isMadeBy(context, upload, found);
}

/** Whether this upload made the object: by what we put there, or by the sums of its parts. */
function isMadeBy(
  { row, parts }: RunContext,
  upload: StoredUpload,
  found: ExistingObject,
): boolean {
  if (upload.retryId !== ADOPTED) return found.metadata[RETRY_ID] === upload.retryId;
  const all = parts.parts(row.id);
  if (all.length !== upload.partCount) return false;
  return found.etag !== null && found.etag.toLowerCase() === multipartEtag(all);
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
