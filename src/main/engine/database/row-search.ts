import type { GroupId, TransferId } from '../../../shared/domain/ids.ts';
import type { Database } from './database.ts';

/** Rows read by one statement of a search. */
const SLICE_ROWS = 4_000;
/** A step of a search blocks the engine no longer than this, ms. */
const STEP_MS = 12;
/** More matches than this are not kept: who gets so many types another letter. */
const MAX_MATCHES = 2_000;

/** A match and where it stands now. */
export interface Match {
  readonly id: TransferId;
  readonly groupId: GroupId;
  readonly rank: number;
}

/**
 * Finds rows whose key or name contains a text, in steps: a million rows are not searched
 * at once. Rows that come later are found by later steps.
 */
export class RowSearch {
  readonly text: string;
  readonly #database: Database;
  readonly #now: () => number;
  readonly #pattern: string;
  #ids: TransferId[] = [];
  #searchedTo = 0;
  #searching = true;

  /** `now` in ms, only compared with itself. */
  constructor(database: Database, text: string, now: () => number) {
    this.text = text;
    this.#database = database;
    this.#now = now;
    this.#pattern = `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
  }

  /** Not every row was looked at yet. */
  get searching(): boolean {
    return this.#searching;
  }

  /** There may be matches beyond those that are kept. */
  get capped(): boolean {
    return this.#ids.length >= MAX_MATCHES;
  }

  /** Looks at more rows. */
  step(): void {
    const started = this.#now();
    do {
      this.#searching = !this.capped && this.#slice();
    } while (this.#searching && this.#now() - started < STEP_MS);
  }

  /** What was found and is still there, by group, each in the order of the panel. */
  matches(firstRank: number, lastRank: number): ReadonlyMap<GroupId, readonly Match[]> {
    const rows = this.#database.all(
      `SELECT id, group_id, state_rank FROM transfers
        WHERE id IN (SELECT value FROM json_each(?)) AND state_rank BETWEEN ? AND ?
        ORDER BY state_rank, position, id`,
      JSON.stringify(this.#ids),
      firstRank,
      lastRank,
    );
    return Map.groupBy(
      rows.map((row) => ({
        id: row['id'] as TransferId,
        groupId: row['group_id'] as GroupId,
        rank: row['state_rank'] as number,
      })),
      (match) => match.groupId,
    );
  }

  /** Whether there may be more rows. */
  #slice(): boolean {
    const slice = `(SELECT id, key, name FROM transfers WHERE id > ? ORDER BY id LIMIT ?)`;
    const end = this.#database.get(
      `SELECT max(id) AS last, count(*) AS count FROM ${slice}`,
      this.#searchedTo,
      SLICE_ROWS,
    );
    const count = (end?.['count'] as number | undefined) ?? 0;
    if (count === 0) return false;
    const found = this.#database.all(
      String.raw`SELECT id FROM ${slice}
        WHERE key LIKE ? ESCAPE '\' OR name LIKE ? ESCAPE '\' LIMIT ?`,
      this.#searchedTo,
      SLICE_ROWS,
      this.#pattern,
      this.#pattern,
      MAX_MATCHES - this.#ids.length,
    );
    for (const row of found) this.#ids.push(row['id'] as TransferId);
    this.#searchedTo = end?.['last'] as number;
    return count === SLICE_ROWS;
  }
}
