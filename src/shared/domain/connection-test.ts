import { z } from 'zod';
import { SerializedAppError } from '../errors/app-error.ts';

/** Stages of a connection test, in order. */
export const TestStageName = z.enum([
  'name',
  'tls',
  'clock',
  'signature',
  'list',
  'read',
]);
export type TestStageName = z.infer<typeof TestStageName>;

/**
 * Outcome of a stage. `limited` is fine but worth saying, such as "may not list buckets";
 * `skipped` because an earlier stage failed or it does not apply (TLS over http).
 */
export const TestStage = z.strictObject({
  name: TestStageName,
  outcome: z.enum(['running', 'passed', 'limited', 'failed', 'skipped']),
  ms: z.number(),
  /** Key of the text catalogue's `connectionTest` messages that explains the outcome. */
  detail: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  error: SerializedAppError.nullable(),
});
export type TestStage = z.infer<typeof TestStage>;

/** The whole test. `ok`: one can work with this connection. */
export const TestReport = z.strictObject({
  ok: z.boolean(),
  stages: z.array(TestStage),
  /** Region the server told us, when it differs from the one asked with. */
  learntRegion: z.string().nullable(),
});
export type TestReport = z.infer<typeof TestReport>;
