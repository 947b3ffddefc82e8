import { readFile, stat, writeFile } from 'node:fs/promises';
import { AppError } from '../../shared/errors/app-error.ts';
import { isMissing } from '../storage/file-operations.ts';

/**
 * Writes a text where the user wants it, for them alone to read.
 *
 * @throws AppError `storage.write-failed`
 */
export async function writeTextFile(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { mode: 0o600 });
  } catch (error) {
    throw new AppError('storage.write-failed', { params: { path }, cause: error });
  }
}

/**
 * Reads a text the user chose, of at most `maxBytes`.
 *
 * @throws AppError `input.invalid` when it is longer or not UTF-8, `local.not-found`,
 *   `local.io`
 */
export async function readTextFile(path: string, maxBytes: number): Promise<string> {
  try {
    if ((await stat(path)).size > maxBytes) throw invalidFile();
    const bytes = await readFile(path);
    // A file may have grown since, and some have no size, such as devices.
    if (bytes.length > maxBytes) throw invalidFile();
    return decode(bytes);
  } catch (error) {
    if (error instanceof AppError) throw error;
    const code = isMissing(error) ? 'local.not-found' : 'local.io';
    throw new AppError(code, { params: { path }, cause: error });
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw invalidFile();
  }
}

function invalidFile(): AppError {
  return new AppError('input.invalid', { params: { field: 'file' } });
}
