import type { FileHandle } from 'node:fs/promises';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { DiskPace } from '../files/disk-pace.ts';
import { localError } from '../files/local-error.ts';
import type { ObjectBody, SaveTarget } from '../s3/s3-connection.ts';
import { throwIfStopped } from './run-context.ts';

/** Where the bytes of a body go. */
export interface BodyTarget {
  readonly handle: FileHandle;
  readonly path: string;
  /** Offset in the file of the body's first byte. */
  readonly position: number;
  /** Sees every byte in order, when given. */
  readonly hash?: SaveTarget['hash'];
  readonly onProgress: (bytes: number) => void;
  readonly pace?: DiskPace | undefined;
}

/**
 * Writes a body to a file. Throws `network.reset` for a body that ends early; what came
 * was written. Never writes more than the body's stated length. `local.…` is about `path`.
 */
export async function writeBody(
  body: ObjectBody,
  target: BodyTarget,
  signal: AbortSignal,
): Promise<void> {
  const onAbort = (): void => body.discard();
  signal.addEventListener('abort', onAbort, { once: true });
  const { handle, path, position, hash, onProgress, pace } = target;
  try {
    throwIfStopped(signal);
    await body.saveTo({ fd: handle.fd, position, hash, onProgress, pace });
  } catch (error) {
    throwIfStopped(signal);
    throw error instanceof AppError ? error : localError(error, path);
  } finally {
    signal.removeEventListener('abort', onAbort);
    body.discard();
  }
  throwIfStopped(signal);
}
