import { z } from 'zod';
import { RequestEntry } from '../domain/request-entry.ts';
import { call, namespace } from './define.ts';

/** The request log: the newest requests of every connection, kept in memory only. */
export const requests = namespace('requests', {
  /** Entries after `after` (0: all that are kept), oldest first. */
  page: call(
    z.strictObject({ after: z.int().min(0), limit: z.int().min(1).max(2_000) }),
    z.strictObject({
      entries: z.array(RequestEntry),
      /** The engine's own count; smaller than `after` once it was started anew. */
      newest: z.int(),
    }),
  ),
  clear: call(z.void(), z.void()),
});
