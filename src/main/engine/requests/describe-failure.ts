import { AppError } from '../../../shared/errors/app-error.ts';
import { ServiceFailure } from '../s3/service-failure.ts';

/** What a failed request leaves in the log. */
export interface FailureEntry {
  readonly status: number;
  readonly requestId: string;
  readonly error: string;
}

/** Status, id and code of a failure; never its text, which may quote what was sent. */
export function describeFailure(error: unknown): FailureEntry {
  if (error instanceof ServiceFailure) {
    const { status, headers, service } = error;
    return {
      status,
      requestId: requestIdOf(headers),
      error: service || `HTTP ${status}`,
    };
  }
  const code =
    error instanceof AppError
      ? error.code
      : ((error as NodeJS.ErrnoException | null)?.code ?? 'failed');
  return { status: 0, requestId: '', error: code.slice(0, 64) };
}

/** The server's name for a request. */
export function requestIdOf(
  headers: Readonly<Record<string, string | undefined>>,
): string {
  return (headers['x-amz-request-id'] ?? headers['x-amz-id-2'] ?? '').slice(0, 128);
}
