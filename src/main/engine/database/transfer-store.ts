import type { ConnectionId, GroupId, TransferId } from '../../../shared/domain/ids.ts';
import type { TransferFilter, TransferState } from '../../../shared/domain/transfer.ts';
import {
  nextState,
  statesAccepting,
  type TransferEvent,
} from '../../../shared/domain/transfer-state.ts';
import type { Database, SqlRow, SqlValue } from './database.ts';
import { RowOrder, type RowPlace } from './row-order.ts';
import { RunnableRows } from './runnable-rows.ts';
import {
  INSERT_TRANSFER,
  insertValues,
  type Lane,
  type NewTransfer,
  readTransfer,
  STATE_RANK,
  type StoredTransfer,
  type TransferChange,
  type TransferPatch,
  updateOf,
} from './stored-transfer.ts';
import { Tally, type TallyEntry } from './tally.ts';

/** Hears of every change, to tell the window. */
export interface StoreListener {
  /** A row changed; `moved`: it also changed its place in the panel. */
  changed(id: TransferId, moved: boolean): void;
  /** Many rows changed, came or went. */
  reloaded(): void;
}

/** Ranks a filter of the panel covers, both included. */
const FILTER_RANKS: Readonly<Record<TransferFilter, readonly [number, number]>> = {
  all: [0, 5],
  active: [0, 3],
  failed: [4, 4],
  finished: [5, 5],
};

