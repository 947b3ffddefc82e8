import { expect, test } from 'vitest';
import type { Acl } from '../../../shared/domain/aspects.ts';
import { type ExposureFacts, type Fact, judge } from './exposure.ts';

const OWNER = { id: 'me', name: '' };
const told = <T>(value: T): Fact<T> => ({ kind: 'told', value });
const UNKNOWN = { kind: 'unknown' } as const;
const ABSENT = { kind: 'absent' } as const;
const PRIVATE: Acl = { owner: OWNER, grants: [] };
const PUBLIC: Acl = {
  owner: OWNER,
  grants: [{ grantee: { kind: 'group', group: 'AllUsers' }, permission: 'READ' }],
};
const ACCOUNTS: Acl = {
  owner: OWNER,
  grants: [
    { grantee: { kind: 'group', group: 'AuthenticatedUsers' }, permission: 'READ' },
  ],
};
const LOGS: Acl = {
  owner: OWNER,
  grants: [{ grantee: { kind: 'group', group: 'LogDelivery' }, permission: 'WRITE' }],
};
const OPEN = {
  blockPublicAcls: false,
  ignorePublicAcls: false,
  blockPublicPolicy: false,
  restrictPublicBuckets: false,
};
const FACTS: ExposureFacts = {
  acl: told(PRIVATE),
  policyIsPublic: told(false),
  block: told(OPEN),
  ownership: told(''),
  anonymous: null,
};
const answer = (status: number | null) => ({ url: '', status, code: '' });

test.each<[string, Partial<ExposureFacts>, string]>([
  ['nothing is public', {}, 'private'],
  ['log delivery is nobody', { acl: told(LOGS) }, 'private'],
  ['the list gives to everybody', { acl: told(PUBLIC) }, 'public-acl'],
  ['the policy does', { policyIsPublic: told(true) }, 'public-policy'],
  ['both do', { acl: told(PUBLIC), policyIsPublic: told(true) }, 'public'],
  [
    'public lists are ignored',
    { acl: told(PUBLIC), block: told({ ...OPEN, ignorePublicAcls: true }) },
    'private',
  ],
  [
    'lists are off',
    { acl: told(PUBLIC), ownership: told('BucketOwnerEnforced') },
    'private',
  ],
  [
    'public policies are restricted',
    { policyIsPublic: told(true), block: told({ ...OPEN, restrictPublicBuckets: true }) },
    'private',
  ],
  [
    'blocking new ones changes nothing of the old',
    { acl: told(PUBLIC), block: told({ ...OPEN, blockPublicAcls: true }) },
    'public-acl',
  ],
  ['nobody tells of the policy', { policyIsPublic: UNKNOWN }, 'unknown'],
  ['there are no policies here', { policyIsPublic: ABSENT }, 'private'],
  ['there are no lists here', { acl: ABSENT }, 'private'],
  [
    'a public list is enough, whatever the policy is',
    { acl: told(PUBLIC), policyIsPublic: UNKNOWN },
    'public-acl',
  ],
  ['a stranger gets in', { acl: UNKNOWN, anonymous: answer(200) }, 'public'],
  ['and the list is why', { acl: told(PUBLIC), anonymous: answer(200) }, 'public-acl'],
  ['a stranger does not', { acl: told(PUBLIC), anonymous: answer(403) }, 'private'],
  [
    'a stranger does not, and anybody with an account does',
    { acl: told(ACCOUNTS), anonymous: answer(403) },
    'public-accounts',
  ],
  [
    'not even with an account, as lists are ignored',
    {
      acl: told(ACCOUNTS),
      block: told({ ...OPEN, ignorePublicAcls: true }),
      anonymous: answer(403),
    },
    'private',
  ],
  ['nobody answers a stranger', { anonymous: answer(null) }, 'private'],
  [
    'nobody answers anybody',
    { acl: UNKNOWN, policyIsPublic: UNKNOWN, anonymous: answer(null) },
    'unknown',
  ],
])('%s', (_, facts, verdict) => {
  expect(judge({ ...FACTS, ...facts }).verdict).toBe(verdict);
});

test('what was not told is null, and what there is not is, too', () => {
  const facts = {
    acl: UNKNOWN,
    policyIsPublic: ABSENT,
    block: UNKNOWN,
    ownership: UNKNOWN,
  };
  expect(judge({ ...FACTS, ...facts })).toEqual({
    verdict: 'unknown',
    aclIsPublic: null,
    policyIsPublic: null,
    block: null,
    ownership: '',
    anonymous: null,
  });
});
