import { MIB } from '../../../shared/domain/part-plan.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { StoredCopy } from '../database/copy-store.ts';
import { multipartEtag } from '../s3/etag.ts';
import type { CopySource } from '../s3/object-traits.ts';
import type { StoredObject, StoredPart } from '../s3/s3-connection.ts';
import type { WriteCondition } from '../s3/write-conditions.ts';
import {
  askSource,
  askTarget,
  type CopyJob,
  isOntoItself,
  lookAtTarget,
  openJob,
  partLimits,
  sameContent,
  stateOf,
} from './copy-job.ts';
import { abandonUpload, copyInParts, type PartCopier } from './copy-parts.ts';
import { STREAM_SINGLE_BYTES, streamParts, streamWhole } from './copy-stream.ts';
import { type CopyDecision, decideCopyTarget } from './copy-target.ts';
import { isTooLarge, mendTags, readWishes, sendWishes } from './copy-traits.ts';
import type { ExistingObject } from './existing-keys.ts';
import { NOTES } from './notes.ts';
import { policyOf, type RunContext, type RunOutcome } from './run-context.ts';
import { deleteSource, verifyCopy } from './verify-copy.ts';

/** From this size on a copy whose answer was lost is tried again in parts. */
const PARTS_AFTER_LOSS = 64 * MIB;

/** How often a target may change under us before the row fails. */
const MAX_ROUNDS = 3;

/** How large copies on the server are cut; tests lower it. Bytes. */
export interface CopyLimits {
  readonly maxSingle: number;
  readonly partBytes: number;
}

/**
 * No bytes travel through us, so large parts cost nothing.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/copy-object.html
 */
export const COPY_LIMITS: CopyLimits = {
  maxSingle: 5 * 1024 * MIB,
  partBytes: 512 * MIB,
};

/**
 * Copies one object: on the server, or through this computer to another connection.
 * Verifies the copy and, for a move, only then deletes the source. Throws `AppError`.
 */
export async function runCopy(context: RunContext): Promise<RunOutcome> {
  const { row } = context;
  // It stands for a folder that could not be listed, and is planned anew by a retry.
  if (row.objectsTotal === null) {
    throw new AppError('object.not-found', { params: { key: row.key } });
  }
  const job = openJob(context);
  const { claims } = context.existing;
  const { connection } = job.target;
  await claims.enter(row, { ...job.to, connection }, context.signal);
  try {
    return await copyOrMove(job);
  } finally {
    claims.leave(row);
  }
}

async function copyOrMove(job: CopyJob): Promise<RunOutcome> {
  const { row, copies, parts, store } = job.context;
  const before = copies.entry(row.id);
  const source = await readSource(job, before);
  if (source === 'moved') return finish(job, 'etag');
  // A source that was copied is no longer what a look would compare the copy with.
  if (before === undefined && (await isOntoItself(job, source))) {
    throw new AppError('copy.onto-itself', { params: { key: job.from.key } });
  }
  store.update(row, { bytesTotal: source.head.size });
  if (before !== undefined && before.sourceEtag !== source.head.etag) {
    await abandonUpload(job);
    store.update(row, { note: NOTES.copyChanged });
  }
  const brought = await bringAbout(job, source, before);
  if (brought.kind !== 'brought') return brought;
  const { entry, copied } = brought;
  const { integrity, state } = await verifyCopy(job, source, entry, copied);
  if (row.kind === 'move') {
    copies.save(row.id, { ...entry, phase: 'verified', targetBefore: state });
    await deleteSource(job, source);
  }
  parts.forget(row.id);
  return finish(job, integrity);
}

/** What is asked of the target, and on which condition. */
interface Errand {
  readonly entry: StoredCopy;
  readonly condition: WriteCondition;
}

type Brought =
  | {
      readonly kind: 'brought';
      readonly entry: StoredCopy;
      /** `undefined`: an earlier attempt brought it about. */
      readonly copied: StoredObject | undefined;
    }
  | Exclude<RunOutcome, { readonly kind: 'done' }>;

