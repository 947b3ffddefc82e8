import type { ConnectionId, GroupId, TransferId } from '../../../shared/domain/ids.ts';
import type { TransferFilter, TransferState } from '../../../shared/domain/transfer.ts';
import {
  nextState,
  statesAccepting,
  type TransferEvent,
} from '../../../shared/domain/transfer-state.ts';
import type { Database } from './database.ts';
import { PlannedRows } from './planned-rows.ts';
import { isPauseOver, pausesOver, type RowFilter } from './row-filter.ts';
import { RowOrder, type RowPlace } from './row-order.ts';
import { type RowPage, readPage } from './row-page.ts';
import { sumRows } from './row-sums.ts';
import { RunnableRows } from './runnable-rows.ts';
import { SettledRows } from './settled-rows.ts';
import {
  FINISH_TRANSFER,
  finishValues,
  INSERT_TRANSFER,
  insertValues,
  type Lane,
  type NewTransfer,
  readTransfer,
  STATE_RANK,
  type StoredTransfer,
  type TransferChange,
  type TransferEnd,
  type TransferPatch,
  updateOf,
} from './stored-transfer.ts';
import { Tally } from './tally.ts';

/** Hears of every change, to tell the window. */
export interface StoreListener {
  /** A row changed; `moved`: it also changed its place in the panel. */
  changed(id: TransferId, moved: boolean): void;
  /** Many rows changed, came or went. */
  reloaded(): void;
}

/** The table `transfers`, its counts, and the steps of the state machine on it. */
export class TransferStore {
  readonly tally = new Tally();
  readonly planned: PlannedRows;
  readonly settled: SettledRows;
  /** Rows that ran when the engine ended last, as they were. */
  readonly interrupted: readonly StoredTransfer[];
  readonly #database: Database;
  readonly #listener: StoreListener;
  readonly #order: RowOrder;
  readonly #runnable: RunnableRows;
  /** When the next pause ends; `null`: none does; `undefined`: not known. */
  #nextWake: number | null | undefined;
  /**
   * Rows that run while the table still has them as queued. Most are done before anybody
   * looks; after a crash the note of what was read ahead tells that they had begun.
   */
  readonly #begun = new Set<TransferId>();

