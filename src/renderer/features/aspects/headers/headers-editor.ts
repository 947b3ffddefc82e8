import { type AspectEditor, namedChanges } from '../aspect-editor.ts';
import { HeadersForm } from './headers-form.tsx';
import {
  type HeadersDraft,
  headerEntries,
  headersDraft,
  headersOf,
  headersProblems,
} from './headers-model.ts';

/** Edits the headers an object is served with, and its user metadata. */
export const HEADERS_EDITOR: AspectEditor<'headers', HeadersDraft> = {
  aspect: 'headers',
  title: () => 'Headers and Metadata',
  description: () =>
    'Saving copies the object onto itself on the server; content, permissions, tags, class and encryption stay as they are.',
  draftOf: headersDraft,
  valueOf: headersOf,
  problems: headersProblems,
  changes: (before, after) => namedChanges(headerEntries(before), headerEntries(after)),
  consequences: (before, after) =>
    before.contentEncoding === after.contentEncoding
      ? []
      : [
          {
            tone: 'warning',
            text: 'Content-Encoding only says how the content is packed. The content itself stays as it is: if it is not packed that way, browsers cannot show it.',
          },
        ],
  Form: HeadersForm,
};
