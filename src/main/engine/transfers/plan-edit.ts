import { AppError, serializeError } from '../../../shared/errors/app-error.ts';
import type { EditPlace, PlannedEdit } from '../database/edit-store.ts';
import type { GroupPlan, StoredGroup } from '../database/group-store.ts';
import type { NewTransfer } from '../database/stored-transfer.ts';
import { compareNames } from '../s3/name-order.ts';
import { sleep } from './clock.ts';
import { nameOf } from './key-name.ts';
import { persist } from './plan-download.ts';
import type { PlannerDeps } from './planner.ts';
import { walkRemote } from './remote-walk.ts';

type EditPlan = Extract<GroupPlan, { kind: 'edit' }>;

/**
 * Objects that share a row: a row for each of thousands would cost more than the change
 * does. Few enough that some rows run side by side.
 */
const BATCH_KEYS = 250;

/**
 * Counts what is to be changed: every {@link BATCH_KEYS} objects become a row, which runs
 * while the rest is being listed. How far it has come is noted with the rows, so that a
 * restart goes on there.
 */
export async function planEdit(
  deps: PlannerDeps,
  group: StoredGroup,
  plan: EditPlan,
  signal: AbortSignal,
): Promise<void> {
  const { edits } = deps;
  const sink = new EditSink(deps, group, signal);
  const start = edits.place(group.id);
  let loose: string[] = [];
  const flushLoose = async (next: EditPlace): Promise<void> => {
    await sink.add(loose, next);
    loose = [];
  };
  for (const [item, { key, folder, after = '' }] of plan.items.entries()) {
    if (item < start.item) continue;
    if (!folder) {
      loose.push(key);
      if (loose.length >= BATCH_KEYS) await flushLoose({ item: item + 1, after: '' });
      continue;
    }
    await flushLoose({ item, after: item === start.item ? start.after : after });
    const from = item === start.item && start.after !== '' ? start.after : after;
    await planFolder(deps, group, { prefix: key, from, item }, sink, signal);
  }
  await flushLoose({ item: plan.items.length, after: '' });
}

async function planFolder(
  deps: PlannerDeps,
  group: StoredGroup,
  folder: { readonly prefix: string; readonly from: string; readonly item: number },
  sink: EditSink,
  signal: AbortSignal,
): Promise<void> {
  const { prefix, item } = folder;
  let after = folder.from;
  // Where names do not come in order none tells what came before it.
  let inOrder = true;
  try {
    await persist(deps, group, signal, async (connection) => {
      const gate = deps.gateFor(group);
      const { bucket } = group;
      const known = after;
      let last = '';
      for await (const page of walkRemote({ connection, gate, bucket, prefix, signal })) {
        const keys: string[] = [];
        for (const { key } of page) {
          inOrder &&= last === '' || compareNames(key, last) > 0;
          last = key;
          if (known === '' || compareNames(key, known) > 0) keys.push(key);
        }
        if (keys.length === 0) continue;
        after = inOrder ? last : '';
        await sink.add(keys, { item, after });
      }
    });
    await sink.add([], { item: item + 1, after: '' });
  } catch (error) {
    if (signal.aborted) throw error;
    // A row says what could not be listed; the rest of the group goes on.
    sink.fail(prefix, after, error, { item: item + 1, after: '' });
  }
}

/** Makes rows of keys. */
class EditSink {
  readonly #deps: PlannerDeps;
  readonly #group: StoredGroup;
  readonly #signal: AbortSignal;

  constructor(deps: PlannerDeps, group: StoredGroup, signal: AbortSignal) {
    this.#deps = deps;
    this.#group = group;
    this.#signal = signal;
  }

  /** Adds rows for `keys`, in their order; with them the counting has come to `place`. */
  async add(keys: readonly string[], place: EditPlace): Promise<void> {
    if (this.#signal.aborted) throw new AppError('transfer.cancelled');
    const planned: PlannedEdit[] = [];
    for (let start = 0; start < keys.length; start += BATCH_KEYS) {
      const some = keys.slice(start, start + BATCH_KEYS);
      planned.push({ row: this.#row(some), keys: some });
    }
    this.#plan(planned, place);
    // Lets requests and the window have their turn between two pages.
    await sleep(0, this.#signal);
  }

  /** Adds a row for a folder that could not be listed beyond `after`. */
  fail(prefix: string, after: string, error: unknown, place: EditPlace): void {
    const row = {
      ...this.#row([prefix]),
      state: 'failed' as const,
      targetKey: after,
      objectsTotal: null,
      error: serializeError(error),
    };
    this.#plan([{ row, keys: [] }], place);
  }

  #plan(planned: readonly PlannedEdit[], place: EditPlace): void {
    const { edits, onRows } = this.#deps;
    edits.plan(this.#group.id, planned, place);
    onRows(this.#group.connectionId);
  }

  #row(keys: readonly string[]): NewTransfer {
    const { groups, clock } = this.#deps;
    const { id, connectionId, bucket } = this.#group;
    const [first = ''] = keys;
    const last = keys.at(-1) ?? first;
    const many = keys.length > 1;
    return {
      groupId: id,
      kind: 'edit',
      state: groups.get(id)?.paused === true ? 'paused' : 'queued',
      lane: 0,
      connectionId,
      name: many ? `${nameOf(first)} … ${nameOf(last)}` : nameOf(first),
      bucket,
      key: first,
      ...(many ? { targetKey: last } : {}),
      bytesTotal: null,
      objectsTotal: keys.length,
      createdAt: clock.now(),
    };
  }
}
