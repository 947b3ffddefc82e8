import { S3Error } from '../errors.ts';
import type { Operation } from '../operations.ts';
import type { Bucket } from '../store/model.ts';
import { accountOf, type S3User } from '../users.ts';
import type { Call } from './call.ts';

const PUBLIC_READS: ReadonlySet<Operation> = new Set<Operation>([
  'GetObject',
  'HeadObject',
  'ListObjects',
  'ListObjectsV2',
]);

const PREFIX_LISTS: ReadonlySet<Operation> = new Set<Operation>([
  'ListObjects',
  'ListObjectsV2',
]);

/** Operations on one object that a user limited to a prefix may do there. */
const PREFIX_OBJECTS: ReadonlySet<Operation> = new Set<Operation>([
  'GetObject',
  'HeadObject',
  'PutObject',
  'CopyObject',
  'DeleteObject',
  'GetObjectTagging',
  'PutObjectTagging',
  'DeleteObjectTagging',
  'CreateMultipartUpload',
  'UploadPart',
  'UploadPartCopy',
  'ListParts',
  'CompleteMultipartUpload',
  'AbortMultipartUpload',
]);

/** What a permission is asked for. */
interface Permission {
  readonly operation: Operation;
  readonly bucket: string | undefined;
  readonly key: string | undefined;
  /** Of a listing. */
  readonly prefix: string | undefined;
}

/**
 * Checks that a user (undefined: anybody) may do something.
 *
 * @throws S3Error `AccessDenied`
 */
export function authorize(
  user: S3User | undefined,
  permission: Permission,
  publicBuckets: ReadonlySet<string>,
): void {
  const allowed = user
    ? userMay(user, permission)
    : PUBLIC_READS.has(permission.operation) &&
      publicBuckets.has(permission.bucket ?? '');
  if (!allowed) throw new S3Error('AccessDenied');
}

function userMay(user: S3User, permission: Permission): boolean {
  const { policy } = user;
  if (policy.kind === 'all') return true;
  const { operation, bucket, key, prefix } = permission;
  if (bucket !== policy.bucket || policy.refused?.includes(operation)) return false;
  if (PREFIX_LISTS.has(operation)) return (prefix ?? '').startsWith(policy.prefix);
  if (PREFIX_OBJECTS.has(operation)) return (key ?? '').startsWith(policy.prefix);
  // Each key of a batch is judged by itself.
  return operation === 'DeleteObjects';
}

/** Whether a call may delete this key of a batch. */
export function mayDelete(call: Call, bucket: Bucket, key: string): boolean {
  return (
    call.user !== undefined &&
    userMay(call.user, {
      operation: 'DeleteObject',
      bucket: bucket.start.name,
      key,
      prefix: undefined,
    })
  );
}

/**
 * Checks that a call may read the source of a copy.
 *
 * @throws S3Error `AccessDenied`
 */
export function authorizeSource(call: Call, bucket: string, key: string): void {
  const operation = 'GetObject';
  authorize(call.user, { operation, bucket, key, prefix: undefined }, call.publicBuckets);
  const owner = call.store.bucket(bucket)?.start.account;
  if (call.user && owner !== undefined && owner !== accountOf(call.user)) {
    throw new S3Error('AccessDenied');
  }
}
