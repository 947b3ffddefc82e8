import type { RequestOf } from '../../../shared/contract/define.ts';
import type { EngineCalls } from '../../../shared/contract/engine.ts';
import type { GroupId, TransferId } from '../../../shared/domain/ids.ts';
import type { ConflictAnswer } from '../../../shared/domain/transfer.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { EditStore } from '../database/edit-store.ts';
import type { GroupPlan, GroupStore, StoredGroup } from '../database/group-store.ts';
import type { PartStore } from '../database/part-store.ts';
import { type RowFilter, withIds } from '../database/row-filter.ts';
import type { StoredTransfer } from '../database/stored-transfer.ts';
import type { TransferStore } from '../database/transfer-store.ts';
import type { Cleanup } from './cleanup.ts';
import type { Clock } from './clock.ts';
import type { GroupWatch } from './group-watch.ts';
import { addNote, NOTES } from './notes.ts';
import { answeredUpload } from './open-upload.ts';
import type { Planner } from './planner.ts';
import type { Scheduler } from './scheduler.ts';

/** What the user's buttons need. */
export interface QueueActionsDeps {
  readonly store: TransferStore;
  readonly parts: PartStore;
  readonly groups: GroupStore;
  readonly edits: EditStore;
  readonly planner: Planner;
  readonly scheduler: Scheduler;
  readonly watch: GroupWatch;
  readonly cleanup: Cleanup;
  readonly clock: Clock;
}

/** Which rows; see the contract. */
interface Which {
  readonly ids: readonly TransferId[] | null;
  readonly groupIds?: readonly GroupId[] | undefined;
}

const EVERY_ROW: RowFilter = { sql: '', values: [] };
const RETRY = ', attempt = min(attempt, 1), error = NULL, finished_at = NULL';

/** What the user does to rows; `null` ids mean all of them. */
export class QueueActions {
  readonly #deps: QueueActionsDeps;

  constructor(deps: QueueActionsDeps) {
    this.#deps = deps;
  }

  async pause(which: Which): Promise<void> {
    const { store, scheduler } = this.#deps;
    this.#setPaused(which, true);
    store.stepAll('pause', filterOf(which));
    await scheduler.halt(this.#running(which), 'pause');
  }

  resume(which: Which): void {
    const { store, scheduler } = this.#deps;
    this.#setPaused(which, false);
    store.stepAll('resume', filterOf(which));
    scheduler.unpause(testOf(which));
    this.#tryHeld(which);
    scheduler.kick();
  }

  async cancel(which: Which): Promise<void> {
    const { planner } = this.#deps;
    const groupIds = which.groupIds ?? (which.ids === null ? planner.groupIds() : []);
    await Promise.all(groupIds.map((id) => planner.cancel(id)));
    await this.#cancel(filterOf(which), this.#running(which));
  }

  retry(which: Which): void {
    const { store, watch, scheduler } = this.#deps;
    const given = filterOf(which);
    // Of groups, and of all, what failed; what was cancelled or skipped on purpose stays.
    const filter =
      which.ids === null || which.groupIds !== undefined
        ? { ...given, sql: `${given.sql} AND state = 'failed'` }
        : given;
    this.#listAgain(filter);
    const retried = store.settled.places(filter);
    watch.reopen(retried.groupIds);
    store.stepAll('retry', filter, RETRY);
    for (const connectionId of retried.connectionIds) {
      scheduler.knowConnection(connectionId);
    }
    this.#tryHeld(which);
    scheduler.kick();
  }

  /** What planning adds from now on starts paused, or not. */
  #setPaused({ ids, groupIds }: Which, paused: boolean): void {
    const { groups } = this.#deps;
    if (groupIds !== undefined) groups.setPausedOf(groupIds, paused);
    else if (ids === null) groups.setPaused(paused);
  }

  /** Moves rows within the order of running. Throws `input.invalid`. */
  reorder(request: RequestOf<EngineCalls, 'transfers.reorder'>): void {
    const { store, scheduler } = this.#deps;
    if (store.reorder(request.ids, request) > 0) scheduler.kick();
  }

