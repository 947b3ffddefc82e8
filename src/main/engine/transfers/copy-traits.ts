import { AppError } from '../../../shared/errors/app-error.ts';
import type { Told } from '../s3/access-list.ts';
import { isKmsEncryption } from '../s3/is-kms-encryption.ts';
import {
  type CopySource,
  type Grants,
  type ObjectTag,
  type ObjectTraits,
  taggingOf,
} from '../s3/object-traits.ts';
import type { S3Connection } from '../s3/s3-connection.ts';
import { askSource, askTarget, type CopyJob } from './copy-job.ts';

/** What servers would not tell, so that they are asked once and not for every object. */
export type SilentServers = WeakMap<S3Connection, Map<string, Told<never>>>;

/** What a copy is to carry, the most first: what the target refuses goes without. */
export interface Wish {
  readonly traits: ObjectTraits;
  /** Without the tags that the server would carry over by itself. */
  readonly dropTags: boolean;
  /** What is missing, in words. */
  readonly missing: readonly string[];
}

/** Reads what the copy is to keep of the source. `tags`: they are not carried over. */
export async function readWishes(
  job: CopyJob,
  source: CopySource,
  options: { readonly tags: boolean },
): Promise<readonly Wish[]> {
  const missing: string[] = [];
  const grants = await askOnce(job, 'acl', (connection, input) =>
    connection.grants(input),
  );
  if (grants.kind === 'denied')
    missing.push('permissions (these keys may not read them)');
  let tags: readonly ObjectTag[] = [];
  if (options.tags) {
    const told = await askOnce(job, 'tags', (connection, input) =>
      connection.tags(input),
    );
    if (told.kind === 'told') tags = told.value;
    if (told.kind === 'denied') missing.push('tags (these keys may not read them)');
  }
  const kept = { ...source.traits, ...(tags.length > 0 ? { tags } : {}) };
  const first = job.within
    ? { ...kept, ...(grants.kind === 'told' ? { grants: grants.value } : {}) }
    : elsewhere(kept, grants.kind === 'told' ? grants.value : undefined, missing);
  return lesserWishes({ traits: first, dropTags: false, missing }, !options.tags);
}

/** Accounts and keys of one service mean nothing to another. */
function elsewhere(
  traits: ObjectTraits,
  grants: Grants | undefined,
  missing: string[],
): ObjectTraits {
  const { encryption, kmsKeyId: _key, bucketKey: _own, ...rest } = traits;
  const kms = isKmsEncryption(encryption);
  if (kms) missing.push('the encryption key (it belongs to the other service)');
  if (grants?.kind === 'listed') {
    missing.push('permissions (they name accounts of the other service)');
  }
  return {
    ...rest,
    ...(encryption !== undefined && !kms ? { encryption } : {}),
    ...(grants?.kind === 'canned' && grants.acl !== '' ? { grants } : {}),
  };
}

/** The wish, and what to make do with where it is refused. */
function lesserWishes(wish: Wish, dropTags: boolean): readonly Wish[] {
  const wishes: Wish[] = [wish];
  const lessen = (next: Omit<Wish, 'missing'>, what: string): void => {
    const last = wishes.at(-1) ?? wish;
    wishes.push({ ...next, missing: [...last.missing, `${what} (the server refused)`] });
  };
  const { grants, ...bare } = wish.traits;
  if (grants !== undefined && (grants.kind === 'listed' || grants.acl !== '')) {
    lessen({ traits: bare, dropTags: false }, 'permissions');
  }
  const { storageClass, encryption, kmsKeyId: _key, bucketKey: _own, ...plain } = bare;
  if (storageClass !== undefined || encryption !== undefined) {
    const what = [
      storageClass === undefined ? [] : ['storage class'],
      encryption === undefined ? [] : ['encryption'],
    ].flat();
    lessen({ traits: plain, dropTags: false }, what.join(' and '));
  }
  const { tags, ...rest } = plain;
  if (tags !== undefined || dropTags) lessen({ traits: rest, dropTags }, 'tags');
  return wishes;
}

/**
 * Sends with all that was wished for, then with less and less while the server refuses;
 * says in the row what is missing. Throws the first refusal when nothing helps.
 */
export async function sendWishes<T>(
  job: CopyJob,
  wishes: readonly Wish[],
  send: (wish: Wish) => Promise<T>,
): Promise<T> {
  let first: unknown;
  for (const wish of wishes) {
    try {
      const result = await send(wish);
      for (const what of wish.missing) job.notes.add(what);
      return result;
    } catch (error) {
      first ??= error;
      if (!mayBeAboutTraits(error)) throw error;
    }
  }
  throw first;
}

/** Gives the copy its tags where the server dropped them: Ceph does for uploads in parts. */
export async function mendTags(job: CopyJob, wishes: readonly Wish[]): Promise<void> {
  const tags = wishes[0]?.traits.tags;
  if (tags === undefined) return;
  const { signal } = job.context;
  try {
    const told = await askTarget(job, 0, signal, (connection) =>
      connection.tags({ ...job.to, signal }),
    );
    const wanted = taggingOf(tags.toSorted(byKey));
    if (told.kind === 'told' && taggingOf(told.value.toSorted(byKey)) === wanted) return;
    await askTarget(job, 0, signal, (connection) =>
      connection.putTags({ ...job.to, tags, signal }),
    );
  } catch (error) {
    if (!mayBeAboutTraits(error)) throw error;
    job.notes.add('tags (the server refused)');
  }
}

function byKey(a: ObjectTag, b: ObjectTag): number {
  return a.key < b.key ? -1 : 1;
}

/** Refusals that may be about what the copy carries. */
function mayBeAboutTraits(error: unknown): boolean {
  if (!(error instanceof AppError) || isTooLarge(error)) return false;
  return (
    error.code === 'access.denied' ||
    error.code === 'access.bucket-owner' ||
    error.code === 'provider.unsupported'
  );
}

/** Whether a server says that it will not copy so much at once. */
export function isTooLarge(error: unknown): boolean {
  if (!(error instanceof AppError)) return false;
  const { service, message } = error.provider ?? {};
  return (
    error.code === 'transfer.too-large' ||
    service === 'EntityTooLarge' ||
    (service === 'InvalidRequest' && /larger than|too large|size/i.test(message ?? ''))
  );
}

async function askOnce<T>(
  job: CopyJob,
  what: 'acl' | 'tags',
  ask: (
    connection: S3Connection,
    input: { bucket: string; key: string; signal: AbortSignal },
  ) => Promise<Told<T>>,
): Promise<Told<T>> {
  const { connection, silent, signal } = job.context;
  const name = `${what} ${job.from.bucket}`;
  const known = silent.get(connection)?.get(name);
  if (known !== undefined) return known;
  const told = await askSource(job, 0, signal, (own) =>
    ask(own, { ...job.from, signal }),
  );
  if (told.kind !== 'told') {
    const names = silent.get(connection) ?? new Map<string, Told<never>>();
    names.set(name, told);
    silent.set(connection, names);
  }
  return told;
}
