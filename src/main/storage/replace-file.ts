import { dirname } from 'node:path';
import { AppError } from '../../shared/errors/app-error.ts';
import type { FileOperations } from './file-operations.ts';

/**
 * Writes beside, keeps the old file as `.bak` if told to, then renames into place: at every
 * moment the old or the new contents are there. Throws `storage.write-failed`.
 */
export async function replaceFile(
  files: FileOperations,
  path: string,
  text: string,
  keepBackup: boolean,
): Promise<void> {
  const temporary = `${path}.tmp-${files.unique()}`;
  const backup = `${path}.bak-${files.unique()}`;
  try {
    await files.writeSynced(temporary, text);
    if (keepBackup) {
      // Copied, not renamed: there is no moment without the file itself.
      await files.copy(path, backup);
      await files.rename(backup, `${path}.bak`);
    }
    await files.rename(temporary, path);
    await files.syncFolder(dirname(path));
  } catch (error) {
    await Promise.allSettled([files.remove(temporary), files.remove(backup)]);
    throw new AppError('storage.write-failed', { params: { path }, cause: error });
  }
}
