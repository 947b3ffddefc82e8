import { AppError, serializeError } from '../../../shared/errors/app-error.ts';
import type { DeleteFailure } from '../s3/s3-connection.ts';
import { isKeyRefusal } from './credential-hold.ts';
import { NOTES } from './notes.ts';
import { walkRemote } from './remote-walk.ts';
import { type RunContext, type RunOutcome, withPartRetries } from './run-context.ts';

/** Objects that could not be deleted and get a row of their own, at most. */
const MAX_LISTED = 1_000;

/** Deletes an object, or everything under a prefix. Throws `AppError`. */
export async function runDelete(context: RunContext): Promise<RunOutcome> {
  const { row, connection, gate, signal, store } = context;
  // A folder has no objects to count yet; a single object is one.
  if (row.objectsTotal === 1) {
    await gate.request(0, signal, () =>
      connection.deleteObject({ bucket: row.bucket, key: row.key, signal }),
    );
    store.update(row, { objectsDone: 1 });
    return { kind: 'done', integrity: '' };
  }
  return deletePrefix(context);
}

async function deletePrefix(context: RunContext): Promise<RunOutcome> {
  const { row, connection, gate, signal, store } = context;
  let total = 0;
  const failed: DeleteFailure[] = [];
  let failures = 0;
  store.update(row, { objectsDone: 0 });
  const pages = walkRemote({
    connection,
    gate,
    bucket: row.bucket,
    prefix: row.key,
    signal,
  });
  for await (const page of pages) {
    if (page.length === 0) continue;
    total += page.length;
    const keys = page.map((object) => object.key);
    const refused = await deleteKeys(context, keys);
    failures += refused.length;
    if (failed.length < MAX_LISTED) failed.push(...refused);
    store.update(row, { objectsDone: row.objectsDone + keys.length - refused.length });
  }
  const deleted = total - failures;
  if (failures > 0 && (deleted === 0 || !listFailures(context, failed, failures))) {
    throw partialFailure(failures, total, failed[0]?.error);
  }
  store.update(row, { objectsTotal: deleted });
  if (failures === 0) return { kind: 'done', integrity: '' };
  return { kind: 'done', integrity: '', note: NOTES.othersListed(failures) };
}

/**
 * Gives every object that could not be deleted a failed row of its own, to be read and
 * tried again. Returns `false` where there are too many for that.
 */
function listFailures(
  { row, store, clock }: RunContext,
  failed: readonly DeleteFailure[],
  count: number,
): boolean {
  // The folder's own object has the row of the folder itself.
  if (count > failed.length || failed.some(({ key }) => key === row.key)) return false;
  store.insert(
    failed.map(({ key, error }) => ({
      groupId: row.groupId,
      kind: row.kind,
      state: 'failed',
      lane: row.lane,
      connectionId: row.connectionId,
      name: key.slice(row.key.length),
      bucket: row.bucket,
      key,
      bytesTotal: null,
      objectsTotal: 1,
      error: serializeError(error),
      createdAt: clock.now(),
    })),
  );
  return true;
}

/**
 * Deletes a page of keys. Resolves with those that are refused for good; what fails for a
 * moment is tried again, and thrown when that does not help, so that the row waits.
 */
export async function deleteKeys(
  context: Pick<RunContext, 'row' | 'connection' | 'gate' | 'signal' | 'random'>,
  keys: readonly string[],
): Promise<readonly DeleteFailure[]> {
  const { row, connection, gate, signal } = context;
  const refused: DeleteFailure[] = [];
  let left = keys;
  await withPartRetries(context, signal, async () => {
    const failures = await gate.request(0, signal, () =>
      connection.deleteObjects({ bucket: row.bucket, keys: left, signal }),
    );
    // Keys that are refused are refused for all: the rest waits for new ones.
    const refusal = failures.find(({ error }) => isKeyRefusal(error));
    if (refusal !== undefined) throw refusal.error;
    const passing = failures.filter(isPassing);
    refused.push(...failures.filter((failure) => !isPassing(failure)));
    left = passing.map(({ key }) => key);
    if (passing[0] !== undefined) throw passing[0].error;
  });
  return refused;
}

function isPassing({ error }: DeleteFailure): boolean {
  return error instanceof AppError && (error.retry === 'auto' || error.retry === 'paced');
}

/** Some objects of many failed: how many, and why the first one did. */
export function partialFailure(failed: number, total: number, first: unknown): AppError {
  const reason = first instanceof AppError ? first : undefined;
  return new AppError('transfer.partial', {
    params: { failed, total, reason: reason?.code ?? 'internal' },
    provider: reason?.provider,
    cause: first,
  });
}
