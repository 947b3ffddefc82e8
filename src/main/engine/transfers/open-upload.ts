import { planOfParts } from '../../../shared/domain/open-upload.ts';
import { partRange } from '../../../shared/domain/part-plan.ts';
import type { ConflictInfo, OpenUpload } from '../../../shared/domain/transfer.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { StoredUpload } from '../database/part-store.ts';
import { type Fingerprint, modifiedMs } from '../files/fingerprint.ts';
import type { OpenUploads, S3Connection, StoredPart } from '../s3/s3-connection.ts';
import { partLimits } from './copy-job.ts';
import { addNote, NOTES } from './notes.ts';
import { matchesSlice } from './part-match.ts';
import { policyOf, type RunContext, throwIfStopped } from './run-context.ts';
import { describeUpload } from './upload-target.ts';

/** Instead of the id by which we know our object: the upload was begun by somebody else. */
export const ADOPTED = 'adopted';
/** Instead of that id: it is to be ended on the server before another one is begun. */
export const DISCARDED = 'discarded';

/** What to do about an unfinished upload of our key that we did not begin. */
export type OpenUploadDecision =
  /** There is none, or it is left alone. */
  | { readonly kind: 'start' }
  | { readonly kind: 'adopt'; readonly upload: StoredUpload }
  | { readonly kind: 'ask'; readonly info: ConflictInfo };

/** What can be asked about. */
type Candidate = OpenUploads['uploads'][number];

/**
 * Looks, before an upload is begun, for an unfinished one of the same key that no transfer
 * of ours owns. With the policy `resume` one that fits is gone on with at once, with `ask`
 * the user decides, else it is left alone, with a note. Who may not list uploads, or whose
 * server cannot, just begins. Throws `local.*` for a file that cannot be read, and
 * `transfer.cancelled`.
 */
export async function decideOpenUpload(
  context: RunContext,
  source: Fingerprint,
): Promise<OpenUploadDecision> {
  const { row, group, clock } = context;
  // It was asked and answered.
  if (row.note.includes(NOTES.uploadOfOthers)) return { kind: 'start' };
  const listed = await list(context);
  if (listed.uploads.length === 0) return { kind: 'start' };
  const resume = policyOf(row, group) === 'resume';
  if ((resume || group.conflict === 'ask') && !hasOwnProtection(context)) {
    const found = await firstFitting(context, listed.uploads, source);
    if (found !== null) {
      const { upload, fits } = found;
      const { initiated } = upload;
      const lead = listed.serverTime === null ? 0 : listed.serverTime - clock.now();
      const begunAt = initiated === null ? null : Math.min(initiated - lead, clock.now());
      const open = { ...fits, begunAt };
      if (resume)
        return { kind: 'adopt', upload: journalEntry(open, source, clock.now()) };
      return { kind: 'ask', info: question(open, source) };
    }
  }
  leaveAlone(context);
  return { kind: 'start' };
}

/** Whether objects are to be encrypted or opened in a way that only their begin can say. */
function hasOwnProtection(context: RunContext): boolean {
  const { headers = {} } = describeUpload(context, null);
  const { uploadAcl } = context.connection.draft;
  return Boolean(headers.encryption || headers.acl) || uploadAcl !== 'none';
}

/** The upload of an answered question as the journal has it. */
export function answeredUpload(
  info: ConflictInfo,
  answer: 'continue-upload' | 'discard-upload',
  now: number,
): StoredUpload | null {
  const { openUpload, sourceSize } = info;
  if (openUpload === undefined || sourceSize === null) return null;
  const mtimeNs = BigInt(openUpload.sourceMtimeNs);
  const entry = journalEntry(openUpload, { size: sourceSize, mtimeNs }, now);
  return answer === 'discard-upload' ? { ...entry, retryId: DISCARDED } : entry;
}

function leaveAlone({ row, store }: RunContext): void {
  // One that is perhaps our own was spoken of already.
  if (row.note.includes(NOTES.uploadLeft)) return;
  store.update(row, { note: addNote(row.note, NOTES.uploadOfOthers) });
}

/** Uploads of this key that are not in the journal, the latest first. */
async function list(context: RunContext): Promise<OpenUploads> {
  const { row, connection, gate, parts, signal } = context;
  const { bucket, key } = row;
  try {
    const { uploads, serverTime } = await gate.request(0, signal, () =>
      connection.listUploads({ bucket, key, signal }),
    );
    const others = uploads.filter(({ uploadId }) => !parts.knowsUpload(uploadId));
    const latestFirst = others.toSorted(
      (a, b) => (b.initiated ?? 0) - (a.initiated ?? 0),
    );
    return { uploads: latestFirst, serverTime };
  } catch (error) {
    throwIfStopped(signal);
    if (!(error instanceof AppError)) throw error;
    // It only would have been nice to know. What is really wrong the next request will say.
    return { uploads: [], serverTime: null };
  }
}

async function firstFitting(
  context: RunContext,
  uploads: readonly Candidate[],
  source: Fingerprint,
): Promise<{ readonly upload: Candidate; readonly fits: Fitting } | null> {
  for (const upload of uploads) {
    const fits = await fitting(context, upload, source);
    if (fits !== null) return { upload, fits };
  }
  return null;
}

type Fitting = Omit<OpenUpload, 'begunAt'>;

/** Whether all parts of an upload are those of our file, cut evenly; `null`: they are not. */
async function fitting(
  context: RunContext,
  { uploadId, checksum }: Candidate,
  source: Fingerprint,
): Promise<Fitting | null> {
  const { row, connection, gate, signal } = context;
  // The server wants the checksums in every part that the upload was begun with.
  if (checksum === 'other' || (checksum !== '') !== sendsSums(connection)) return null;
  const { bucket, key } = row;
  let held: readonly StoredPart[];
  try {
    held = await gate.request(0, signal, () =>
      connection.listParts({ bucket, key, uploadId, signal }),
    );
  } catch (error) {
    throwIfStopped(signal);
    if (error instanceof AppError) return null;
    throw error;
  }
  const plan = planOfParts(held, source.size, partLimits(connection));
  if (plan === null) return null;
  const path = row.localPath ?? '';
  for (const part of held) {
    const slice = { path, ...partRange(part.number, plan, source.size) };
    if (!(await matchesSlice(part, slice, signal))) return null;
  }
  const sourceMtimeNs = String(source.mtimeNs);
  return { uploadId, ...plan, partsThere: held.length, checksum, sourceMtimeNs };
}

function sendsSums(connection: S3Connection): boolean {
  return connection.quirks().checksums === 'when-supported';
}

function question(openUpload: OpenUpload, source: Fingerprint): ConflictInfo {
  return {
    sourceSize: source.size,
    sourceModified: modifiedMs(source),
    targetSize: null,
    targetModified: null,
    openUpload,
  };
}

function journalEntry(open: OpenUpload, source: Fingerprint, now: number): StoredUpload {
  return {
    uploadId: open.uploadId,
    partSize: open.partSize,
    partCount: open.partCount,
    checksumAlgorithm: open.checksum,
    sourceSize: source.size,
    sourceMtimeNs: source.mtimeNs,
    retryId: ADOPTED,
    beganAt: now,
    endedAt: now,
    clock: null,
  };
}
