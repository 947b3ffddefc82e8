import { createCipheriv, createHash } from 'node:crypto';
import { utimesSync } from 'node:fs';
import type { FaultMatch } from '../../../../tools/s3-server/index.ts';
import type { ConflictAnswer } from '../../../shared/domain/transfer.ts';
import {
  openBench,
  ownServer,
  type TransferBench,
  waitFor,
} from '../transfers/testing.ts';
import type { S3Target } from './s3-target.ts';

/** Two times of files, seconds since 1970. */
export const OLD = 1_500_000_000;
export const NEW = 1_600_000_000;

/** A bench with a bucket, for tests of what becomes of what is there already. */
export interface PolicyBench {
  readonly bench: TransferBench;
  readonly bucket: string;
  /** Puts an object. */
  put(
    key: string,
    body: string | Uint8Array,
    metadata?: Record<string, string>,
  ): Promise<void>;
  /** Makes a file with a time of its own, seconds since 1970; returns its path. */
  fileOf(name: string, content: string | Uint8Array, seconds: number): string;
  textOf(key: string): Promise<string>;
  /** Answers the question that is open. */
  answer(given: ConflictAnswer): Promise<void>;
  /** Holds a request of `start` up, does something, and lets it go on. */
  meanwhile<T>(
    match: FaultMatch,
    start: () => Promise<T>,
    act: () => unknown,
  ): Promise<T>;
  close(): Promise<void>;
}

/** Opens one; `skip` leaves the test out that runs. */
export async function openPolicyBench(
  target: S3Target,
  skip: () => never,
): Promise<PolicyBench> {
  const bucket = await target.makeBucket();
  const bench = openBench(target);
  return {
    bench,
    bucket,
    put: (key, body, metadata) => bench.put(bucket, key, body, metadata),
    fileOf(name, content, seconds) {
      const place = bench.file(name, content);
      utimesSync(place, seconds, seconds);
      return place;
    },
    textOf: async (key) => (await bench.read(bucket, key)).toString(),
    async answer(given) {
      const { handlers } = bench.service;
      const row = await handlers['transfers.nextConflict']();
      if (row === null) throw new Error('nothing asked');
      await handlers['transfers.answerConflict']({
        id: row.id,
        answer: given,
        forAll: false,
      });
    },
    async meanwhile(match, start, act) {
      const server = ownServer(target, skip);
      const before = server.faults.hits.length;
      server.faults.add({ match, times: 1, action: { kind: 'delay', ms: 3_600_000 } });
      const result = await start();
      await waitFor(() => server.faults.hits.length > before || undefined);
      act();
      // Ends the delay, too.
      server.faults.clear();
      return result;
    },
    async close() {
      target.server?.faults.clear();
      await bench.close();
    },
  };
}

/** Bytes that differ everywhere, the same every time. */
export function noise(size: number, seed: string): Buffer {
  const key = createHash('md5').update(seed).digest();
  return createCipheriv('aes-128-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(size));
}
