import { expect, test } from 'vitest';
import type { Aspect, CorsRule, Grant } from '../../../shared/domain/aspects.ts';
import { isSameAspect, revisionOf } from './revision.ts';

const READ: Grant = { grantee: { kind: 'group', group: 'AllUsers' }, permission: 'READ' };
const FULL: Grant = {
  grantee: { kind: 'user', id: 'me', name: 'Me' },
  permission: 'FULL_CONTROL',
};
const acl = (grants: Grant[], name = ''): Aspect => ({
  aspect: 'acl',
  value: { owner: { id: 'me', name }, grants },
});
const RULE: CorsRule = {
  id: '',
  origins: ['https://a', 'https://b'],
  methods: ['GET'],
  headers: [],
  exposed: [],
  maxAge: null,
};
const cors = (...value: CorsRule[]): Aspect => ({ aspect: 'cors', value });
const tags = (...keys: string[]): Aspect => ({
  aspect: 'tags',
  value: keys.map((key) => ({ key, value: '' })),
});

test.each<[string, Aspect, Aspect, boolean]>([
  ['grants in another order', acl([READ, FULL]), acl([FULL, READ]), true],
  ['another name of the owner', acl([FULL]), acl([FULL], 'Somebody'), true],
  ['a grant more', acl([FULL]), acl([FULL, READ]), false],
  ['tags in another order', tags('a', 'b'), tags('b', 'a'), true],
  ['a tag more', tags('a'), tags('a', 'b'), false],
  [
    'origins in another order',
    cors(RULE),
    cors({ ...RULE, origins: RULE.origins.toReversed() }),
    true,
  ],
  [
    'rules in another order, of which the first that fits counts',
    cors(RULE, { ...RULE, maxAge: 1 }),
    cors({ ...RULE, maxAge: 1 }, RULE),
    false,
  ],
  ['nothing of another kind', tags(), cors(), false],
])('%s: the same is %o', (_, a, b, same) => {
  expect(isSameAspect(a, b)).toBe(same);
});

test('the headers of other content are another state', () => {
  const headers: Aspect = {
    aspect: 'headers',
    value: {
      contentType: 'a/b',
      contentDisposition: '',
      cacheControl: '',
      contentEncoding: '',
      contentLanguage: '',
      expires: '',
      metadata: [],
    },
  };
  expect(revisionOf(headers, 'one')).not.toBe(revisionOf(headers, 'two'));
});
