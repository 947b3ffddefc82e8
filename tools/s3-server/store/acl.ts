/** What a grant lets its grantee do. */
export const PERMISSIONS = [
  'FULL_CONTROL',
  'READ',
  'WRITE',
  'READ_ACP',
  'WRITE_ACP',
] as const;

/** A permission of an access control list. */
export type AclPermission = (typeof PERMISSIONS)[number];

/** Whom a grant is for: an account by its canonical id, or a group by its URI. */
export type Grantee =
  | { readonly kind: 'account'; readonly id: string }
  | { readonly kind: 'group'; readonly uri: string };

/** A line of an access control list. */
export interface Grant {
  readonly grantee: Grantee;
  readonly permission: AclPermission;
}

/** What an object or bucket says of its access; nothing: `private`. */
export interface AccessSetting {
  /** A canned list by its name. */
  readonly acl?: string;
  /** A list of its own; outweighs the canned one. */
  readonly grants?: readonly Grant[];
}

const GROUPS = 'http://acs.amazonaws.com/groups/';

/** URIs of the groups S3 knows. */
export const ACL_GROUPS = {
  everybody: `${GROUPS}global/AllUsers`,
  authenticated: `${GROUPS}global/AuthenticatedUsers`,
  logDelivery: `${GROUPS}s3/LogDelivery`,
} as const;

/** Names of the canned lists of objects. */
export const OBJECT_ACLS: ReadonlySet<string> = new Set([
  'private',
  'public-read',
  'public-read-write',
  'authenticated-read',
  'aws-exec-read',
  'bucket-owner-read',
  'bucket-owner-full-control',
]);

/** Names of the canned lists of buckets; AWS takes those meant for objects, too. */
export const BUCKET_ACLS: ReadonlySet<string> = new Set([
  ...OBJECT_ACLS,
  'log-delivery-write',
]);

/** The account of whoever does not sign. */
export const ANONYMOUS = 'anonymous';

/** The canonical id of an account. */
export function canonicalId(account: string): string {
  if (account === ANONYMOUS) return '65a011a29cdf8ec533ec3d1ccaae921c';
  return Buffer.from(account.padEnd(32, '.')).toString('hex');
}

/**
 * The grants a setting stands for. A bucket's own list gives its owner nothing twice.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl
 *
 * @param account the owner of the object or bucket
 * @param bucketAccount the owner of the object's bucket
 */
export function grantsInForce(
  setting: AccessSetting,
  account: string,
  bucketAccount: string = account,
): readonly Grant[] {
  if (setting.grants !== undefined) return setting.grants;
  const owner = forAccount(account, 'FULL_CONTROL');
  switch (setting.acl) {
    case 'public-read':
      return [owner, forGroup(ACL_GROUPS.everybody, 'READ')];
    case 'public-read-write':
      return [
        owner,
        forGroup(ACL_GROUPS.everybody, 'READ'),
        forGroup(ACL_GROUPS.everybody, 'WRITE'),
      ];
    case 'authenticated-read':
      return [owner, forGroup(ACL_GROUPS.authenticated, 'READ')];
    case 'log-delivery-write':
      return [
        owner,
        forGroup(ACL_GROUPS.logDelivery, 'WRITE'),
        forGroup(ACL_GROUPS.logDelivery, 'READ_ACP'),
      ];
    case 'bucket-owner-read':
    case 'bucket-owner-full-control':
      if (bucketAccount === account) return [owner];
      return [
        owner,
        forAccount(
          bucketAccount,
          setting.acl === 'bucket-owner-read' ? 'READ' : 'FULL_CONTROL',
        ),
      ];
    default:
      return [owner];
  }
}

/** Whether a list lets in everybody, or everybody who signs. */
export function isPublicList(grants: readonly Grant[]): boolean {
  return grants.some(({ grantee }) => isPublicGrantee(grantee));
}

/** Whether a grantee is one of the groups AWS calls public. */
export function isPublicGrantee(grantee: Grantee): boolean {
  return (
    grantee.kind === 'group' &&
    (grantee.uri === ACL_GROUPS.everybody || grantee.uri === ACL_GROUPS.authenticated)
  );
}

function forAccount(account: string, permission: AclPermission): Grant {
  return { grantee: { kind: 'account', id: canonicalId(account) }, permission };
}

function forGroup(uri: string, permission: AclPermission): Grant {
  return { grantee: { kind: 'group', uri }, permission };
}
