import { setTimeout as delay } from 'node:timers/promises';
import type { HeadObjectOutput } from '@aws-sdk/client-s3';
import type { Tag } from '../../../shared/domain/aspects.ts';
import {
  MIB,
  type PartPlan,
  partRange,
  planParts,
} from '../../../shared/domain/part-plan.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { encodeValue } from '../../../shared/lib/encode-words.ts';
import { partLimitsOf } from '../../../shared/providers/part-limits.ts';
import { grantsOfAcl, readGrants } from '../s3/access-list.ts';
import { copyPart, MAX_SINGLE_COPY } from '../s3/copy-object.ts';
import { traitsOf } from '../s3/copy-source.ts';
import { bareEtag } from '../s3/etag.ts';
import { head, partLayout } from '../s3/get-object.ts';
import { abortUpload, completeUpload, createUpload } from '../s3/multipart.ts';
import type { Grants, ObjectTraits } from '../s3/object-traits.ts';
import type { Requester } from '../s3/requester.ts';
import type { Cancellable, ObjectRef, StoredPart } from '../s3/s3-connection.ts';
import { isTooLarge } from '../transfers/copy-traits.ts';
import { createJournaled } from '../transfers/journaled-create.ts';
import { runPool } from '../transfers/pool.ts';
import type { MadeObject, RewriteInput, RewriteWays } from './aspect-calls.ts';
import { ownership } from './bucket-facts.ts';
import type { UploadJournal } from './loose-uploads.ts';
import { isUnsupported, namingAction } from './permissions.ts';
import { copyOntoItself, lockFields } from './self-copy.ts';
import { readTags, writeTags } from './tag-calls.ts';
import { tagsLost } from './tags-lost.ts';
import { aclUnreadable, areListsOff } from './unreadable-acl.ts';

/** No bytes travel through us, so large parts cost nothing. */
const PART_BYTES = 512 * MIB;
/** Parts that are copied at a time. */
const PARTS_AT_ONCE = 4;
/** How often one part is tried. */
const PART_ATTEMPTS = 4;

/**
 * CopyObject onto itself with `REPLACE`, or an upload whose parts are copied from the
 * object where one request does not take so much.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
 */
export async function rewriteHeaders(
  requester: Requester,
  input: RewriteInput,
): Promise<void> {
  const { bucket, key, state, signal, maxSingle = MAX_SINGLE_COPY } = input;
  if (state.untold > 0) {
    // A rewrite would drop what cannot be read.
    throw new AppError('aspect.invalid', { params: { reason: 'untold', key } });
  }
  const now = input.known ? state.head : await head(requester, { bucket, key, signal });
  if (bareEtag(now.ETag) !== state.etag) {
    throw new AppError('object.changed', { params: { bucket, key } });
  }
  const [grants, tags] = await Promise.all([
    grantsToKeep(requester, input),
    input.known?.tags ?? tagsToKeep(requester, input, now),
  ]);
  const sdk = waysOf(requester);
  const ways = input.ways?.(sdk) ?? sdk;
  const rewrite = { ...input, now, grants, tags, ways };
  if (tags.length > 0) input.onTags?.(tags);
  const made = await copyOver(requester, rewrite, maxSingle);
  input.onReplaced?.(made);
  await mendTags(ways, { bucket, key, signal }, tags);
}

function waysOf(requester: Requester): RewriteWays {
  return {
    copy: (copy) => copyOntoItself(requester, copy),
    readTags: (ref) => readTags(requester, ref),
    writeTags: (input) => writeTags(requester, input),
  };
}

async function copyOver(
  requester: Requester,
  rewrite: Rewrite,
  maxSingle: number,
): Promise<MadeObject> {
  const { bucket, key, now, journal } = rewrite;
  const size = now.ContentLength ?? 0;
  if (size > maxSingle) {
    if (journal !== undefined) return inParts(requester, rewrite, journal);
    throw new AppError('transfer.too-large', { params: { size, limit: maxSingle } });
  }
  try {
    return await atOnce(rewrite);
  } catch (error) {
    if (error instanceof AppError && error.code === 'precondition.failed') {
      throw new AppError('object.changed', { params: { bucket, key }, cause: error });
    }
    if (!isTooLarge(error) || journal === undefined) throw error;
    return inParts(requester, rewrite, journal);
  }
}

