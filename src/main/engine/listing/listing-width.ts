import type { S3Connection } from '../s3/s3-connection.ts';

/** Requests of one listing at once, on a connection that has many to give. */
const MAX_WIDTH = 10;

/** Requests of one long listing at once: listing must not take all sockets. */
export function listingWidth(connection: Pick<S3Connection, 'draft'>): number {
  return Math.max(1, Math.min(MAX_WIDTH, connection.draft.advanced.maxSockets >> 2));
}
