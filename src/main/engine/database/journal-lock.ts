import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AppError } from '../../../shared/errors/app-error.ts';
import { isBusy } from './sqlite-codes.ts';

/** How long an engine that is asked to stop may take, and a little more, ms. */
const WAIT_MS = 6_000;

/**
 * Makes sure that one engine at a time works with a journal: one that hangs or is about to
 * end may live on when the app was killed and is started again. What is held is a lock of
 * the operating system on an empty database beside the journal: it ends with the process,
 * however that ends. Waits for another holder for `waitMs` at most. Throws
 * `storage.in-use`, and `storage.write-failed` when there can be no such file.
 */
export function lockJournal(file: string, waitMs: number = WAIT_MS): Disposable {
  const lock = `${file}.lock`;
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    try {
      return hold(lock, waitMs);
    } catch (error) {
      if (isBusy(error)) throw error;
      // Something else has that name: nobody can hold it.
      rmSync(lock, { force: true });
      return hold(lock, waitMs);
    }
  } catch (error) {
    const code = isBusy(error) ? 'storage.in-use' : 'storage.write-failed';
    throw new AppError(code, { params: { file }, cause: error });
  }
}

function hold(lock: string, waitMs: number): Disposable {
  const database = new DatabaseSync(lock, { timeout: waitMs });
  try {
    // Nothing is written, so that there is nothing to clean up.
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    throw error;
  }
  return {
    [Symbol.dispose]: () => {
      if (database.isOpen) database.close();
    },
  };
}
