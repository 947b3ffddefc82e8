import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type {
  VerifyFilter,
  VerifyOutcome,
  VerifyReason,
  VerifyRow,
} from '../../../shared/domain/verify.ts';

/** A name with what is known of it on both sides. */
export interface Pair {
  readonly name: string;
  readonly path: string;
  readonly localSize: number;
  /** ms since 1970. */
  readonly localModified: number;
  readonly key: string;
  readonly remoteSize: number;
  readonly etag: string;
}

/** How a name came out. */
export interface Verdict {
  readonly outcome: VerifyOutcome;
  readonly check: string;
  readonly reason: VerifyReason;
}

const OUTCOMES: readonly VerifyOutcome[] = [
  'equal',
  'different',
  'only-here',
  'only-there',
  'unclear',
];

const WHERE: Readonly<Record<VerifyFilter, string>> = {
  all: 'outcome IS NOT NULL',
  problems: "outcome IS NOT NULL AND outcome <> 'equal'",
  equal: "outcome = 'equal'",
  different: "outcome = 'different'",
  'only-here': "outcome = 'only-here'",
  'only-there': "outcome = 'only-there'",
  unclear: "outcome = 'unclear'",
};

/**
 * Both sides of a verification, joined by name, and what came of each. In a database of its
 * own that SQLite keeps in a temporary file and deletes: memory does not grow with the
 * number of names, and neither side needs to come in order.
 */
export class VerifyStore implements Disposable {
  readonly #sqlite = new DatabaseSync('');
  readonly #local: StatementSync;
  readonly #remote: StatementSync;
  readonly #verdict: StatementSync;
  readonly #counts = new Map<VerifyOutcome, number>(OUTCOMES.map((each) => [each, 0]));
  #writes = 0;

  constructor() {
    this.#sqlite.exec(`
      PRAGMA journal_mode = OFF;
      PRAGMA synchronous = OFF;
      PRAGMA cache_size = -4000;
      CREATE TABLE names (
        name TEXT PRIMARY KEY,
        path TEXT, local_size INTEGER, local_modified REAL,
        key TEXT, remote_size INTEGER, etag TEXT,
        outcome TEXT, check_name TEXT, reason TEXT
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX names_outcome ON names(outcome, name);
    `);
    this.#local = this.#sqlite.prepare(
      `INSERT INTO names (name, path, local_size, local_modified) VALUES (?, ?, ?, ?)
        ON CONFLICT (name) DO UPDATE SET path = excluded.path,
        local_size = excluded.local_size, local_modified = excluded.local_modified`,
    );
    this.#remote = this.#sqlite.prepare(
      `INSERT INTO names (name, key, remote_size, etag) VALUES (?, ?, ?, ?)
        ON CONFLICT (name) DO UPDATE SET key = excluded.key,
        remote_size = excluded.remote_size, etag = excluded.etag`,
    );
    this.#verdict = this.#sqlite.prepare(
      'UPDATE names SET outcome = ?, check_name = ?, reason = ? WHERE name = ?',
    );
  }

  addLocal(name: string, path: string, size: number, modified: number): void {
    this.#wrote();
    this.#local.run(name, path, size, modified);
  }

  addRemote(name: string, key: string, size: number, etag: string): void {
    this.#wrote();
    this.#remote.run(name, key, size, etag);
  }

  /** Notes how a name came out that has none yet. */
  settle(name: string, { outcome, check, reason }: Verdict): void {
    this.#wrote();
    this.#verdict.run(outcome, check, reason, name);
    this.#counts.set(outcome, this.count(outcome) + 1);
  }

  /** What lies below a folder that cannot be read is not missing: it is not known. */
  settleBelow(folder: string, { outcome, check, reason }: Verdict): void {
    const { changes } = this.#sqlite
      .prepare(
        `UPDATE names SET outcome = ?, check_name = ?, reason = ?
          WHERE name > ? AND name < ? AND outcome IS NULL AND path IS NULL`,
      )
      .run(outcome, check, reason, `${folder}/`, `${folder}0`);
    this.#counts.set(outcome, this.count(outcome) + Number(changes));
  }

  /** Notes how everything on one side only came out. */
  settleLonely(): void {
    for (const [outcome, where] of [
      ['only-here', 'key IS NULL'],
      ['only-there', 'path IS NULL'],
    ] as const) {
      const { changes } = this.#sqlite
        .prepare(
          `UPDATE names SET outcome = '${outcome}', check_name = '', reason = ''
            WHERE outcome IS NULL AND ${where}`,
        )
        .run();
      this.#counts.set(outcome, this.count(outcome) + Number(changes));
    }
  }

  count(outcome: VerifyOutcome): number {
    return this.#counts.get(outcome) ?? 0;
  }

  /** Names on both sides that were not compared, in order. */
  *pairs(): Generator<Pair> {
    for (let after = ''; ; ) {
      const rows = this.#sqlite
        .prepare(
          `SELECT * FROM names WHERE name > ? AND outcome IS NULL AND path IS NOT NULL
            AND key IS NOT NULL ORDER BY name LIMIT 500`,
        )
        .all(after);
      if (rows.length === 0) return;
      for (const row of rows) {
        after = row['name'] as string;
        yield {
          name: after,
          path: row['path'] as string,
          localSize: row['local_size'] as number,
          localModified: row['local_modified'] as number,
          key: row['key'] as string,
          remoteSize: row['remote_size'] as number,
          etag: row['etag'] as string,
        };
      }
    }
  }

  page(
    filter: VerifyFilter,
    offset: number,
    limit: number,
  ): { readonly total: number; readonly rows: VerifyRow[] } {
    const rows = this.#sqlite
      .prepare(
        `SELECT name, outcome, check_name, reason, local_size, remote_size FROM names
          WHERE ${WHERE[filter]} ORDER BY name LIMIT ? OFFSET ?`,
      )
      .all(limit, offset);
    return {
      total: this.#total(filter),
      rows: rows.map((row) => ({
        name: row['name'] as string,
        outcome: row['outcome'] as VerifyOutcome,
        check: row['check_name'] as string,
        reason: row['reason'] as VerifyReason,
        localSize: row['local_size'] as number | null,
        remoteSize: row['remote_size'] as number | null,
      })),
    };
  }

  [Symbol.dispose](): void {
    if (this.#sqlite.isOpen) this.#sqlite.close();
  }

  #total(filter: VerifyFilter): number {
    if (filter !== 'all' && filter !== 'problems') return this.count(filter);
    let total = 0;
    for (const outcome of OUTCOMES) {
      if (filter === 'all' || outcome !== 'equal') total += this.count(outcome);
    }
    return total;
  }

  /** One transaction for many writes: each by itself would cost a file operation. */
  #wrote(): void {
    if (this.#writes === 0) this.#sqlite.exec('BEGIN');
    this.#writes += 1;
    if (this.#writes < 1_000) return;
    this.#sqlite.exec('COMMIT');
    this.#writes = 0;
  }
}
