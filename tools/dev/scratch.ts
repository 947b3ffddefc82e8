import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Removes a folder when this process ends, also by Ctrl+C under Playwright. */
export function removeAtExit(folder: string): void {
  process.once('exit', () => {
    try {
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    } catch {
      // Windows may still hold a file of the app; the system's temporary folder it is.
    }
  });
}

/** Makes a temporary folder that goes when this process ends. */
export async function makeScratch(prefix: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), prefix));
  removeAtExit(folder);
  return folder;
}