/** Makes the copy, unless it is there or the policy says no. */
async function bringAbout(
  job: CopyJob,
  source: CopySource,
  before: StoredCopy | undefined,
): Promise<Brought> {
  const { row, copies } = job.context;
  const { etag: sourceEtag, size: sourceSize } = source.head;
  const begun = before?.sourceEtag === sourceEtag ? before : undefined;
  let errand = begun && (await goOn(job, source, begun));
  if (begun !== undefined && errand === 'done') {
    return { kind: 'brought', entry: begun, copied: undefined };
  }
  for (let round = 1; ; round += 1) {
    if (typeof errand !== 'object') {
      const decision = await decide(job, source, before);
      if (decision.kind !== 'go') return decision;
      const { replaces } = decision;
      const targetBefore = replaces === undefined ? null : stateOfFound(replaces);
      const entry = { sourceEtag, sourceSize, targetBefore, phase: 'asked' } as const;
      copies.save(row.id, entry);
      errand = { entry, condition: conditionOf(decision) };
    }
    const { entry, condition } = errand;
    try {
      return {
        kind: 'brought',
        entry,
        copied: await copy(job, source, entry, condition),
      };
    } catch (error) {
      const conflict = error instanceof AppError && error.code === 'conflict.exists';
      if (!conflict) throw error;
      // Somebody was faster: what is there now is looked at anew.
      await lookAnew(job);
      errand = undefined;
      if (round >= MAX_ROUNDS) throw error;
    }
  }
}

async function lookAnew(job: CopyJob): Promise<void> {
  // The note of what was asked goes last: without it our own copy would be a stranger.
  await abandonUpload(job);
  job.context.copies.forget(job.context.row.id);
}

/**
 * What became of the copy that was asked for earlier. `done`: it is at the target. The
 * errand: it is to be asked for again. `undefined`: somebody else was at the target in the
 * meantime, so that has to be decided anew.
 */
async function goOn(
  job: CopyJob,
  source: CopySource,
  entry: StoredCopy,
): Promise<Errand | 'done' | undefined> {
  const { row, group, parts } = job.context;
  const upload = parts.upload(row.id);
  const found = await lookAtTarget(job);
  if (found !== undefined && isVerified(found, entry)) return 'done';
  const replaces = { onlyIfEtag: found?.etag ?? '' };
  if (found === undefined || isUntouched(found, entry)) {
    const strict = policyOf(row, group) !== 'overwrite';
    const condition = found === undefined ? { onlyIfAbsent: true } : replaces;
    return { entry, condition: strict || found === undefined ? condition : {} };
  }
  // A copy in parts has its own journal, which tells more.
  const ours =
    upload === undefined
      ? sameContent(source, found)
      : isMadeOf(found, parts.parts(row.id));
  if (ours === 'same' && upload === undefined) return 'done';
  if (ours !== 'different') return { entry, condition: replaces };
  await lookAnew(job);
  return undefined;
}

/** Whether it is the copy as it was when it was verified. */
function isVerified(found: ExistingObject, entry: StoredCopy): boolean {
  return entry.phase === 'verified' && stateOfFound(found) === entry.targetBefore;
}

function isUntouched(
  found: ExistingObject,
  { phase, targetBefore }: StoredCopy,
): boolean {
  return phase === 'asked' && stateOfFound(found) === targetBefore;
}

/** Whether an object is the one that these parts make. */
function isMadeOf(
  found: ExistingObject,
  parts: readonly StoredPart[],
): 'same' | 'different' | 'unknown' {
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  if (found.size !== size) return 'different';
  const expected = multipartEtag(parts.toSorted((a, b) => a.number - b.number));
  if (expected === null || found.etag === null) return 'unknown';
  return expected === found.etag ? 'same' : 'different';
}

function finish(job: CopyJob, integrity: string): RunOutcome {
  const { row, store } = job.context;
  store.update(row, { objectsDone: 1 });
  if (job.notes.size === 0) return { kind: 'done', integrity };
  const notKept = NOTES.notKept([...job.notes].join('; '));
  const note = row.note === '' ? notKept : `${row.note} ${notKept}`;
  return { kind: 'done', integrity, note };
}

/** The source as it is now. `moved`: it is gone, because an earlier attempt deleted it. */
async function readSource(
  job: CopyJob,
  before: StoredCopy | undefined,
): Promise<CopySource | 'moved'> {
  const { signal } = job.context;
  try {
    return await askSource(job, 0, signal, (connection) =>
      connection.copySource({ ...job.from, signal }),
    );
  } catch (error) {
    const gone = error instanceof AppError && error.code === 'object.not-found';
    if (!gone || before?.phase !== 'verified') throw error;
    const found = await lookAtTarget(job);
    if (found === undefined || found.size !== before.sourceSize) throw error;
    return 'moved';
  }
}