  /** Reads the counts once. Rows that ran when the engine ended are queued again. */
  constructor(database: Database, listener: StoreListener) {
    this.#database = database;
    this.#listener = listener;
    this.#order = new RowOrder(database);
    this.planned = new PlannedRows(database);
    this.settled = new SettledRows(database);
    this.#runnable = new RunnableRows(database, this.#begun);
    const begun = RunnableRows.begun(database);
    this.interrupted = [
      ...database
        .all('SELECT * FROM transfers WHERE state_rank = ?', STATE_RANK.running)
        .map(readTransfer),
      ...begun,
    ];
    database.run(
      'UPDATE transfers SET attempt = max(attempt, 1) WHERE id IN (SELECT value FROM json_each(?))',
      JSON.stringify(begun.map((row) => row.id)),
    );
    this.#runnable.settle();
    database.run(
      `UPDATE transfers SET state = ?, state_rank = ?, attempt = max(attempt, 1)
        WHERE state_rank = ?`,
      nextState('running', 'interrupt'),
      STATE_RANK.queued,
      STATE_RANK.running,
    );
    database.onLate(() => this.#writeBegun());
    for (const row of database.all('SELECT id FROM groups WHERE finished = 0')) {
      this.tally.watch(row['id'] as GroupId);
    }
    for (const { entry, count } of sumRows(database, '', [])) {
      this.tally.add(entry, 1, count);
    }
  }

  /**
   * Inserts in one transaction; rows the group already has are left alone. `inserted` is
   * called with the place in `rows` of each of the others.
   */
  insert(
    rows: readonly NewTransfer[],
    inserted?: (id: TransferId, index: number) => void,
  ): void {
    if (rows.length === 0) return;
    const added: NewTransfer[] = [];
    this.#database.transaction(() => {
      for (const [index, row] of rows.entries()) {
        const id = this.#insert(row);
        if (id === undefined) continue;
        added.push(row);
        inserted?.(id, index);
      }
    });
    // Not before: what cannot be written is not there.
    this.#tellAdded(added);
  }

  /**
   * Inserts rows that planning would find again after a crash: no request waits for those
   * that are not about to run. Should one not be written, those before it are there.
   */
  plan(rows: readonly NewTransfer[]): void {
    if (rows.length === 0) return;
    const added: NewTransfer[] = [];
    const insertAll = (): void => {
      for (const row of rows) if (this.#insert(row) !== undefined) added.push(row);
    };
    try {
      // A savepoint would copy every page of the indexes that is written to.
      this.#database.unhurried(() => this.#database.together(insertAll));
    } finally {
      this.#tellAdded(added);
    }
  }

  /** `undefined`: the group has it already. */
  #insert(row: NewTransfer): TransferId | undefined {
    const values = insertValues(row, this.#order.next());
    const { changes, lastId } = this.#database.run(INSERT_TRANSFER, ...values);
    return changes === 0 ? undefined : (lastId as TransferId);
  }

  #tellAdded(added: readonly NewTransfer[]): void {
    for (const { groupId, state, bytesTotal } of added) {
      this.tally.add({ groupId, state, waitReason: null, bytesTotal, bytesDone: 0 }, 1);
    }
    this.#runnable.added();
    this.#listener.reloaded();
  }

  get(id: TransferId): StoredTransfer | undefined {
    if (this.#begun.has(id)) this.#writeBegun();
    const row = this.#database.get('SELECT * FROM transfers WHERE id = ?', id);
    return row === undefined ? undefined : readTransfer(row);
  }

  /** Nothing runs any more: rows tell themselves whether they have begun. */
  settle(): void {
    this.#writeBegun();
    this.#runnable.settle();
  }

  /** What was written so far, but for what can be found out, outlives the process. */
  commit(): void {
    this.#database.flushUrgent();
  }

  /** Takes a step of the machine and writes `patch` with it. Throws on an illegal step. */
  step(row: StoredTransfer, event: TransferEvent, patch: TransferPatch = {}): void {
    const state = nextState(row.state, event);
    const change = { state, waitReason: null, waitUntil: null, ...patch };
    // An end that is lost is found out by looking; a start that is noted need not be.
    const noted = event === 'start' && this.#runnable.holds(row.id);
    if (noted && Object.keys(patch).length === 0) this.#begin(row);
    else if (noted) this.#database.unhurried(() => this.#write(row, change));
    else if (event === 'finish') this.#defer(row, change);
    else this.#write(row, change);
  }

  /** A row that runs is done. Throws on an illegal step. */
  finish(row: StoredTransfer, end: TransferEnd): void {
    const { finishedAt, bytesDone, objectsDone, integrity, note } = end;
    const isPlain =
      row.error === null &&
      row.conflict === null &&
      row.waitReason === null &&
      row.waitUntil === null &&
      (note === undefined || note === row.note);
    if (!isPlain) {
      this.step(row, 'finish', { ...end, error: null, conflict: null });
      return;
    }
    const state = nextState(row.state, 'finish');
    this.#count(row, { state, finishedAt, bytesDone, objectsDone, integrity });
    this.#begun.delete(row.id);
    this.#database.defer(FINISH_TRANSFER, finishValues(row.id, end));
  }

  #defer(row: StoredTransfer, change: TransferChange): void {
    const update = updateOf(row, change);
    this.#count(row, change);
    this.#begun.delete(row.id);
    if (update !== null) this.#database.defer(update.sql, update.values);
  }

  /** Starts a row in memory; see {@link #begun}. A queued row waits for nothing. */
  #begin(row: StoredTransfer): void {
    this.#count(row, { state: 'running' });
    this.#begun.add(row.id);
  }

  #writeBegun(): void {
    if (this.#begun.size === 0) return;
    const ids = [...this.#begun];
    this.#begun.clear();
    this.#database.unhurried(() => {
      for (const id of ids) this.#database.run(WRITE_BEGUN, id);
    });
  }

  /** Changes columns without a step. */
  update(row: StoredTransfer, patch: TransferPatch): void {
    this.#write(row, patch);
  }

  /**
   * Takes a step for every row of `filter` that can take it, in one statement each state.
   * Rows that run are left out: their tasks must be told first.
   */
  stepAll(event: TransferEvent, filter: RowFilter, patch = ''): number {
    let changed = 0;
    for (const from of statesAccepting(event)) {
      if (from !== 'running') changed += this.#stepState(from, event, filter, patch);
    }
    if (changed > 0) this.#listener.reloaded();
    return changed;
  }

  #stepState(
    from: TransferState,
    event: TransferEvent,
    filter: RowFilter,
    patch: string,
  ): number {
    const state = nextState(from, event);
    // Literal, so that the partial indexes apply.
    const where = `WHERE state = '${from}' AND state_rank = ${STATE_RANK[from]} ${filter.sql}`;
    this.#runnable.forget();
    this.#nextWake = undefined;
    const { values } = filter;
    const sums = this.#database.transaction(() => {
      const found = sumRows(this.#database, where, values);
      if (found.length === 0) return found;
      this.#database.run(
        `UPDATE transfers SET state = '${state}', state_rank = ${STATE_RANK[state]},
          wait_reason = NULL, wait_until = NULL ${patch} ${where}`,
        ...values,
      );
      return found;
    });
    const waitReason = state === 'waiting' ? 'credentials' : null;
    let changed = 0;
    for (const { entry, count } of sums) {
      this.tally.add(entry, -1, count);
      this.tally.add({ ...entry, state, waitReason }, 1, count);
      changed += count;
    }
    return changed;
  }

  /** Moves rows within the order of running; see {@link RowOrder.move}. */
  reorder(ids: readonly TransferId[], place: RowPlace): number {
    const moved = this.#order.move(ids, place);
    this.#runnable.forget();
    if (moved > 0) this.#listener.reloaded();
    return moved;
  }

  /** The first queued row of a lane that may start, skipping `busy` ids. */
  nextRunnable(
    connectionId: ConnectionId,
    lane: Lane,
    busy: (id: TransferId) => boolean,
  ): StoredTransfer | undefined {
    return this.#runnable.next(connectionId, lane, busy);
  }

  /** Other queued rows of a group that delete single objects, as `row` does. */
  alike(row: StoredTransfer, limit: number): readonly StoredTransfer[] {
    return this.#runnable.alike(row, limit);
  }

  /** Wakes rows whose pause is over. */
  wakeDue(now: number): void {
    const next = this.nextWake();
    if (next !== undefined && isPauseOver(next, now))
      this.stepAll('wake', pausesOver(now));
  }

  /** When the next pause ends, or `undefined`. */
  nextWake(): number | undefined {
    if (this.#nextWake === undefined) {
      const row = this.#database.get(
        `SELECT min(wait_until) AS time FROM transfers
          WHERE state = 'waiting' AND wait_reason IN ('backoff', 'offline')`,
      );
      this.#nextWake = (row?.['time'] as number | null) ?? null;
    }
    return this.#nextWake ?? undefined;
  }

  /** A page of the panel and how many rows there are under the filter. */
  page(filter: TransferFilter, offset: number, limit: number): RowPage {
    return readPage(this.#database, this.tally, { filter, offset, limit });
  }

  /** The oldest row that waits for an answer. */
  nextConflict(): StoredTransfer | undefined {
    const row = this.#database.get(
      `SELECT * FROM transfers WHERE state = 'waiting' AND wait_reason = 'conflict'
        ORDER BY id LIMIT 1`,
    );
    return row === undefined ? undefined : readTransfer(row);
  }

  /** Deletes settled rows of the filter. Their groups keep what they counted. */
  remove(filter: RowFilter): number {
    const where = `WHERE state_rank >= ${STATE_RANK.failed} ${filter.sql}`;
    const { values } = filter;
    const { sums, removed } = this.#database.transaction(() => ({
      sums: sumRows(this.#database, where, values),
      removed: this.#database.run(`DELETE FROM transfers ${where}`, ...values).changes,
    }));
    for (const { entry, count } of sums) {
      // A group reports all it did, also what was cleared in the meantime.
      const before = { ...this.tally.group(entry.groupId) };
      this.tally.add(entry, -1, count);
      const group = this.tally.group(entry.groupId);
      if (group !== undefined) Object.assign(group, before);
    }
    if (removed > 0) {
      this.tally.book.dropEmpty();
      this.#listener.reloaded();
    }
    return removed;
  }

  /** Counts a group again that had come to its end. */
  rewatch(groupId: GroupId): void {
    if (this.tally.group(groupId) !== undefined) return;
    const group = this.tally.watch(groupId);
    const sums = this.#database.all(
      `SELECT state, count(*) AS count, sum(bytes_done) AS bytes FROM transfers
        WHERE group_id = ? GROUP BY state`,
      groupId,
    );
    for (const row of sums) {
      const count = row['count'] as number;
      const state = row['state'] as TransferState;
      if (state === 'done') group.bytes += row['bytes'] as number;
      if (state === 'done' || state === 'failed') group[state] += count;
      else if (state === 'cancelled' || state === 'skipped') group[state] += count;
      else group.open += count;
    }
  }

  #write(row: StoredTransfer, change: TransferChange): void {
    const update = updateOf(row, change);
    const state = change.state ?? row.state;
    // Its new state replaces the one that was not written yet.
    const begun = state !== 'running' && this.#begun.delete(row.id);
    try {
      if (update !== null) this.#database.run(update.sql, ...update.values);
    } catch (error) {
      // A full disk: the row, and all counts, stay what the table says.
      if (begun) this.#begun.add(row.id);
      throw error;
    }
    this.#count(row, change);
  }

  /** Makes a change in memory, and all counts with it. */
  #count(row: StoredTransfer, change: TransferChange): void {
    const before = row.state;
    if (row.waitUntil !== null) this.#nextWake = undefined;
    this.tally.add(row, -1);
    Object.assign(row, change);
    this.tally.add(row, 1);
    if (row.waitUntil !== null) this.#nextWake = undefined;
    if (before === 'queued' && row.state === 'running') this.#runnable.started(row.id);
    else if (before !== 'running' || row.state === 'queued') this.#runnable.forget();
    this.#listener.changed(row.id, STATE_RANK[row.state] !== STATE_RANK[before]);
  }
}

const WRITE_BEGUN = `UPDATE transfers SET state = 'running',
  state_rank = ${STATE_RANK.running} WHERE id = ?`;
