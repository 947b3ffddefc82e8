import { S3Error } from '../errors.ts';
import {
  ACL_GROUPS,
  type AccessSetting,
  type AclPermission,
  canonicalId,
  type Grant,
  grantsInForce,
  isPublicGrantee,
  isPublicList,
} from '../store/acl.ts';
import type { Bucket, StoredObject } from '../store/model.ts';

/** A list as it counts: its owner and its grants. */
export interface List {
  /** An account. */
  readonly owner: string;
  readonly grants: readonly Grant[];
}

/** Who asks, as lists see it. */
export interface Asker {
  /** Undefined: whoever does not sign. */
  readonly account: string | undefined;
  /** Whether what is granted to the account holds for the user who asks. */
  readonly mayUseAccount: boolean;
}

/** Whether a bucket's lists are switched off, so that all in it belongs to its owner. */
export function ownerEnforced(bucket: Bucket): boolean {
  return bucket.settings.ownership === 'BucketOwnerEnforced';
}

/** The list of a bucket. */
export function bucketList(bucket: Bucket): List {
  const owner = bucket.start.account;
  return {
    owner,
    grants: grantsInForce(ownerEnforced(bucket) ? {} : bucket.access, owner),
  };
}

/** The list of an object. */
export function objectList(bucket: Bucket, object: StoredObject): List {
  const { account } = bucket.start;
  if (ownerEnforced(bucket))
    return { owner: account, grants: grantsInForce({}, account) };
  const owner = object.owner ?? account;
  return { owner, grants: grantsInForce(object, owner, account) };
}

/** Whether a list gives somebody a permission. */
export function listGives(
  bucket: Bucket,
  list: List,
  permission: AclPermission,
  asker: Asker,
): boolean {
  // With lists off, the owner's grant is a form; nobody else has any.
  const { account, mayUseAccount } = asker;
  const ownsIt = account === list.owner && mayUseAccount;
  // The owner can always repair a list.
  if (ownsIt && (permission === 'READ_ACP' || permission === 'WRITE_ACP')) return true;
  const ignored = bucket.settings.publicAccessBlock?.ignorePublicAcls === true;
  return list.grants.some((grant) => {
    if (grant.permission !== permission && grant.permission !== 'FULL_CONTROL') {
      return false;
    }
    const { grantee } = grant;
    if (ignored && isPublicGrantee(grantee)) return false;
    if (grantee.kind === 'account') {
      return (
        account !== undefined && mayUseAccount && grantee.id === canonicalId(account)
      );
    }
    if (grantee.uri === ACL_GROUPS.everybody) return true;
    return grantee.uri === ACL_GROUPS.authenticated && account !== undefined;
  });
}

/**
 * Checks that a bucket takes a list for itself or for an object in it.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
 *
 * @throws S3Error `AccessControlListNotSupported`, or `AccessDenied` for a public one
 *   where those are blocked
 */
export function requireList(bucket: Bucket, access: AccessSetting): void {
  const said = access.acl !== undefined || access.grants !== undefined;
  if (!said) return;
  if (ownerEnforced(bucket) && access.acl !== 'bucket-owner-full-control') {
    throw new S3Error('AccessControlListNotSupported');
  }
  const blocks = bucket.settings.publicAccessBlock?.blockPublicAcls === true;
  if (blocks && isPublicList(grantsInForce(access, bucket.start.account))) {
    throw new S3Error('AccessDenied', {
      message:
        'User is not authorized to perform this action because public access control lists (ACLs) are prevented by the BlockPublicAcls setting in S3 Block Public Access.',
    });
  }
}
