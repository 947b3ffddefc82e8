import { write as writeAt, writeSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { ObjectBody, SaveTarget } from './s3-connection.ts';

const write = promisify(writeAt);

/** What an `ObjectBody` can do besides being a stream, by reading that stream. */
export function bodyOf(
  stream: Readable,
  length: number,
): Pick<ObjectBody, 'saveTo' | 'bytes' | 'discard'> {
  return {
    saveTo: (target) => save(stream, length, target),
    bytes: () => collect(stream, length),
    discard: () => void stream.destroy(),
  };
}

async function save(stream: Readable, length: number, target: SaveTarget): Promise<void> {
  const { hash, onProgress } = target;
  let position = target.position;
  for await (const chunk of exactly(stream, length)) {
    hash?.update(chunk);
    await writeAll(target, chunk, position);
    position += chunk.length;
    onProgress?.(chunk.length);
  }
}

async function collect(stream: Readable, length: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of exactly(stream, length)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/**
 * The chunks of a stream that has `length` bytes, or `network.reset` where it ends early and
 * `provider.malformed-response` before a byte too many.
 */
async function* exactly(stream: Readable, length: number): AsyncGenerator<Buffer> {
  let received = 0;
  // Errors of whoever takes the chunks do not pass through here.
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  try {
    for (;;) {
      const next = await readNext(chunks);
      if (next.done === true) break;
      received += next.value.length;
      if (received > length) {
        throw new AppError('provider.malformed-response', { params: { length } });
      }
      yield next.value;
    }
  } finally {
    stream.destroy();
  }
  if (received < length) {
    throw new AppError('network.reset', { params: { received, length } });
  }
}

async function readNext(
  chunks: AsyncIterator<Buffer>,
): Promise<IteratorResult<Buffer, unknown>> {
  try {
    return await chunks.next();
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('network.reset', { cause: error });
  }
}

async function writeAll(
  { fd, pace }: SaveTarget,
  chunk: Buffer,
  position: number,
): Promise<void> {
  for (let done = 0; done < chunk.length; ) {
    const at = position + done;
    const left = chunk.length - done;
    if (pace?.quick === true) {
      done += pace.now(() => writeSync(fd, chunk, done, left, at));
      continue;
    }
    const start = performance.now();
    const { bytesWritten } = await write(fd, chunk, done, left, at);
    pace?.took(performance.now() - start);
    done += bytesWritten;
  }
}
