import type { Cancellable, ObjectRef } from '../s3/s3-connection.ts';
import type { LeanRequest } from './client.ts';
import type { LeanContext } from './context.ts';
import { EMPTY_SHA256, type Header } from './signer.ts';

/** What a request without a body says besides its place. */
export interface Asking {
  readonly method: 'GET' | 'HEAD';
  /** Encoded and sorted, without `?`; empty: none. */
  readonly query: string;
  readonly headers: readonly Header[];
  /** Server's clock minus ours, ms. */
  readonly clockOffset: number;
}

/** A request that only asks: it has no body and may be repeated. An empty key: the bucket. */
export function bodiless(
  { requester }: LeanContext,
  { bucket, key, signal }: ObjectRef & Cancellable,
  { method, query, headers, clockOffset }: Asking,
): LeanRequest {
  return {
    method,
    route: requester.route(bucket),
    bucket,
    key,
    query,
    headers,
    sha256: EMPTY_SHA256,
    clockOffset,
    signal,
    repeatable: true,
    length: null,
    body: null,
  };
}
