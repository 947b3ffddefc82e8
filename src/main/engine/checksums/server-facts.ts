import { z } from 'zod';
import type { ResolvedQuirks } from '../../../shared/providers/profile.ts';

/**
 * What an endpoint's own answers taught about it, for where its profile says nothing or
 * something else. `unknown`: it was never seen. A compatibility check writes the same record.
 */
export const ServerFacts = z.object({
  /** Requests with `x-amz-checksum-*` headers. */
  checksumHeaders: z.enum(['unknown', 'accepted', 'refused']).default('unknown'),
  /** ETags of objects sent in one request. */
  etag: z.enum(['unknown', 'md5', 'opaque']).default('unknown'),
  /** ETags of objects sent in parts. */
  multipartEtag: z.enum(['unknown', 'md5', 'opaque']).default('unknown'),
  /** aws-chunked bodies; `stored`: the framing ended up in the object. */
  trailers: z.enum(['unknown', 'decoded', 'refused', 'stored']).default('unknown'),
  /** `If-None-Match: *` on PUT. */
  conditionalPut: z
    .enum(['unknown', 'honoured', 'ignored', 'refused'])
    .default('unknown'),
  /** Uploads in parts with one checksum of the whole (`ChecksumType: FULL_OBJECT`). */
  fullObject: z.enum(['unknown', 'accepted', 'refused']).default('unknown'),
});
export type ServerFacts = z.infer<typeof ServerFacts>;

/** Nothing learnt yet. */
export const NO_FACTS: ServerFacts = {
  checksumHeaders: 'unknown',
  etag: 'unknown',
  multipartEtag: 'unknown',
  trailers: 'unknown',
  conditionalPut: 'unknown',
  fullObject: 'unknown',
};

/** A profile's quirks, corrected by what the server itself showed. */
export interface EffectiveQuirks extends ResolvedQuirks {
  /** Whether ETags of uploads in parts follow from the parts' MD5 sums. */
  readonly multipartEtag: 'md5' | 'opaque';
}

/**
 * The profile's word, overruled by facts. Only what makes requests more careful, or was
 * seen to work, overrules: a server that refused checksums is not sent any, and an ETag
 * seen to be an MD5 sum is used as one.
 */
export function applyFacts(quirks: ResolvedQuirks, facts: ServerFacts): EffectiveQuirks {
  const { checksumHeaders, etag, multipartEtag, trailers, conditionalPut } = facts;
  const refused = checksumHeaders === 'refused';
  return {
    ...quirks,
    checksums: refused ? 'when-required' : quirks.checksums,
    etag: etag === 'unknown' ? quirks.etag : etag,
    multipartEtag: multipartEtag === 'unknown' ? quirks.etag : multipartEtag,
    trailers:
      !refused && (trailers === 'unknown' ? quirks.trailers : trailers === 'decoded'),
    conditionalPut:
      conditionalPut === 'unknown'
        ? quirks.conditionalPut
        : conditionalPut === 'honoured',
    fullObjectChecksums:
      !refused &&
      (facts.fullObject === 'unknown'
        ? quirks.fullObjectChecksums
        : facts.fullObject === 'accepted'),
  };
}

/** Where the engine keeps {@link ServerFacts}, by endpoint (scheme, host and port). */
export interface FactBook {
  read(endpoint: string): ServerFacts;
  /** Notes facts; others stay as they were. */
  learn(endpoint: string, facts: Partial<ServerFacts>): void;
}

/** A book that forgets everything with the process. */
export function createFactBook(): FactBook {
  const known = new Map<string, ServerFacts>();
  return {
    read: (endpoint) => known.get(endpoint) ?? NO_FACTS,
    learn(endpoint, facts) {
      known.set(endpoint, { ...(known.get(endpoint) ?? NO_FACTS), ...facts });
    },
  };
}
