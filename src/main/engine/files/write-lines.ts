import { open, rename, rm } from 'node:fs/promises';
import { localError } from './local-error.ts';

/** Characters written at a time. */
const CHUNK = 256 * 1024;

/**
 * Writes text to a file that appears whole or not at all, replacing what was there. Returns
 * how many pieces there were. Throws `local.*`.
 */
export async function writeLines(path: string, lines: Iterable<string>): Promise<number> {
  const temp = `${path}.part`;
  let count = 0;
  try {
    await using file = await open(temp, 'w');
    let text = '';
    for (const line of lines) {
      text += line;
      count += 1;
      if (text.length < CHUNK) continue;
      await file.writeFile(text);
      text = '';
    }
    await file.writeFile(text);
    await file.sync();
  } catch (error) {
    await rm(temp, { force: true }).catch(() => undefined);
    throw localError(error, path);
  }
  try {
    await rename(temp, path);
  } catch (error) {
    await rm(temp, { force: true }).catch(() => undefined);
    throw localError(error, path);
  }
  return count;
}
