import type { CountResult, RemoteItem } from '../../../shared/domain/listing.ts';
import type { S3Connection } from '../s3/s3-connection.ts';

/** Options of {@link countObjects}. */
export interface CountOptions {
  readonly connection: S3Connection;
  readonly bucket: string;
  readonly items: readonly RemoteItem[];
  /** Stop after so many objects. */
  readonly limit: number;
  readonly signal: AbortSignal;
  /** Wall clock, ms. */
  readonly now: () => number;
  readonly onProgress: (objects: number, bytes: number) => void;
}

/** At most ten reports a second. */
const REPORT_MS = 100;
/** Sizes of single objects asked for at a time. */
const PARALLEL_HEADS = 8;

/** Counts objects and bytes under a selection by listing its folders to the end. */
export async function countObjects(options: CountOptions): Promise<CountResult> {
  const { connection, bucket, signal, limit } = options;
  let objects = 0;
  let bytes = 0;
  let failed = false;
  let reported = options.now();

  function add(count: number, size: number): void {
    objects += count;
    bytes += size;
    const now = options.now();
    if (now - reported < REPORT_MS) return;
    reported = now;
    options.onProgress(objects, bytes);
  }

  const files = options.items.filter((item) => !item.folder);
  const heads = files.values();
  async function sizeFiles(): Promise<void> {
    for (const { key } of heads) {
      if (failed || objects >= limit) return;
      try {
        add(1, await sizeOf(connection, bucket, key, signal));
      } catch (error) {
        // The others must not go on asking for an answer nobody waits for.
        failed = true;
        throw error;
      }
    }
  }
  await Promise.all(Array.from({ length: PARALLEL_HEADS }, sizeFiles));

  for (const { key } of options.items.filter((item) => item.folder)) {
    for (let cursor: string | null = null; ; ) {
      if (objects >= limit) return { objects, bytes, complete: false };
      const page = await connection.listPage({
        bucket,
        prefix: key,
        delimiter: '',
        cursor,
        signal,
      });
      const room = Math.min(page.keys.length, limit - objects);
      add(
        room,
        page.sizes.subarray(0, room).reduce((sum, size) => sum + size, 0),
      );
      if (room < page.keys.length) return { objects, bytes, complete: false };
      cursor = page.cursor;
      if (cursor === null) break;
    }
  }
  return { objects, bytes, complete: files.length <= objects };
}

/** One page that starts with the key: unlike HEAD it needs no right to read the object. */
async function sizeOf(
  connection: S3Connection,
  bucket: string,
  key: string,
  signal: AbortSignal,
): Promise<number> {
  const page = await connection.listPage({
    bucket,
    prefix: key,
    delimiter: '',
    cursor: null,
    maxKeys: 1,
    signal,
  });
  return page.keys[0] === key ? (page.sizes[0] ?? 0) : 0;
}
