import { expect, test } from 'vitest';
import type { OwedTags, TagOwner } from '../database/edit-store.ts';
import { isOwedTo, ownerOf } from './owed-tags.ts';

const MD5 = '0'.repeat(32);
const OTHER = '1'.repeat(32);
const SUM: TagOwner = { etag: MD5, size: 5, version: null, isSum: true };
const PARTS: TagOwner = { ...SUM, etag: `${MD5}-2`, isSum: false };

function owed(owner: TagOwner, made: OwedTags['made'] = null): OwedTags {
  return { tags: [], owner, made };
}

test.each<[string, boolean, OwedTags, TagOwner, boolean]>([
  ['the object as it was', true, owed(SUM), SUM, false],
  [
    'its own version',
    true,
    owed({ ...SUM, version: 'a' }),
    { ...SUM, version: 'a' },
    false,
  ],
  ['a copy with the same sum', true, owed(SUM), { ...SUM, version: 'b' }, false],
  ['another sum', false, owed(SUM), { ...SUM, etag: OTHER }, true],
  ['another size', false, owed(PARTS), { ...PARTS, size: 6 }, true],
  ['a copy of parts that has the headers', true, owed(PARTS), SUM, true],
  ['an object without the headers', false, owed(PARTS), SUM, false],
  [
    'what the answer told',
    true,
    owed(PARTS, { etag: OTHER, version: null }),
    { ...SUM, etag: OTHER },
    false,
  ],
  [
    'another than the answer told',
    false,
    owed(PARTS, { etag: OTHER, version: null }),
    SUM,
    true,
  ],
  [
    'another version than the answer told',
    false,
    owed(SUM, { etag: MD5, version: 'a' }),
    { ...SUM, version: 'b' },
    true,
  ],
])('tags are owed to %s: %s', (_what, expected, tags, now, asWanted) => {
  expect(isOwedTo(tags, now, asWanted)).toBe(expected);
});

test('an ETag under a key of its own, and the version of a bucket without, prove nothing', () => {
  const state = { etag: MD5, size: 5, headers: {} as never, rawMetadata: {}, untold: 0 };
  const of = (head: object): TagOwner => ownerOf({ ...state, head });
  expect(of({})).toEqual(SUM);
  expect(of({ VersionId: 'null' })).toEqual(SUM);
  expect(of({ VersionId: 'v' })).toEqual({ ...SUM, version: 'v' });
  expect(of({ ServerSideEncryption: 'aws:kms' })).toEqual({ ...SUM, isSum: false });
  expect(of({ SSECustomerAlgorithm: 'AES256' })).toEqual({ ...SUM, isSum: false });
});
