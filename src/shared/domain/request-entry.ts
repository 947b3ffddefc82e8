import { z } from 'zod';

/**
 * One request as the request log shows it: what was asked and how it went. Never a header,
 * a query or anything else that could hold a signature or a secret.
 */
export const RequestEntry = z.strictObject({
  /** Counts up from 1; also across clears. */
  seq: z.int(),
  /** When it was sent, ms since 1970. */
  at: z.number(),
  method: z.string(),
  /** Name of the S3 operation, such as `PutObject`. */
  operation: z.string(),
  bucket: z.string(),
  key: z.string(),
  /** HTTP status; 0: no answer came. */
  status: z.int(),
  /** Milliseconds until the answer, for downloads until its head. */
  ms: z.number(),
  /** The server's name for the request; empty: none. */
  requestId: z.string(),
  /** Bytes of the body that was sent or came. */
  bytes: z.number(),
  /** The server's code, or ours; empty: it went well. */
  error: z.string(),
});
export type RequestEntry = z.infer<typeof RequestEntry>;
