import { expect, test } from 'vitest';
import type { Exposure } from '../../../../shared/domain/exposure.ts';
import { whyNotPublic } from './why-not-public.ts';

const OPEN = {
  blockPublicAcls: false,
  ignorePublicAcls: false,
  blockPublicPolicy: false,
  restrictPublicBuckets: false,
};
const EXPOSURE: Exposure = {
  verdict: 'private',
  aclIsPublic: true,
  policyIsPublic: null,
  block: OPEN,
  ownership: '',
  anonymous: null,
};

test.each([
  [{ ownership: 'BucketOwnerEnforced' }, /ACLs are switched off/],
  [{ block: { ...OPEN, ignorePublicAcls: true } }, /“Ignore public ACLs”/],
  [
    { aclIsPublic: false, block: { ...OPEN, blockPublicAcls: true } },
    /“Block public ACLs”/,
  ],
  [{ block: { ...OPEN, restrictPublicBuckets: true } }, /“Restrict public buckets”/],
  [{ aclIsPublic: false, block: null }, /does not give everyone/],
  [{}, /policy that denies/],
] as const)('what is in the way is named: %o', (change, expected) => {
  expect(whyNotPublic({ ...EXPOSURE, ...change })).toMatch(expected);
});
