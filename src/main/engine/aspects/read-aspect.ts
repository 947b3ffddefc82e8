import type {
  Aspect,
  AspectName,
  Reading,
  Unavailable,
} from '../../../shared/domain/aspects.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { assertNever } from '../../../shared/lib/assert-never.ts';
import type { Cancellable, S3Connection } from '../s3/s3-connection.ts';
import type { AspectCalls, BucketOrObject, HeaderState } from './aspect-calls.ts';
import type { BucketMemory } from './bucket-memory.ts';
import { whyUnavailable } from './permissions.ts';
import { revisionOf } from './revision.ts';

/** A reading, and what only a write of headers needs. */
export type FullReading =
  | (Extract<Reading, { kind: 'read' }> & { readonly state: HeaderState | null })
  | (Extract<Reading, { kind: 'unavailable' }> & { readonly error: AppError });

/** Which aspect of what. */
export interface AspectRef extends BucketOrObject, Cancellable {
  readonly aspect: AspectName;
}

/**
 * Reads an aspect. What these keys or this server do not give is an answer, too; anything
 * else that goes wrong is thrown as `AppError`.
 */
export async function readAspect(
  connection: S3Connection,
  memory: BucketMemory,
  ref: AspectRef,
): Promise<FullReading> {
  const calls = await connection.aspects();
  try {
    const [{ aspect, state }, locked] = await Promise.all([
      readValue(calls, ref),
      ref.aspect === 'acl' ? lockOf(calls, connection, memory, ref) : null,
    ]);
    const revision = revisionOf(aspect, state?.etag);
    return { kind: 'read', aspect, revision, locked, state };
  } catch (error) {
    const why = whyUnavailable(error, ref.aspect, ref);
    if (why === null || !(error instanceof AppError)) throw error;
    return { kind: 'unavailable', why, error };
  }
}

async function readValue(
  calls: AspectCalls,
  ref: AspectRef,
): Promise<{ readonly aspect: Aspect; readonly state: HeaderState | null }> {
  const { bucket, key, signal } = ref;
  switch (ref.aspect) {
    case 'acl': {
      const value = await calls.readAcl({ bucket, key, signal });
      return { aspect: { aspect: 'acl', value }, state: null };
    }
    case 'cors': {
      const value = [...(await calls.readCors({ bucket, signal }))];
      return { aspect: { aspect: 'cors', value }, state: null };
    }
    case 'tags': {
      const value = [...(await calls.readTags({ bucket, key, signal }))];
      return { aspect: { aspect: 'tags', value }, state: null };
    }
    case 'headers': {
      if (key === null) throw new AppError('input.invalid', { params: { field: 'key' } });
      const state = await calls.readHeaders({ bucket, key, signal });
      return { aspect: { aspect: 'headers', value: state.headers }, state };
    }
    default:
      return assertNever(ref.aspect);
  }
}

/** With lists off they are still told, and cannot be changed. */
async function lockOf(
  calls: AspectCalls,
  connection: S3Connection,
  memory: BucketMemory,
  { bucket, signal }: AspectRef,
): Promise<Unavailable | null> {
  const off = { reason: 'acls-disabled' } as const;
  if (memory.listsAreOff(connection, bucket)) return off;
  if (memory.hasNoOwnership(connection)) return null;
  try {
    const ownership = await calls.ownership({ bucket, signal });
    return ownership === 'BucketOwnerEnforced' ? off : null;
  } catch (error) {
    if (error instanceof AppError && error.code === 'transfer.cancelled') throw error;
    const unknown = error instanceof AppError && error.code === 'provider.unsupported';
    if (unknown) memory.noteNoOwnership(connection);
    // Whether they are off will show when they are changed.
    return null;
  }
}
