import { AppError } from '../../../shared/errors/app-error.ts';
import type { ObjectRef } from '../s3/s3-connection.ts';
import { arnOf } from './permissions.ts';

/**
 * A copy is its owner's alone unless told otherwise, and these keys may not read what to
 * tell. Names the action and the resource they lack.
 */
export function aclUnreadable({ bucket, key }: ObjectRef): AppError {
  const resource = arnOf({ bucket, key });
  return new AppError('aspect.acl-unreadable', {
    params: { bucket, key, action: 's3:GetObjectAcl', resource },
  });
}

/** Whether a bucket has ACLs switched off; not where nobody tells. */
export async function areListsOff(ownership: () => Promise<string>): Promise<boolean> {
  try {
    return (await ownership()) === 'BucketOwnerEnforced';
  } catch (error) {
    if (error instanceof AppError && error.code === 'transfer.cancelled') throw error;
    return false;
  }
}
