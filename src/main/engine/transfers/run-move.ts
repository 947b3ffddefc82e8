import type { TransferKind } from '../../../shared/domain/transfer.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { isMd5Etag } from '../s3/etag.ts';
import type { ObjectRef } from '../s3/s3-connection.ts';
import { isKeyRefusal } from './credential-hold.ts';
import { headIfThere, isAbsent } from './existing-keys.ts';
import { runPool } from './pool.ts';
import { type RemoteObject, walkRemote } from './remote-walk.ts';
import {
  policyOf,
  type RunContext,
  type RunOutcome,
  type TargetDecision,
  throwIfStopped,
  withPartRetries,
} from './run-context.ts';
import { partialFailure } from './run-delete.ts';

/** Objects of a folder copied at once. */
const OBJECTS_AT_ONCE = 8;

/**
 * Copies on the server, verifies the copy and, for a move, only then deletes the source.
 * Throws `AppError`.
 */
export async function runMove(context: RunContext): Promise<RunOutcome> {
  const { row } = context;
  const target = {
    bucket: row.targetBucket ?? row.bucket,
    key: row.targetKey ?? '',
  };
  if (target.bucket === row.bucket && target.key === row.key) {
    throw new AppError('input.invalid', { params: { field: 'targetKey' } });
  }
  return row.objectsTotal === 1
    ? moveObject(context, target)
    : movePrefix(context, target);
}

async function moveObject(context: RunContext, target: ObjectRef): Promise<RunOutcome> {
  const { row, connection, gate, signal, store } = context;
  const from = { bucket: row.bucket, key: row.key };
  const group = { ...context.group, bucket: target.bucket };
  const found = await headIfThere({ connection, gate, group, key: target.key, signal });
  let head: RemoteObject;
  try {
    const seen = await gate.request(0, signal, () =>
      connection.headObject({ ...from, signal }),
    );
    head = { key: row.key, size: seen.size, etag: seen.etag, modified: seen.modified };
  } catch (error) {
    // An earlier attempt may have got as far as deleting the source.
    const moved = row.attempt > 0 && row.answer !== '' && found !== undefined;
    if (moved && isAbsent(error)) return { kind: 'done', integrity: 'etag' };
    throw error;
  }
  store.update(row, { bytesTotal: head.size });
  if (found !== undefined) {
    const decision = decide(context, head, found);
    if (decision.kind !== 'go') return decision;
  }
  // From here on an object at the target is our own copy.
  if (row.answer === '') store.update(row, { answer: 'overwrite' });
  const integrity = await copyVerified(context, head, target, signal);
  if (row.kind === 'move') {
    await gate.request(0, signal, () => connection.deleteObject({ ...from, signal }));
  }
  store.update(row, { objectsDone: 1, bytesDone: head.size });
  return { kind: 'done', integrity };
}

async function movePrefix(context: RunContext, target: ObjectRef): Promise<RunOutcome> {
  const { row, connection, gate, signal, store } = context;
  if (target.bucket === row.bucket && target.key.startsWith(row.key)) {
    // It would find its own copies and never end.
    throw new AppError('input.invalid', { params: { field: 'targetKey' } });
  }
  await refuseOverlap(context, target);
  const decision = await decidePrefix(context, target);
  if (decision.kind !== 'go') return decision;
  if (row.answer === '') store.update(row, { answer: 'overwrite' });
  let total = 0;
  let failed = 0;
  let firstError: unknown;
  store.update(row, { objectsDone: 0 });
  const pages = walkRemote({
    connection,
    gate,
    bucket: row.bucket,
    prefix: row.key,
    signal,
  });
  for await (const page of pages) {
    total += page.length;
    await runPool(
      page,
      () => OBJECTS_AT_ONCE,
      signal,
      async (object, inner) => {
        const to = { ...target, key: target.key + object.key.slice(row.key.length) };
        try {
          await withPartRetries(context, inner, () =>
            moveOne(context, row.kind, object, to, inner),
          );
          store.update(row, {
            objectsDone: row.objectsDone + 1,
            bytesDone: row.bytesDone + object.size,
          });
        } catch (error) {
          throwIfStopped(inner);
          // Keys that are refused are refused for all: the rest waits for new ones.
          if (!isPermanent(error) || isKeyRefusal(error)) throw error;
          failed += 1;
          firstError ??= error;
        }
      },
    );
  }
  if (failed > 0) throw partialFailure(failed, total, firstError);
  store.update(row, { objectsTotal: total });
  return { kind: 'done', integrity: 'etag' };
}

