import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { AppError } from '../../../shared/errors/app-error.ts';
import { isOutsideCause } from './sqlite-codes.ts';

/** A value SQLite can keep in our tables. */
export type SqlValue = SQLInputValue;
/** A row as SQLite gives it. */
export type SqlRow = Record<string, unknown>;

/** Milliseconds after which collected writes are committed. */
const COMMIT_AFTER_MS = 75;
/** Writes after which they are committed at once. */
const COMMIT_AFTER_WRITES = 500;

/**
 * A thin skin over `node:sqlite`: prepared statements by text, and writes collected into
 * one transaction per {@link COMMIT_AFTER_MS}, because a commit costs far more than a row.
 * Reads of the same object see the collected writes. A process that dies loses at most
 * that window; call {@link flush} before a step that cannot be taken back.
 */
export class Database implements Disposable {
  readonly path: string;
  readonly #sqlite: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  /** Statements that give arrays. */
  readonly #columns = new Map<string, StatementSync>();
  #pending = 0;
  /** Something is collected that must be committed before a step that cannot be undone. */
  #urgent = false;
  #timer: NodeJS.Timeout | undefined;
  #depth = 0;
  /** Values of writes that wait, by statement; see {@link defer}. */
  readonly #deferred = new Map<string, (readonly SqlValue[])[]>();
  #deferredCount = 0;
  #late: (() => void) | undefined;
  /** Why nothing can be written any more. */
  #broken: unknown;
  #tellBroken: ((error: AppError) => void) | undefined;

