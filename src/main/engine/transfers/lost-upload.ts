import { AppError } from '../../../shared/errors/app-error.ts';
import type { PartStore, StoredUpload } from '../database/part-store.ts';
import type { ObjectRef, S3Connection } from '../s3/s3-connection.ts';

/** Clocks tell seconds, and a Date header is as old as its answer. */
const SLACK_MS = 2_000;

/** What {@link settleLostUpload} needs. */
export interface LostUploadInput {
  readonly connection: S3Connection;
  readonly parts: PartStore;
  readonly target: ObjectRef;
  /** The journal's entry: begun, but its upload id never arrived. */
  readonly upload: StoredUpload;
  /** Wall clock, ms since 1970. */
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/**
 * Ends the upload that a CreateMultipartUpload without an answer may have begun. Somebody
 * else may be uploading to the same key: only a single upload that was begun while our
 * request was under way, that no transfer of ours knows and that has no parts can be ours
 * without doubt. `unsure`: there may be one left and it was left alone.
 */
export async function settleLostUpload(
  input: LostUploadInput,
): Promise<'settled' | 'unsure'> {
  const { connection, parts, target, upload, now, signal } = input;
  try {
    const asked = now();
    const { uploads, serverTime } = await connection.listUploads({ ...target, signal });
    const unknown = uploads.filter(({ uploadId }) => !parts.knowsUpload(uploadId));
    if (unknown.length === 0) return 'settled';
    if (serverTime === null) return 'unsure';
    const ahead = serverTime - asked;
    const candidates = unknown.filter(({ initiated }) => {
      if (initiated === null) return true;
      const begun = initiated - ahead;
      return begun >= upload.beganAt - SLACK_MS && begun <= upload.endedAt + SLACK_MS;
    });
    const [ours, another] = candidates;
    if (ours === undefined) return 'settled';
    if (another !== undefined || ours.initiated === null) return 'unsure';
    const ref = { ...target, uploadId: ours.uploadId, signal };
    // We never got to send a part: an upload that has one is somebody else's.
    if ((await connection.listParts(ref)).length > 0) return 'settled';
    await connection.abortUpload(ref);
    return 'settled';
  } catch (error) {
    if (error instanceof AppError && isFinal(error)) return 'unsure';
    throw error;
  }
}

/** Whether the server will never tell us: a limited key, or a call it does not know. */
function isFinal(error: AppError): boolean {
  return (
    error.code === 'access.denied' ||
    error.code === 'provider.unsupported' ||
    error.code === 'bucket.not-found'
  );
}

/**
 * Whether a failed CreateMultipartUpload may have begun an upload all the same: its answer
 * was lost or cannot be read, or something between us and the server gave up.
 */
export function mayHaveBegun(error: unknown): boolean {
  if (!(error instanceof AppError)) return true;
  const status = error.provider?.httpStatus;
  if (status !== undefined) return status >= 500 && status !== 501 && status !== 503;
  return (
    error.code !== 'network.refused' &&
    error.code !== 'network.dns' &&
    error.code !== 'network.offline' &&
    error.code !== 'network.tls' &&
    error.code !== 'connection.not-open'
  );
}
