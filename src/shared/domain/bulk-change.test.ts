import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Acl, BulkChange, Grant, ObjectHeaders, Tag } from './aspects.ts';
import {
  changesNothing,
  mergeAcl,
  mergeHeaders,
  mergeTags,
  sameAcl,
  sameGrant,
  sameHeaders,
  sameTags,
} from './bulk-change.ts';
import { contentTypeFor, knownContentType } from './content-type.ts';

const OWN: Grant = {
  grantee: { kind: 'user', id: 'me', name: 'Me' },
  permission: 'FULL_CONTROL',
};
const PUBLIC: Grant = {
  grantee: { kind: 'group', group: 'AllUsers' },
  permission: 'READ',
};
const MAIL: Grant = {
  grantee: { kind: 'email', email: 'A@example.com' },
  permission: 'WRITE_ACP',
};
const HEADERS: ObjectHeaders = {
  contentType: 'text/plain',
  contentDisposition: '',
  cacheControl: 'no-cache',
  contentEncoding: '',
  contentLanguage: '',
  expires: 'Wed, 21 Oct 2015 07:28:00 GMT',
  metadata: [
    { name: 'author', value: 'Zoë' },
    { name: 'Project', value: 'x' },
  ],
};
const KEEP = {
  set: {},
  typeByExtension: false,
  setMetadata: {},
  removeMetadata: [],
  replaceMetadata: false,
} as const;

function aclOf(...grants: readonly Grant[]): Acl {
  return { owner: { id: 'me', name: 'Me' }, grants: [...grants] };
}

const grant: fc.Arbitrary<Grant> = fc.record({
  grantee: fc.oneof(
    fc.record({
      kind: fc.constant('user' as const),
      id: fc.constantFrom('me', 'a', 'b'),
      name: fc.constantFrom('', 'A'),
    }),
    fc.record({
      kind: fc.constant('group' as const),
      group: fc.constantFrom('AllUsers' as const, 'AuthenticatedUsers' as const),
    }),
  ),
  permission: fc.constantFrom('READ' as const, 'READ_ACP' as const, 'FULL_CONTROL'),
});
const grants = fc.array(grant, { maxLength: 6 });
const tags: fc.Arbitrary<Tag[]> = fc.uniqueArray(
  fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd'), value: fc.string() }),
  { selector: ({ key }) => key },
);
const words = fc.dictionary(fc.constantFrom('a', 'B', 'c'), fc.string(), {
  noNullPrototype: true,
});

test('grants are given and taken, and what was not named stays', () => {
  expect(mergeAcl(aclOf(OWN, MAIL), { add: [PUBLIC], remove: [MAIL] })).toEqual(
    aclOf(OWN, PUBLIC),
  );
  const shouted = {
    ...MAIL,
    grantee: { kind: 'email' as const, email: 'a@EXAMPLE.com' },
  };
  expect(mergeAcl(aclOf(OWN, MAIL), { add: [shouted], remove: [] })).toEqual(
    aclOf(OWN, MAIL),
  );
});

test('full control of the owner is never taken, that of others is', () => {
  const other: Grant = { ...OWN, grantee: { kind: 'user', id: 'you', name: 'You' } };
  expect(mergeAcl(aclOf(OWN, other), { add: [], remove: [OWN, other] })).toEqual(
    aclOf(OWN),
  );
});

test('what is taken is taken of full control, too', () => {
  const all: Grant = { ...PUBLIC, permission: 'FULL_CONTROL' };
  const rest = (['WRITE', 'READ_ACP', 'WRITE_ACP'] as const).map((permission) => ({
    ...PUBLIC,
    permission,
  }));
  expect(mergeAcl(aclOf(OWN, all), { add: [], remove: [PUBLIC] })).toEqual(
    aclOf(OWN, ...rest),
  );
  const own: Grant = { ...OWN, permission: 'READ' };
  expect(mergeAcl(aclOf(OWN), { add: [], remove: [own] })).toEqual(aclOf(OWN));
  expect(mergeAcl(aclOf(OWN, all), { add: [all], remove: [PUBLIC] })).toEqual(
    aclOf(OWN, all),
  );
});

test('an ACL changed a second time stays as the first change left it', () => {
  fc.assert(
    fc.property(grants, grants, grants, (before, add, remove) => {
      const once = mergeAcl(aclOf(...before), { add, remove });
      expect(mergeAcl(once, { add, remove })).toEqual(once);
      expect(sameAcl(once, mergeAcl(once, { add, remove }))).toBe(true);
      for (const given of add) {
        expect(once.grants.some((each) => sameGrant(each, given))).toBe(true);
      }
      for (const stays of before) {
        const whole = stays.permission === 'FULL_CONTROL';
        const taken = remove.some((each) =>
          sameGrant(whole ? { ...each, permission: 'FULL_CONTROL' } : each, stays),
        );
        if (taken) continue;
        expect(once.grants.some((each) => sameGrant(each, stays))).toBe(true);
      }
    }),
  );
});

