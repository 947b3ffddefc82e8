import { MIB, partRange, planParts } from '../../../shared/domain/part-plan.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { StoredUpload } from '../database/part-store.ts';
import { multipartEtag } from '../s3/etag.ts';
import type { CopySource } from '../s3/object-traits.ts';
import type { StoredObject, StoredPart } from '../s3/s3-connection.ts';
import type { WriteCondition } from '../s3/write-conditions.ts';
import {
  askTarget,
  type CopyJob,
  lookAtTarget,
  partLimits,
  stateOf,
} from './copy-job.ts';
import { sendWishes, type Wish } from './copy-traits.ts';
import { createJournaled } from './journaled-create.ts';
import { settleLostUpload } from './lost-upload.ts';
import { NOTES } from './notes.ts';
import { runPool } from './pool.ts';
import { throwIfStopped, withPartRetries } from './run-context.ts';

/** How the bytes of one part come to the target. */
export interface PartCopier {
  /** Preferred size of a part, bytes. */
  readonly partSize: number;
  /** Largest part it can carry. */
  readonly maxPartSize: number;
  /** Parts at once, at most. */
  readonly atOnce: number;
  send(
    upload: StoredUpload,
    part: { readonly number: number; readonly start: number; readonly length: number },
    signal: AbortSignal,
  ): Promise<StoredPart>;
  /**
   * Whether the bytes of all these parts are proven to be the source's. Throws when they
   * are others.
   */
  check(upload: StoredUpload, parts: readonly StoredPart[]): Promise<boolean>;
}

/** What a copy in parts needs besides the job. */
export interface CopyPartsInput {
  readonly source: CopySource;
  readonly wishes: readonly Wish[];
  readonly copier: PartCopier;
  readonly condition: WriteCondition;
  /** The target as it was before the copy was begun; `null`: empty. */
  readonly targetBefore: string | null;
}

/**
 * Copies in parts, going on with an earlier upload where the server still has it. The
 * upload is in the journal from before it is begun, and stays there for whoever verifies
 * the copy: its parts tell what is ours. Throws `AppError`; the upload stays for the next
 * attempt, or for the clean-up of what is cancelled.
 */
export async function copyInParts(
  job: CopyJob,
  input: CopyPartsInput,
): Promise<StoredObject> {
  const { context } = job;
  const { row, parts, signal, store } = context;
  let upload = parts.upload(row.id);
  if (upload?.uploadId === '') {
    await settle(job, upload);
    upload = undefined;
  }
  let stored: readonly StoredPart[] = [];
  if (upload !== undefined) {
    const resumed = await resume(job, input, upload);
    if (resumed === 'restart') upload = undefined;
    else if ('etag' in resumed) return resumed;
    else stored = resumed;
  }
  upload ??= await create(job, input);
  const begun = upload;
  const finished = new Map(stored.map((part) => [part.number, part]));
  progress(job, sumOf(stored));
  const { size } = input.source.head;
  const atOnce = (): number => Math.min(input.copier.atOnce, context.partsAtOnce());
  await runPool(missing(begun, finished), atOnce, signal, (number, inner) =>
    withPartRetries(context, inner, async () => {
      const range = { number, ...partRange(number, begun, size) };
      const part = await input.copier.send(begun, range, inner);
      finished.set(number, part);
      parts.savePart(row.id, part);
      progress(job, row.bytesDone + range.length);
    }),
  );
  const all = [...finished.values()].sort((a, b) => a.number - b.number);
  let proven = false;
  try {
    proven = await input.copier.check(begun, all);
  } catch (error) {
    const spoilt =
      error instanceof AppError && error.code === 'transfer.checksum-mismatch';
    // Nobody knows which part is spoilt: none of them may become an object.
    if (spoilt) await abandonUpload(job);
    throw error;
  }
  try {
    const object = await askTarget(job, 0, signal, (connection) =>
      connection.completeUpload({
        ...job.to,
        uploadId: begun.uploadId,
        parts: all,
        checksum: begun.checksumAlgorithm,
        ...input.condition,
        signal,
      }),
    );
    return proven ? object : { ...object, integrity: 'size' };
  } catch (error) {
    throwIfStopped(signal);
    if (!(error instanceof AppError)) throw error;
    const gone = error.code === 'transfer.upload-gone';
    // The one that was given up on may have been heard after all, and a moment ago.
    if (!gone && error.code !== 'conflict.exists') throw error;
    const ours = await completed(job, input, all);
    if (ours !== undefined) return ours;
    if (!gone) throw error;
    // Also said of parts the server does not like: then the upload itself is still there.
    await abandonUpload(job);
    store.update(row, { note: NOTES.uploadGone });
    throw error;
  }
}

