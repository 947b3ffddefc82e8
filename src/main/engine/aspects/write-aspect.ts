import type { Aspect, Reading, Tag } from '../../../shared/domain/aspects.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { assertNever } from '../../../shared/lib/assert-never.ts';
import type { EarlierPlace, EarlierStore } from '../database/earlier-store.ts';
import type { Cancellable, S3Connection } from '../s3/s3-connection.ts';
import type { BucketOrObject } from './aspect-calls.ts';
import type { BucketMemory } from './bucket-memory.ts';
import { checkAspect } from './check-aspect.ts';
import { givesEverybody } from './exposure.ts';
import type { LooseUploads } from './loose-uploads.ts';
import { actionOf, namingAction } from './permissions.ts';
import { type FullReading, readAspect } from './read-aspect.ts';
import { isSameAspect } from './revision.ts';
import { isTagsLost } from './tags-lost.ts';

/** What a change needs. */
export interface WriteInput extends BucketOrObject, Cancellable {
  readonly connection: S3Connection;
  readonly memory: BucketMemory;
  readonly earlier: EarlierStore;
  readonly uploads: LooseUploads;
  readonly change: Aspect;
  /** Of the state the change was made from. */
  readonly revision: string;
  /** New headers may cost an ACL that cannot be read. */
  readonly mayResetAcl?: boolean | undefined;
}

type Present = Extract<FullReading, { kind: 'read' }>;

/**
 * Reads again, writes if nobody else was faster, and answers how it is now. The state
 * before is on the disk before anything is sent. Throws `aspect.changed`, `aspect.invalid`,
 * `access.denied` with action and resource, `access.bucket-owner`, `provider.unsupported`.
 */
export async function writeAspect(input: WriteInput): Promise<Reading> {
  const { connection, memory, change, bucket, key, signal } = input;
  const ref = { aspect: change.aspect, bucket, key, signal };
  // Not a byte is sent to a sub-resource before the server has shown that it knows it: a
  // DELETE that is taken for one of the bucket or the object would be its end.
  const before = await readAspect(connection, memory, ref);
  if (before.kind === 'unavailable') throw refusal(before, input);
  if (before.locked?.reason === 'acls-disabled') {
    throw new AppError('access.bucket-owner', { params: { bucket } });
  }
  if (before.revision !== input.revision) throw changed(change);
  checkAspect(change, before.aspect, key === null);
  if (isSameAspect(change, before.aspect)) return readingOf(before);
  const { connectionId } = connection;
  const place = { connectionId, bucket, key, aspect: change.aspect };
  const kept = input.earlier.add(place, before.aspect);
  try {
    await send(input, before);
  } catch (error) {
    // Only a lost answer leaves open whether it was replaced.
    const isRefused = isRefusal(error) && !isTagsLost(error);
    if (isRefused && !(await isReplaced(input, before, error))) {
      input.earlier.remove(kept);
    }
    throw (await blockedPublic(error, input)) ?? refused(error, input);
  }
  return readingOf(await readAspect(connection, memory, ref));
}

/** Whether headers were replaced, and only what has to be done after that was refused. */
async function isReplaced(
  { connection, memory, change, bucket, key, signal }: WriteInput,
  before: Present,
  error: unknown,
): Promise<boolean> {
  if (change.aspect !== 'headers') return false;
  if (error instanceof AppError && error.code === 'object.changed') return false;
  try {
    const ref = { aspect: change.aspect, bucket, key, signal };
    const now = await readAspect(connection, memory, ref);
    return now.kind === 'read' && !isSameAspect(now.aspect, before.aspect);
  } catch {
    // Too much that can be put back is better than too little.
    return true;
  }
}

/** Without what stays in the engine. */
export function readingOf(reading: FullReading): Reading {
  if (reading.kind === 'unavailable') return { kind: 'unavailable', why: reading.why };
  const { kind, aspect, revision, locked } = reading;
  return { kind, aspect, revision, locked };
}

async function send(input: WriteInput, before: Present): Promise<void> {
  const { connection, change, bucket, key, signal } = input;
  const calls = await connection.aspects();
  switch (change.aspect) {
    case 'acl':
      return calls.writeAcl({ bucket, key, acl: change.value, signal });
    case 'cors':
      return calls.writeCors({ bucket, rules: change.value, signal });
    case 'tags':
      return calls.writeTags({ bucket, key, tags: change.value, signal });
    case 'headers': {
      const { state } = before;
      if (key === null || state === null) {
        throw new AppError('input.invalid', { params: { field: 'key' } });
      }
      const { connectionId } = connection;
      const { mayResetAcl } = input;
      const place = { connectionId, bucket, key };
      const rewrite = { bucket, key, headers: change.value, state, mayResetAcl, signal };
      return keepingTags(input, place, (onTags) =>
        input.uploads.during(place, (journal) =>
          calls.rewriteHeaders({ ...rewrite, journal, onTags }),
        ),
      );
    }
  }
}

