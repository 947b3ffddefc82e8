import type { BulkChange } from '../../../shared/domain/aspects.ts';
import { MIB } from '../../../shared/domain/part-plan.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { encodeValue } from '../../../shared/lib/encode-words.ts';
import type { HeaderState, MadeObject } from '../aspects/aspect-calls.ts';
import { arnOf } from '../aspects/permissions.ts';
import { aclUnreadable, areListsOff } from '../aspects/unreadable-acl.ts';
import type { CopySource, Grants, ObjectTag } from '../s3/object-traits.ts';
import { askSource, type CopyJob, stateOf } from './copy-job.ts';
import { abandonUpload, copyInParts } from './copy-parts.ts';
import type { Wish } from './copy-traits.ts';
import {
  type EditContext,
  type EditOutcome,
  giveBackTags,
  type Learnt,
} from './edit-object.ts';
import { noteMade, owedTo, ownerOf } from './owed-tags.ts';
import type { RunContext } from './run-context.ts';
import { serverCopier } from './run-copy.ts';

type Large = Extract<EditOutcome, { kind: 'large' }>;

/**
 * Gives the large object of a row other headers: an upload whose parts are copied from the
 * object itself. It is in the journal, as every copy in parts is. All else is kept or
 * nothing is done. Throws `AppError`, `object.changed` when somebody else was faster.
 */
export async function editInParts(
  context: RunContext & EditContext,
  change: BulkChange,
  large: Large,
): Promise<void> {
  const { row, parts, store, edits, signal } = context;
  const { state, headers } = large;
  const job = jobOf(context);
  const ref = job.from;
  const source = await askSource(job, 0, signal, (connection) =>
    connection.copySource({ ...ref, signal }),
  );
  if (source.head.etag !== state.etag) throw changed(job);
  requireWhole(job, source, state);
  store.update(row, { bytesTotal: source.head.size });
  const begun = parts.upload(row.id);
  const time = BigInt(source.head.modified ?? 0) * BigInt(MIB);
  if (begun !== undefined && begun.sourceMtimeNs !== time) await abandonUpload(job);
  const there = await tagsToKeep(job);
  const owed = owedTo(context, row.key, state, false);
  const tags = there.length === 0 ? (owed ?? there) : there;
  const traits: Wish['traits'] = {
    ...source.traits,
    contentDisposition: headers.contentDisposition,
    cacheControl: headers.cacheControl,
    contentEncoding: headers.contentEncoding,
    contentLanguage: headers.contentLanguage,
    expires: headers.expires,
    grants: await grantsToKeep(job, context.learnt, change),
    tags,
  };
  // Whoever comes after a crash has to know them, should the server drop them.
  if (tags.length > 0) edits.oweTags(row.id, row.key, tags, ownerOf(state));
  const wishes = [{ traits, dropTags: false, missing: [] }];
  const partSize = await partSizeOf(job, source);
  let made: MadeObject;
  try {
    made = await copyInParts(job, {
      source: {
        head: { ...source.head, metadata: metadataOf(large) },
        contentType: headers.contentType,
        traits,
      },
      wishes,
      copier: { ...serverCopier(job, source), partSize },
      condition: { onlyIfEtag: state.etag },
      targetBefore: stateOf(source.head),
    });
  } catch (error) {
    const other = error instanceof AppError && error.code === 'conflict.exists';
    if (!other) throw error;
    await abandonUpload(job);
    throw changed(job);
  }
  parts.forget(row.id);
  if (tags.length === 0) return;
  noteMade(context, row.key, made);
  await giveBackTags(context, row.key, tags, signal);
}

/** Ends what an earlier attempt began and nobody needs any more. */
export async function endParts(context: RunContext): Promise<void> {
  if (context.parts.upload(context.row.id) !== undefined) {
    await abandonUpload(jobOf(context));
  }
}

function jobOf(context: RunContext): CopyJob {
  const { row, connection, gate } = context;
  const ref = { bucket: row.bucket, key: row.key };
  const target = { connectionId: row.connectionId, connection, gate };
  return { context, from: ref, to: ref, target, within: true, notes: new Set() };
}

function changed({ from }: CopyJob): AppError {
  return new AppError('object.changed', { params: { ...from } });
}

/** Refuses what a copy in parts would lose. */
function requireWhole(job: CopyJob, source: CopySource, state: HeaderState): void {
  if (source.locked === true) {
    throw new AppError('access.locked', { params: { ...job.from } });
  }
  if (state.untold > 0) {
    const { key } = job.from;
    throw new AppError('aspect.invalid', { params: { reason: 'untold', key } });
  }
}

/** As it was cut before, so that its ETag stays what it was, where that can be told. */
async function partSizeOf(job: CopyJob, source: CopySource): Promise<number> {
  const { signal, copyLimits } = job.context;
  const layout = await askSource(job, 0, signal, (connection) =>
    connection.partLayout({ ...job.from, signal }),
  );
  const size = layout?.partSize ?? 0;
  return size > 0 && size < source.head.size ? size : copyLimits.partBytes;
}

/** A new object is private unless told otherwise: the list has to be known to be kept. */
async function grantsToKeep(
  job: CopyJob,
  learnt: Learnt,
  change: BulkChange,
): Promise<Grants> {
  const { signal } = job.context;
  const told = await askSource(job, 0, signal, (connection) =>
    connection.grants({ ...job.from, signal }),
  );
  if (told.kind === 'told') return told.value;
  if (told.kind === 'denied') {
    const { bucket } = job.from;
    learnt.listsAreOff ??= await areListsOff(() =>
      askSource(job, 0, signal, async (connection) =>
        (await connection.aspects()).ownership({ bucket, signal }),
      ),
    );
    const mayReset = change.aspect === 'headers' && change.mayResetAcl === true;
    if (!learnt.listsAreOff && !mayReset) throw aclUnreadable(job.from);
    if (!learnt.listsAreOff) learnt.resets += 1;
  }
  return { kind: 'canned', acl: '' };
}

async function tagsToKeep(job: CopyJob): Promise<readonly ObjectTag[]> {
  const { signal } = job.context;
  const told = await askSource(job, 0, signal, (connection) =>
    connection.tags({ ...job.from, signal }),
  );
  if (told.kind === 'denied') throw unreadable(job, 's3:GetObjectTagging');
  return told.kind === 'told' ? told.value : [];
}

function unreadable({ from }: CopyJob, action: string): AppError {
  return new AppError('access.denied', {
    params: { ...from, action, resource: arnOf(from) },
  });
}

/** What is not changed goes back letter by letter, but for bytes that cannot be signed. */
function metadataOf({ headers, state }: Large): Record<string, string> {
  const before = new Map(state.headers.metadata.map(({ name, value }) => [name, value]));
  return Object.fromEntries(
    headers.metadata.map(({ name, value }) => {
      const raw = before.get(name) === value ? state.rawMetadata[name] : undefined;
      const plain = raw !== undefined && /^[\x20-\x7e]*$/.test(raw);
      return [name, plain ? raw : encodeValue(value)];
    }),
  );
}
