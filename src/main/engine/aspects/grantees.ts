import type { Grantee } from '../../../shared/domain/aspects.ts';
import { assertNever } from '../../../shared/lib/assert-never.ts';

/** The groups S3 knows. https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#specifying-grantee */
const GROUP_URIS = {
  AllUsers: 'http://acs.amazonaws.com/groups/global/AllUsers',
  AuthenticatedUsers: 'http://acs.amazonaws.com/groups/global/AuthenticatedUsers',
  LogDelivery: 'http://acs.amazonaws.com/groups/s3/LogDelivery',
} as const;
type GroupName = keyof typeof GROUP_URIS;

/** A grantee as documents tell of it. */
export interface NamedGrantee {
  readonly URI?: string | undefined;
  readonly ID?: string | undefined;
  readonly EmailAddress?: string | undefined;
  readonly DisplayName?: string | undefined;
}

/** Reads a grantee of a document. */
export function granteeOf(named: NamedGrantee): Grantee {
  const { URI, ID, EmailAddress, DisplayName } = named;
  if (URI !== undefined) {
    const names = Object.keys(GROUP_URIS) as GroupName[];
    const group = names.find((name) => GROUP_URIS[name] === URI);
    // A group of the server's own: its address stands for it, here and on the way back.
    return group === undefined
      ? { kind: 'user', id: URI, name: DisplayName ?? '' }
      : { kind: 'group', group };
  }
  if (ID === undefined && EmailAddress !== undefined) {
    return { kind: 'email', email: EmailAddress };
  }
  return { kind: 'user', id: ID ?? '', name: DisplayName ?? '' };
}

/** A grantee as documents name it. */
export type WrittenGrantee =
  | { readonly Type: 'Group'; readonly URI: string }
  | { readonly Type: 'AmazonCustomerByEmail'; readonly EmailAddress: string }
  | { readonly Type: 'CanonicalUser'; readonly ID: string };

/** Writes a grantee for a document. */
export function writtenGrantee(grantee: Grantee): WrittenGrantee {
  switch (grantee.kind) {
    case 'group':
      return { Type: 'Group', URI: GROUP_URIS[grantee.group] };
    case 'email':
      return { Type: 'AmazonCustomerByEmail', EmailAddress: grantee.email };
    case 'user':
      return /^https?:\/\//.test(grantee.id)
        ? { Type: 'Group', URI: grantee.id }
        : { Type: 'CanonicalUser', ID: grantee.id };
    default:
      return assertNever(grantee);
  }
}
