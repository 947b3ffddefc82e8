import { copyFileSync, existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../../../shared/errors/app-error.ts';
import { backUp, backupPath, removeHalfCopy } from './back-up.ts';
import { Database } from './database.ts';
import { MIGRATIONS } from './migrations.ts';
import { isBusy, isOutsideCause } from './sqlite-codes.ts';
import { removeDatabase, removeTaken, seed, standInOf, takeOver } from './stand-in.ts';

/** An open journal, and what the user should hear about it. */
export interface OpenedDatabase {
  readonly database: Database;
  /**
   * `storage.corrupt` when the journal had to be replaced; `params.restored` tells by what.
   * `storage.newer` when a newer version wrote it; it stays as it is.
   */
  readonly notice: AppError | null;
}

/** A newer version wrote the journal. */
class NewerJournal extends Error {}

const BUSY_TRIES = 3;
/** Larger journals are checked only where they are read. */
const MAX_CHECKED_BYTES = 64 * 1024 * 1024;

/**
 * Opens the journal. If it cannot be read: tries again while it is busy, then takes the
 * backup made before the last migration or at the last clean end, then moves the file
 * aside as `.corrupt-<time>` and starts an empty one. One that a newer version wrote is
 * left alone, and another file stands in for it, which that version takes over; see
 * stand-in.ts. Throws `storage.write-failed` when not even that works.
 */
export function openDatabase(
  file: string,
  now: () => number,
  migrations: readonly string[] = MIGRATIONS,
): OpenedDatabase {
  mkdirSync(path.dirname(file), { recursive: true });
  let opened: OpenedDatabase;
  try {
    opened = openOwn(file, now, migrations);
  } catch (error) {
    if (!(error instanceof NewerJournal)) throw error;
    opened = openStandIn(file, now, migrations, error);
  }
  try {
    const lost = takeOverOlder(opened.database, file, now, migrations);
    return lost === null ? opened : { ...opened, notice: lost };
  } catch (error) {
    opened.database.close();
    if (!isOutsideCause(error)) throw error;
    throw new AppError('storage.write-failed', { params: { file }, cause: error });
  }
}

/** Opens what is used as long as only a newer version can read the journal. */
function openStandIn(
  file: string,
  now: () => number,
  migrations: readonly string[],
  cause: unknown,
): OpenedDatabase {
  const { length: version } = migrations;
  const standIn = standInOf(file, version);
  try {
    removeTaken(file, version);
  } catch (error) {
    const params = { file: standIn };
    throw new AppError('storage.write-failed', { params, cause: error });
  }
  const { database, notice } = openOwn(standIn, now, migrations);
  try {
    seed(database, file, version);
    database.flush();
  } catch (error) {
    database.close();
    throw error;
  }
  const newer = new AppError('storage.newer', { params: { file }, cause });
  return { database, notice: notice ?? newer };
}

/** Answers what to tell when a queue could not be taken over. */
function takeOverOlder(
  database: Database,
  file: string,
  now: () => number,
  migrations: readonly string[],
): AppError | null {
  let notice: AppError | null = null;
  takeOver(database, file, migrations.length, {
    prepare: (standIn) => {
      const older = openOwn(standIn, now, migrations);
      older.database.close();
      notice ??= older.notice;
    },
    onFailed: (standIn, error) => {
      if (isOutsideCause(error) || error instanceof AppError) throw error;
      const aside = `${standIn}.corrupt-${now()}`;
      moveAside(standIn, aside);
      notice = corruptNotice(aside, false, error);
    },
  });
  return notice;
}

/** Opens one file, or what can take its place. Throws `NewerJournal`. */
function openOwn(
  file: string,
  now: () => number,
  migrations: readonly string[],
): OpenedDatabase {
  // An engine that was ended while it made a copy left what nobody needs.
  removeHalfCopy(file);
  // Whoever made a copy had a queue: a crash, a cleaner or a disk took it away.
  if (isGone(file) && existsSync(backupPath(file))) {
    return replaceCorrupt(file, now(), migrations, new Error('The journal is gone.'));
  }
  try {
    return { database: openAndMigrate(file, migrations), notice: null };
  } catch (error) {
    if (error instanceof NewerJournal) throw error;
    if (isOutsideCause(error)) {
      throw new AppError('storage.write-failed', { params: { file }, cause: error });
    }
    return replaceCorrupt(file, now(), migrations, error);
  }
}

/** Missing, or without content as after a power failure. */
function isGone(file: string): boolean {
  return !existsSync(file) || statSync(file).size === 0;
}

function replaceCorrupt(
  file: string,
  time: number,
  migrations: readonly string[],
  cause: unknown,
): OpenedDatabase {
  const aside = `${file}.corrupt-${time}`;
  try {
    moveAside(file, aside);
    const backup = backupPath(file);
    if (existsSync(backup)) {
      try {
        copyFileSync(backup, file);
        const database = openAndMigrate(file, migrations);
        holdBack(database);
        return { database, notice: corruptNotice(aside, true, cause) };
      } catch (error) {
        // The newer version finds its copy, and brings its queue back from it.
        if (error instanceof NewerJournal) {
          removeDatabase(file);
          throw error;
        }
        moveAside(file, `${aside}-bak`);
      }
    }
    return {
      database: openAndMigrate(file, migrations),
      notice: corruptNotice(aside, false, cause),
    };
  } catch (error) {
    if (error instanceof NewerJournal) throw error;
    throw new AppError('storage.write-failed', { params: { file }, cause: error });
  }
}

/**
 * A copy is older than the queue was: what it calls unfinished may be done, and things may
 * have been put where it would delete. Nothing runs until the user looked at it.
 */
function holdBack(database: Database): void {
  try {
    database.exec(`
      UPDATE transfers SET state = 'paused', state_rank = 3, attempt = max(attempt, 1),
        wait_reason = NULL, wait_until = NULL
        WHERE state IN ('running', 'waiting', 'queued');
      UPDATE groups SET paused = 1 WHERE planned = 0;
    `);
  } catch (error) {
    database.close();
    throw error;
  }
}

function corruptNotice(aside: string, restored: boolean, cause: unknown): AppError {
  return new AppError('storage.corrupt', { params: { file: aside, restored }, cause });
}

function moveAside(file: string, aside: string): void {
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix);
  }
}

function openAndMigrate(file: string, migrations: readonly string[]): Database {
  const database = openPatiently(file);
  try {
    // First of all: what else is in it may mean something else than it does here.
    if (versionOf(database) > migrations.length) throw new NewerJournal();
    // Reading all of a very long queue would hold up the start.
    const small = statSync(file).size <= MAX_CHECKED_BYTES;
    const row = small ? database.get('PRAGMA quick_check(1)') : { result: 'ok' };
    if (row === undefined || Object.values(row)[0] !== 'ok') {
      throw new Error('The journal is damaged.');
    }
    migrate(database, migrations);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function openPatiently(file: string): Database {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return new Database(file);
    } catch (error) {
      // Each try already waited for busy_timeout inside SQLite.
      if (!isBusy(error) || attempt >= BUSY_TRIES) throw error;
    }
  }
}

function versionOf(database: Database): number {
  return Number(database.get('PRAGMA user_version')?.['user_version'] ?? 0);
}

function migrate(database: Database, migrations: readonly string[]): void {
  const version = versionOf(database);
  if (version === migrations.length) return;
  if (version > 0) backUp(database);
  for (const [index, sql] of migrations.entries()) {
    if (index < version) continue;
    database.exec(`BEGIN; ${sql}; PRAGMA user_version = ${index + 1}; COMMIT;`);
  }
}
