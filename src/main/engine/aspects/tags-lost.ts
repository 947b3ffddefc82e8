import { AppError } from '../../../shared/errors/app-error.ts';
import type { ObjectRef } from '../s3/s3-connection.ts';

/**
 * The headers of an object are written, and its tags did not come through: gone (`lost`),
 * or nobody could find out (`unsure`). `cause`: what seeing to them came to. Errors that
 * are none of ours stay as they are.
 */
export function tagsLost(
  cause: unknown,
  { bucket, key }: ObjectRef,
  count: number,
  state: 'lost' | 'unsure',
): unknown {
  if (!(cause instanceof AppError)) return cause;
  // Without an answer it may have been done.
  const answered = cause.provider?.httpStatus !== undefined;
  const { action, resource } = cause.params;
  return new AppError('aspect.tags-lost', {
    params: {
      bucket,
      key,
      count,
      state: answered ? state : 'unsure',
      ...(action === undefined ? {} : { action }),
      ...(resource === undefined ? {} : { resource }),
    },
    provider: cause.provider,
    cause,
  });
}

/** Whether the headers of an object are written and its tags are not. */
export function isTagsLost(error: unknown): error is AppError {
  return error instanceof AppError && error.code === 'aspect.tags-lost';
}
