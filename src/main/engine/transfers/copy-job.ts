import type { ConnectionId } from '../../../shared/domain/ids.ts';
import type { PartLimits } from '../../../shared/domain/part-plan.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { partLimitsOf } from '../../../shared/providers/part-limits.ts';
import { resolveQuirks } from '../../../shared/providers/profile.ts';
import { getProviderProfile } from '../../../shared/providers/registry.ts';
import { isMd5Etag } from '../s3/etag.ts';
import { isKmsEncryption } from '../s3/is-kms-encryption.ts';
import type { CopySource } from '../s3/object-traits.ts';
import type { ObjectHead, ObjectRef, S3Connection } from '../s3/s3-connection.ts';
import { isKeyRefusal } from './credential-hold.ts';
import { type ExistingObject, isAbsent } from './existing-keys.ts';
import type { RequestGate } from './request-gate.ts';
import { isOffline } from './retry-policy.ts';
import type { RunContext } from './run-context.ts';
import { isSameServer } from './same-place.ts';

/** One object on its way from one place to another. */
export interface CopyJob {
  readonly context: RunContext;
  readonly from: ObjectRef;
  /** Where it goes; changes when another name is taken. */
  to: ObjectRef;
  readonly target: CopySide;
  /** Both places are on one server, reached by one connection. */
  readonly within: boolean;
  /** What could not be kept, in words. */
  readonly notes: Set<string>;
}

/** A connection as a copy uses it. */
export interface CopySide {
  readonly connectionId: ConnectionId;
  readonly connection: S3Connection;
  readonly gate: RequestGate;
}

/** Reads from the row and its group where the copy goes. Throws `connection.not-open`. */
export function openJob(context: RunContext): CopyJob {
  const { row, connection, gate, copies } = context;
  const target = copies.target(row.groupId);
  const connectionId = target?.connectionId ?? row.connectionId;
  const within = connectionId === row.connectionId;
  return {
    context,
    from: { bucket: row.bucket, key: row.key },
    to: { bucket: row.targetBucket ?? row.bucket, key: row.targetKey ?? '' },
    target: within
      ? { connectionId, connection, gate }
      : { connectionId, ...context.peer(connectionId) },
    within,
    notes: new Set(),
  };
}

/**
 * Sends a request to the target. What is wrong with its keys or its network is said to be
 * about that connection, not about the row's own.
 */
export async function askTarget<T>(
  job: CopyJob,
  bytes: number,
  signal: AbortSignal,
  work: (connection: S3Connection) => Promise<T>,
): Promise<T> {
  const { target, within } = job;
  try {
    return await target.gate.request(bytes, signal, () => work(target.connection));
  } catch (error) {
    if (within || !(error instanceof AppError)) throw error;
    if (!isKeyRefusal(error) && !isOffline(error)) throw error;
    throw new AppError(error.code, {
      params: { ...error.params, connectionId: target.connectionId },
      provider: error.provider,
      cause: error,
    });
  }
}

/** The connection a copy's error is about, when it is not the row's own. */
export function peerOf(error: unknown): ConnectionId | undefined {
  const id = error instanceof AppError ? error.params['connectionId'] : undefined;
  return typeof id === 'string' ? (id as ConnectionId) : undefined;
}

/** Sends a request to the source. */
export function askSource<T>(
  job: CopyJob,
  bytes: number,
  signal: AbortSignal,
  work: (connection: S3Connection) => Promise<T>,
): Promise<T> {
  const { connection, gate } = job.context;
  return gate.request(bytes, signal, () => work(connection));
}

/** What is at the target now; `undefined`: nothing, or nothing these keys may see. */
export async function lookAtTarget(
  job: CopyJob,
  key = job.to.key,
): Promise<ExistingObject | undefined> {
  const { signal } = job.context;
  try {
    const head = await askTarget(job, 0, signal, (connection) =>
      connection.headObject({
        bucket: job.to.bucket,
        key,
        forbiddenIsAbsent: true,
        signal,
      }),
    );
    return {
      size: head.size,
      modified: head.modified,
      etag: head.etag,
      metadata: head.metadata,
      listed: false,
    };
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/**
 * Whether the target is the source itself. Where another name may hide the server they
 * share, so that the copy would be its own source, the objects are looked at.
 */
export async function isOntoItself(job: CopyJob, source: CopySource): Promise<boolean> {
  const { from, to, within, target, context } = job;
  if (from.bucket !== to.bucket || from.key !== to.key) return false;
  if (within || isSameServer(context.connection, target.connection)) return true;
  const { signal } = context;
  const { head } = source;
  try {
    const there = await askTarget(job, 0, signal, (connection) =>
      connection.headObject({ ...to, forbiddenIsAbsent: true, signal }),
    );
    const alike = there.size === head.size && stateOf(there) === stateOf(head);
    return alike && there.versionId === head.versionId;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}

/** Tells one state of an object from the next. */
export function stateOf(object: Pick<ObjectHead, 'etag' | 'modified'>): string {
  return `${object.etag} ${object.modified ?? ''}`;
}

/**
 * How well two objects are known to be the same: by their MD5 sums, by equal ETags of
 * another kind (the same parts), or not at all.
 */
export function sameContent(
  source: CopySource,
  copy: { readonly size: number; readonly etag: string | null },
): 'same' | 'different' | 'unknown' {
  const { head, traits } = source;
  if (head.size !== copy.size) return 'different';
  if (copy.etag === null || copy.etag === '' || head.etag === '') return 'unknown';
  if (head.etag === copy.etag) return 'same';
  // With a KMS key an ETag is no sum of the content.
  const opaque = isKmsEncryption(traits.encryption);
  const sums = isMd5Etag(head.etag) && isMd5Etag(copy.etag) && !opaque;
  return sums ? 'different' : 'unknown';
}

/** The limits of a connection's provider. */
export function partLimits(connection: S3Connection): PartLimits {
  return partLimitsOf(resolveQuirks(getProviderProfile(connection.draft.providerId)));
}
