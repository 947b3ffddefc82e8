import type {
  Acl,
  AspectName,
  BulkChange,
  ObjectHeaders,
  Tag,
} from '../../../shared/domain/aspects.ts';
import {
  type ChangeOf,
  MAX_OBJECT_TAGS,
  mergeAcl,
  mergeHeaders,
  mergeTags,
  sameAcl,
  sameHeaders,
  sameTags,
} from '../../../shared/domain/bulk-change.ts';
import { knownContentType } from '../../../shared/domain/content-type.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { assertNever } from '../../../shared/lib/assert-never.ts';
import type { AspectCalls, HeaderState, MadeObject } from '../aspects/aspect-calls.ts';
import { actionOf, isUnsupported, namingAction } from '../aspects/permissions.ts';
import { isTagsLost, tagsLost } from '../aspects/tags-lost.ts';
import { aclUnreadable, areListsOff } from '../aspects/unreadable-acl.ts';
import type { ObjectRef } from '../s3/s3-connection.ts';
import { isTooLarge } from './copy-traits.ts';
import { noteMade, owedTo, ownerOf } from './owed-tags.ts';
import type { RunContext } from './run-context.ts';

/** How often an object may change under us before it is given up. */
const MAX_ROUNDS = 5;

/** What a change of one object needs. */
export interface EditContext
  extends Pick<RunContext, 'row' | 'connection' | 'gate' | 'copyLimits' | 'edits'> {
  readonly learnt: Learnt;
}

/** What the objects of one run found out about their server and themselves. */
export interface Learnt {
  hasAcls: boolean;
  /** The bucket has ACLs switched off; `null`: nobody had to ask yet. */
  listsAreOff: boolean | null;
  /** Objects that are their owners' alone now because their lists could not be read. */
  resets: number;
  /** Objects that took the place of others, whose tags are not theirs. */
  others: number;
}

/** How it came out. */
export type EditOutcome =
  | { readonly kind: 'changed' }
  /** It was so already. */
  | { readonly kind: 'same' }
  /** It takes a copy in parts to get these headers. */
  | {
      readonly kind: 'large';
      readonly state: HeaderState;
      readonly headers: ObjectHeaders;
    };

/**
 * Changes one object: reads it, merges the change, and writes what is different then. Done
 * twice it changes nothing the second time. Throws `AppError`.
 */
export async function editObject(
  context: EditContext,
  change: BulkChange,
  key: string,
  signal: AbortSignal,
): Promise<EditOutcome> {
  const asker = naming(await askerOf(context, key, signal), change.aspect);
  switch (change.aspect) {
    case 'acl':
      return editAcl(asker, change);
    case 'tags':
      return editTags(asker, change);
    case 'headers':
      return editHeaders(asker, change, context);
    default:
      return assertNever(change);
  }
}

/** Its refusals say which action on which object is missing. */
function naming(asker: Asker, aspect: AspectName): Asker {
  const { ref } = asker;
  const refused =
    (way: 'read' | 'write') =>
    (error: unknown): never => {
      const named = error instanceof AppError && error.params['action'] !== undefined;
      throw named ? error : namingAction(error, actionOf(aspect, way, ref), ref);
    };
  return {
    ...asker,
    read: (work) => asker.read(work).catch(refused('read')),
    write: (work) => asker.write(work).catch(refused('write')),
  };
}

async function askerOf(
  { connection, gate, row, learnt }: EditContext,
  key: string,
  signal: AbortSignal,
): Promise<Asker> {
  const calls = await connection.aspects();
  return {
    ref: { bucket: row.bucket, key },
    learnt,
    signal,
    read: (work) => gate.request(0, signal, () => work(calls), 'reads'),
    write: (work) => gate.request(0, signal, () => work(calls)),
  };
}

/** Sends requests about one object. */
interface Asker {
  readonly ref: ObjectRef;
  readonly learnt: Learnt;
  readonly signal: AbortSignal;
  readonly read: <T>(work: (calls: AspectCalls) => Promise<T>) => Promise<T>;
  readonly write: <T>(work: (calls: AspectCalls) => Promise<T>) => Promise<T>;
}

async function editAcl(asker: Asker, change: ChangeOf<'acl'>): Promise<EditOutcome> {
  const { ref, learnt, signal, read, write } = asker;
  const { canned } = change;
  if (canned !== null) {
    // Who ignores the name of the sub-resource would take an ACL for a new, empty object.
    if (!learnt.hasAcls) await read((calls) => calls.readAcl({ ...ref, signal }));
    learnt.hasAcls = true;
    await write((calls) => calls.writeCannedAcl({ ...ref, canned, signal }));
    return { kind: 'changed' };
  }
  const before = await read((calls) => calls.readAcl({ ...ref, signal }));
  const acl = mergeAcl(before, change);
  if (sameAcl(before, acl)) return { kind: 'same' };
  await write((calls) => calls.writeAcl({ ...ref, acl, signal }));
  return { kind: 'changed' };
}

async function editTags(asker: Asker, change: ChangeOf<'tags'>): Promise<EditOutcome> {
  const { ref, signal, read, write } = asker;
  const before = await read((calls) => calls.readTags({ ...ref, signal }));
  const tags = mergeTags(before, change);
  if (sameTags(before, tags)) return { kind: 'same' };
  if (tags.length > MAX_OBJECT_TAGS) {
    throw new AppError('aspect.invalid', {
      params: {
        reason: 'too-many-tags',
        key: ref.key,
        count: tags.length,
        limit: MAX_OBJECT_TAGS,
      },
    });
  }
  await write((calls) => calls.writeTags({ ...ref, tags, signal }));
  return { kind: 'changed' };
}

