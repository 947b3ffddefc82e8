import { once } from 'node:events';
import { renameSync, rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Database } from './database.ts';

/** Larger journals are copied beside the engine's thread, bytes. Others take a tenth of a second. */
const MAX_AT_ONCE_BYTES = 16 * 1024 * 1024;

/** Where the copy of a healthy journal is kept. */
export function backupPath(file: string): string {
  return `${file}.bak`;
}

/** Removes what a copy that was not finished left. */
export function removeHalfCopy(file: string): void {
  try {
    rmSync(freshPath(file), { force: true });
  } catch {
    // On Windows nobody removes what is still written: the next one does.
  }
}

/**
 * Writes a consistent copy beside the journal, however long that takes: a second for
 * 300,000 files or so. What is damaged is not copied: it throws.
 */
export function backUp(database: Database): void {
  prepare(database);
  try {
    database.get('VACUUM INTO ?', freshPath(database.path));
    renameSync(freshPath(database.path), backupPath(database.path));
  } catch (error) {
    // Half a copy only makes a full disk fuller.
    removeHalfCopy(database.path);
    throw error;
  }
}

/**
 * As {@link backUp}, but gives up after `ms`: then the earlier copy stays, and the answer is
 * `false`. Nothing may be written meanwhile. SQLite cannot be interrupted from its own
 * thread, so that a long journal is copied in another one, which ends with the process.
 */
export async function backUpWithin(database: Database, ms: number): Promise<boolean> {
  if (ms <= 0) return false;
  prepare(database);
  const { path } = database;
  if (sizeOf(database) <= MAX_AT_ONCE_BYTES) {
    backUp(database);
    return true;
  }
  const worker = new Worker(COPY, { eval: true, workerData: [path, freshPath(path)] });
  const tooLong = new AbortController();
  try {
    // It says what went wrong as an `error`, which rejects this.
    const copied = once(worker, 'exit').then(() => true);
    const late = delay(ms, false, { signal: tooLong.signal });
    late.catch(() => undefined);
    if (!(await Promise.race([copied, late]))) {
      copied.catch(() => undefined);
      worker.unref();
      removeHalfCopy(path);
      return false;
    }
    renameSync(freshPath(path), backupPath(path));
    return true;
  } catch (error) {
    removeHalfCopy(path);
    throw error;
  } finally {
    tooLong.abort();
  }
}

/** Runs by itself, with a connection of its own. */
const COPY = `
  const { workerData: [from, to] } = require('node:worker_threads');
  const { DatabaseSync } = require('node:sqlite');
  const database = new DatabaseSync(from, { readOnly: true });
  database.prepare('VACUUM INTO ?').run(to);
  database.close();
`;

/** In bytes; what is not in the file yet counts. */
function sizeOf(database: Database): number {
  const { page_count: pages } = database.get('PRAGMA page_count') ?? {};
  const { page_size: size } = database.get('PRAGMA page_size') ?? {};
  return Number(pages) * Number(size);
}

function prepare(database: Database): void {
  removeHalfCopy(database.path);
  database.flush();
}

function freshPath(file: string): string {
  return `${backupPath(file)}.new`;
}
