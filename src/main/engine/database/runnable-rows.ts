import type { ConnectionId, TransferId } from '../../../shared/domain/ids.ts';
import type { Database } from './database.ts';
import {
  type Lane,
  readTransfer,
  readTransferColumns,
  type StoredTransfer,
  TRANSFER_COLUMNS,
} from './stored-transfer.ts';

/** Rows read at a time. */
const AHEAD = 64;

interface Batch {
  /** In the order of running; what was started is taken out. */
  readonly rows: StoredTransfer[];
  /** There were no more when these were read. */
  readonly last: boolean;
}

/**
 * The next rows to run, read some at a time, because every transfer that ends asks for
 * one. Whoever changes what is queued, or its order, says so with {@link forget}.
 *
 * What is read is noted in the table `ahead` as possibly begun. With that note committed,
 * the start of each of these rows needs no commit of its own before its first request:
 * after a crash they all count as rows that ran. Rows that run and are queued in the table
 * still are taken over from one note to the next.
 */
export class RunnableRows {
  readonly #database: Database;
  readonly #running: ReadonlySet<TransferId>;
  readonly #batches = new Map<string, Batch>();

  /** `running`: rows that run, and the table will say so before rows are read together. */
  constructor(database: Database, running: ReadonlySet<TransferId>) {
    this.#database = database;
    this.#running = running;
  }

  /** The first queued row of a lane that is not busy. It stays until it has started. */
  next(
    connectionId: ConnectionId,
    lane: Lane,
    busy: (id: TransferId) => boolean,
  ): StoredTransfer | undefined {
    const name = `${lane} ${connectionId}`;
    let batch = this.#batches.get(name);
    if (batch === undefined || (batch.rows.length === 0 && !batch.last)) {
      batch = this.#read(connectionId, lane, null);
      this.#keep(name, batch);
    }
    for (;;) {
      const found = batch.rows.find((row) => !busy(row.id));
      if (found !== undefined || batch.last) return found;
      // All that was read is busy, which hardly happens: what runs is not queued.
      const more = this.#read(connectionId, lane, batch.rows.length);
      batch = { rows: [...batch.rows, ...more.rows], last: more.last };
      this.#keep(name, batch);
    }
  }

  /** Other queued rows of a group that delete single objects, as `row` does. */
  alike(row: StoredTransfer, limit: number): readonly StoredTransfer[] {
    if (row.kind !== 'delete' || row.objectsTotal !== 1) return [];
    return this.#database
      .all(
        `SELECT * FROM transfers WHERE state = 'queued' AND connection_id = ?
          AND lane = ? AND group_id = ? AND kind = 'delete' AND objects_total = 1
          AND id <> ? ORDER BY position, id LIMIT ?`,
        row.connectionId,
        row.lane,
        row.groupId,
        row.id,
        limit,
      )
      .map(readTransfer);
  }

  /** Rows that an engine which ended without {@link settle} may have begun. */
  static begun(database: Database): readonly StoredTransfer[] {
    return database
      .all(
        `SELECT t.* FROM transfers t WHERE t.state = 'queued' AND t.id IN
          (SELECT value FROM ahead, json_each(ahead.ids))`,
      )
      .map(readTransfer);
  }

  /** Whether a row is noted as possibly begun. */
  holds(id: TransferId): boolean {
    for (const { rows } of this.#batches.values()) {
      if (rows.some((row) => row.id === id)) return true;
    }
    return false;
  }

  /** Every row says itself whether it has begun. */
  settle(): void {
    this.forget();
    this.#database.run('DELETE FROM ahead');
  }

  /** A row left the queue because it runs now. */
  started(id: TransferId): void {
    for (const { rows } of this.#batches.values()) {
      const index = rows.findIndex((row) => row.id === id);
      if (index !== -1) rows.splice(index, 1);
    }
  }

  /** What is queued, or in which order, is not as it was. */
  forget(): void {
    this.#batches.clear();
  }

  #keep(name: string, batch: Batch): void {
    this.#batches.set(name, batch);
    if (batch.rows.length === 0) return;
    const ids = JSON.stringify([...this.#running, ...batch.rows.map((row) => row.id)]);
    this.#database.run('INSERT OR REPLACE INTO ahead VALUES (?, ?)', name, ids);
  }

  /** `offset`: after so many; `null`: the first that do not run yet. */
  #read(connectionId: ConnectionId, lane: Lane, offset: number | null): Batch {
    // What stands before an offset must be queued indeed.
    const late = offset !== null;
    const rows = this.#database.columns(NEXT, late, connectionId, lane, offset ?? 0);
    const queued = rows
      .map(readTransferColumns)
      .filter((row) => !this.#running.has(row.id));
    return { rows: queued, last: rows.length < AHEAD };
  }
}

const NEXT = `SELECT ${TRANSFER_COLUMNS} FROM transfers WHERE state = 'queued' AND connection_id = ?
  AND lane = ? ORDER BY position, id LIMIT ${AHEAD} OFFSET ?`;
