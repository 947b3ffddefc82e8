import { MULTIPART_THRESHOLD } from '../../../shared/domain/part-plan.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { type Fingerprint, fingerprint, sameFingerprint } from '../files/fingerprint.ts';
import { readWholeFile } from '../files/whole-file.ts';
import type { FileSlice } from '../s3/s3-connection.ts';
import { headIfThere } from './existing-keys.ts';
import { SMALL_FILE_BYTES } from './free-slots.ts';
import { noteUpload } from './receipt-draft.ts';
import type { RunContext, RunOutcome } from './run-context.ts';
import { runMultipartUpload } from './run-multipart.ts';
import { isOurEarlier, noteSent, sentBefore } from './sent-file.ts';
import {
  claimKey,
  decideUploadTarget,
  describeUpload,
  isOurs,
  setAside,
  settleUploadConflict,
} from './upload-target.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
const MAX_KEY_BYTES = 1_024;

/** How often an upload decides anew because its target changed under its hands. */
const MAX_ROUNDS = 5;

/** Uploads a file, or makes the marker of an empty folder. Throws `AppError`. */
export async function runUpload(context: RunContext): Promise<RunOutcome> {
  const { row, existing } = context;
  if (Buffer.byteLength(row.key) > MAX_KEY_BYTES) {
    throw new AppError('object.name-invalid', { params: { key: row.key } });
  }
  const claimed = claimKey(context);
  if (claimed !== undefined) await claimed;
  try {
    return await upload(context);
  } finally {
    existing.claims.leave(row);
  }
}

async function upload(context: RunContext): Promise<RunOutcome> {
  const { row } = context;
  if (row.key.endsWith('/')) return makeMarker(context);
  // An upload the server keeps for us was already decided about.
  const kept = hasUpload(context);
  const path = requirePath(row.localPath);
  if (!kept && (row.bytesTotal ?? 0) <= SMALL_FILE_BYTES) {
    const small = readWholeFile(path, SMALL_FILE_BYTES, context.disk);
    if (small !== null) return putFile(context, small.source, small.bytes);
  }
  const source = await fingerprint(path, context.disk);
  if (source.size > MULTIPART_THRESHOLD || kept) {
    return runMultipartUpload(context, source);
  }
  return putFile(context, source, { path, start: 0, length: source.size });
}

/** A row that runs for the first time, without anybody's answer, has none yet. */
function hasUpload({ row, parts }: RunContext): boolean {
  const first = row.attempt === 0 && row.answer === '';
  return !first && parts.upload(row.id) !== undefined;
}

async function putFile(
  context: RunContext,
  source: Fingerprint,
  body: FileSlice | Buffer,
): Promise<RunOutcome> {
  const { row, group, connection, gate, meter, signal } = context;
  const sent = sentBefore(row, null);
  let decision = await decideUploadTarget(context, source, sent);
  for (let round = 1; decision.kind === 'go'; round += 1) {
    const { onlyIfAbsent, onlyIfEtag } = decision;
    if (decision.setAside !== undefined) await setAside(context, decision.setAside);
    noteSent(context, source);
    const progress = meter.request();
    try {
      const path = requirePath(row.localPath);
      const stored = await gate.request(source.size, signal, () =>
        connection.putObject({
          bucket: row.bucket,
          key: row.key,
          ...describeUpload(context, source),
          body,
          onlyIfAbsent,
          onlyIfEtag,
          onProgress: progress.onProgress,
          signal,
        }),
      );
      if (!sameFingerprint(source, await fingerprint(path, context.disk))) {
        // What arrived may be half old, half new.
        throw new AppError('transfer.source-changed', { params: { path } });
      }
      noteUpload(context.receipt, source, stored);
      return { kind: 'done', integrity: stored.integrity };
    } catch (error) {
      progress.undo();
      if (!isConflict(error) || round >= MAX_ROUNDS) throw error;
    }
    // Somebody was faster: what is there now is looked at anew.
    const input = { connection, gate, group, key: row.key, signal };
    const found = await headIfThere(input);
    if (found === undefined) {
      decision = { kind: 'go', onlyIfAbsent: true };
    } else if (await isOurs(context, found, source)) {
      noteUpload(context.receipt, source, { etag: found.etag ?? '' });
      return { kind: 'done', integrity: 'md5' };
    } else if (row.attempt > 0 && isOurEarlier(context, found, sent)) {
      // The request before, given up on, arrived after all; the file is another by now.
      decision = { kind: 'go', onlyIfAbsent: false, onlyIfEtag: found.etag ?? '' };
    } else {
      decision = await settleUploadConflict(context, found, source);
    }
  }
  return decision;
}

async function makeMarker(context: RunContext): Promise<RunOutcome> {
  const { row, group, connection, gate, signal } = context;
  const found = await headIfThere({ connection, gate, group, key: row.key, signal });
  // A folder that is there is what was wanted; its marker may even carry data.
  if (found !== undefined) return { kind: 'done', integrity: '' };
  try {
    const stored = await gate.request(0, signal, () =>
      connection.putObject({
        bucket: row.bucket,
        key: row.key,
        ...describeUpload(context, null),
        body: new Uint8Array(0),
        onlyIfAbsent: true,
        signal,
      }),
    );
    return { kind: 'done', integrity: stored.integrity };
  } catch (error) {
    if (isConflict(error)) return { kind: 'done', integrity: '' };
    throw error;
  }
}

function isConflict(error: unknown): boolean {
  return (
    error instanceof AppError &&
    (error.code === 'conflict.exists' || error.code === 'precondition.failed')
  );
}

function requirePath(path: string | null): string {
  if (path === null) throw new AppError('internal', { params: { missing: 'localPath' } });
  return path;
}
