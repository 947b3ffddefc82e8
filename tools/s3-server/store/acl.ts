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

/** Names of the canned lists. */
export const CANNED_ACLS: ReadonlySet<string> = new Set([
  'private',
  'public-read',
  'public-read-write',
  'authenticated-read',
  'aws-exec-read',
  'bucket-owner-read',
  'bucket-owner-full-control',
]);

/** The canonical id of an account. */
export function canonicalId(account: string): string {
  return Buffer.from(account.padEnd(32, '.')).toString('hex');
}

/**
 * The grants in force. All objects belong to their bucket's account here, so that the
 * lists for bucket owners give nothing more.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl
 */
export function grantsInForce(setting: AccessSetting, account: string): readonly Grant[] {
  if (setting.grants !== undefined) return setting.grants;
  const owner: Grant = {
    grantee: { kind: 'account', id: canonicalId(account) },
    permission: 'FULL_CONTROL',
  };
  switch (setting.acl) {
    case 'public-read':
      return [owner, group(ACL_GROUPS.everybody, 'READ')];
    case 'public-read-write':
      return [
        owner,
        group(ACL_GROUPS.everybody, 'READ'),
        group(ACL_GROUPS.everybody, 'WRITE'),
      ];
    case 'authenticated-read':
      return [owner, group(ACL_GROUPS.authenticated, 'READ')];
    default:
      return [owner];
  }
}

function group(uri: string, permission: AclPermission): Grant {
  return { grantee: { kind: 'group', uri }, permission };
}