interface Rewrite extends Omit<RewriteInput, 'ways'> {
  readonly ways: RewriteWays;
  readonly now: HeadObjectOutput;
  readonly grants: Grants;
  /** Empty: none, or the server copies what we may not read. */
  readonly tags: readonly Tag[];
}

/** A copy is private unless told otherwise: the list has to be known to be kept. */
async function grantsToKeep(requester: Requester, ref: RewriteInput): Promise<Grants> {
  const { bucket, key, signal, known, mayResetAcl = false } = ref;
  if (known) return known.acl === null ? OWNERS_ALONE : grantsOfAcl(known.acl);
  const told = await readGrants(requester, { bucket, key, signal });
  if (told.kind === 'told') return told.value;
  if (told.kind === 'denied' && !mayResetAcl) {
    const off = await areListsOff(() => ownership(requester, { bucket, signal }));
    if (!off) throw aclUnreadable(ref);
  }
  return OWNERS_ALONE;
}

const OWNERS_ALONE: Grants = { kind: 'canned', acl: '' };

function atOnce(rewrite: Rewrite): Promise<MadeObject> {
  const { bucket, key, headers, state, now, grants, ways, signal } = rewrite;
  return ways.copy({
    bucket,
    key,
    etag: state.etag,
    headers,
    metadata: metadataOf(rewrite),
    traits: { ...traitsOf(now), grants },
    lockedBy: now,
    signal,
  });
}

function metadataOf({ headers, state }: Rewrite): Record<string, string> {
  const before = new Map(state.headers.metadata.map(({ name, value }) => [name, value]));
  return Object.fromEntries(
    headers.metadata.map(({ name, value }) => {
      const raw = state.rawMetadata[name];
      const same = raw !== undefined && before.get(name) === value;
      // Bytes beyond ASCII cannot be signed as they came.
      return [name, same && /^[\x20-\x7e]*$/.test(raw) ? raw : encodeValue(value)];
    }),
  );
}

async function inParts(
  requester: Requester,
  rewrite: Rewrite,
  journal: UploadJournal,
): Promise<MadeObject> {
  const { bucket, key, headers, state, now, grants, tags, signal } = rewrite;
  if (Object.keys(lockFields(now)).length > 0) {
    throw new AppError('access.locked', { params: { bucket, key } });
  }
  const ref = { bucket, key };
  const { websiteRedirect, storageClass, encryption, kmsKeyId, bucketKey } =
    traitsOf(now);
  const traits: ObjectTraits = {
    ...named({ websiteRedirect, storageClass, encryption, kmsKeyId }),
    ...(bucketKey ? { bucketKey } : {}),
    contentEncoding: headers.contentEncoding,
    contentLanguage: headers.contentLanguage,
    contentDisposition: headers.contentDisposition,
    cacheControl: headers.cacheControl,
    ...(headers.expires === '' ? {} : { expires: headers.expires }),
    grants,
    tags,
  };
  const plan = await planOf(requester, rewrite);
  const { contentType } = headers;
  const metadata = metadataOf(rewrite);
  const stop = signal ?? new AbortController().signal;
  const { uploadId, checksumAlgorithm } = await createJournaled({
    connection: {
      draft: requester.draft,
      createUpload: (input) => createUpload(requester, input),
    },
    object: { ...ref, contentType, metadata, traits },
    now: journal.now,
    save: (begun) => journal.save(begun),
    forget: () => journal.forget(),
    signal: stop,
  });
  try {
    // The answer may have come after somebody gave up on it.
    if (stop.aborted) throw new AppError('transfer.cancelled');
    const parts: StoredPart[] = [];
    const numbers = Array.from({ length: plan.partCount }, (_, index) => index + 1);
    await runPool(
      numbers,
      () => PARTS_AT_ONCE,
      stop,
      async (partNumber, inner) => {
        const range = partRange(partNumber, plan, state.size);
        parts.push(
          await repeated(inner, () =>
            copyPart(requester, {
              ...ref,
              from: ref,
              uploadId,
              partNumber,
              ...range,
              ifMatch: state.etag,
              signal: inner,
            }),
          ),
        );
      },
    );
    const { etag, versionId } = await completeUpload(requester, {
      ...ref,
      uploadId,
      parts,
      checksum: checksumAlgorithm,
      onlyIfEtag: state.etag,
      signal,
    });
    journal.forget();
    return { etag, versionId };
  } catch (error) {
    // What cannot be ended now stays in the journal.
    await abortUpload(requester, { ...ref, uploadId }).then(
      () => journal.forget(),
      () => undefined,
    );
    throw error;
  }
}

