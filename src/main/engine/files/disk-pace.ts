/** A call that takes longer than this must not hold up the engine, ms. */
const SLOW_MS = 10;
/** So many quick calls in a row, made by other threads, and the engine makes them itself. */
const TRUST_AFTER = 8;

/**
 * Whether the disk is quick. While it is, small file operations are made synchronously:
 * handing one to libuv's threads costs ten times the operation itself. A disk that is slow
 * even once (a network drive, a sleeping or a throttled disk) goes back to the threads.
 */
export interface DiskPace {
  /** The folder a file was put into last, if that was a moment ago. */
  readonly folder: FolderMemory;
  /** Whether the next call may be synchronous. */
  readonly quick: boolean;
  /** Hears how long a call took, ms. */
  took(ms: number): void;
  /** Makes a synchronous call and takes its time. */
  now<T>(work: () => T): T;
  /** Waits for an asynchronous call and takes its time. */
  later<T>(work: () => Promise<T>): Promise<T>;
}

/** Remembers for a moment that a folder is there and lies where it should. */
export interface FolderMemory {
  holds(root: string, folder: string): boolean;
  keep(root: string, folder: string): void;
}

/** How long a look at a folder counts, ms: not longer than writing one file may take. */
const FOLDER_MS = 100;

function createFolderMemory(clock: () => number): FolderMemory {
  let known = { root: '', folder: '', until: 0 };
  return {
    holds: (root, folder) =>
      folder === known.folder && root === known.root && clock() < known.until,
    keep(root, folder) {
      known = { root, folder, until: clock() + FOLDER_MS };
    },
  };
}

/** Nothing is known of the disk yet. `clock`: ms, monotonic. */
export function createDiskPace(clock: () => number): DiskPace {
  let streak = 0;

  function took(ms: number): void {
    streak = ms < SLOW_MS ? Math.min(streak + 1, TRUST_AFTER) : 0;
  }

  return {
    folder: createFolderMemory(clock),
    get quick() {
      return streak >= TRUST_AFTER;
    },
    took,
    now(work) {
      const start = clock();
      try {
        return work();
      } finally {
        took(clock() - start);
      }
    },
    async later(work) {
      const start = clock();
      try {
        return await work();
      } finally {
        took(clock() - start);
      }
    },
  };
}
