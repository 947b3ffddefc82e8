import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { backupPath } from './back-up.ts';
import type { Database } from './database.ts';
import { GAP } from './row-order.ts';

/**
 * A journal that a newer version wrote cannot be read, and its queue must be there when that
 * version is back. Until then `transfers.db.v18`, a journal of schema 18, stands in for it.
 * Its ids go on after those of the newer one: names of temporary files have them, and the
 * newer version takes its rows over as they are.
 */
export function standInOf(file: string, version: number): string {
  return `${file}.v${version}`;
}

/** A journal that stands in for another one. */
interface StandIn {
  readonly file: string;
  /** Of its schema, as its name says. */
  readonly version: number;
}

/** Tables whose ids are given once and never again, with the last id that each gave. */
const COUNTED = ['groups', 'transfers', 'earlier_states', 'loose_uploads'] as const;
type LastIds = Readonly<Record<(typeof COUNTED)[number], number>>;

const NO_IDS: LastIds = { groups: 0, transfers: 0, earlier_states: 0, loose_uploads: 0 };
/** Beyond the ids of any queue, for one that cannot be read; twice this still works. */
const FAR = 2 ** 28;

/** Rows that belong to a group or a transfer move as they are. */
const ROWS_AS_THEY_ARE = [
  'uploads',
  'downloads',
  'parts',
  'copy_targets',
  'copies',
  'publications',
  'edits',
  'edit_batches',
  'edit_tags',
  'earlier_states',
  'loose_uploads',
] as const;

/** All tables that {@link takeOver} knows of. */
export const TAKEN_TABLES: readonly string[] = [
  'groups',
  'transfers',
  'receipt_places',
  'receipts',
  'servers',
  'keyless_connections',
  'ahead',
  ...ROWS_AS_THEY_ARE,
];

/**
 * Removes our stand-in if newer versions have taken it over, or if it has nothing. Throws
 * when it cannot be removed: nothing in it may run a second time.
 */
export function removeTaken(file: string, version: number): void {
  const own = standInOf(file, version);
  if (!existsSync(own)) return;
  const ids = lastIdsIn(own);
  // Nothing was added to it, or the newer version has it all.
  if (ids !== null && !isAhead(ids, baseOf(file, version))) removeJournal(own);
}

/**
 * Makes a stand-in that has no rows yet begin after the ids of the journals that it must
 * not overlap: the newer one (`file`, or its copy) and the stand-ins of newer versions.
 */
export function seed(database: Database, file: string, version: number): void {
  if (isAhead(lastIdsOf(database, 'main'), NO_IDS)) return;
  noteIds(database, baseOf(file, version));
}

/**
 * Moves what was queued in stand-ins of older versions, and of this one, into the journal
 * of `file`, each at once or not at all, and removes them.
 */
export function takeOver(
  database: Database,
  file: string,
  version: number,
  {
    prepare,
    onFailed,
  }: {
    /** Brings a stand-in to this version's schema and closes it. */
    readonly prepare: (standIn: string) => void;
    /** It could not be taken over: it must be put aside, or this must throw. */
    readonly onFailed: (standIn: string, error: unknown) => void;
  },
): void {
  const found = standInsOf(file).filter(
    (each) => each.version <= version && each.file !== database.path,
  );
  for (const each of found) prepare(each.file);
  // The ids of one that began after another follow those of that one.
  const ordered = found
    .map((each) => ({ ...each, ids: readIds(each.file) }))
    .sort((a, b) => sum(a.ids) - sum(b.ids));
  for (const { file: standIn, ids } of ordered) {
    try {
      if (isAhead(ids, lastIdsOf(database, 'main'))) moveRows(database, standIn);
    } catch (error) {
      onFailed(standIn, error);
      continue;
    }
    try {
      removeJournal(standIn);
    } catch {
      // Its ids tell that it was taken over.
    }
  }
}

function moveRows(database: Database, standIn: string): void {
  database.exec(`ATTACH '${standIn.replaceAll("'", "''")}' AS older`);
  try {
    database.transaction(() => {
      const ids = lastIdsOf(database, 'older');
      for (const sql of movesOf(database, ids.transfers)) database.run(sql);
      noteIds(database, ids);
    });
    database.flush();
  } finally {
    database.exec('DETACH older');
  }
}

