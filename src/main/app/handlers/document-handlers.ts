import { basename } from 'node:path';
import type { Handlers } from '../../../shared/contract/define.ts';
import type { AppCalls } from '../../../shared/contract/index.ts';
import type { Services } from '../services.ts';
import { readTextFile, writeTextFile } from '../text-files.ts';
import { TEXTS } from '../texts.ts';

/** Bytes of a document that are still read. */
const MAX_DOCUMENT_BYTES = 1_000_000;

type Names = Extract<keyof AppCalls, `documents.${string}`>;

/** Handlers of documents: the window never names a path, the user does, in a dialog. */
export function documentHandlers({
  platform,
  files,
}: Services): Pick<Handlers<AppCalls>, Names> {
  return {
    'documents.open': async ({ kind }) => {
      const { openTitle, extensions } = TEXTS.documents[kind];
      const path = await platform.dialogs.openFile({
        title: openTitle,
        extensions: [...extensions],
      });
      if (path === null) return null;
      return { name: basename(path), text: await readTextFile(path, MAX_DOCUMENT_BYTES) };
    },
    'documents.save': async ({ kind, format, text }) => {
      const { saveTitle, name } = TEXTS.documents[kind];
      const path = await platform.dialogs.saveFile({
        title: saveTitle,
        defaultName: `${name}.${format}`,
        extensions: [format],
      });
      if (path !== null) await writeTextFile(files, path, text);
      return { path };
    },
  };
}
