import type { RequestOf } from '../../../shared/contract/define.ts';
import type { EngineCalls } from '../../../shared/contract/engine.ts';
import type { TransferId } from '../../../shared/domain/ids.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { GroupStore } from '../database/group-store.ts';
import type { StoredTransfer } from '../database/stored-transfer.ts';
import {
  type RowFilter,
  type TransferStore,
  withIds,
} from '../database/transfer-store.ts';
import type { Cleanup } from './cleanup.ts';
import type { Clock } from './clock.ts';
import type { GroupWatch } from './group-watch.ts';
import type { Planner } from './planner.ts';
import type { Scheduler } from './scheduler.ts';

/** What the user's buttons need. */
export interface QueueActionsDeps {
  readonly store: TransferStore;
  readonly groups: GroupStore;
  readonly planner: Planner;
  readonly scheduler: Scheduler;
  readonly watch: GroupWatch;
  readonly cleanup: Cleanup;
  readonly clock: Clock;
}

type Ids = readonly TransferId[] | null;

const EVERY_ROW: RowFilter = { sql: '', values: [] };
const RETRY = ', attempt = min(attempt, 1), error = NULL, finished_at = NULL';

/** What the user does to rows; `null` ids mean all of them. */
export class QueueActions {
  readonly #deps: QueueActionsDeps;

  constructor(deps: QueueActionsDeps) {
    this.#deps = deps;
  }

  async pause(ids: Ids): Promise<void> {
    const { store, groups, scheduler } = this.#deps;
    if (ids === null) groups.setPaused(true);
    store.stepAll('pause', filterOf(ids));
    await scheduler.halt(this.#running(ids), 'pause');
  }

  resume(ids: Ids): void {
    const { store, groups, scheduler } = this.#deps;
    if (ids === null) groups.setPaused(false);
    store.stepAll('resume', filterOf(ids));
    const wanted = ids && new Set(ids);
    scheduler.unpause((row) => wanted === null || wanted.has(row.id));
    this.#tryHeld(ids);
    scheduler.kick();
  }

  async cancel(ids: Ids): Promise<void> {
    const { planner } = this.#deps;
    if (ids === null) {
      await Promise.all(planner.groupIds().map((id) => planner.cancel(id)));
    }
    await this.#cancel(filterOf(ids), this.#running(ids));
  }

  retry(ids: Ids): void {
    const { store, watch, scheduler } = this.#deps;
    // All means all that failed; what was cancelled or skipped on purpose stays.
    const filter =
      ids === null ? { sql: `AND state = 'failed'`, values: [] } : withIds(ids);
    this.#listAgain(filter);
    const retried = store.settledIn(filter);
    watch.reopen(retried.groupIds);
    store.stepAll('retry', filter, RETRY);
    for (const connectionId of retried.connectionIds) {
      scheduler.knowConnection(connectionId);
    }
    this.#tryHeld(ids);
    scheduler.kick();
  }

  /** Whoever asks for another try has perhaps mended the keys on the server. */
  #tryHeld(ids: Ids): void {
    const { store, scheduler } = this.#deps;
    const connectionIds = ids?.flatMap((id) => store.get(id)?.connectionId ?? []);
    scheduler.tryHeld(connectionIds ?? null);
  }

  /** A folder that could not be listed has no rows to run: it is planned again. */
  #listAgain(filter: RowFilter): void {
    const { store, groups, planner, watch } = this.#deps;
    for (const [groupId, rows] of Map.groupBy(
      store.unlisted(filter),
      (row) => row.groupId,
    )) {
      const group = groups.get(groupId);
      // While other folders of the group are still listed it cannot be planned anew.
      if (group === undefined || planner.isPlanning(groupId)) continue;
      const plan = {
        kind: 'download' as const,
        basePrefix: group.prefix,
        items: rows.map((row) => ({ key: row.key, folder: true })),
      };
      store.remove(withIds(rows.map((row) => row.id)));
      groups.replan(groupId, plan);
      watch.reopen([groupId]);
      planner.start({ ...group, planned: false, finished: false }, plan);
    }
  }

  async clear(ids: Ids): Promise<void> {
    const { store, groups, cleanup } = this.#deps;
    if (ids !== null) {
      // A failed upload still owns parts on the server: they go with it.
      const failed = withIds(ids);
      store.stepAll('cancel', { ...failed, sql: `${failed.sql} AND state = 'failed'` });
      await cleanup.run();
    }
    const filter = filterOf(ids);
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
    if (!forAll) {
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
        store.stepAll('wake', filter, ', conflict = NULL');
      }
    }
    watch.check(row.groupId);
    scheduler.kick();
    // Skipped or cancelled in mid-way: what it has on the server goes.
    void cleanup.run();
  }

  #answerOne(
    row: StoredTransfer,
    answer: 'overwrite' | 'skip' | 'rename' | 'cancel',
  ): void {
    const { store, clock } = this.#deps;
    const finishedAt = clock.now();
    if (answer === 'skip') store.step(row, 'skip', { finishedAt, conflict: null });
    else if (answer === 'cancel')
      store.step(row, 'cancel', { finishedAt, conflict: null });
    else store.step(row, 'wake', { answer, conflict: null });
  }

  async #cancel(filter: RowFilter, running: readonly TransferId[]): Promise<void> {
    const { store, scheduler, watch, cleanup, clock } = this.#deps;
    store.stepAll('cancel', filter, `, finished_at = ${clock.now()}`);
    await scheduler.halt(running, 'cancel');
    await cleanup.run();
    watch.checkAll();
  }

  #running(ids: Ids): readonly TransferId[] {
    if (ids === null) return this.#deps.scheduler.runningIds(() => true);
    const wanted = new Set(ids);
    return this.#deps.scheduler.runningIds((row) => wanted.has(row.id));
  }
}

function filterOf(ids: Ids): RowFilter {
  return ids === null ? EVERY_ROW : withIds(ids);
}