/**
 * Moving `a/a/` up to `a/` takes `a/a/a/x` to `a/a/x`: back among the objects still to be
 * moved, perhaps over one of them. Throws `conflict.exists` where that would happen.
 */
async function refuseOverlap(context: RunContext, target: ObjectRef): Promise<void> {
  const { row, connection, gate, signal } = context;
  const up = target.bucket === row.bucket && row.key.startsWith(target.key);
  if (!up) return;
  const key = row.key + row.key.slice(target.key.length);
  const page = await gate.request(0, signal, () =>
    connection.listPage({
      bucket: row.bucket,
      prefix: key,
      delimiter: '',
      cursor: null,
      maxKeys: 1,
      signal,
    }),
  );
  if (page.keys.length > 0) throw new AppError('conflict.exists', { params: { key } });
}

async function moveOne(
  context: RunContext,
  kind: TransferKind,
  object: RemoteObject,
  to: ObjectRef,
  signal: AbortSignal,
): Promise<void> {
  const { row, connection, gate } = context;
  await copyVerified(context, object, to, signal);
  if (kind !== 'move') return;
  await gate.request(0, signal, () =>
    connection.deleteObject({ bucket: row.bucket, key: object.key, signal }),
  );
}

/** Copies and asks the server for the copy. Throws unless size and ETag are right. */
async function copyVerified(
  context: RunContext,
  source: RemoteObject,
  to: ObjectRef,
  signal: AbortSignal,
): Promise<string> {
  const { row, connection, gate } = context;
  const from = { bucket: row.bucket, key: source.key };
  const stored = await gate.request(0, signal, () =>
    connection.copyObject({ from, to, size: source.size, signal }),
  );
  const head = await gate.request(0, signal, () =>
    connection.headObject({ ...to, signal }),
  );
  const sameAsStored = stored.etag === '' || head.etag === stored.etag;
  if (head.size !== source.size || !sameAsStored) {
    throw new AppError('transfer.checksum-mismatch', { params: { key: to.key } });
  }
  return isMd5Etag(head.etag) && head.etag === source.etag ? 'etag' : 'size';
}

function decide(
  context: RunContext,
  source: RemoteObject,
  target: { readonly size: number; readonly modified: number | null },
): TargetDecision {
  const policy = policyOf(context.row, context.group);
  if (policy === 'overwrite') return { kind: 'go', onlyIfAbsent: false };
  if (policy === 'skip') return { kind: 'skipped' };
  if (policy === 'rename') {
    throw new AppError('conflict.exists', {
      params: { key: context.row.targetKey ?? '' },
    });
  }
  return {
    kind: 'conflict',
    info: {
      sourceSize: source.size,
      sourceModified: source.modified,
      targetSize: target.size,
      targetModified: target.modified,
    },
  };
}

/** A folder that has something in it is a conflict, too: moving there mixes the two. */
async function decidePrefix(
  context: RunContext,
  target: ObjectRef,
): Promise<TargetDecision> {
  const { row, group, connection, gate, signal } = context;
  const policy = policyOf(row, group);
  if (policy === 'overwrite') return { kind: 'go', onlyIfAbsent: false };
  const page = await gate.request(0, signal, () =>
    connection.listPage({
      bucket: target.bucket,
      prefix: target.key,
      delimiter: '',
      cursor: null,
      maxKeys: 1,
      signal,
    }),
  );
  if (page.keys.length === 0) return { kind: 'go', onlyIfAbsent: true };
  if (policy === 'skip') return { kind: 'skipped' };
  if (policy === 'rename') {
    throw new AppError('conflict.exists', { params: { key: target.key } });
  }
  return {
    kind: 'conflict',
    info: {
      sourceSize: null,
      sourceModified: null,
      targetSize: null,
      targetModified: null,
    },
  };
}

function isPermanent(error: unknown): boolean {
  return error instanceof AppError && (error.retry === 'never' || error.retry === 'user');
}
