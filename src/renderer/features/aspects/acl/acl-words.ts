import type {
  Acl,
  AclPermission,
  Grantee,
  Place,
} from '../../../../shared/domain/aspects.ts';
import { assertNever } from '../../../../shared/lib/assert-never.ts';
import { type ChangeLine, type Consequence, namedChanges } from '../aspect-editor.ts';
import { granteeKey, PERMISSIONS } from './acl-model.ts';

/** Headings of the grid. */
export const PERMISSION_WORDS: Readonly<Record<AclPermission, string>> = {
  READ: 'Read',
  WRITE: 'Write',
  READ_ACP: 'Read ACP',
  WRITE_ACP: 'Write ACP',
  FULL_CONTROL: 'Full Control',
};

/** What a permission lets somebody do. */
export function permissionMeaning(permission: AclPermission, isBucket: boolean): string {
  switch (permission) {
    case 'READ':
      return isBucket ? 'List what is in the bucket' : 'Open and download the object';
    case 'WRITE':
      return isBucket
        ? 'Create, overwrite and delete objects'
        : 'Means nothing on an object: who may overwrite it is up to the bucket';
    case 'READ_ACP':
      return 'See this list';
    case 'WRITE_ACP':
      return 'Change this list, and so give themselves everything';
    case 'FULL_CONTROL':
      return 'All of it';
    default:
      return assertNever(permission);
  }
}

/** Who, in a word or two. */
export function granteeWords(grantee: Grantee): string {
  switch (grantee.kind) {
    case 'user':
      return grantee.name === '' ? grantee.id : grantee.name;
    case 'email':
      return grantee.email;
    case 'group':
      return {
        AllUsers: 'Everyone',
        AuthenticatedUsers: 'Anyone signed in',
        LogDelivery: 'Log delivery',
      }[grantee.group];
    default:
      return assertNever(grantee);
  }
}

/** What is known of somebody besides the name. */
export function granteeNote(grantee: Grantee): string {
  switch (grantee.kind) {
    case 'user':
      return grantee.name === '' || grantee.name === grantee.id ? '' : grantee.id;
    case 'email':
      return '';
    case 'group':
      return {
        AllUsers: 'All Users: without keys',
        AuthenticatedUsers: 'Authenticated Users: any account',
        LogDelivery: 'The service that writes access logs',
      }[grantee.group];
    default:
      return assertNever(grantee);
  }
}

/** What each grantee may do, in the order of the list. */
export function aclEntries(acl: Acl): readonly (readonly [string, string])[] {
  const given = new Map<
    string,
    { readonly grantee: Grantee; permissions: Set<AclPermission> }
  >();
  for (const { grantee, permission } of acl.grants) {
    const key = granteeKey(grantee);
    const entry = given.get(key) ?? { grantee, permissions: new Set() };
    entry.permissions.add(permission);
    given.set(key, entry);
  }
  return [...given.values()].map(({ grantee, permissions }) => {
    const note = grantee.kind === 'user' ? granteeNote(grantee) : '';
    const label = granteeWords(grantee) + (note === '' ? '' : ` (${note})`);
    const words = PERMISSIONS.filter((each) => permissions.has(each));
    return [label, words.map((each) => PERMISSION_WORDS[each]).join(', ')];
  });
}

/** What differs between two ACLs, by grantee. */
export function aclChanges(before: Acl, after: Acl): readonly ChangeLine[] {
  return namedChanges(aclEntries(before), aclEntries(after));
}

type Group = Extract<Grantee, { readonly kind: 'group' }>['group'];

/** Whether an ACL gives a group a permission, also by full control. */
export function gives(acl: Acl, group: Group, permission: AclPermission): boolean {
  return acl.grants.some(
    ({ grantee, permission: given }) =>
      grantee.kind === 'group' &&
      grantee.group === group &&
      (given === permission || given === 'FULL_CONTROL'),
  );
}

/** What a change of an ACL brings with it. */
export function aclConsequences(
  before: Acl,
  after: Acl,
  place: Pick<Place, 'key'>,
): readonly Consequence[] {
  const isBucket = place.key === null;
  const found: Consequence[] = [];
  const gets = (group: Group, permission: AclPermission): boolean =>
    gives(after, group, permission) && !gives(before, group, permission);
  for (const [group, who] of [
    ['AllUsers', 'Everyone on the internet'],
    ['AuthenticatedUsers', 'Anybody with any account at this service, not only yours,'],
  ] as const) {
    if (isBucket && gets(group, 'WRITE')) {
      found.push({
        tone: 'danger',
        text: `${who} will be able to upload to this bucket, and to overwrite and delete what is in it. You pay for it.`,
      });
    }
    if (gets(group, 'WRITE_ACP')) {
      found.push({
        tone: 'danger',
        text: `${who} will be able to change this list and take over the ${isBucket ? 'bucket' : 'object'}.`,
      });
    }
    if (gets(group, 'READ')) {
      found.push({
        tone: 'warning',
        text: isBucket
          ? `${who} will be able to list the names of all objects. Whether they can be opened is up to each object.`
          : `${who} will be able to open and download this object.`,
      });
    }
  }
  if (gives(before, 'AllUsers', 'READ') && !gives(after, 'AllUsers', 'READ')) {
    found.push({
      tone: 'info',
      text: isBucket
        ? 'Nobody will be able to list the bucket without keys. Objects that are public stay so.'
        : 'Plain links to it will stop working, unless a bucket policy allows them.',
    });
  }
  if (losers(before, after).length > 0) {
    found.push({
      tone: 'warning',
      text: `${losers(before, after).join(' and ')} will no longer be able to change this list. If these are your keys, you cannot take it back.`,
    });
  }
  return found;
}

/** Users other than the owner who lose the right to change the list. */
function losers(before: Acl, after: Acl): string[] {
  const may = ({ grants }: Acl): Map<string, Grantee> =>
    new Map(
      grants
        .filter(
          ({ grantee, permission }) =>
            grantee.kind === 'user' &&
            grantee.id !== before.owner.id &&
            (permission === 'WRITE_ACP' || permission === 'FULL_CONTROL'),
        )
        .map(({ grantee }) => [granteeKey(grantee), grantee]),
    );
  const left = may(after);
  return [...may(before)]
    .filter(([key]) => !left.has(key))
    .map(([, grantee]) => granteeWords(grantee));
}
