import type { S3Server } from '../../../../tools/s3-server/index.ts';
import { openBench, type TransferBench } from '../transfers/testing.ts';
import { openS3Target, type S3Target } from './s3-target.ts';

/** A bench on a server of our own with a bucket, both new. */
export interface ServerBench {
  readonly target: S3Target;
  readonly server: S3Server;
  readonly bench: TransferBench;
  readonly bucket: string;
  /** Ends the server's faults before the bench, which would wait for them. */
  close(): Promise<void>;
}

/**
 * Opens one, `options` as in {@link openBench}; `skip` leaves the test out that runs where
 * another server was given.
 */
export async function openServerBench(
  skip: () => never,
  options: Parameters<typeof openBench>[1] = {},
): Promise<ServerBench> {
  const target = await openS3Target();
  const { server } = target;
  if (server === null) {
    await target.close();
    return skip();
  }
  const bucket = await target.makeBucket();
  const bench = openBench(target, options);
  return {
    target,
    server,
    bench,
    bucket,
    async close() {
      server.faults.clear();
      await bench.close();
      await target.close();
    },
  };
}
