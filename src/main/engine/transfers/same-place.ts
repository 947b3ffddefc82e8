import type { S3Connection } from '../s3/s3-connection.ts';

/** Amazon's endpoints; names of buckets are unique within each of its partitions. */
const AMAZON = /(?:^|\.)(amazonaws\.com(?:\.cn)?)$/;

/**
 * Whether two connections reach the same server, so that a bucket of one name is one
 * bucket. `false` does not prove the opposite: a server may have several names.
 */
export function isSameServer(a: S3Connection, b: S3Connection): boolean {
  return serverOf(a) === serverOf(b);
}

/** The name under which a connection reaches its server. */
export function serverOf({ draft }: S3Connection): string {
  const { host, hostname } = new URL(draft.endpoint);
  return AMAZON.exec(hostname)?.[1] ?? host;
}