/** `mark`: of this stand-in alone. */
function movesOf(database: Database, mark: number): readonly string[] {
  const columns = (table: string): readonly string[] =>
    database.all(`PRAGMA main.table_info(${table})`).map((row) => String(row['name']));
  const copy = (table: string, changed: Readonly<Record<string, string>> = {}) => {
    const names = columns(table);
    const values = names.map((name) => changed[name] ?? name);
    return `INSERT INTO main.${table} (${names.join(', ')})
      SELECT ${values.join(', ')} FROM older.${table}`;
  };
  // They run after what is queued already.
  const first = database.get('SELECT min(position) AS at FROM older.transfers');
  const last = database.get('SELECT max(position) AS at FROM main.transfers');
  const shift = Number(last?.['at'] ?? 0) + GAP - Number(first?.['at'] ?? 0);
  return [
    copy('groups'),
    copy('transfers', { position: `position + ${shift}` }),
    ...ROWS_AS_THEY_ARE.map((table) => copy(table)),
    `INSERT OR IGNORE INTO main.receipt_places (connection_id, bucket, folder)
      SELECT connection_id, bucket, folder FROM older.receipt_places`,
    copy('receipts', {
      place_id: `(SELECT here.id FROM main.receipt_places AS here
        JOIN older.receipt_places AS there USING (connection_id, bucket, folder)
        WHERE there.id = older.receipts.place_id)`,
    }),
    `INSERT OR IGNORE INTO main.servers SELECT * FROM older.servers`,
    `INSERT OR IGNORE INTO main.keyless_connections
      SELECT * FROM older.keyless_connections`,
    copy('ahead', { queue: `'older ${mark} ' || queue` }),
  ];
}

/** Ids up to these are not given any more. */
function noteIds(database: Database, ids: LastIds): void {
  database.transaction(() => {
    const now = lastIdsOf(database, 'main');
    for (const table of COUNTED) {
      database.run('DELETE FROM main.sqlite_sequence WHERE name = ?', table);
      const seq = Math.max(now[table], ids[table]);
      database.run('INSERT INTO main.sqlite_sequence VALUES (?, ?)', table, seq);
    }
  });
}

/** The last ids of all that a stand-in of this version must not overlap. */
function baseOf(file: string, version: number): LastIds {
  const newer = standInsOf(file).filter((each) => each.version > version);
  const main = existsSync(file) ? file : backupPath(file);
  return [main, ...newer.map((each) => each.file)]
    .map((each) => lastIdsIn(each) ?? mapIds(() => FAR))
    .reduce((a, b) => mapIds((table) => Math.max(a[table], b[table])), NO_IDS);
}

function lastIdsIn(file: string): LastIds | null {
  try {
    return readIds(file);
  } catch {
    return null;
  }
}

function readIds(file: string): LastIds {
  using journal = new DatabaseSync(file, { readOnly: true });
  return idsOf(journal.prepare('SELECT name, seq FROM sqlite_sequence').all());
}

function lastIdsOf(database: Database, schema: 'main' | 'older'): LastIds {
  return idsOf(database.all(`SELECT name, seq FROM ${schema}.sqlite_sequence`));
}

function idsOf(rows: readonly Readonly<Record<string, unknown>>[]): LastIds {
  const found = new Map(rows.map((row) => [row['name'], Number(row['seq'])]));
  return mapIds((table) => found.get(table) ?? 0);
}

function mapIds(idOf: (table: keyof LastIds) => number): LastIds {
  return {
    groups: idOf('groups'),
    transfers: idOf('transfers'),
    earlier_states: idOf('earlier_states'),
    loose_uploads: idOf('loose_uploads'),
  };
}

function isAhead(ids: LastIds, of: LastIds): boolean {
  return COUNTED.some((table) => ids[table] > of[table]);
}

function sum(ids: LastIds): number {
  return COUNTED.reduce((total, table) => total + ids[table], 0);
}

function standInsOf(file: string): readonly StandIn[] {
  const { dir, base } = path.parse(file);
  return readdirSync(dir).flatMap((name) => {
    if (!name.startsWith(`${base}.v`)) return [];
    const digits = name.slice(base.length + 2);
    if (!/^\d{1,9}$/.test(digits)) return [];
    return [{ file: path.join(dir, name), version: Number(digits) }];
  });
}

function removeJournal(file: string): void {
  rmSync(backupPath(file), { force: true });
  removeDatabase(file);
}

/** Removes a database. The file itself last: without it the others are nothing. */
export function removeDatabase(file: string): void {
  for (const suffix of ['-wal', '-shm', '']) rmSync(file + suffix, { force: true });
}