/**
 * Tags that the server may drop with the old headers are among the earlier states until
 * they are seen to be kept, so that neither a refusal nor a crash can lose them.
 */
async function keepingTags(
  { earlier }: WriteInput,
  place: Omit<EarlierPlace, 'aspect'>,
  work: (onTags: (tags: readonly Tag[]) => void) => Promise<void>,
): Promise<void> {
  let kept: number | null = null;
  const forget = (): void => {
    if (kept !== null) earlier.remove(kept);
  };
  try {
    await work((tags) => {
      const value: Aspect = { aspect: 'tags', value: [...tags] };
      kept = earlier.add({ ...place, aspect: 'tags' }, value);
    });
    forget();
  } catch (error) {
    if (isRefusal(error) && !isTagsLost(error)) forget();
    throw error;
  }
}

/** What could not be read is not written either. */
function refusal(
  { why, error }: Extract<FullReading, { kind: 'unavailable' }>,
  { bucket, key }: WriteInput,
): AppError {
  const params = { bucket, ...(key === null ? {} : { key }) };
  const { provider } = error;
  switch (why.reason) {
    case 'denied': {
      const { action, resource } = why;
      return new AppError('access.denied', {
        params: { ...params, action, resource },
        provider,
      });
    }
    case 'acls-disabled':
      return new AppError('access.bucket-owner', { params, provider });
    case 'unsupported':
      return new AppError('provider.unsupported', { params, provider });
    default:
      return assertNever(why);
  }
}

/**
 * A list for everybody that the bucket's public access block refuses, which looks like a
 * missing permission; `null`: it is something else, or nobody tells.
 */
async function blockedPublic(
  error: unknown,
  input: WriteInput,
): Promise<AppError | null> {
  const { change, connection, bucket, signal } = input;
  if (!(error instanceof AppError) || error.code !== 'access.denied') return null;
  if (change.aspect !== 'acl' || !givesEverybody(change.value)) return null;
  const calls = await connection.aspects();
  try {
    const { blockPublicAcls } = await calls.accessBlock({ bucket, signal });
    if (!blockPublicAcls) return null;
  } catch {
    return null;
  }
  return new AppError('aspect.invalid', {
    params: { reason: 'public-blocked', bucket },
    provider: error.provider,
    cause: error,
  });
}

/** A refused write in terms of the editor. */
function refused(error: unknown, input: WriteInput): unknown {
  const { change, connection, memory, bucket } = input;
  if (!(error instanceof AppError)) return error;
  switch (error.code) {
    case 'object.changed':
    case 'conflict.exists':
    case 'precondition.failed':
      return changed(change, error);
    case 'access.bucket-owner':
      memory.noteListsOff(connection, bucket);
      return error;
    case 'access.denied':
      return typeof error.params['action'] === 'string'
        ? error
        : namingAction(error, actionOf(change.aspect, 'write', input), input);
    default:
      return isAboutValues(error)
        ? new AppError('aspect.invalid', {
            params: { reason: 'refused', aspect: change.aspect },
            provider: error.provider,
            cause: error,
          })
        : error;
  }
}

/** The server understood the request and does not like what is in it. */
function isAboutValues({ code, provider }: AppError): boolean {
  const { httpStatus, service = '' } = provider ?? {};
  return httpStatus === 400 && code === 'provider.unsupported' && service !== '';
}

function isRefusal(error: unknown): boolean {
  if (!(error instanceof AppError)) return false;
  const { httpStatus } = error.provider ?? {};
  if (httpStatus === undefined) {
    return (
      error.code === 'object.changed' ||
      error.code === 'access.denied' ||
      error.code === 'aspect.acl-unreadable'
    );
  }
  return (httpStatus >= 400 && httpStatus < 500) || httpStatus === 501;
}

function changed({ aspect }: Aspect, cause?: AppError): AppError {
  return new AppError('aspect.changed', {
    params: { aspect },
    provider: cause?.provider,
    cause,
  });
}
