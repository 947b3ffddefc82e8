import { expect, test } from 'vitest';
import type { Exposure } from '../../../shared/domain/exposure.ts';
import { whyNotPublic } from '../aspects/acl/why-not-public.ts';
import { exposureFacts, verdictText } from './exposure-words.ts';

const PRIVATE: Exposure = {
  verdict: 'private',
  aclIsPublic: false,
  policyIsPublic: false,
  block: {
    blockPublicAcls: false,
    ignorePublicAcls: false,
    blockPublicPolicy: false,
    restrictPublicBuckets: false,
  },
  ownership: 'ObjectWriter',
  anonymous: { url: 'https://s3.example.com/b/k', status: 403, code: 'AccessDenied' },
};

test('every reason is named', () => {
  expect(exposureFacts(PRIVATE, true)).toEqual([
    ['Without keys', 'Refused: HTTP 403 (AccessDenied)'],
    ['ACL', 'Gives nothing to everyone'],
    ['Bucket policy', 'Not public'],
    ['Public access block', 'Off'],
    ['Object ownership', 'Object writer'],
  ]);
});

test('what the server did not tell is not guessed', () => {
  const facts = exposureFacts(
    { ...PRIVATE, aclIsPublic: null, policyIsPublic: null, block: null, ownership: '' },
    false,
  );
  expect(facts.map(([, value]) => value)).toEqual(
    Array.from({ length: 3 }, () => 'Not told by the server'),
  );
});

test('switches of the block are named unless all are on', () => {
  const on = { ...PRIVATE.block, ignorePublicAcls: true } as NonNullable<
    Exposure['block']
  >;
  const block = (value: typeof on) =>
    new Map(exposureFacts({ ...PRIVATE, block: value }, true)).get('Public access block');
  expect(block(on)).toBe('In part: Ignore public ACLs');
  const all = { blockPublicAcls: true, blockPublicPolicy: true };
  expect(block({ ...on, ...all, restrictPublicBuckets: true })).toBe('On');
});

test('open to everyone with an account is not called private, nor open to strangers', () => {
  const exposure = { ...PRIVATE, verdict: 'public-accounts', aclIsPublic: true } as const;
  expect(verdictText(exposure, true)).toMatch(/everyone with an account/);
  expect(new Map(exposureFacts(exposure, true)).get('ACL')).toBe(
    'Gives access to everyone with an account',
  );
  expect(whyNotPublic(exposure)).toMatch(/nobody without/);
});

test('a list for everyone that counts for nothing is explained', () => {
  const text = verdictText(
    { ...PRIVATE, aclIsPublic: true, ownership: 'BucketOwnerEnforced' },
    true,
  );
  expect(text).toMatch(/^Strangers do not get in\. ACLs are switched off/);
});
