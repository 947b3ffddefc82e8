import { expect, test } from 'vitest';
import type { BulkChange } from '../../../shared/domain/aspects.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { checkChange } from './check-change.ts';

const ACL = { aspect: 'acl', canned: null, add: [], remove: [] } satisfies BulkChange;
const TAGS = { aspect: 'tags', set: [], remove: [], replace: false } satisfies BulkChange;
const HEADERS = {
  aspect: 'headers',
  set: {},
  typeByExtension: false,
  setMetadata: {},
  removeMetadata: [],
  replaceMetadata: false,
} satisfies BulkChange;

function refusal(change: BulkChange): unknown {
  try {
    checkChange(change);
    return '';
  } catch (error) {
    return error instanceof AppError && error.code === 'aspect.invalid'
      ? error.params['reason']
      : error;
  }
}

test('what could be sent may be queued', () => {
  const grantee = { kind: 'group', group: 'AllUsers' } as const;
  expect(
    [
      { ...ACL, canned: 'private' as const },
      { ...ACL, add: [{ grantee, permission: 'READ' as const }] },
      { ...TAGS, replace: true },
      { ...TAGS, set: [{ key: 'ä', value: '' }] },
      {
        ...HEADERS,
        set: { 'content-type': '', expires: 'Wed, 21 Oct 2026 07:28:00 GMT' },
        setMetadata: { Author: 'Zoë' },
      },
    ].map(refusal),
  ).toEqual(['', '', '', '', '']);
});

test.each<readonly [string, BulkChange, string]>([
  ['no change at all', ACL, 'no-change'],
  ['a header nobody knows', { ...HEADERS, set: { etag: 'x' } }, 'name'],
  ['a name every object has', { ...HEADERS, set: { toString: 'x' } }, 'name'],
  [
    'another header in one',
    { ...HEADERS, set: { 'cache-control': 'a\r\nb: c' } },
    'line-break',
  ],
  ['the same in metadata', { ...HEADERS, setMetadata: { a: 'b\nc: d' } }, 'line-break'],
  ['a date that is none', { ...HEADERS, set: { expires: 'soon' } }, 'expires'],
  ['metadata without a name', { ...HEADERS, setMetadata: { '': 'x' } }, 'name'],
  ['metadata twice', { ...HEADERS, setMetadata: { a: '1', A: '2' } }, 'repeated'],
  [
    'eleven tags',
    { ...TAGS, set: Array.from({ length: 11 }, (_, n) => ({ key: `${n}`, value: '' })) },
    'too-many',
  ],
  ['a long tag', { ...TAGS, set: [{ key: 'x'.repeat(129), value: '' }] }, 'too-long'],
  [
    'a grant for nobody',
    { ...ACL, add: [{ grantee: { kind: 'email', email: ' ' }, permission: 'READ' }] },
    'empty',
  ],
])('%s is refused', (_what, change, reason) => {
  expect(refusal(change)).toBe(reason);
});