/** Decides about the target; what an earlier attempt of ours left there may be replaced. */
async function decide(
  job: CopyJob,
  source: CopySource,
  before: StoredCopy | undefined,
): Promise<CopyDecision> {
  if (before !== undefined) {
    const found = await lookAtTarget(job);
    const ours =
      found !== undefined &&
      (isVerified(found, before) ||
        (found.size === before.sourceSize &&
          isLike(found, source, before) &&
          stateOfFound(found) !== before.targetBefore));
    if (ours) return { kind: 'go', replaces: found, strict: true };
  }
  return decideCopyTarget(job, source);
}

/** Whether it may be the copy of what the source was when it was asked for. */
function isLike(
  found: ExistingObject,
  source: CopySource,
  { sourceEtag }: StoredCopy,
): boolean {
  if (sourceEtag !== source.head.etag) return found.etag === sourceEtag;
  return sameContent(source, found) !== 'different';
}

function stateOfFound(found: ExistingObject): string {
  return stateOf({ etag: found.etag ?? '', modified: found.modified });
}

function conditionOf(decision: Extract<CopyDecision, { kind: 'go' }>): WriteCondition {
  if (!decision.strict) return {};
  if (decision.replaces === undefined) return { onlyIfAbsent: true };
  return { onlyIfEtag: decision.replaces.etag ?? '' };
}

async function copy(
  job: CopyJob,
  source: CopySource,
  entry: StoredCopy,
  condition: WriteCondition,
): Promise<StoredObject> {
  const { context, within } = job;
  const { row, parts, copyLimits } = context;
  const { size } = source.head;
  const underWay = parts.upload(row.id) !== undefined;
  const inParts = async (copier: PartCopier): Promise<StoredObject> => {
    const wishes = await readWishes(job, source, { tags: true });
    const { targetBefore } = entry;
    const input = { source, wishes, copier, condition, targetBefore };
    const object = await copyInParts(job, input);
    await mendTags(job, wishes);
    return object;
  };
  if (!within) {
    if (size <= STREAM_SINGLE_BYTES && !underWay) {
      const wishes = await readWishes(job, source, { tags: true });
      return streamWhole(job, source, wishes, condition);
    }
    return inParts(await streamParts(job, source));
  }
  const lost = row.attempt > 0 && size > PARTS_AFTER_LOSS;
  if (underWay || size > copyLimits.maxSingle || lost) {
    return inParts(serverCopier(job, source));
  }
  try {
    return await copyOnce(job, source, condition);
  } catch (error) {
    // Some servers take less at once than Amazon does.
    const minimum = partLimits(job.target.connection).minPartSize;
    if (!isTooLarge(error) || size <= minimum) throw error;
    return inParts(serverCopier(job, source));
  }
}

async function copyOnce(
  job: CopyJob,
  source: CopySource,
  condition: WriteCondition,
): Promise<StoredObject> {
  const { signal } = job.context;
  const wishes = await readWishes(job, source, { tags: false });
  return sendWishes(job, wishes, ({ traits, dropTags }) =>
    askTarget(job, 0, signal, (connection) =>
      connection.copyObject({
        from: job.from,
        to: job.to,
        size: source.head.size,
        ifMatch: source.head.etag,
        traits,
        dropTags,
        ...condition,
        signal,
      }),
    ),
  );
}

/** Copies parts inside the server. */
export function serverCopier(job: CopyJob, source: CopySource): PartCopier {
  return {
    partSize: job.context.copyLimits.partBytes,
    maxPartSize: Number.POSITIVE_INFINITY,
    atOnce: Number.POSITIVE_INFINITY,
    // The server compares its own bytes, and holds every part against the source's ETag.
    check: () => Promise.resolve(true),
    send: (upload, { number, start, length }, signal) =>
      askTarget(job, 0, signal, (connection) =>
        connection.copyPart({
          ...job.to,
          from: job.from,
          uploadId: upload.uploadId,
          partNumber: number,
          start,
          length,
          ifMatch: source.head.etag,
          signal,
        }),
      ),
  };
}
