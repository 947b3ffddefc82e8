import type { FileHandle } from 'node:fs/promises';
import { markAsDownloaded } from './downloaded-mark.ts';
import { type FileIdentity, identityOf } from './file-identity.ts';
import { localError } from './local-error.ts';
import type { NameRules } from './safe-name.ts';
import { type NameClaim, takeName } from './take-name.ts';

/** How a finished file gets its name. */
export interface Publishing {
  /** ms since 1970; `null`: as it was written. */
  readonly modified: number | null;
  readonly rules: Pick<NameRules, 'windows'>;
  /** Whether its content is forced to the disk first, in case the power fails. */
  readonly durable: boolean;
  /** What it may do to whatever has the name. */
  readonly claim: NameClaim;
  /** Hears which file it is right before that gets its name. */
  readonly onReady?: (file: FileIdentity) => void;
}

/**
 * Gives a finished temporary file its name, marked as a download on Windows, and closes it.
 * With `durable`, the content is on the disk before the name is, so that a crash leaves the
 * old file or the new one, never a torn one. Throws `local.…`, or `conflict.exists` where
 * the claim does not cover what has the name.
 */
export async function publish(
  handle: FileHandle,
  temp: string,
  target: string,
  { modified, rules, durable, claim, onReady }: Publishing,
): Promise<void> {
  try {
    await markAsDownloaded(temp, rules.windows);
    if (modified !== null) {
      const time = fileTime(modified);
      await handle.utimes(time, time);
    }
    if (durable) await handle.sync();
    onReady?.(identityOf(await handle.stat({ bigint: true })));
    await handle.close();
    await takeName(temp, target, claim);
  } catch (error) {
    // A second close of a closed file does nothing.
    await handle.close().catch(() => undefined);
    throw localError(error, target);
  }
}

/** A time in ms since 1970 for a file: Node takes a negative number for the time it is now. */
export function fileTime(modified: number): Date {
  return new Date(modified);
}
