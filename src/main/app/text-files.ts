import { access, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from '../../shared/errors/app-error.ts';
import { type FileOperations, isMissing } from '../storage/file-operations.ts';
import { replaceFile } from '../storage/replace-file.ts';

/**
 * Writes a text where the user wants it, for them alone to read. It appears whole or not at
 * all: a disk that is full does not cost what was there.
 *
 * @throws AppError `storage.write-failed`
 */
export async function writeTextFile(
  files: FileOperations,
  path: string,
  text: string,
): Promise<void> {
  try {
    // A folder that is gone, as with a disk that was ejected, is not made anew.
    await access(dirname(path));
  } catch (error) {
    throw new AppError('storage.write-failed', { params: { path }, cause: error });
  }
  await replaceFile(files, path, text, false);
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
