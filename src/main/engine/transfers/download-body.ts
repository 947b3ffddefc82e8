import type { Hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { AppError } from '../../../shared/errors/app-error.ts';
import { localError } from '../files/local-error.ts';
import type { ObjectBody } from '../s3/s3-connection.ts';
import { throwIfStopped } from './run-context.ts';

/** Where the bytes of a body go. */
export interface BodyTarget {
  readonly handle: FileHandle;
  readonly path: string;
  /** Offset in the file of the body's first byte. */
  readonly position: number;
  /** Sees every byte in order, when given. */
  readonly hash?: Hash | undefined;
  readonly onProgress: (bytes: number) => void;
}

/**
 * Writes a body to a file. Throws `network.reset` for a body that ends early; what came
 * was written. Never writes more than the body's stated length.
 */
export async function writeBody(
  body: ObjectBody,
  target: BodyTarget,
  signal: AbortSignal,
): Promise<void> {
  const { stream, length } = body;
  const onAbort = (): void => {
    stream.destroy();
  };
  signal.addEventListener('abort', onAbort, { once: true });
  let received = 0;
  try {
    throwIfStopped(signal);
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      if (received + chunk.length > length) {
        throw new AppError('provider.malformed-response', { params: { length } });
      }
      target.hash?.update(chunk);
      await writeAll(target, chunk, target.position + received);
      received += chunk.length;
      target.onProgress(chunk.length);
    }
  } catch (error) {
    throwIfStopped(signal);
    if (error instanceof AppError) throw error;
    throw new AppError('network.reset', { cause: error });
  } finally {
    signal.removeEventListener('abort', onAbort);
    stream.destroy();
  }
  throwIfStopped(signal);
  if (received < length) {
    throw new AppError('network.reset', { params: { received, length } });
  }
}

async function writeAll(
  target: BodyTarget,
  chunk: Buffer,
  position: number,
): Promise<void> {
  try {
    let written = 0;
    while (written < chunk.length) {
      const { bytesWritten } = await target.handle.write(
        chunk,
        written,
        chunk.length - written,
        position + written,
      );
      written += bytesWritten;
    }
  } catch (error) {
    throw localError(error, target.path);
  }
}
