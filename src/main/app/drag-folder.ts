import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Temporary files of drags out of the window. */
export interface DragFolder {
  /** A new empty folder that only this user may read. */
  create(): Promise<string>;
  /** Removes all of them. */
  dispose(): Promise<void>;
}

/** Keeps drag folders under `temp`; nothing is made before the first drag. */
export function createDragFolder(temp: string): DragFolder {
  const made: string[] = [];
  return {
    async create() {
      // mkdtemp makes it with mode 0700.
      const folder = await mkdtemp(join(temp, 'dipper-drag-'));
      made.push(folder);
      return folder;
    },
    async dispose() {
      await Promise.allSettled(
        made.splice(0).map((folder) => rm(folder, { recursive: true, force: true })),
      );
    },
  };
}
