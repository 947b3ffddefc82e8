import { writeFile } from 'node:fs/promises';

/** Name of the alternate data stream in which Windows keeps where a file came from. */
const STREAM = ':Zone.Identifier';
/**
 * Zone 3 is the internet. The server's address stays out of it: the mark travels along
 * when the file is copied or zipped.
 * https://learn.microsoft.com/openspecs/windows_protocols/ms-fscc/6e3f7352-d11c-4d76-8c39-2516a9df36e8
 */
const INTERNET = '[ZoneTransfer]\r\nZoneId=3\r\n';

/**
 * Marks a file as coming from the internet, so that Windows asks before it runs. Nothing
 * elsewhere: macOS marks the files of apps that say so in their Info.plist. File systems
 * without streams (FAT, some network drives) take no mark, as with any browser.
 */
export async function markAsDownloaded(path: string, windows: boolean): Promise<void> {
  if (!windows) return;
  try {
    await writeFile(`${path}${STREAM}`, INTERNET);
  } catch {
    // The file itself is whole; a failure here must not make it look broken.
  }
}