test('ACLs in another order are the same, with one grant more they are not', () => {
  expect(sameAcl(aclOf(OWN, PUBLIC), aclOf(PUBLIC, OWN))).toBe(true);
  expect(sameAcl(aclOf(OWN), aclOf(OWN, PUBLIC))).toBe(false);
  expect(sameAcl(aclOf(OWN, PUBLIC), aclOf(OWN))).toBe(false);
});

test('tags are set, removed and replaced', () => {
  const before = [
    { key: 'a', value: '1' },
    { key: 'b', value: '2' },
  ];
  const set = [
    { key: 'b', value: '3' },
    { key: 'c', value: '' },
  ];
  expect(mergeTags(before, { set, remove: ['a', 'c'], replace: false })).toEqual(set);
  expect(mergeTags(before, { set: [], remove: [], replace: true })).toEqual([]);
});

test('tags changed a second time stay, and keep what was not named', () => {
  fc.assert(
    fc.property(
      tags,
      tags,
      fc.subarray(['a', 'b', 'c', 'd']),
      fc.boolean(),
      (before, set, remove, replace) => {
        const change = { set, remove, replace };
        const once = mergeTags(before, change);
        expect(sameTags(mergeTags(once, change), once)).toBe(true);
        expect(new Set(once.map(({ key }) => key)).size).toBe(once.length);
        const named = new Set([...remove, ...set.map(({ key }) => key)]);
        const kept = before.filter(({ key }) => !replace && !named.has(key));
        expect(once).toEqual(expect.arrayContaining([...kept, ...set]));
        expect(once).toHaveLength(kept.length + set.length);
      },
    ),
  );
});

test('headers are set and emptied, metadata is changed whatever its capitals', () => {
  const change = {
    ...KEEP,
    set: { 'cache-control': '', 'content-language': 'de' },
    setMetadata: { Author: 'Ann' },
    removeMetadata: ['PROJECT'],
  };
  expect(mergeHeaders(HEADERS, change, '')).toEqual({
    ...HEADERS,
    cacheControl: '',
    contentLanguage: 'de',
    metadata: [{ name: 'author', value: 'Ann' }],
  });
});

test('headers changed a second time stay, and keep what was not named', () => {
  fc.assert(
    fc.property(
      words,
      words,
      fc.array(fc.constantFrom('A', 'b', 'C')),
      fc.boolean(),
      (before, setMetadata, removeMetadata, replaceMetadata) => {
        const metadata = Object.entries(before).map(([name, value]) => ({ name, value }));
        const headers = { ...HEADERS, metadata };
        const change = { ...KEEP, setMetadata, removeMetadata, replaceMetadata };
        const once = mergeHeaders(headers, change, '');
        expect(sameHeaders(mergeHeaders(once, change, ''), once)).toBe(true);
        expect({ ...once, metadata }).toEqual(headers);
        for (const [name, value] of Object.entries(setMetadata)) {
          expect(once.metadata).toContainEqual({ name: name.toLowerCase(), value });
        }
      },
    ),
  );
});

test('the type by extension outweighs a type for all, and stays where nobody knows it', () => {
  const change = { ...KEEP, set: { 'content-type': 'a/b' }, typeByExtension: true };
  const typeOf = (key: string): string =>
    mergeHeaders(HEADERS, change, knownContentType(key)).contentType;
  expect(['x/y.PNG', 'x/y', 'folder/', '.png'].map(typeOf)).toEqual([
    'image/png',
    'a/b',
    'application/x-directory',
    'a/b',
  ]);
  expect(contentTypeFor('x/y')).toBe('application/octet-stream');
});

test('one moment in two spellings is the same, and so is metadata in another order', () => {
  const again = {
    ...HEADERS,
    expires: '2015-10-21T07:28:00Z',
    metadata: HEADERS.metadata.toReversed(),
  };
  expect(sameHeaders(HEADERS, again)).toBe(true);
  expect(sameHeaders(HEADERS, { ...HEADERS, expires: '' })).toBe(false);
  expect(sameHeaders(HEADERS, { ...HEADERS, metadata: [] })).toBe(false);
});

test('a change that names nothing changes nothing', () => {
  const empty: readonly BulkChange[] = [
    { aspect: 'acl', canned: null, add: [], remove: [] },
    { aspect: 'tags', set: [], remove: [], replace: false },
    { aspect: 'headers', ...KEEP, removeMetadata: [] },
  ];
  expect(empty.map(changesNothing)).toEqual([true, true, true]);
  expect(
    [
      { aspect: 'acl' as const, canned: 'private' as const, add: [], remove: [] },
      { aspect: 'tags' as const, set: [], remove: [], replace: true },
      { aspect: 'headers' as const, ...KEEP, removeMetadata: ['a'] },
    ].map(changesNothing),
  ).toEqual([false, false, false]);
});
