import { open } from 'node:fs/promises';
import { localError } from '../files/local-error.ts';
import type { RunContext } from './run-context.ts';

/**
 * Whether the row's local file and its object have the same bytes from `start` up to `end`.
 * `etag`: the object must still be this one; empty: not known. Throws `AppError`.
 */
export async function compareBytes(
  context: RunContext,
  etag: string,
  start: number,
  end: number,
): Promise<boolean> {
  const { row, connection, gate, signal } = context;
  const { bucket, key } = row;
  // No range is empty.
  if (start >= end) return true;
  const local = Buffer.alloc(end - start);
  const file = row.localPath ?? '';
  try {
    await using handle = await open(file, 'r');
    const { bytesRead } = await handle.read(local, 0, local.length, start);
    if (bytesRead < local.length) return false;
  } catch (error) {
    throw localError(error, file);
  }
  const remote = await gate.request(local.length, signal, async () => {
    const body = await connection.getObject({
      bucket,
      key,
      range: { start, end: end - 1 },
      ...(etag === '' ? {} : { ifMatch: etag }),
      signal,
    });
    return Buffer.concat(await body.stream.toArray());
  });
  return local.equals(remote);
}
