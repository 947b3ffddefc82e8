import type { ConnectionId, TransferId } from '../../../shared/domain/ids.ts';
import type { Database } from './database.ts';
import {
  type Lane,
  readTransfer,
  readTransferColumns,
  type StoredTransfer,
  TRANSFER_COLUMNS,
} from './stored-transfer.ts';

/** Rows read at a time: what waits in memory for long costs the garbage collector. */
const READ = 32;
/** Rows noted at first, and again after {@link RunnableRows.forget}. */
const FIRST_AHEAD = 64;
/** Most rows noted at a time. After a crash each costs a look at its target. */
const MOST_AHEAD = 256;

/** A place in the order of running, between two rows. */
interface Place {
  readonly position: number;
  readonly id: number;
}

const BEFORE_ALL: Place = { position: Number.MIN_SAFE_INTEGER, id: 0 };

interface Batch {
  /** In the order of running; what was started is taken out. */
  rows: StoredTransfer[];
  /** After all that was read. */
  place: Place;
  /** There are no more than these. */
  last: boolean;
  /** What the note of these rows says. */
  noted: ReadonlySet<TransferId>;
  /** How many rows are noted next. */
  ahead: number;
}

/**
 * The next rows to run, read some at a time, because every transfer that ends asks for
 * one. Whoever changes what is queued, or its order, says so with {@link forget}, and
 * whoever only adds at its end with {@link added}.
 *
 * What is read, and more of what comes after it, is noted in the table `ahead` as possibly
 * begun. With that note committed, the start of each of these rows needs no commit of its
 * own before its first request: after a crash they all count as rows that ran. Rows that
 * run and are queued in the table still are taken over from one note to the next. Each note
 * costs a commit: while the order stays as it is, more and more rows are noted at a time.
 */
export class RunnableRows {
  readonly #database: Database;
  readonly #running: ReadonlySet<TransferId>;
  readonly #batches = new Map<string, Batch>();
  /** That of the row given out last, which mostly is the one that starts. */
  #given: Batch | undefined;

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
    if (batch === undefined) {
      const nothing = { rows: [], noted: new Set<TransferId>(), last: false };
      batch = { ...nothing, place: BEFORE_ALL, ahead: FIRST_AHEAD };
      this.#batches.set(name, batch);
    }
    for (;;) {
      // All that was read is hardly ever busy: what runs is not queued.
      const found = batch.rows.find((row) => !busy(row.id));
      if (found !== undefined || batch.last) {
        this.#given = batch;
        return found;
      }
      this.#read(batch, name, connectionId, lane);
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
    return this.#batchOf(id) !== undefined;
  }

  /** Every row says itself whether it has begun. */
  settle(): void {
    this.forget();
    this.#database.run('DELETE FROM ahead');
  }

  /** A row left the queue because it runs now. */
  started(id: TransferId): void {
    const batch = this.#batchOf(id);
    if (batch === undefined) return;
    if (batch.rows[0]?.id === id) batch.rows.shift();
    else batch.rows = batch.rows.filter((row) => row.id !== id);
  }

  #batchOf(id: TransferId): Batch | undefined {
    if (this.#given?.rows[0]?.id === id) return this.#given;
    return this.#batches.values().find(({ rows }) => rows.some((row) => row.id === id));
  }

  /** Rows were added that run after all others. */
  added(): void {
    for (const batch of this.#batches.values()) batch.last = false;
  }

  /** What is queued, or in which order, is not as it was. */
  forget(): void {
    this.#given = undefined;
    this.#batches.clear();
  }

  /** Reads what comes next, and notes it unless it is noted. */
  #read(batch: Batch, name: string, connectionId: ConnectionId, lane: Lane): void {
    const { position, id } = batch.place;
    const after = [connectionId, lane, position, id] as const;
    const found = this.#database.columns(NEXT, ...after);
    batch.last = found.length < READ;
    const end = found.at(-1);
    if (end === undefined) return;
    const rows = found
      .map(readTransferColumns)
      .filter((row) => !this.#running.has(row.id));
    if (rows.some((row) => !batch.noted.has(row.id))) {
      const ahead = this.#database.columns(`${NEXT_IDS} LIMIT ${batch.ahead}`, ...after);
      const ids = [...this.#running, ...ahead.map(([next]) => next as TransferId)];
      batch.noted = new Set(ids);
      batch.ahead = Math.min(2 * batch.ahead, MOST_AHEAD);
      this.#database.run(NOTE, name, JSON.stringify([...batch.noted]));
    }
    // Not before: rows that are not noted must not run.
    batch.rows.push(...rows);
    batch.place = { position: end[27] as number, id: end[0] as number };
  }
}

const WHERE = `FROM transfers WHERE state = 'queued' AND connection_id = ? AND lane = ?
  AND (position, id) > (?, ?) ORDER BY position, id`;
// Literal limits: for one that is bound, SQLite prepares the statement anew each time.
const NEXT = `SELECT ${TRANSFER_COLUMNS}, position ${WHERE} LIMIT ${READ}`;
const NEXT_IDS = `SELECT id ${WHERE}`;
const NOTE = 'INSERT OR REPLACE INTO ahead VALUES (?, ?)';
