import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../../../shared/errors/app-error.ts';

/** Where the time comes from. */
export interface Clock {
  /** ms since 1970. */
  now(): number;
}

/** Waits `ms`. Throws `transfer.cancelled` when the signal aborts. */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal });
  } catch (error) {
    throw new AppError('transfer.cancelled', { cause: error });
  }
}
