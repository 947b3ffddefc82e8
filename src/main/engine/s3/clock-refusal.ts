import { AppError } from '../../../shared/errors/app-error.ts';
import { ServiceFailure } from './service-failure.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html, RequestTimeTooSkewed */
const MAX_SKEW_MS = 15 * 60_000;

/** Server's clock minus ours in ms by its Date header; `null` when it sent none. */
export function clockOffset(error: unknown, now: number): number | null {
  if (!(error instanceof ServiceFailure)) return null;
  const server = Date.parse(error.headers['date'] ?? error.fields['ServerTime'] ?? '');
  return Number.isNaN(server) ? null : server - now;
}

/**
 * Whether a refusal is about the time. The answer to a HEAD has no code: there a Date
 * beyond what servers bear tells.
 */
export function isAboutClock(error: AppError, remaining: number): boolean {
  if (error.code === 'provider.clock-skew') return true;
  return (
    error.code === 'access.denied' &&
    error.provider?.service === undefined &&
    Math.abs(remaining) > MAX_SKEW_MS
  );
}

/** A refusal that says by how much the clocks differ; `offset`: ms. */
export function withSeconds(error: AppError, cause: unknown, offset: number): AppError {
  return new AppError('provider.clock-skew', {
    params: { ...error.params, seconds: Math.round(Math.abs(offset) / 1_000) },
    provider: error.provider,
    cause,
  });
}
