import type { DiskPace } from '../files/disk-pace.ts';
import type { Requester } from '../s3/requester.ts';
import type { LeanClient } from './client.ts';
import type { SlabPool } from './slabs.ts';
import type { SmallFileReader } from './small-file.ts';

/** What the calls of one lean connection share. */
export interface LeanContext {
  /** Learns regions, addresses and the clock, and retries, for both paths. */
  readonly requester: Requester;
  readonly client: LeanClient;
  readonly slabs: SlabPool;
  readonly smallFiles: SmallFileReader;
  /** Of this computer. */
  readonly disk: DiskPace;
}
