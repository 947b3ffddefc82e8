import { expect, test } from 'vitest';
import type { Acl, Grant } from '../../../../shared/domain/aspects.ts';
import { sameAcl } from '../../../../shared/domain/bulk-change.ts';
import {
  type AclDraft,
  aclDraft,
  aclOf,
  aclProblems,
  granteeProblem,
  isFixed,
  isTicked,
  PERMISSIONS,
  withGrantee,
  withTick,
  withUser,
} from './acl-model.ts';
import { presetAcl, presetOf, presetsFor } from './acl-presets.ts';
import { aclChanges, aclConsequences } from './acl-words.ts';

const OWNER = { id: 'owner-id', name: 'Ada' };
const OWN: Grant = { grantee: { kind: 'user', ...OWNER }, permission: 'FULL_CONTROL' };
const PRIVATE: Acl = { owner: OWNER, grants: [OWN] };
const MIXED: Acl = {
  owner: OWNER,
  grants: [
    { grantee: { kind: 'email', email: 'bo@example.com' }, permission: 'READ' },
    { grantee: { kind: 'group', group: 'LogDelivery' }, permission: 'WRITE' },
    OWN,
    { grantee: { kind: 'user', id: 'u2', name: '' }, permission: 'READ' },
    { grantee: { kind: 'user', id: 'u2', name: '' }, permission: 'WRITE_ACP' },
  ],
};

function rowOf(draft: AclDraft, index: number) {
  const row = draft.rows[index];
  if (row === undefined) throw new Error(`no row ${index}`);
  return row;
}

test('a grid shows owner and groups first and gives back the list it was made of', () => {
  const draft = aclDraft(MIXED, false);
  expect(draft.rows.map(({ grantee }) => grantee)).toEqual([
    { kind: 'user', ...OWNER },
    { kind: 'group', group: 'AllUsers' },
    { kind: 'group', group: 'AuthenticatedUsers' },
    { kind: 'group', group: 'LogDelivery' },
    { kind: 'email', email: 'bo@example.com' },
    { kind: 'user', id: 'u2', name: '' },
  ]);
  expect(sameAcl(aclOf(draft), MIXED)).toBe(true);
  expect(aclDraft(PRIVATE, false).rows).toHaveLength(3);
  expect(aclDraft(PRIVATE, true).rows).toHaveLength(4);
});

test('what the owner has cannot be taken, what the owner lacks can be given', () => {
  const draft = aclDraft(PRIVATE, false);
  expect(PERMISSIONS.map((each) => isFixed(draft, rowOf(draft, 0), each))).toEqual(
    PERMISSIONS.map(() => true),
  );
  const none = aclDraft({ owner: OWNER, grants: [] }, false);
  expect(isFixed(none, rowOf(none, 0), 'FULL_CONTROL')).toBe(false);
  expect(isFixed(draft, rowOf(draft, 1), 'READ')).toBe(false);
});

test('taking a part of full control leaves the other parts; taking all leaves nothing', () => {
  const full = withTick(aclDraft(PRIVATE, true), 1, 'FULL_CONTROL', true);
  expect(PERMISSIONS.every((each) => isTicked(rowOf(full, 1), each))).toBe(true);
  const less = withTick(full, 1, 'WRITE', false);
  expect(rowOf(less, 1).permissions).toEqual(['READ', 'READ_ACP', 'WRITE_ACP']);
  expect(rowOf(withTick(full, 1, 'FULL_CONTROL', false), 1).permissions).toEqual([]);
});

test('users are checked as they are typed', () => {
  const id = 'a'.repeat(64);
  const all = [
    ['bo@example.com', null],
    [id, null],
    ['bo@example', /whole e-mail/],
    ['arn:aws:iam::123456789012:user/bo', /no ARNs/],
    ['two words', /no spaces/],
    ['123456789012', /account number/],
    ['bo', /64 hexadecimal/],
  ] as const;
  for (const [typed, expected] of all) {
    const problem = granteeProblem(typed, true);
    if (expected === null) expect(problem).toBeNull();
    else expect(problem).toMatch(expected);
  }
  // Elsewhere users are called otherwise.
  expect(granteeProblem('bo', false)).toBeNull();
  expect(granteeProblem('tenant$bo', false)).toBeNull();
});

test('an empty line only counts when one goes on; a second line for a user is refused', () => {
  const empty = withUser(aclDraft(MIXED, false));
  expect(aclProblems(empty, false)).toEqual([
    { field: 'grantee:6', message: expect.stringMatching(/Enter/), missing: true },
  ]);
  expect(aclProblems(withGrantee(empty, 6, 'u2'), false)).toEqual([
    { field: 'grantee:6', message: expect.stringMatching(/already/) },
  ]);
  expect(aclProblems(withGrantee(empty, 6, 'u3'), false)).toEqual([]);
  const nothing = withTick(withGrantee(empty, 6, 'u3'), 6, 'READ', false);
  expect(aclProblems(nothing, false)).toMatchObject([
    { field: 'grantee:6', missing: true },
  ]);
});

test('every preset is known again, and the ones for bucket owners need one', () => {
  const bucketOwner = { id: 'b', name: '' };
  for (const isBucket of [true, false]) {
    for (const { value } of presetsFor(isBucket)) {
      const acl = presetAcl(value, OWNER, bucketOwner);
      if (acl === null) throw new Error(value);
      expect(presetOf(acl, isBucket, bucketOwner)?.value).toBe(value);
    }
  }
  expect(presetAcl('bucket-owner-read', OWNER, null)).toBeNull();
  expect(presetAcl('bucket-owner-read', OWNER, OWNER)).toBeNull();
  expect(presetOf(MIXED, false, null)).toBeNull();
});

test('changes name people and what they may do', () => {
  const after = presetAcl('public-read', OWNER, null);
  if (after === null) throw new Error('no preset');
  expect(aclChanges(MIXED, after)).toEqual([
    { kind: 'removed', label: 'bo@example.com', before: 'Read' },
    { kind: 'removed', label: 'Log delivery', before: 'Write' },
    { kind: 'removed', label: 'u2', before: 'Read, Write ACP' },
    { kind: 'added', label: 'Everyone', after: 'Read' },
  ]);
});

function tones(before: Acl, after: Acl, key: string | null): readonly string[] {
  return aclConsequences(before, after, { key }).map(({ tone }) => tone);
}

test('strangers who get in, and users who lose the list, are spoken of', () => {
  const open = presetAcl('public-read-write', OWNER, null);
  if (open === null) throw new Error('no preset');
  expect(tones(PRIVATE, open, null)).toEqual(['danger', 'warning']);
  // Write on an object gives nobody anything.
  expect(tones(PRIVATE, open, 'k')).toEqual(['warning']);
  expect(tones(open, PRIVATE, 'k')).toEqual(['info']);
  expect(tones(MIXED, PRIVATE, 'k')).toEqual(['warning']);
  expect(tones(PRIVATE, PRIVATE, 'k')).toEqual([]);
  const takeover = withTick(aclDraft(PRIVATE, false), 1, 'FULL_CONTROL', true);
  expect(tones(PRIVATE, aclOf(takeover), 'k')).toEqual(['danger', 'warning']);
});
