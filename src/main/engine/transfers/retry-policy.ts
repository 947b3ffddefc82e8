import type { AppError } from '../../../shared/errors/app-error.ts';

/** Failures in a row, without a byte of progress, after which a transfer fails. */
export const MAX_ATTEMPTS = 6;
/**
 * The same for what says nothing about the transfer: a server that wants time or has
 * trouble of its own, a line that breaks again and again.
 */
const MAX_PATIENT_ATTEMPTS = 12;
/** Attempts of one part before the whole transfer waits. */
export const MAX_PART_ATTEMPTS = 4;

const BASE_MS = 300;
const CAP_MS = 30_000;

/** What to do about a failed transfer. */
export type RetryDecision =
  | { readonly kind: 'fail' }
  /** Try again after `delayMs`. */
  | { readonly kind: 'backoff'; readonly delayMs: number }
  /** No way to the server: wait for it however long it takes. */
  | { readonly kind: 'offline' }
  /** The connection is not configured. */
  | { readonly kind: 'credentials' };

/**
 * Decides after failure number `attempt` (1 for the first). `random` gives numbers from 0
 * up to 1.
 */
export function decideRetry(
  error: AppError,
  attempt: number,
  random: () => number,
): RetryDecision {
  if (error.code === 'connection.not-open') return { kind: 'credentials' };
  if (isOffline(error)) return { kind: 'offline' };
  if (error.retry === 'never' || error.retry === 'user') return { kind: 'fail' };
  const most = isPatient(error) ? MAX_PATIENT_ATTEMPTS : MAX_ATTEMPTS;
  if (attempt >= most) return { kind: 'fail' };
  return { kind: 'backoff', delayMs: retryDelay(error, attempt, random) };
}

function isPatient(error: AppError): boolean {
  const { code, retry } = error;
  return retry === 'paced' || code === 'provider.internal' || code.startsWith('network.');
}

/** Whether the server cannot be reached at all, so that nothing was refused. */
export function isOffline(error: AppError): boolean {
  return (
    error.code === 'network.offline' ||
    error.code === 'network.dns' ||
    error.code === 'network.refused'
  );
}

/**
 * Decorrelated jitter: anywhere between the base and three times the pause before, so that
 * many transfers that failed together do not come back together. The pauses before are
 * drawn anew: nothing but the number of the attempt need be kept.
 * https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/
 */
export function retryDelay(
  error: AppError,
  attempt: number,
  random: () => number,
): number {
  const asked = askedPause(error);
  if (asked > 0) return asked;
  let pause = BASE_MS;
  for (let n = 0; n < attempt; n += 1) {
    pause = Math.min(CAP_MS, BASE_MS + random() * (pause * 3 - BASE_MS));
  }
  return Math.round(pause);
}

/** The pause in ms that the server asked for (`Retry-After`); 0: none. At most 2 minutes. */
export function askedPause(error: AppError): number {
  const asked = error.params['retryAfterMs'];
  return typeof asked === 'number' && asked > 0 ? Math.min(asked, 120_000) : 0;
}