function named<T extends Readonly<Record<string, string | undefined>>>(
  values: T,
): { [Name in keyof T]?: string } {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as { [Name in keyof T]?: string };
}

/** As it was cut before, so that its ETag stays what it was, where that can be told. */
async function planOf(requester: Requester, rewrite: Rewrite): Promise<PartPlan> {
  const { bucket, key, state, signal } = rewrite;
  const limits = partLimitsOf(requester.quirks);
  const layout = await partLayout(requester, { bucket, key, signal });
  const partSize = layout?.partSize ?? 0;
  const partCount = partSize === 0 ? 0 : Math.ceil(state.size / partSize);
  const fits =
    partCount > 1 &&
    partCount <= limits.maxParts &&
    partSize >= limits.minPartSize &&
    partSize <= limits.maxPartSize;
  return fits ? { partSize, partCount } : planParts(state.size, PART_BYTES, limits);
}

/** Uploads in parts carry over no tags by themselves, and not every server's copies do. */
async function tagsToKeep(
  requester: Requester,
  { bucket, key, signal }: ObjectRef & Cancellable,
  now: HeadObjectOutput,
): Promise<readonly Tag[]> {
  try {
    return await readTags(requester, { bucket, key, signal });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (isUnsupported(error) && !now.TagCount) return [];
    // Amazon copies what we may not read, or refuses to: it never drops them.
    const { hostname } = new URL(requester.route(bucket).endpoint);
    const single = (now.ContentLength ?? 0) <= MAX_SINGLE_COPY;
    const amazon = /(?:^|\.)amazonaws\.com(?:\.cn)?$/.test(hostname);
    if (error.code === 'access.denied' && amazon && single) return [];
    throw namingAction(error, 's3:GetObjectTagging', { bucket, key });
  }
}

/**
 * Gives back what the server dropped: Ceph drops tags with the metadata that is replaced,
 * and spoils those that are sent along with a copy.
 */
async function mendTags(
  ways: RewriteWays,
  ref: ObjectRef & Cancellable,
  tags: readonly Tag[],
): Promise<void> {
  if (tags.length === 0) return;
  const count = tags.length;
  const kept = await ways.readTags(ref).catch((error: unknown) => {
    // It knew tags a moment ago: Ceph answers with nothing where it has spoilt them.
    if (error instanceof AppError && isUnsupported(error)) return [];
    throw tagsLost(namingAction(error, 's3:GetObjectTagging', ref), ref, count, 'unsure');
  });
  if (kept.length === count) return;
  try {
    await ways.writeTags({ ...ref, tags });
  } catch (error) {
    throw tagsLost(namingAction(error, 's3:PutObjectTagging', ref), ref, count, 'lost');
  }
}

async function repeated<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const passing =
        error instanceof AppError &&
        error.code !== 'object.changed' &&
        (error.retry === 'auto' || error.retry === 'paced');
      if (!passing || attempt >= PART_ATTEMPTS || signal.aborted) throw error;
      await delay(500 * 2 ** attempt, undefined, { signal });
    }
  }
}
