import type { SerializedAppError } from '../../shared/errors/app-error.ts';
import type { Clock } from '../platform/system.ts';

/** Tries follow each other faster than this while the queue cannot be written, ms. */
const SAME_TROUBLE_MS = 60_000;

/** Whether the queue can be written, as the engines tell one after the other. */
export interface StorageTrouble {
  /** Notes what an engine told; `false`: it was told already. */
  isNews(notice: SerializedAppError): boolean;
  /** Engines come and go because of it: nobody needs to hear of each. */
  readonly lasts: boolean;
}

/** Makes the memory of it. */
export function createStorageTrouble(clock: Pick<Clock, 'now'>): StorageTrouble {
  let heardAt = Number.NEGATIVE_INFINITY;

  function lasts(): boolean {
    return clock.now() - heardAt < SAME_TROUBLE_MS;
  }

  return {
    isNews(notice) {
      if (notice.code !== 'storage.write-failed') return true;
      const news = !lasts();
      heardAt = clock.now();
      return news;
    },
    get lasts() {
      return lasts();
    },
  };
}
