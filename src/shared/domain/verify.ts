import { z } from 'zod';
import { SerializedAppError } from '../errors/app-error.ts';

/** How an object and a local file compare; `unclear`: it cannot be told, with a reason. */
export const VerifyOutcome = z.enum([
  'equal',
  'different',
  'only-here',
  'only-there',
  'unclear',
]);
export type VerifyOutcome = z.infer<typeof VerifyOutcome>;

/** Why two things could not be compared, or in what they differ. */
export const VerifyReason = z.enum([
  '',
  'size',
  'content',
  'no-checksum',
  'unknown-parts',
  'encrypted',
  'object-changed',
  'file-changed',
  'denied',
  'unreadable',
  'name',
  'failed',
]);
export type VerifyReason = z.infer<typeof VerifyReason>;

/** One name of a verification. */
export const VerifyRow = z.strictObject({
  /** Relative to the folder and the prefix, with `/`. */
  name: z.string(),
  outcome: VerifyOutcome,
  /** What it was compared by: a name as in `TransferRow.integrity`, `receipt`, or empty. */
  check: z.string(),
  reason: VerifyReason,
  /** Bytes; `null`: not there. */
  localSize: z.number().nullable(),
  remoteSize: z.number().nullable(),
});
export type VerifyRow = z.infer<typeof VerifyRow>;

/** Where a verification stands. */
export const VerifyStatus = z.strictObject({
  state: z.enum(['running', 'done', 'cancelled', 'failed']),
  error: SerializedAppError.nullable(),
  /** Objects listed and files found so far. */
  objects: z.int(),
  files: z.int(),
  equal: z.int(),
  different: z.int(),
  onlyHere: z.int(),
  onlyThere: z.int(),
  unclear: z.int(),
  /** Bytes of local files that were read. */
  bytesRead: z.number(),
  /** What is read now; empty: nothing. */
  current: z.string(),
});
export type VerifyStatus = z.infer<typeof VerifyStatus>;

/** Which rows of a verification to show. */
export const VerifyFilter = z.enum([
  'problems',
  'different',
  'only-here',
  'only-there',
  'unclear',
  'equal',
  'all',
]);
export type VerifyFilter = z.infer<typeof VerifyFilter>;
