import { AppError } from '../../../shared/errors/app-error.ts';
import type { PartStore, StoredUpload } from '../database/part-store.ts';
import type { ObjectRef, OpenUploads, S3Connection } from '../s3/s3-connection.ts';
import type { ClockLead } from '../s3/server-clock.ts';
import { sleep } from './clock.ts';

/** Clocks tell seconds, and a Date header is as old as its answer. */
const SLACK_MS = 2_000;
/**
 * How long after it was asked for an upload may still turn up, ms: the request of an
 * engine that was killed, or of a connection that was cut, may wait in the server.
 */
const MAY_TURN_UP_MS = 4_000;

/** What {@link settleLostUpload} needs. */
export interface LostUploadInput {
  readonly connection: S3Connection;
  readonly parts: Pick<PartStore, 'knowsUpload'>;
  readonly target: ObjectRef;
  /** The journal's entry: begun, but its upload id never arrived. */
  readonly upload: Pick<StoredUpload, 'beganAt' | 'endedAt' | 'clock'>;
  /** Wall clock, ms since 1970. */
  readonly now: () => number;
  /** Runs a request when its turn has come. */
  readonly request: <T>(work: () => Promise<T>) => Promise<T>;
  readonly signal: AbortSignal;
}

/**
 * Ends the upload that a CreateMultipartUpload without an answer may have begun. Somebody
 * else may be uploading to the same key: only a single upload that was begun while our
 * request was under way, that no transfer of ours knows and that has no parts can be ours
 * without doubt. Clocks may have been set in the meantime, so that "while" is meant by the
 * server's clock as it was known then, or as it is now. `unsure`: there may be one left
 * and it was left alone.
 */
export async function settleLostUpload(
  input: LostUploadInput,
): Promise<'settled' | 'unsure'> {
  const { connection, target, upload, now, request, signal } = input;
  try {
    const found = await search(input);
    if (found === 'nothing') return 'settled';
    if (found === 'unsure') return 'unsure';
    const ref = { ...target, uploadId: found.uploadId, signal };
    const sent = await request(() => connection.listParts(ref));
    // We never got to send a part: an upload that has one is somebody else's.
    if (sent.length > 0) return 'settled';
    await request(() => connection.abortUpload(ref));
    return 'settled';
  } catch (error) {
    if (error instanceof AppError && isFinal(error)) return 'unsure';
    throw error;
  }

  async function search(again: LostUploadInput): ReturnType<typeof searchOnce> {
    const first = await searchOnce(again);
    const early = upload.beganAt + MAY_TURN_UP_MS - now();
    // A clock that was set back must not make us wait for hours.
    if (first !== 'nothing' || early <= 0 || early > MAY_TURN_UP_MS) return first;
    await sleep(early, signal);
    return searchOnce(again);
  }
}

type OpenUpload = OpenUploads['uploads'][number];

async function searchOnce(
  input: LostUploadInput,
): Promise<OpenUpload | 'nothing' | 'unsure'> {
  const { connection, parts, target, upload, now, request, signal } = input;
  let asked = 0;
  const { uploads, serverTime } = await request(() => {
    asked = now();
    return connection.listUploads({ ...target, signal });
  });
  const unknown = uploads.filter(({ uploadId }) => !parts.knowsUpload(uploadId));
  if (unknown.length === 0) return 'nothing';
  const present =
    serverTime === null
      ? null
      : { least: serverTime - now(), most: serverTime + 1_000 - asked };
  const clocks = [upload.clock, present].filter((lead) => lead !== null);
  if (clocks.length === 0) return 'unsure';
  const candidates = unknown.filter(
    ({ initiated }) =>
      initiated === null || clocks.some((lead) => isWithin(initiated, upload, lead)),
  );
  const [ours, another] = candidates;
  if (ours === undefined) return wasSet(clocks) ? 'unsure' : 'nothing';
  return another !== undefined || ours.initiated === null ? 'unsure' : ours;
}

/** Whether a time of the server's lies in the time of our request. */
function isWithin(
  time: number,
  { beganAt, endedAt }: Pick<StoredUpload, 'beganAt' | 'endedAt'>,
  lead: ClockLead,
): boolean {
  return (
    time >= beganAt + lead.least - SLACK_MS && time <= endedAt + lead.most + SLACK_MS
  );
}

/** Whether one of the clocks was set between two looks at them. */
function wasSet([then, now]: readonly ClockLead[]): boolean {
  if (then === undefined || now === undefined) return false;
  return then.most + SLACK_MS < now.least || now.most + SLACK_MS < then.least;
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
