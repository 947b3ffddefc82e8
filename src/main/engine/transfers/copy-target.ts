import { numberedName } from '../files/safe-name.ts';
import type { CopySource } from '../s3/object-traits.ts';
import { askTarget, type CopyJob, lookAtTarget, sameContent } from './copy-job.ts';
import type { ExistingObject } from './existing-keys.ts';
import { NOTES } from './notes.ts';
import { sourceTime } from './object-time.ts';
import { policyOf, type RunOutcome } from './run-context.ts';

/** What to do about the target of a copy. */
export type CopyDecision =
  | {
      readonly kind: 'go';
      /** What the copy is to replace; `undefined`: nothing. */
      readonly replaces: ExistingObject | undefined;
      /** The state of the target must still be this. */
      readonly strict: boolean;
    }
  | Exclude<RunOutcome, { readonly kind: 'done' }>;

/** Applies the policy to what is at the target of a copy. */
export async function decideCopyTarget(
  job: CopyJob,
  source: CopySource,
): Promise<CopyDecision> {
  const { row, group, store } = job.context;
  const found = await lookAtTarget(job);
  if (found === undefined) return { kind: 'go', replaces: undefined, strict: true };
  const policy = policyOf(row, group);
  const replace = {
    kind: 'go',
    replaces: found,
    strict: policy !== 'overwrite',
  } as const;
  const ask = {
    kind: 'conflict',
    info: {
      sourceSize: source.head.size,
      sourceModified: sourceTime(source.head),
      targetSize: found.size,
      targetModified: sourceTime(found),
    },
  } as const;
  switch (policy) {
    case 'ask':
      return ask;
    case 'overwrite':
      return replace;
    case 'skip':
      return { kind: 'skipped' };
    case 'rename':
      await takeFreeKey(job);
      return { kind: 'go', replaces: undefined, strict: true };
    case 'rename-existing':
      await setAside(job, found);
      return replace;
    case 'newer': {
      const [ours, theirs] = [sourceTime(source.head), sourceTime(found)];
      if (ours === null || theirs === null) return { ...ask, insist: true };
      if (ours > theirs) return replace;
      store.update(row, { note: NOTES.notNewer });
      return { kind: 'skipped' };
    }
    default: {
      const same = sameContent(source, found);
      if (same === 'same') {
        store.update(row, { note: NOTES.same });
        return { kind: 'skipped' };
      }
      // An object is whole or not there: what differs is no beginning.
      return policy === 'different' ? replace : { ...ask, insist: true };
    }
  }
}

/** Finds `name 2.ext` that is free and makes it the row's target. */
async function takeFreeKey(job: CopyJob): Promise<void> {
  const { row, store } = job.context;
  const { key, name } = await freeKey(job);
  store.update(row, { targetKey: key, note: NOTES.renamed(name) });
  job.to = { ...job.to, key };
}

/** Copies the object in the way to a free name of its own. */
async function setAside(job: CopyJob, found: ExistingObject): Promise<void> {
  const { row, store, signal } = job.context;
  const { key, name } = await freeKey(job, found);
  store.update(row, { note: NOTES.setAside(name) });
  const { bucket } = job.to;
  const there = await lookAtTarget(job, key);
  // The copy of an earlier attempt.
  if (there !== undefined) return;
  await askTarget(job, 0, signal, (connection) =>
    connection.copyObject({
      from: job.to,
      to: { bucket, key },
      size: found.size,
      onlyIfAbsent: true,
      signal,
    }),
  );
}

/** A free key beside the target, or one that already holds a copy of `like`. */
async function freeKey(
  job: CopyJob,
  like?: ExistingObject,
): Promise<{ readonly key: string; readonly name: string }> {
  const { to, target, context } = job;
  const { connection } = target;
  const { row, existing } = context;
  const { claims } = existing;
  const { key: taken } = to;
  // A folder's own object, `a/b/`, is named like its folder.
  const slash = taken.endsWith('/') ? '/' : '';
  const bare = slash === '' ? taken : taken.slice(0, -1);
  const folder = bare.slice(0, bare.lastIndexOf('/') + 1);
  for (let number = 2; ; number += 1) {
    const name = numberedName(bare.slice(folder.length), number);
    const key = folder + name + slash;
    const found = await lookAtTarget(job, key);
    const alike = found?.size === like?.size && found?.etag === like?.etag;
    if (found !== undefined && alike) return { key, name };
    if (found === undefined && claims.also(row, { ...to, connection, key })) {
      return { key, name };
    }
  }
}
