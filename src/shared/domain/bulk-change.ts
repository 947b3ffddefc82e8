import { assertNever } from '../lib/assert-never.ts';
import type { Acl, BulkChange, Grant, Grantee, ObjectHeaders, Tag } from './aspects.ts';

/** Most tags of an object. https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html */
export const MAX_OBJECT_TAGS = 10;

/** A change of ACLs, of headers, or of tags. */
export type ChangeOf<A extends BulkChange['aspect']> = Extract<BulkChange, { aspect: A }>;

/** The headers a change may set, and the field each of them is. */
export const CHANGEABLE_HEADERS = {
  'content-type': 'contentType',
  'content-disposition': 'contentDisposition',
  'cache-control': 'cacheControl',
  'content-encoding': 'contentEncoding',
  'content-language': 'contentLanguage',
  expires: 'expires',
} as const satisfies Readonly<Record<string, Exclude<keyof ObjectHeaders, 'metadata'>>>;

/**
 * An ACL with the grants of a change given and taken; what it gives is not taken. Of full
 * control the rest stays when a part of it is taken. The owner's own full control always
 * stays: without it nobody could mend the ACL.
 */
export function mergeAcl(acl: Acl, change: Pick<ChangeOf<'acl'>, 'add' | 'remove'>): Acl {
  const taken = change.remove.filter(
    (grant) =>
      !isOwn(grant, acl.owner.id) && !change.add.some((given) => sameGrant(given, grant)),
  );
  const grants = acl.grants.flatMap((grant) => {
    if (taken.some((each) => sameGrant(each, grant))) return [];
    const stays =
      isOwn(grant, acl.owner.id) || change.add.some((given) => sameGrant(given, grant));
    return stays ? [grant] : leftOf(grant, taken, acl.grants);
  });
  for (const grant of change.add) {
    if (!grants.some((each) => sameGrant(each, grant))) grants.push(grant);
  }
  return { owner: acl.owner, grants };
}

/** What full control is made of. */
const PARTS = ['READ', 'WRITE', 'READ_ACP', 'WRITE_ACP'] as const;

function leftOf(
  grant: Grant,
  taken: readonly Grant[],
  all: readonly Grant[],
): readonly Grant[] {
  const { grantee, permission } = grant;
  const parts = taken.filter((each) => sameGrantee(each.grantee, grantee));
  if (permission !== 'FULL_CONTROL' || parts.length === 0) return [grant];
  return PARTS.filter((part) => !parts.some((each) => each.permission === part))
    .map((part): Grant => ({ grantee, permission: part }))
    .filter((part) => !all.some((each) => sameGrant(each, part)));
}

/** Whether two ACLs give the same to the same, in whatever order. */
export function sameAcl(a: Acl, b: Acl): boolean {
  return a.owner.id === b.owner.id && within(a, b) && within(b, a);
}

function within({ grants }: Acl, all: Acl): boolean {
  return grants.every((grant) => all.grants.some((each) => sameGrant(each, grant)));
}

/**
 * Tags with those of a change set and taken; what it sets is not taken. There may be more
 * than {@link MAX_OBJECT_TAGS} then: the caller looks.
 */
export function mergeTags(
  tags: readonly Tag[],
  change: Pick<ChangeOf<'tags'>, 'set' | 'remove' | 'replace'>,
): readonly Tag[] {
  const removed = new Set(change.remove);
  const merged = new Map<string, string>();
  for (const { key, value } of change.replace ? [] : tags) {
    if (!removed.has(key)) merged.set(key, value);
  }
  for (const { key, value } of change.set) merged.set(key, value);
  return [...merged].map(([key, value]) => ({ key, value }));
}

/** Whether these are the same tags, in whatever order. */
export function sameTags(a: readonly Tag[], b: readonly Tag[]): boolean {
  const values = new Map(b.map(({ key, value }) => [key, value]));
  return a.length === b.length && a.every(({ key, value }) => values.get(key) === value);
}

/**
 * Headers and metadata as they are after a change. Names of metadata do not tell capital
 * letters from small ones.
 *
 * @param typeOfName the content type by the object's name; empty: its name tells nothing,
 *   and the type stays what it is
 */
export function mergeHeaders(
  headers: ObjectHeaders,
  change: Omit<ChangeOf<'headers'>, 'aspect'>,
  typeOfName: string,
): ObjectHeaders {
  const merged = { ...headers };
  for (const [name, field] of Object.entries(CHANGEABLE_HEADERS)) {
    const value = change.set[name];
    if (value !== undefined) merged[field] = value;
  }
  if (change.typeByExtension && typeOfName !== '') merged.contentType = typeOfName;
  const removed = new Set(change.removeMetadata.map(lower));
  const metadata = new Map<string, string>();
  for (const { name, value } of change.replaceMetadata ? [] : headers.metadata) {
    if (!removed.has(lower(name))) metadata.set(lower(name), value);
  }
  for (const [name, value] of Object.entries(change.setMetadata)) {
    metadata.set(lower(name), value);
  }
  merged.metadata = [...metadata].map(([name, value]) => ({ name, value }));
  return merged;
}

/** Whether an object is served the same with these as with those. */
export function sameHeaders(a: ObjectHeaders, b: ObjectHeaders): boolean {
  const fields = Object.values(CHANGEABLE_HEADERS);
  const values = new Map(b.metadata.map(({ name, value }) => [lower(name), value]));
  return (
    fields.every((field) => sameValue(field, a[field], b[field])) &&
    a.metadata.length === b.metadata.length &&
    a.metadata.every(({ name, value }) => values.get(lower(name)) === value)
  );
}

function sameValue(field: string, a: string, b: string): boolean {
  // One moment has many spellings; the server answers in its own.
  return a === b || (field === 'expires' && Date.parse(a) === Date.parse(b));
}

/** Whether a change can change nothing, whatever an object has. */
export function changesNothing(change: BulkChange): boolean {
  switch (change.aspect) {
    case 'acl':
      return (
        change.canned === null && change.add.length === 0 && change.remove.length === 0
      );
    case 'tags':
      return !change.replace && change.set.length === 0 && change.remove.length === 0;
    case 'headers':
      return (
        !change.typeByExtension &&
        !change.replaceMetadata &&
        Object.keys(change.set).length === 0 &&
        Object.keys(change.setMetadata).length === 0 &&
        change.removeMetadata.length === 0
      );
    default:
      return assertNever(change);
  }
}

/** Whether two grants give the same to the same. */
export function sameGrant(a: Grant, b: Grant): boolean {
  return a.permission === b.permission && sameGrantee(a.grantee, b.grantee);
}

function sameGrantee(a: Grantee, b: Grantee): boolean {
  switch (a.kind) {
    case 'user':
      return b.kind === 'user' && a.id === b.id;
    case 'email':
      return b.kind === 'email' && lower(a.email) === lower(b.email);
    case 'group':
      return b.kind === 'group' && a.group === b.group;
    default:
      return assertNever(a);
  }
}

function isOwn({ grantee, permission }: Grant, owner: string): boolean {
  return permission === 'FULL_CONTROL' && grantee.kind === 'user' && grantee.id === owner;
}

function lower(text: string): string {
  return text.toLowerCase();
}
