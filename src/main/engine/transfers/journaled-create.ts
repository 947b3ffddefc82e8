import type { StoredUpload } from '../database/part-store.ts';
import type { NewObject, S3Connection } from '../s3/s3-connection.ts';
import { mayHaveBegun } from './lost-upload.ts';
import { Patience } from './patience.ts';

/** How long a pause or cancel waits for the id of an upload that was just begun, ms. */
const ANSWER_GRACE_MS = 2_000;

/** The times of a request that may have begun an upload, and what came of it once known. */
export type Begun = Pick<
  StoredUpload,
  'uploadId' | 'checksumAlgorithm' | 'beganAt' | 'endedAt' | 'clock'
>;

/** What {@link createJournaled} needs. */
export interface JournaledCreateInput {
  readonly connection: Pick<S3Connection, 'draft' | 'createUpload'>;
  readonly object: NewObject;
  /** Wall clock, ms since 1970. */
  readonly now: () => number;
  /** Notes the upload in the journal, on the disk when it returns. */
  readonly save: (begun: Begun) => void;
  /** There is no such upload. */
  readonly forget: () => void;
  readonly signal: AbortSignal;
}

/**
 * CreateMultipartUpload with its entry in the journal before the request leaves: should we
 * not live to hear the answer, somebody must look for what it began. Resolves with the
 * upload's id, saved; throws `AppError`, with an entry left where one may have begun.
 */
export async function createJournaled(input: JournaledCreateInput): Promise<Begun> {
  const { connection, object, now, save, forget, signal } = input;
  const { connectTimeoutMs, requestTimeoutMs } = connection.draft.advanced;
  let asked: Begun | null = null;
  using patience = new Patience(signal, ANSWER_GRACE_MS);
  try {
    const { uploadId, checksum } = await connection.createUpload({
      ...object,
      // Not the signal itself: an answer on its way saves the search for an orphan.
      signal: patience.signal,
      onAsk: (clock) => {
        const beganAt = now();
        const endedAt = beganAt + connectTimeoutMs + requestTimeoutMs;
        asked = { uploadId: '', checksumAlgorithm: '', beganAt, endedAt, clock };
        save(asked);
      },
    });
    const { beganAt, clock } = asked ?? { beganAt: now(), clock: null };
    const checksumAlgorithm = checksum;
    const begun = { uploadId, checksumAlgorithm, beganAt, endedAt: now(), clock };
    save(begun);
    return begun;
  } catch (error) {
    if (asked !== null && mayHaveBegun(error))
      save({ ...(asked as Begun), endedAt: now() });
    else forget();
    throw error;
  }
}