async function editHeaders(
  asker: Asker,
  change: ChangeOf<'headers'>,
  context: EditContext,
): Promise<EditOutcome> {
  const { copyLimits, edits, row, learnt } = context;
  const { ref, signal, read, write } = asker;
  const { key } = ref;
  for (let round = 1; ; round += 1) {
    const state = await read((calls) => calls.readHeaders({ ...ref, signal }));
    const headers = mergeHeaders(state.headers, change, knownContentType(key));
    const asWanted = sameHeaders(state.headers, headers);
    const owed = owedTo(context, key, state, asWanted);
    if (asWanted) {
      if (owed === undefined) return { kind: 'same' };
      await giveBackTags(context, key, owed, signal);
      return { kind: 'changed' };
    }
    if (state.size > copyLimits.maxSingle) return { kind: 'large', state, headers };
    const [kept, there] = await Promise.all([
      aclToKeep(asker, change),
      tagsToKeep(asker, state),
    ]);
    const { acl } = kept;
    // An attempt before may have replaced the headers, which the server tells otherwise.
    const tags = there?.length === 0 ? (owed ?? there) : there;
    // Whoever comes after a crash has to know them, should the server drop them.
    if (tags !== null && tags.length > 0) {
      edits.oweTags(row.id, key, tags, ownerOf(state));
    }
    const known = tags === null ? undefined : { acl, tags };
    let made: MadeObject | null = null;
    try {
      await write((calls) =>
        calls.rewriteHeaders({
          ...ref,
          headers,
          state,
          known,
          mayResetAcl: change.mayResetAcl,
          onReplaced: (object) => {
            made = object;
          },
          signal,
        }),
      );
      if (kept.isReset) learnt.resets += 1;
      if (tags !== null && tags.length > 0) edits.settleTags(row.id, key);
      return { kind: 'changed' };
    } catch (error) {
      // It takes an upload in parts, which the journal has to know.
      if (isTooLarge(error)) return { kind: 'large', state, headers };
      const changed =
        error instanceof AppError &&
        (error.code === 'object.changed' || error.code === 'precondition.failed');
      if (made !== null) noteMade(context, key, made);
      if (!changed || round >= MAX_ROUNDS) throw ofTags(error);
      edits.settleTags(row.id, key);
    }
  }
}

/**
 * A row fails only by what a retry of its own making cannot mend: no way to the server, or
 * a server that wants time, is met as it is.
 */
function ofTags(error: unknown): unknown {
  if (!isTagsLost(error)) return error;
  const { cause } = error;
  const passing =
    cause instanceof AppError &&
    (cause.retry === 'auto' ||
      cause.retry === 'paced' ||
      cause.code === 'transfer.cancelled' ||
      cause.code.startsWith('auth.') ||
      cause.code === 'provider.clock-skew');
  if (passing) return cause;
  return new AppError(error.code, {
    params: { ...error.params, queued: true },
    provider: error.provider,
    cause,
  });
}

/** The tags of an object; `null`: they cannot be read, and the rewrite has to decide. */
async function tagsToKeep(
  { ref, signal, read }: Asker,
  { head }: HeaderState,
): Promise<readonly Tag[] | null> {
  try {
    return await read((calls) => calls.readTags({ ...ref, signal }));
  } catch (error) {
    if (isRefusal(error)) return isUnsupported(error) && !head.TagCount ? [] : null;
    throw error;
  }
}

/**
 * The ACL of an object; `null`: there is none to keep. Throws `aspect.acl-unreadable`
 * unless the change says that it may be lost.
 */
async function aclToKeep(
  { ref, learnt, signal, read }: Asker,
  { mayResetAcl = false }: ChangeOf<'headers'>,
): Promise<{ readonly acl: Acl | null; readonly isReset: boolean }> {
  try {
    const acl = await read((calls) => calls.readAcl({ ...ref, signal }));
    return { acl, isReset: false };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    if (error.code !== 'access.denied') return { acl: null, isReset: false };
    const { bucket } = ref;
    learnt.listsAreOff ??= await areListsOff(() =>
      read((calls) => calls.ownership({ bucket, signal })),
    );
    if (!learnt.listsAreOff && !mayResetAcl) throw aclUnreadable(ref);
    return { acl: null, isReset: !learnt.listsAreOff };
  }
}

function isRefusal(error: unknown): error is AppError {
  if (!(error instanceof AppError)) return false;
  const denied = error.code === 'access.denied' || error.code === 'access.bucket-owner';
  return denied || isUnsupported(error);
}

/**
 * The headers were replaced by an attempt that could not see to the tags any more. Tags
 * that somebody gave the object since then stay.
 */
export async function giveBackTags(
  context: EditContext,
  key: string,
  tags: readonly Tag[],
  signal: AbortSignal,
): Promise<void> {
  const { ref, read, write } = await askerOf(context, key, signal);
  let there: readonly Tag[] = [];
  try {
    there = await read((calls) => calls.readTags({ ...ref, signal }));
  } catch (error) {
    // Ceph answers with nothing where it has spoilt them.
    if (!(error instanceof AppError && isUnsupported(error))) {
      const named = namingAction(error, 's3:GetObjectTagging', ref);
      throw ofTags(tagsLost(named, ref, tags.length, 'unsure'));
    }
  }
  try {
    if (there.length === 0) {
      await write((calls) => calls.writeTags({ ...ref, tags, signal }));
    }
  } catch (error) {
    const named = namingAction(error, 's3:PutObjectTagging', ref);
    throw ofTags(tagsLost(named, ref, tags.length, 'lost'));
  }
  context.edits.settleTags(context.row.id, key);
}
