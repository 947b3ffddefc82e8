import type { Accounts } from '../access/accounts.ts';
import { REQUIREMENTS, type Requirement } from '../access/actions.ts';
import { bucketList, listGives, objectList } from '../access/lists.ts';
import { isPublicPolicy, judgePolicy, type PolicyVerdict } from '../access/policy.ts';
import { readPolicy } from '../access/read-policy.ts';
import { S3Error } from '../errors.ts';
import type { Operation } from '../operations.ts';
import type { Bucket } from '../store/model.ts';
import type { Store } from '../store/store.ts';
import { accountOf, type S3User } from '../users.ts';

const LISTS: ReadonlySet<Operation> = new Set<Operation>([
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

/** Operations that say when their object is missing. */
const READS: ReadonlySet<Operation> = new Set<Operation>(['GetObject', 'HeadObject']);

/** Operations by which an owner gets out of a policy that denies everything. */
const ALWAYS_THE_OWNERS: ReadonlySet<Operation> = new Set<Operation>([
  'GetBucketPolicy',
  'PutBucketPolicy',
  'DeleteBucketPolicy',
]);

/** What judging needs to know of a server and a request. */
export interface Judge {
  /** Undefined: whoever does not sign. */
  readonly user: S3User | undefined;
  readonly store: Store;
  readonly accounts: Accounts;
  /** Buckets anybody may list and read. */
  readonly publicBuckets: ReadonlySet<string>;
  /** By lower-case name, those of a presigned query included. */
  readonly headers: Readonly<Record<string, string>>;
  /** Whether the request came by TLS. */
  readonly secure: boolean;
}

/** What a permission is asked for. */
export interface Permission {
  readonly operation: Operation;
  readonly bucket: string | undefined;
  readonly key: string | undefined;
  /** Of a listing. */
  readonly prefix: string | undefined;
}

/**
 * Checks that a user (undefined: anybody) may do something.
 *
 * @throws S3Error `AccessDenied`; `NoSuchBucket` for whoever does not sign
 */
export function authorize(judge: Judge, permission: Permission): void {
  const { operation, bucket: name } = permission;
  if (operation === 'OptionsObject') return;
  if (name !== undefined && !judge.user && !judge.store.bucket(name)) {
    throw new S3Error('NoSuchBucket', { details: { BucketName: name } });
  }
  if (!isAllowed(judge, permission) && !isKnownToMiss(judge, permission)) {
    throw new S3Error('AccessDenied');
  }
}

/** Whether a request reads what is not there and may be told so. */
function isKnownToMiss(judge: Judge, { operation, bucket, key }: Permission): boolean {
  const found = judge.store.bucket(bucket ?? '');
  return (
    found !== undefined &&
    READS.has(operation) &&
    !found.objects.has(key ?? '') &&
    mayKnowOfMissing(judge, found)
  );
}

/**
 * Whether a user (undefined: anybody) may do something: AWS's order of a policy's
 * denial, then what the user's own rights, the bucket's policy or a list give.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/how-s3-evaluates-access-control.html
 */
export function isAllowed(judge: Judge, permission: Permission): boolean {
  const { user } = judge;
  const bucket = judge.store.bucket(permission.bucket ?? '');
  const own = user !== undefined && userMay(user, permission);
  if (!bucket || permission.operation === 'CreateBucket') return own;
  const requirement = REQUIREMENTS[permission.operation];
  const account = user && accountOf(user);
  const ofOwner = account === bucket.start.account;
  if (ofOwner && own && ALWAYS_THE_OWNERS.has(permission.operation)) return true;
  const verdict = askPolicy(judge, bucket, permission, requirement);
  if (verdict === 'deny') return false;
  const object =
    requirement.on === 'object' ? bucket.objects.get(permission.key ?? '') : undefined;
  const list =
    object && requirement.list?.of !== 'bucket'
      ? objectList(bucket, object)
      : bucketList(bucket);
  const foreign = list.owner !== bucket.start.account;
  // What belongs to somebody else, neither the bucket's owner nor its policy gives.
  if (!foreign && ofOwner && own) return true;
  if (!foreign && verdict === 'allow') return ofOwner || !user || own;
  const asker = { account, mayUseAccount: own };
  if (foreign && account === list.owner && own) return true;
  if (requirement.list === undefined) return false;
  const { permission: needed, of } = requirement.list;
  if (judge.publicBuckets.has(bucket.start.name) && needed === 'READ') return true;
  // Without its object, a list of an object gives nothing.
  if (of === 'object' && !object) return false;
  return listGives(bucket, list, needed, asker);
}

function askPolicy(
  judge: Judge,
  bucket: Bucket,
  { key, prefix, operation }: Permission,
  { action, on }: Requirement,
): PolicyVerdict {
  const { policy, publicAccessBlock } = bucket.settings;
  if (policy === undefined) return 'none';
  const { user, headers } = judge;
  const account = user && accountOf(user);
  const { name } = bucket.start;
  const statements = readPolicy(policy, name, judge.accounts);
  const verdict = judgePolicy(statements, {
    account,
    user: user?.name,
    action,
    resource: on === 'bucket' ? name : `${name}/${key ?? ''}`,
    facts: {
      's3:prefix': LISTS.has(operation) ? (prefix ?? '') : undefined,
      's3:x-amz-acl': headers['x-amz-acl'],
      'aws:referer': headers['referer'],
      'aws:securetransport': String(judge.secure),
    },
  });
  const restricted =
    publicAccessBlock?.restrictPublicBuckets === true && isPublicPolicy(statements);
  const ofOwner = account === bucket.start.account;
  return verdict === 'allow' && restricted && !ofOwner ? 'none' : verdict;
}

function userMay(user: S3User, permission: Permission): boolean {
  const { policy } = user;
  if (policy.kind === 'all') return true;
  const { operation, bucket, key, prefix } = permission;
  if (bucket !== policy.bucket || policy.refused?.includes(operation)) return false;
  if (LISTS.has(operation)) return (prefix ?? '').startsWith(policy.prefix);
  if (PREFIX_OBJECTS.has(operation)) return (key ?? '').startsWith(policy.prefix);
  // Each key of a batch is judged by itself.
  return operation === 'DeleteObjects';
}

/** Whether a request may delete this key of a batch. */
export function mayDelete(judge: Judge, bucket: Bucket, key: string): boolean {
  return isAllowed(judge, {
    operation: 'DeleteObject',
    bucket: bucket.start.name,
    key,
    prefix: undefined,
  });
}

/** Whether a request may learn that a key is missing: whoever lists, sees it anyway. */
export function mayKnowOfMissing(judge: Judge, bucket: Bucket): boolean {
  return isAllowed(judge, {
    operation: 'HeadBucket',
    bucket: bucket.start.name,
    key: undefined,
    prefix: undefined,
  });
}

/**
 * Checks that a call may read the source of a copy.
 *
 * @throws S3Error `AccessDenied`
 */
export function authorizeSource(judge: Judge, bucket: string, key: string): void {
  authorize(judge, { operation: 'GetObject', bucket, key, prefix: undefined });
}
