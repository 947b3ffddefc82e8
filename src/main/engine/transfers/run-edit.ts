import type { BulkChange } from '../../../shared/domain/aspects.ts';
import { AppError, serializeError } from '../../../shared/errors/app-error.ts';
import type { ErrorCode } from '../../../shared/errors/codes.ts';
import type { EditBatch } from '../database/edit-store.ts';
import type { NewTransfer } from '../database/stored-transfer.ts';
import { areKeysRefused } from './credential-hold.ts';
import { type EditContext, editObject } from './edit-object.ts';
import { editInParts, endParts } from './edit-parts.ts';
import { nameOf } from './key-name.ts';
import { addNote, NOTES } from './notes.ts';
import { runPool } from './pool.ts';
import { type RunContext, type RunOutcome, withPartRetries } from './run-context.ts';

/** Objects of one row that are changed at a time. */
const AT_ONCE = 6;
/** What is done is written down after so many objects, or so many ms. */
const WRITE_AFTER = 50;
const WRITE_AFTER_MS = 250;

/** What all objects of a bucket would run into. */
const OF_ALL: ReadonlySet<ErrorCode> = new Set([
  'access.bucket-owner',
  'bucket.not-found',
  'provider.clock-skew',
  'transfer.cancelled',
]);

/**
 * Changes the object of a row, or the many it stands for. What is through is in the
 * journal now and then; what is changed twice after a crash stays as it is. Throws
 * `AppError`.
 */
export async function runEdit(run: RunContext): Promise<RunOutcome> {
  const learnt = { hasAcls: false, listsAreOff: null, resets: 0, others: 0 };
  const context = { ...run, learnt };
  const { row, edits } = context;
  // It stands for a folder that could not be listed, and is planned anew by a retry.
  if (row.objectsTotal === null) {
    throw new AppError('object.not-found', { params: { key: row.key } });
  }
  const change = edits.change(row.groupId);
  if (row.targetKey === null) return editAlone(context, change);
  const batch = edits.batch(row.id);
  // Only the end of the row itself was not written down.
  if (batch === undefined) return { kind: 'done', integrity: '', note: row.note };
  return editBatch(context, change, batch);
}

type EditRun = RunContext & EditContext;

async function editAlone(context: EditRun, change: BulkChange): Promise<RunOutcome> {
  const { row, edits, signal, store } = context;
  const ref = { bucket: row.bucket, key: row.key };
  const outcome = await edits.turns.take(ref, signal, async () => {
    const done = await withPartRetries(context, signal, () =>
      editObject(context, change, row.key, signal),
    );
    if (done.kind === 'large') await editInParts(context, change, done);
    else await endParts(context);
    return done;
  });
  edits.finish(row, 1 - row.objectsDone);
  store.update(row, { objectsDone: 1 });
  const note = withLosses(context, outcome.kind === 'same' ? NOTES.wasSo : row.note);
  return { kind: 'done', integrity: '', note };
}

async function editBatch(
  context: EditRun,
  change: BulkChange,
  batch: EditBatch,
): Promise<RunOutcome> {
  const { row, edits, store, signal } = context;
  const progress = new BatchProgress(context, batch);
  try {
    await runPool(
      progress.left(),
      () => AT_ONCE,
      signal,
      async (index, inner) =>
        progress.ended(
          index,
          await changeOne(context, change, batch.keys[index] ?? '', inner),
        ),
    );
  } finally {
    progress.write();
    // The rest may come after a pause, and know nothing of these.
    store.update(row, { note: withLosses(context, row.note) });
  }
  const { objectsDone } = row;
  const others = batch.keys.length - objectsDone;
  edits.finish(row, 0);
  if (others === 0) return { kind: 'done', integrity: '', note: row.note };
  store.update(row, { objectsTotal: objectsDone });
  const note = addNote(row.note, NOTES.othersAlone(others));
  return { kind: 'done', integrity: '', note };
}

/** The note of a row, and what its objects lost. */
function withLosses({ learnt }: EditRun, note: string): string {
  const reset = learnt.resets === 0 ? note : addNote(note, NOTES.aclReset);
  return learnt.others === 0 ? reset : addNote(reset, NOTES.tagsOfAnother);
}

/** How an object of many came out; an error or `alone`: it gets a row of its own. */
type Ended = 'done' | 'alone' | AppError;

/** Throws what is not about this one object: no way there, no keys, no time for us. */
async function changeOne(
  context: EditRun,
  change: BulkChange,
  key: string,
  signal: AbortSignal,
): Promise<Ended> {
  try {
    const { row, edits } = context;
    const { kind } = await edits.turns.take({ bucket: row.bucket, key }, signal, () =>
      withPartRetries(context, signal, () => editObject(context, change, key, signal)),
    );
    return kind === 'large' ? 'alone' : 'done';
  } catch (error) {
    if (signal.aborted || !(error instanceof AppError)) throw error;
    const { connection, row } = context;
    const ofAll =
      OF_ALL.has(error.code) ||
      error.code.startsWith('network.') ||
      error.retry === 'paced' ||
      (await areKeysRefused(error, connection, row.bucket, signal));
    if (ofAll) throw error;
    return error;
  }
}

/** What of a batch is through, and when that is written down. */
class BatchProgress {
  readonly #context: RunContext;
  readonly #keys: readonly string[];
  readonly #ended = new Map<number, Ended>();
  #next: number;
  #writtenAt: number;

  constructor(context: RunContext, { keys, next }: EditBatch) {
    this.#context = context;
    this.#keys = keys;
    this.#next = next;
    this.#writtenAt = context.clock.now();
  }

  /** Places of the keys that are still to be changed. */
  *left(): Generator<number> {
    for (let index = this.#next; index < this.#keys.length; index += 1) yield index;
  }

  ended(index: number, how: Ended): void {
    this.#ended.set(index, how);
    const waited = this.#context.clock.now() - this.#writtenAt;
    if (this.#ended.size >= WRITE_AFTER || waited >= WRITE_AFTER_MS) this.write();
  }

  /** Writes down how far everything is through. */
  write(): void {
    const { row, edits } = this.#context;
    this.#writtenAt = this.#context.clock.now();
    const before = this.#next;
    const others: NewTransfer[] = [];
    for (;;) {
      const how = this.#ended.get(this.#next);
      if (how === undefined) break;
      if (how !== 'done') others.push(this.#other(this.#keys[this.#next] ?? '', how));
      this.#ended.delete(this.#next);
      this.#next += 1;
    }
    const next = this.#next;
    if (next === before) return;
    edits.advance(row, { next, done: next - before - others.length, others });
  }

  #other(key: string, how: AppError | 'alone'): NewTransfer {
    const { row, clock } = this.#context;
    return {
      groupId: row.groupId,
      kind: row.kind,
      lane: how === 'alone' ? 1 : row.lane,
      connectionId: row.connectionId,
      name: nameOf(key),
      bucket: row.bucket,
      key,
      bytesTotal: null,
      objectsTotal: 1,
      createdAt: clock.now(),
      ...(how === 'alone'
        ? { state: 'queued' }
        : { state: 'failed', error: serializeError(how) }),
    };
  }
}