  /** Whoever asks for another try has perhaps mended the keys on the server. */
  #tryHeld({ ids, groupIds }: Which): void {
    const { store, groups, scheduler } = this.#deps;
    if (ids === null && groupIds === undefined) {
      scheduler.tryHeld(null);
      return;
    }
    scheduler.tryHeld([
      ...(ids ?? []).flatMap((id) => store.get(id)?.connectionId ?? []),
      ...(groupIds ?? []).flatMap((id) => groups.get(id)?.connectionId ?? []),
    ]);
  }

  /** A folder that could not be listed has no rows to run: it is planned again. */
  #listAgain(filter: RowFilter): void {
    const { store, groups, edits, planner, watch } = this.#deps;
    for (const [groupId, rows] of Map.groupBy(
      store.settled.unlisted(filter),
      (row) => row.groupId,
    )) {
      const group = groups.get(groupId);
      // While other folders of the group are still listed it cannot be planned anew.
      if (group === undefined || planner.isPlanning(groupId)) continue;
      const plan = planOf(group, rows);
      store.remove(withIds(rows.map((row) => row.id)));
      groups.replan(groupId, plan);
      edits.restart(groupId);
      watch.reopen([groupId]);
      planner.start({ ...group, planned: false, finished: false }, plan);
    }
  }

  async clear(which: Which): Promise<void> {
    const { store, groups, cleanup } = this.#deps;
    const filter = filterOf(which);
    if (which.ids !== null || which.groupIds !== undefined) {
      // A failed upload still owns parts on the server: they go with it.
      store.stepAll('cancel', { ...filter, sql: `${filter.sql} AND state = 'failed'` });
      await cleanup.run();
    }
    store.remove({
      sql: `${filter.sql} AND state_rank = 5
        AND id NOT IN (SELECT transfer_id FROM uploads)
        AND id NOT IN (SELECT transfer_id FROM downloads)`,
      values: filter.values,
    });
    groups.removeEmpty();
  }

  /** Throws `input.invalid` when there is no such question any more. */
  async answerConflict(
    request: RequestOf<EngineCalls, 'transfers.answerConflict'>,
  ): Promise<void> {
    const { store, groups, planner, scheduler, watch, clock, cleanup } = this.#deps;
    const { id, answer, forAll } = request;
    const row = store.get(id);
    if (row === undefined || row.waitReason !== 'conflict') {
      throw new AppError('input.invalid', { params: { field: 'id' } });
    }
    if (isAboutUpload(answer)) {
      this.#answerUpload(row, answer);
    } else if (!forAll) {
      this.#answerOne(row, answer);
    } else if (answer === 'cancel') {
      await planner.cancel(row.groupId);
      await this.#cancel(
        { sql: 'AND group_id = ?', values: [row.groupId] },
        scheduler.runningIds((other) => other.groupId === row.groupId),
      );
    } else {
      groups.setConflict(row.groupId, answer);
      const filter = {
        sql: `AND wait_reason = 'conflict' AND group_id = ?`,
        values: [row.groupId],
      };
      if (answer === 'skip') {
        store.stepAll('skip', filter, `, finished_at = ${clock.now()}, conflict = NULL`);
      } else {
        // What was answered for one row alone is overruled.
        store.stepAll('wake', filter, `, conflict = NULL, answer = ''`);
      }
    }
    watch.check(row.groupId);
    scheduler.kick();
    // Skipped or cancelled in mid-way: what it has on the server goes.
    void cleanup.run();
  }

  /** Throws `input.invalid` where no unfinished upload was asked about. */
  #answerUpload(row: StoredTransfer, answer: UploadAnswer): void {
    const { store, parts, clock } = this.#deps;
    const info = row.conflict;
    if (info?.openUpload === undefined) {
      throw new AppError('input.invalid', { params: { field: 'answer' } });
    }
    if (answer === 'start-anew') {
      const note = addNote(row.note, NOTES.uploadOfOthers);
      parts.forget(row.id);
      store.step(row, 'wake', { note, conflict: null });
      return;
    }
    // From here on it is ours, also after a crash.
    const upload = answeredUpload(info, answer, clock.now());
    if (upload !== null) parts.saveUpload(row.id, upload);
    store.step(row, 'wake', { conflict: null });
  }

  #answerOne(row: StoredTransfer, answer: Exclude<ConflictAnswer, UploadAnswer>): void {
    const { store, clock } = this.#deps;
    const finishedAt = clock.now();
    if (answer === 'skip') store.step(row, 'skip', { finishedAt, conflict: null });
    else if (answer === 'cancel')
      store.step(row, 'cancel', { finishedAt, conflict: null });
    else {
      // Who decides about objects has not asked for the upload that is there.
      const left = row.conflict?.openUpload !== undefined && answer !== 'resume';
      const note = left ? addNote(row.note, NOTES.uploadOfOthers) : row.note;
      store.step(row, 'wake', { answer, note, conflict: null });
    }
  }

  async #cancel(filter: RowFilter, running: readonly TransferId[]): Promise<void> {
    const { store, scheduler, watch, cleanup, clock } = this.#deps;
    store.stepAll('cancel', filter, `, finished_at = ${clock.now()}`);
    await scheduler.halt(running, 'cancel');
    await cleanup.run();
    watch.checkAll();
  }

  #running(which: Which): readonly TransferId[] {
    return this.#deps.scheduler.runningIds(testOf(which));
  }
}

/** What to list again: the folders these rows stand for. */
function planOf(group: StoredGroup, rows: readonly StoredTransfer[]): GroupPlan {
  const items = rows.map(({ key }) => ({ key, folder: true }));
  switch (group.kind) {
    case 'download':
      return { kind: 'download', basePrefix: group.prefix, items };
    case 'edit':
      // What was listed before has its rows.
      return {
        kind: 'edit',
        items: rows.map(({ key, targetKey }) => ({
          key,
          folder: true,
          after: targetKey ?? '',
        })),
      };
    default:
      return {
        kind: 'copy',
        items: rows.map(({ key, targetKey }) => ({
          item: { key, folder: true },
          targetKey: targetKey ?? '',
        })),
      };
  }
}

/** What can only be said about an unfinished upload. */
type UploadAnswer = 'continue-upload' | 'start-anew' | 'discard-upload';

function isAboutUpload(answer: ConflictAnswer): answer is UploadAnswer {
  return (
    answer === 'continue-upload' || answer === 'start-anew' || answer === 'discard-upload'
  );
}

function filterOf({ ids, groupIds }: Which): RowFilter {
  if (groupIds === undefined) return ids === null ? EVERY_ROW : withIds(ids);
  const inGroups = 'group_id IN (SELECT value FROM json_each(?))';
  if (ids === null || ids.length === 0) {
    return { sql: `AND ${inGroups}`, values: [JSON.stringify(groupIds)] };
  }
  return {
    sql: `AND (id IN (SELECT value FROM json_each(?)) OR ${inGroups})`,
    values: [JSON.stringify(ids), JSON.stringify(groupIds)],
  };
}

function testOf({
  ids,
  groupIds,
}: Which): (row: Pick<StoredTransfer, 'id' | 'groupId'>) => boolean {
  if (ids === null && groupIds === undefined) return () => true;
  const rows = new Set(ids);
  const groups = new Set(groupIds);
  return (row) => rows.has(row.id) || groups.has(row.groupId);
}
