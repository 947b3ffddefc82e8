import { AppError, type ErrorParams } from '../../../shared/errors/app-error.ts';
import type { ErrorCode } from '../../../shared/errors/codes.ts';

/** Node's error codes by ours. https://nodejs.org/api/errors.html#common-system-errors */
const CODES: Readonly<Record<string, ErrorCode>> = {
  ENOENT: 'local.not-found',
  EACCES: 'local.denied',
  EPERM: 'local.denied',
  EROFS: 'local.denied',
  ENOSPC: 'local.no-space',
  EDQUOT: 'local.no-space',
  EFBIG: 'local.no-space',
  ENAMETOOLONG: 'local.name-invalid',
  EINVAL: 'local.name-invalid',
  EILSEQ: 'local.name-invalid',
  EBUSY: 'local.busy',
  ETXTBSY: 'local.busy',
  EMFILE: 'local.busy',
  ENFILE: 'local.busy',
};

/** What a failed file operation on `path` means. An `AppError` stays what it is. */
export function localError(error: unknown, path: string): AppError {
  if (error instanceof AppError) return error;
  const code = nodeCode(error);
  const params: ErrorParams = code === undefined ? { path } : { path, reason: code };
  return new AppError(CODES[code ?? ''] ?? 'local.io', { params, cause: error });
}

/** Node's error code, such as `ENOENT`. */
export function nodeCode(error: unknown): string | undefined {
  return typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    typeof error.code === 'string'
    ? error.code
    : undefined;
}
