import type { Credentials } from '../../src/shared/contract/engine.ts';
import type { Digest } from './content.ts';

/** Everything a server holds, for the comparison at the end. */
export interface ServerContents {
  /** By `bucket/key`. */
  readonly objects: Readonly<Record<string, Digest>>;
  /** Multipart uploads that are open, in words. */
  readonly uploads: readonly string[];
}

/** The server behind the proxy. */
export interface TortureServer {
  /** Where it listens on 127.0.0.1. */
  readonly port: number;
  /** The only credentials that are valid now. */
  readonly credentials: Credentials;
  /** The two buckets of the run. */
  readonly buckets: readonly string[];
  /** Starts what has to be started and makes the buckets. */
  start(): Promise<void>;
  /** Makes objects past the proxy. */
  seed(
    bucket: string,
    entries: readonly { readonly key: string; readonly body: Buffer }[],
  ): Promise<void>;
  inspect(): Promise<ServerContents>;
  /** Ends it, or removes what the run left on it. */
  close(): Promise<void>;
}
