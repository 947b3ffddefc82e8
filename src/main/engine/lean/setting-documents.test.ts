import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Grant } from '../../../shared/domain/aspects.ts';
import { UnsupportedAnswer } from './http-reader.ts';
import {
  aclDocument,
  readAclDocument,
  readTagsDocument,
  tagsDocument,
} from './setting-documents.ts';

const XML = '<?xml version="1.0" encoding="UTF-8"?>\n';
const NS = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';

/** As Amazon writes it. */
const POLICY = `${XML}<AccessControlPolicy ${NS}><Owner><ID>0af</ID><DisplayName>a &amp; b</DisplayName></Owner><AccessControlList><Grant><Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser"><ID>0af</ID><DisplayName>a &amp; b</DisplayName></Grantee><Permission>FULL_CONTROL</Permission></Grant><Grant><Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="Group"><URI>http://acs.amazonaws.com/groups/global/AllUsers</URI></Grantee><Permission>READ</Permission></Grant></AccessControlList></AccessControlPolicy>`;

const text = fc.string({ unit: 'grapheme' }).filter((each) => each.trim() === each);
const grant: fc.Arbitrary<Grant> = fc.record({
  grantee: fc.oneof(
    fc.record({
      kind: fc.constant('user' as const),
      id: text.filter((id) => id !== '' && !id.startsWith('http')),
      name: fc.constant(''),
    }),
    fc.record({ kind: fc.constant('email' as const), email: text }),
    fc.record({
      kind: fc.constant('group' as const),
      group: fc.constantFrom('AllUsers' as const, 'LogDelivery' as const),
    }),
  ),
  permission: fc.constantFrom('READ' as const, 'WRITE_ACP' as const),
});

function tagging(inner: string): string {
  return `${XML}<Tagging ${NS}>${inner}</Tagging>`;
}

test('a list of grants is read as Amazon writes it', () => {
  expect(readAclDocument(POLICY)).toEqual({
    owner: { id: '0af', name: 'a & b' },
    grants: [
      {
        grantee: { kind: 'user', id: '0af', name: 'a & b' },
        permission: 'FULL_CONTROL',
      },
      { grantee: { kind: 'group', group: 'AllUsers' }, permission: 'READ' },
    ],
  });
});

test('what is written is read the same', () => {
  fc.assert(
    fc.property(fc.array(grant, { maxLength: 4 }), text, (grants, id) => {
      const acl = { owner: { id, name: '' }, grants };
      const document = aclDocument(acl);
      fc.pre(document !== null && !document.includes('\r'));
      expect(readAclDocument(document ?? '')).toEqual(acl);
    }),
  );
  fc.assert(
    fc.property(fc.array(fc.record({ key: text, value: text })), (tags) => {
      const document = tagsDocument(tags);
      fc.pre(document !== null && !document.includes('\r'));
      expect(readTagsDocument(document ?? '')).toEqual(tags);
    }),
  );
});

test.each([
  ['no list', `<AccessControlPolicy ${NS}></AccessControlPolicy>`],
  ['another root', POLICY.replaceAll('AccessControlPolicy', 'ListBucketResult')],
  ['half of it', POLICY.slice(0, -30)],
  ['a permission nobody knows', POLICY.replace('>READ<', '>SEE<')],
  ['something in between', POLICY.replace('</Grant><Grant>', '</Grant><X/><Grant>')],
  ['something in a grantee', POLICY.replace('<URI>', '<X><Y/></X><URI>')],
  ['the object itself', 'precious'],
  ['nothing', ''],
])('%s is no list of grants', (_what, document) => {
  expect(() => readAclDocument(document)).toThrow(UnsupportedAnswer);
});

test('tags are read, also none of them', () => {
  const one = '<Tag>\n<Key>a&lt;b</Key><Value/></Tag>';
  expect([
    readTagsDocument(tagging(`<TagSet>${one}</TagSet>`)),
    readTagsDocument(tagging('<TagSet></TagSet>')),
    readTagsDocument(tagging('<TagSet/>')),
  ]).toEqual([[{ key: 'a<b', value: '' }], [], []]);
  expect(() => readTagsDocument(tagging(one))).toThrow(UnsupportedAnswer);
  expect(() => readTagsDocument(tagging(`<TagSet>${one}x</TagSet>`))).toThrow(
    UnsupportedAnswer,
  );
});

test('what XML cannot hold is not written', () => {
  expect(tagsDocument([{ key: 'a\u0001', value: '' }])).toBeNull();
});