  /** Opens or creates the file. Throws what SQLite throws; see open-database.ts. */
  constructor(path: string) {
    this.path = path;
    this.#sqlite = new DatabaseSync(path);
    try {
      this.#sqlite.exec(`
        PRAGMA busy_timeout = 2000;
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = NORMAL;
        PRAGMA foreign_keys = ON;
        PRAGMA cache_size = -4000;
        PRAGMA journal_size_limit = 16777216;
      `);
    } catch (error) {
      this.#sqlite.close();
      throw error;
    }
  }

  /**
   * `tell` is called once when the disk is full, fails or is locked. What was collected may
   * be lost then, so that memory and file differ: every write and every commit from then on
   * throws, nothing that waits for one may go on, and the journal has to be opened anew.
   */
  onBroken(tell: (error: AppError) => void): void {
    this.#tellBroken = tell;
  }

  /** Whether the connection is open. */
  get isOpen(): boolean {
    return this.#sqlite.isOpen;
  }

  /** Runs SQL text outside the collected transaction. */
  exec(sql: string): void {
    this.flush();
    this.#write(() => this.#sqlite.exec(sql));
  }

  /** The first row, or `undefined`. */
  get(sql: string, ...values: readonly SqlValue[]): SqlRow | undefined {
    this.#writeDeferred();
    return this.#prepare(sql).get(...values);
  }

  /**
   * `write` is run before rows are read together: for what changes again so soon that most
   * of it never needs to be written.
   */
  onLate(write: () => void): void {
    this.#late = write;
  }

  /** All rows. */
  all(sql: string, ...values: readonly SqlValue[]): SqlRow[] {
    this.#late?.();
    this.#writeDeferred();
    return this.#prepare(sql).all(...values);
  }

  /**
   * All rows as arrays of the columns asked for, which takes far less than objects with a
   * name for each. Without what waits for {@link onLate}.
   */
  columns(sql: string, ...values: readonly SqlValue[]): unknown[][] {
    this.#writeDeferred();
    let statement = this.#columns.get(sql);
    if (statement === undefined) {
      statement = this.#sqlite.prepare(sql);
      statement.setReturnArrays(true);
      this.#columns.set(sql, statement);
    }
    return statement.all(...values) as unknown as unknown[][];
  }

  /** A write, collected. Returns how many rows changed and the last row id. */
  run(
    sql: string,
    ...values: readonly SqlValue[]
  ): { readonly changes: number; readonly lastId: number } {
    this.#writeDeferred();
    this.#begin();
    const result = this.#write(() => this.#prepare(sql).run(...values));
    this.#pending += 1;
    this.#urgent = true;
    if (this.#depth === 0 && this.#pending >= COMMIT_AFTER_WRITES) this.flush();
    return { changes: Number(result.changes), lastId: Number(result.lastInsertRowid) };
  }

  /**
   * A write that waits until anything else is read or written, or until a commit, which all
   * come after it: several of one kind in a row cost half of what they do one by one among
   * other work. Such writes may be made in another order among themselves, and no step
   * waits for them: {@link flushUrgent} alone need not commit them.
   */
  defer(sql: string, values: readonly SqlValue[]): void {
    let waiting = this.#deferred.get(sql);
    if (waiting === undefined) {
      waiting = [];
      this.#deferred.set(sql, waiting);
    }
    waiting.push(values);
    this.#deferredCount += 1;
    this.#arm();
    if (this.#depth === 0 && this.#deferredCount >= COMMIT_AFTER_WRITES) this.flush();
  }

  #writeDeferred(): void {
    if (this.#deferredCount === 0) return;
    this.#begin();
    for (const [sql, waiting] of this.#deferred) {
      if (waiting.length === 0) continue;
      const statement = this.#prepare(sql);
      this.#write(() => {
        for (const values of waiting) statement.run(...values);
      });
      this.#pending += waiting.length;
      waiting.length = 0;
    }
    this.#deferredCount = 0;
  }

  /** Runs `work` so that all of its writes happen or none. Nests. */
  transaction<T>(work: () => T): T {
    this.#writeDeferred();
    this.#begin();
    const name = `level_${this.#depth}`;
    this.#sqlite.exec(`SAVEPOINT ${name}`);
    this.#depth += 1;
    try {
      const result = work();
      this.#sqlite.exec(`RELEASE ${name}`);
      return result;
    } catch (error) {
      // SQLite may have rolled back all of it by itself then.
      if (this.#broken === undefined) {
        this.#sqlite.exec(`ROLLBACK TO ${name}; RELEASE ${name}`);
      }
      throw error;
    } finally {
      this.#depth -= 1;
      if (this.#depth === 0 && this.#pending >= COMMIT_AFTER_WRITES) this.flush();
    }
  }

  /**
   * Runs `work` so that all of its writes are committed at the same time. Should it throw,
   * what it wrote until then stays.
   */
  together(work: () => void): void {
    if (this.#broken !== undefined) throw this.#broken;
    // The first write begins the transaction; until the end nothing commits it.
    this.#depth += 1;
    try {
      work();
    } finally {
      this.#depth -= 1;
      if (this.#depth === 0 && this.#pending >= COMMIT_AFTER_WRITES) this.flush();
    }
  }

  /** Commits what is collected. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#sqlite.isOpen) this.#writeDeferred();
    if (this.#broken !== undefined) throw this.#broken;
    if (this.#sqlite.isOpen && this.#sqlite.isTransaction) {
      this.#write(() => this.#sqlite.exec('COMMIT'));
    }
    // Not before: what could not be committed is still owed.
    this.#pending = 0;
    this.#urgent = false;
  }

  /** Commits what is collected if there is more than {@link unhurried} writes. */
  flushUrgent(): void {
    if (this.#urgent || this.#broken !== undefined) this.flush();
  }

  /** Runs `work`, whose writes {@link flushUrgent} need not commit. */
  unhurried(work: () => void): void {
    const before = this.#urgent;
    work();
    this.#urgent = before && this.#pending > 0;
  }

  /** Commits and closes. A second call does nothing. */
  close(): void {
    if (!this.#sqlite.isOpen) return;
    if (this.#broken === undefined) this.flush();
    this.#statements.clear();
    this.#columns.clear();
    this.#sqlite.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #write<T>(work: () => T): T {
    if (this.#broken !== undefined) throw this.#broken;
    try {
      return work();
    } catch (error) {
      if (!isOutsideCause(error)) throw error;
      const params = { file: this.path };
      const broken = new AppError('storage.write-failed', { params, cause: error });
      this.#broken = broken;
      this.#tellBroken?.(broken);
      throw broken;
    }
  }

  #begin(): void {
    if (this.#broken !== undefined) throw this.#broken;
    if (this.#sqlite.isTransaction) return;
    this.#sqlite.exec('BEGIN');
    this.#arm();
  }

  #arm(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => this.#flushLate(), COMMIT_AFTER_MS);
    this.#timer.unref();
  }

  #flushLate(): void {
    try {
      this.flush();
    } catch (error) {
      // Told already; nobody waits for this one.
      if (error !== this.#broken) throw error;
    }
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#sqlite.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}