/** The table `transfers`, its counts, and the steps of the state machine on it. */
export class TransferStore {
  readonly tally = new Tally();
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
    for (const row of database.all(`${SUMS} FROM transfers ${GROUPED}`)) {
      this.tally.add(readSums(row), 1, row['count'] as number);
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
    this.#database.transaction(() => {
      for (const [index, row] of rows.entries()) {
        const { changes, lastId } = this.#database.run(
          INSERT_TRANSFER,
          ...insertValues(row, this.#order.next()),
        );
        if (changes === 0) continue;
        this.tally.add({ waitReason: null, ...row, bytesDone: 0 }, 1);
        inserted?.(lastId as TransferId, index);
      }
    });
    this.#runnable.forget();
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
    else if (event === 'finish') this.#finish(row, change);
    else this.#write(row, change);
  }

  #finish(row: StoredTransfer, change: TransferChange): void {
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
    return this.#database.transaction(() => {
      const { values } = filter;
      const sums = this.#database.all(
        `${SUMS} FROM transfers ${where} ${GROUPED}`,
        ...values,
      );
      if (sums.length === 0) return 0;
      this.#database.run(
        `UPDATE transfers SET state = '${state}', state_rank = ${STATE_RANK[state]},
          wait_reason = NULL, wait_until = NULL ${patch} ${where}`,
        ...values,
      );
      let count = 0;
      for (const row of sums) {
        const entry = readSums(row);
        const rows = row['count'] as number;
        this.tally.add(entry, -1, rows);
        this.tally.add(
          { ...entry, state, waitReason: state === 'waiting' ? 'credentials' : null },
          1,
          rows,
        );
        count += rows;
      }
      return count;
    });
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
    if ((this.nextWake() ?? Number.POSITIVE_INFINITY) > now) return;
    this.stepAll('wake', {
      sql: `AND wait_reason IN ('backoff', 'offline') AND wait_until <= ?`,
      values: [now],
    });
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
  page(
    filter: TransferFilter,
    offset: number,
    limit: number,
  ): { readonly total: number; readonly rows: readonly StoredTransfer[] } {
    const [first, last] = FILTER_RANKS[filter];
    let total = 0;
    for (const [state, rank] of Object.entries(STATE_RANK)) {
      if (rank < first || rank > last) continue;
      total += this.tally.state(state as TransferState).count;
    }
    // The inner query walks the index alone, so a far offset does not read rows.
    const rows = this.#database.all(
      `SELECT t.* FROM (SELECT id FROM transfers INDEXED BY transfers_rank
          WHERE state_rank BETWEEN ? AND ? ORDER BY state_rank, position, id
          LIMIT ? OFFSET ?) AS p
        JOIN transfers t ON t.id = p.id ORDER BY t.state_rank, t.position, t.id`,
      first,
      last,
      limit,
      offset,
    );
    return { total, rows: rows.map(readTransfer) };
  }

  /** The oldest row that waits for an answer. */
  nextConflict(): StoredTransfer | undefined {
    const row = this.#database.get(
      `SELECT * FROM transfers WHERE state = 'waiting' AND wait_reason = 'conflict'
        ORDER BY id LIMIT 1`,
    );
    return row === undefined ? undefined : readTransfer(row);
  }

  /** Groups and connections of the settled rows of a filter. */
  settledIn(filter: RowFilter): {
    readonly groupIds: readonly GroupId[];
    readonly connectionIds: readonly ConnectionId[];
  } {
    const rows = this.#database.all(
      `SELECT DISTINCT group_id, connection_id FROM transfers
        WHERE state_rank >= ${STATE_RANK.failed} AND state <> 'done' ${filter.sql}`,
      ...filter.values,
    );
    return {
      groupIds: rows.map((row) => row['group_id'] as GroupId),
      connectionIds: rows.map((row) => row['connection_id'] as ConnectionId),
    };
  }

  /** Failed rows that stand for a folder that could not be listed. */
  unlisted(filter: RowFilter): readonly StoredTransfer[] {
    return this.#database
      .all(
        `SELECT * FROM transfers WHERE state_rank = ${STATE_RANK.failed}
          AND kind IN ('download', 'copy', 'move', 'edit') AND objects_total IS NULL ${filter.sql}`,
        ...filter.values,
      )
      .map(readTransfer);
  }

  /** Deletes settled rows of the filter. Their groups keep what they counted. */
  remove(filter: RowFilter): number {
    const where = `WHERE state_rank >= ${STATE_RANK.failed} ${filter.sql}`;
    const removed = this.#database.transaction(() => {
      const sums = this.#database.all(
        `${SUMS} FROM transfers ${where} ${GROUPED}`,
        ...filter.values,
      );
      for (const row of sums) {
        const entry = readSums(row);
        // A group reports all it did, also what was cleared in the meantime.
        const before = { ...this.tally.group(entry.groupId) };
        this.tally.add(entry, -1, row['count'] as number);
        const group = this.tally.group(entry.groupId);
        if (group !== undefined) Object.assign(group, before);
      }
      return this.#database.run(`DELETE FROM transfers ${where}`, ...filter.values)
        .changes;
    });
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

  /** Whether a download of the group already goes to this (folded) path, or below it. */
  foldTaken(groupId: GroupId, fold: string, separator: string): boolean {
    const row = this.#database.get(
      `SELECT 1 AS hit FROM transfers WHERE group_id = ? AND fold = ?
        UNION ALL SELECT 1 FROM transfers WHERE group_id = ? AND fold > ? AND fold < ?
        LIMIT 1`,
      groupId,
      fold,
      groupId,
      fold + separator,
      fold + String.fromCharCode(separator.charCodeAt(0) + 1),
    );
    return row !== undefined;
  }

  /** Whether a download of the group makes a file of exactly this (folded) path. */
  foldIsFile(groupId: GroupId, fold: string): boolean {
    return (
      this.#database.get(
        'SELECT 1 AS hit FROM transfers WHERE group_id = ? AND fold = ? LIMIT 1',
        groupId,
        fold,
      ) !== undefined
    );
  }

  /** Whether anything of the group is planned. */
  hasRows(groupId: GroupId): boolean {
    return (
      this.#database.get(
        'SELECT 1 AS hit FROM transfers WHERE group_id = ? LIMIT 1',
        groupId,
      ) !== undefined
    );
  }

  /** Whether the group has this source already, from before a restart. */
  hasKey(groupId: GroupId, key: string): boolean {
    return (
      this.#database.get(
        `SELECT 1 AS hit FROM transfers
          WHERE group_id = ? AND key = ? AND kind <> 'upload'`,
        groupId,
        key,
      ) !== undefined
    );
  }

  #write(row: StoredTransfer, change: TransferChange): void {
    const update = updateOf(row, change);
    const state = change.state ?? row.state;
    this.#count(row, change);
    // Its new state replaces the one that was not written yet.
    if (state !== 'running') this.#begun.delete(row.id);
    if (update !== null) this.#database.run(update.sql, ...update.values);
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

/** An extra condition on rows, beginning with `AND`. */
export interface RowFilter {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

/** A condition that holds for these ids. */
export function withIds(ids: readonly TransferId[]): RowFilter {
  return {
    sql: 'AND id IN (SELECT value FROM json_each(?))',
    values: [JSON.stringify(ids)],
  };
}

const WRITE_BEGUN = `UPDATE transfers SET state = 'running',
  state_rank = ${STATE_RANK.running} WHERE id = ?`;

const SUMS = `SELECT group_id, state, wait_reason, count(*) AS count,
  sum(coalesce(bytes_total, bytes_done)) AS bytes_total, sum(bytes_done) AS bytes_done,
  max(finished_at) AS finished_at`;
const GROUPED = 'GROUP BY group_id, state, wait_reason';

function readSums(row: SqlRow): TallyEntry {
  return {
    groupId: row['group_id'] as GroupId,
    state: row['state'] as TransferState,
    waitReason: row['wait_reason'] as TallyEntry['waitReason'],
    bytesTotal: row['bytes_total'] as number,
    bytesDone: row['bytes_done'] as number,
    finishedAt: row['finished_at'] as number | null,
  };
}