/** Ends the upload of an earlier attempt, if there is one, and forgets its parts. */
export async function abandonUpload(job: CopyJob): Promise<void> {
  const { row, parts, signal } = job.context;
  const upload = parts.upload(row.id);
  if (upload === undefined) return;
  if (upload.uploadId === '') await settle(job, upload);
  else {
    await askTarget(job, 0, signal, (connection) =>
      connection.abortUpload({ ...job.to, uploadId: upload.uploadId, signal }),
    );
    parts.forget(row.id);
  }
  progress(job, 0);
}

async function create(job: CopyJob, input: CopyPartsInput): Promise<StoredUpload> {
  const { row, parts, clock, signal } = job.context;
  const { source, copier, wishes } = input;
  const limits = partLimits(job.target.connection);
  const { partSize, partCount } = planParts(source.head.size, copier.partSize, {
    ...limits,
    maxPartSize: Math.min(limits.maxPartSize, copier.maxPartSize),
  });
  const planned = {
    partSize,
    partCount,
    sourceSize: source.head.size,
    sourceMtimeNs: BigInt(source.head.modified ?? 0) * BigInt(MIB),
    retryId: '',
  };
  const begun = await sendWishes(job, wishes, ({ traits }) =>
    askTarget(job, 0, signal, (connection) =>
      createJournaled({
        connection,
        object: {
          ...job.to,
          contentType: source.contentType,
          metadata: source.head.metadata,
          traits,
        },
        now: () => clock.now(),
        save: (entry) => parts.saveUpload(row.id, { ...planned, ...entry }),
        forget: () => parts.forget(row.id),
        signal,
      }),
    ),
  );
  throwIfStopped(signal);
  return { ...planned, ...begun };
}

/** Before another one is begun: what became of the one whose answer was lost? */
async function settle(job: CopyJob, upload: StoredUpload): Promise<void> {
  const { row, parts, store, clock, signal } = job.context;
  const outcome = await settleLostUpload({
    connection: job.target.connection,
    parts,
    target: job.to,
    upload,
    now: () => clock.now(),
    request: (work) => askTarget(job, 0, signal, work),
    signal,
  });
  parts.forget(row.id);
  if (outcome === 'unsure') store.update(row, { note: NOTES.uploadLeft });
}

async function resume(
  job: CopyJob,
  input: CopyPartsInput,
  upload: StoredUpload,
): Promise<readonly StoredPart[] | StoredObject | 'restart'> {
  const { row, parts, store, signal } = job.context;
  const sent = new Map(parts.parts(row.id).map((part) => [part.number, part]));
  try {
    const listed = await askTarget(job, 0, signal, (connection) =>
      connection.listParts({ ...job.to, uploadId: upload.uploadId, signal }),
    );
    // A part whose answer was lost is copied again: nothing says what it was made of.
    return listed.flatMap((part) => {
      const known = sent.get(part.number);
      return known !== undefined && known.etag === part.etag ? [known] : [];
    });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    // Some limited keys may not list parts: the journal is the next best truth.
    if (error.code === 'access.denied') return [...sent.values()];
    if (error.code !== 'transfer.upload-gone') throw error;
  }
  const object =
    sent.size === upload.partCount
      ? await completed(job, input, [...sent.values()])
      : undefined;
  if (object !== undefined) return object;
  parts.forget(row.id);
  store.update(row, { note: NOTES.uploadGone });
  progress(job, 0);
  return 'restart';
}

/** The object at the target if it is the one that these parts make. */
async function completed(
  job: CopyJob,
  input: CopyPartsInput,
  parts: readonly StoredPart[],
): Promise<StoredObject | undefined> {
  const found = await lookAtTarget(job);
  if (found === undefined || found.size !== input.source.head.size) return undefined;
  const ordered = parts.toSorted((a, b) => a.number - b.number);
  const expected = multipartEtag(ordered);
  const etag = found.etag ?? '';
  const changed = stateOf({ etag, modified: found.modified }) !== input.targetBefore;
  if (etag !== expected && (expected !== null || !changed)) return undefined;
  return { etag, versionId: null, integrity: 'size' };
}

function progress(job: CopyJob, bytes: number): void {
  const { row, store, meter } = job.context;
  store.update(row, { bytesDone: bytes });
  meter.bytes = bytes;
}

function sumOf(parts: readonly StoredPart[]): number {
  return parts.reduce((sum, part) => sum + part.size, 0);
}

function* missing(
  upload: StoredUpload,
  finished: ReadonlyMap<number, StoredPart>,
): Generator<number> {
  for (let number = 1; number <= upload.partCount; number += 1) {
    if (!finished.has(number)) yield number;
  }
}
