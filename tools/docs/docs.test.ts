import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { renderDocs } from './render-docs.ts';

const root = join(import.meta.dirname, '..', '..');

test.each(renderDocs().map((page) => [page.path, page.text] as const))(
  '%s is what `node tools/docs/write-docs.ts` writes',
  async (path, text) => {
    expect(await readFile(join(root, path), 'utf8')).toBe(text);
  },
);
