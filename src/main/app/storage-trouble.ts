import { NO_STORAGE_CODES } from '../../shared/contract/engine.ts';
import type { SerializedAppError } from '../../shared/errors/app-error.ts';
import type { ErrorCode } from '../../shared/errors/codes.ts';
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
  const heardAt = new Map<ErrorCode, number>();

  function isRecent(at = Number.NEGATIVE_INFINITY): boolean {
    return clock.now() - at < SAME_TROUBLE_MS;
  }

  return {
    isNews(notice) {
      const { code } = notice;
      if (!NO_STORAGE_CODES.includes(code)) return true;
      const news = !isRecent(heardAt.get(code));
      heardAt.set(code, clock.now());
      return news;
    },
    get lasts() {
      return [...heardAt.values()].some((at) => isRecent(at));
    },
  };
}
