import { z } from 'zod';
import { BucketName, ConnectionId, LocalPath, Prefix } from '../domain/ids.ts';
import { VerifyFilter, VerifyRow, VerifyStatus } from '../domain/verify.ts';
import { call, namespace } from './define.ts';

const VerifyId = z.strictObject({ verifyId: z.string().min(1).max(64) });

/** Holding a local folder against a prefix of a bucket. Reads only, on both sides. */
export const verify = namespace('verify', {
  start: call(
    z.strictObject({
      connectionId: ConnectionId,
      bucket: BucketName,
      /** Empty, or ending in `/`. */
      prefix: Prefix,
      folder: LocalPath,
    }),
    VerifyId,
  ),
  /** `null`: there is none of this name, or no more. */
  status: call(VerifyId, VerifyStatus.nullable()),
  /** Results so far, by name. */
  page: call(
    VerifyId.extend({
      filter: VerifyFilter,
      offset: z.int().min(0),
      limit: z.int().min(1).max(500),
    }),
    z.strictObject({ total: z.int(), rows: z.array(VerifyRow) }),
  ),
  /** Ends it; its results stay. */
  cancel: call(VerifyId, z.void()),
  /** Ends it and forgets its results. */
  close: call(VerifyId, z.void()),
  /** Asks for a file and writes the results. `path` null: the user changed their mind. */
  export: call(
    VerifyId.extend({ format: z.enum(['csv']), filter: VerifyFilter }),
    z.strictObject({ path: z.string().nullable(), rows: z.int() }),
  ),
});
