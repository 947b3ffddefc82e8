import { open, rename, stat, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { contentOf, digestFile, writeContent } from './content.ts';
import type { Random } from './random.ts';

/**
 * Changes a file some times while somebody reads it: replaces it, writes over a stretch,
 * appends, truncates. Adds the SHA-256 of every version to `contents`.
 */
export async function changeFile(
  path: string,
  random: Random,
  contents: Set<string>,
  onChange: () => void,
): Promise<void> {
  const changes = random.int(2, 5);
  for (let change = 0; change < changes; change += 1) {
    await delay(random.int(30, 700));
    const { size } = await stat(path);
    const seed = `${random.seed}/${change}`;
    const how = random.weighted({ replace: 1, over: 2, append: 1, truncate: 1 });
    if (how === 'replace') {
      // Not into the folder itself: that would be one more file to upload.
      const beside = `${dirname(path)}.new`;
      await writeContent(beside, seed, size);
      await rename(beside, path);
    } else if (how === 'truncate') {
      await truncate(path, Math.ceil(size * 0.9));
    } else {
      // One write each: between two there would be a version that is in no list.
      const bytes = Buffer.concat([...contentOf(seed, Math.min(size, 64 * 1024))]);
      const at = how === 'append' ? size : random.int(0, size - bytes.length);
      await using handle = await open(path, 'r+');
      await handle.write(bytes, 0, bytes.length, at);
    }
    contents.add((await digestFile(path)).sha256);
    onChange();
  }
}
