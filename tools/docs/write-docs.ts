import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { renderDocs } from './render-docs.ts';

const root = join(import.meta.dirname, '..', '..');
for (const { path, text } of renderDocs()) {
  await writeFile(join(root, path), text);
  console.log(`wrote ${path}`);
}
