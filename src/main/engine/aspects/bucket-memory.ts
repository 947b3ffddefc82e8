import type { S3Connection } from '../s3/s3-connection.ts';

/** What servers taught while a connection lives, so that it need not be asked again. */
export interface BucketMemory {
  /** A list was refused because the bucket takes none, which nobody could ask before. */
  noteListsOff(connection: S3Connection, bucket: string): void;
  listsAreOff(connection: S3Connection, bucket: string): boolean;
  /** The server has no ownership controls: it answers with a listing, or 501. */
  noteNoOwnership(connection: S3Connection): void;
  hasNoOwnership(connection: S3Connection): boolean;
}

/** Nothing learnt yet. */
export function createBucketMemory(): BucketMemory {
  const off = new WeakMap<S3Connection, Set<string>>();
  const without = new WeakSet<S3Connection>();
  return {
    noteListsOff(connection, bucket) {
      off.set(connection, (off.get(connection) ?? new Set()).add(bucket));
    },
    listsAreOff: (connection, bucket) => off.get(connection)?.has(bucket) === true,
    noteNoOwnership: (connection) => void without.add(connection),
    hasNoOwnership: (connection) => without.has(connection),
  };
}
