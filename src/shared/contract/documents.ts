import { z } from 'zod';
import { call, namespace } from './define.ts';

/** Documents that are opened and saved as files of their own. */
export const DocumentKind = z.enum(['cors', 'links']);
export type DocumentKind = z.infer<typeof DocumentKind>;

/** Texts in files that the user chooses in a dialog, each time anew. */
export const documents = namespace('documents', {
  /**
   * Asks for a file and reads it as UTF-8, up to 1 MB. `null`: the user changed their
   * mind. Fails with `input.invalid` when it is longer or no text.
   */
  open: call(
    z.strictObject({ kind: DocumentKind.extract(['cors']) }),
    z.strictObject({ name: z.string(), text: z.string() }).nullable(),
  ),
  /** Asks where to and writes a text. `path` null: the user changed their mind. */
  save: call(
    z.strictObject({
      kind: DocumentKind,
      format: z.enum(['json', 'xml', 'csv', 'md']),
      text: z.string().max(20_000_000),
    }),
    z.strictObject({ path: z.string().nullable() }),
  ),
});
