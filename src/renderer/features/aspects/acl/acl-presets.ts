import type {
  Acl,
  AclPermission,
  Grant,
  Grantee,
} from '../../../../shared/domain/aspects.ts';
import { sameAcl } from '../../../../shared/domain/bulk-change.ts';

/** The ready-made ACLs. https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl */
export type CannedAcl =
  | 'private'
  | 'public-read'
  | 'public-read-write'
  | 'authenticated-read'
  | 'bucket-owner-read'
  | 'bucket-owner-full-control'
  | 'log-delivery-write';

/** A ready-made ACL in words. */
export interface Preset {
  readonly value: CannedAcl;
  readonly label: string;
  readonly hint: string;
}

/** Ready-made ACLs in the order they are offered. */
const PRESETS: readonly (Preset & { readonly on: 'bucket' | 'object' | 'both' })[] = [
  { value: 'private', label: 'Private', hint: 'Only the owner.', on: 'both' },
  {
    value: 'public-read',
    label: 'Public read',
    hint: 'Everyone may read; only the owner may change.',
    on: 'both',
  },
  {
    value: 'public-read-write',
    label: 'Public read and write',
    hint: 'Everyone may read and write. Hardly ever what one wants.',
    on: 'both',
  },
  {
    value: 'authenticated-read',
    label: 'Signed-in read',
    hint: 'Anybody with any account at this service may read.',
    on: 'both',
  },
  {
    value: 'bucket-owner-read',
    label: 'Bucket owner read',
    hint: 'The bucket’s owner may read what somebody else uploaded.',
    on: 'object',
  },
  {
    value: 'bucket-owner-full-control',
    label: 'Bucket owner full control',
    hint: 'The bucket’s owner may do everything, too.',
    on: 'object',
  },
  {
    value: 'log-delivery-write',
    label: 'Log delivery',
    hint: 'The service may write its access logs here.',
    on: 'bucket',
  },
];

/** Ready-made ACLs for a bucket, an object, or many objects. */
export function presetsFor(isBucket: boolean): readonly Preset[] {
  const not = isBucket ? 'object' : 'bucket';
  return PRESETS.filter(({ on }) => on !== not);
}

/**
 * The grants of a ready-made ACL. `bucketOwner` is needed by two of them; without it they
 * are `null`.
 */
export function presetAcl(
  preset: CannedAcl,
  owner: Acl['owner'],
  bucketOwner: Acl['owner'] | null,
): Acl | null {
  const own: Grant = {
    grantee: { kind: 'user', ...owner },
    permission: 'FULL_CONTROL',
  };
  const group = (
    name: Extract<Grantee, { readonly kind: 'group' }>['group'],
    ...permissions: readonly AclPermission[]
  ): Acl => ({
    owner,
    grants: [
      own,
      ...permissions.map((permission) => ({
        grantee: { kind: 'group', group: name } as const,
        permission,
      })),
    ],
  });
  const bucket = (permission: AclPermission): Acl | null => {
    if (bucketOwner === null || bucketOwner.id === owner.id) return null;
    const grantee = { kind: 'user', ...bucketOwner } as const;
    return { owner, grants: [own, { grantee, permission }] };
  };
  switch (preset) {
    case 'public-read':
      return group('AllUsers', 'READ');
    case 'public-read-write':
      return group('AllUsers', 'READ', 'WRITE');
    case 'authenticated-read':
      return group('AuthenticatedUsers', 'READ');
    case 'log-delivery-write':
      return group('LogDelivery', 'WRITE', 'READ_ACP');
    case 'bucket-owner-read':
      return bucket('READ');
    case 'bucket-owner-full-control':
      return bucket('FULL_CONTROL');
    default:
      return { owner, grants: [own] };
  }
}

/** The ready-made ACL an ACL is; `null`: it is none of them. */
export function presetOf(
  acl: Acl,
  isBucket: boolean,
  bucketOwner: Acl['owner'] | null,
): Preset | null {
  return (
    presetsFor(isBucket).find(({ value }) => {
      const canned = presetAcl(value, acl.owner, bucketOwner);
      return canned !== null && sameAcl(canned, acl);
    }) ?? null
  );
}
