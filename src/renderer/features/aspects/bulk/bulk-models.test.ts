import { expect, test } from 'vitest';
import {
  type AclBulk,
  aclBulkChanges,
  aclBulkConsequences,
  aclBulkProblems,
  aclChange,
  type GrantLine,
  INITIAL_ACL,
} from './acl-bulk-model.ts';
import {
  type HeadersBulk,
  headersBulkChanges,
  headersBulkProblems,
  headersChange,
  NO_HEADERS,
} from './headers-bulk-model.ts';
import { type NamedLine, withLine } from './named-lines.ts';
import { TAGS_BULK, type TagsBulk } from './tags-bulk.ts';

type Typed = readonly (readonly [NamedLine['op'], string, string])[];

function lines(...typed: Typed): readonly NamedLine[] {
  return typed.map(([op, name, value], id) => ({ id, op, name, value }));
}

function grants(...typed: readonly Partial<GrantLine>[]): AclBulk {
  return {
    ...INITIAL_ACL,
    mode: 'grants',
    lines: typed.map((line, id) => ({
      id,
      op: 'give',
      who: 'user',
      typed: '',
      permission: 'READ',
      ...line,
    })),
  };
}

test('tags are set and removed by name; replacing leaves nothing else to remove', () => {
  const draft: TagsBulk = {
    lines: withLine(lines(['set', 'team', 'red'], ['remove', 'old', ''])),
    replace: false,
  };
  expect(TAGS_BULK.changeOf(draft)).toEqual({
    aspect: 'tags',
    set: [{ key: 'team', value: 'red' }],
    remove: ['old'],
    replace: false,
  });
  expect(TAGS_BULK.changeOf({ ...draft, replace: true })).toMatchObject({
    remove: [],
    replace: true,
  });
  expect(TAGS_BULK.changes(draft)).toEqual([
    { kind: 'added', label: 'team', after: 'red' },
    { kind: 'removed', label: 'old', before: '' },
  ]);
  expect(TAGS_BULK.changes(TAGS_BULK.initial)).toEqual([]);
});

function wrongTags(...typed: Typed): readonly string[] {
  const draft = { lines: lines(...typed), replace: false };
  return TAGS_BULK.problems(draft).map(({ field }) => field);
}

test('tags no object could have are refused before anything starts', () => {
  expect(wrongTags(['set', 'a', '1'], ['remove', 'a', ''])).toEqual(['name:1']);
  expect(wrongTags(['set', 'aws:a', '<'], ['set', '', 'v'])).toEqual([
    'name:0',
    'value:0',
    'name:1',
  ]);
  const eleven = Array.from({ length: 11 }, (_, i) => ['set', `k${i}`, ''] as const);
  expect(wrongTags(...eleven)).toEqual(['tag']);
});

test('headers are kept unless told, and named as HTTP does', () => {
  expect(headersBulkChanges(NO_HEADERS)).toEqual([]);
  const draft: HeadersBulk = {
    headers: {
      ...NO_HEADERS.headers,
      contentType: { op: 'by-name', value: '' },
      cacheControl: { op: 'set', value: 'max-age=60' },
      expires: { op: 'remove', value: 'left over' },
    },
    metadata: lines(['set', 'X-Amz-Meta-Author', 'Ada'], ['remove', 'Old', '']),
    replace: false,
    mayResetAcl: false,
  };
  expect(headersBulkProblems(draft)).toEqual([]);
  expect(headersChange({ ...draft, mayResetAcl: true })).toEqual({
    ...headersChange(draft),
    mayResetAcl: true,
  });
  expect(headersChange(draft)).toEqual({
    aspect: 'headers',
    set: { 'cache-control': 'max-age=60', expires: '' },
    typeByExtension: true,
    setMetadata: { author: 'Ada' },
    removeMetadata: ['old'],
    replaceMetadata: false,
  });
  expect(headersBulkChanges(draft)).toEqual([
    { kind: 'added', label: 'Content-Type', after: 'by the extension of each name' },
    { kind: 'added', label: 'Cache-Control', after: 'max-age=60' },
    { kind: 'removed', label: 'Expires', before: '' },
    { kind: 'added', label: 'x-amz-meta-author', after: 'Ada' },
    { kind: 'removed', label: 'x-amz-meta-old', before: '' },
  ]);
});

function settingType(value: string): HeadersBulk {
  const contentType = { op: 'set', value } as const;
  return { ...NO_HEADERS, headers: { ...NO_HEADERS.headers, contentType } };
}

test('headers of many objects are checked as those of one', () => {
  expect(headersBulkProblems(settingType(''))).toMatchObject([{ missing: true }]);
  expect(headersBulkProblems(settingType('text/html\r\nX: y'))).toMatchObject([
    { field: 'contentType', message: expect.stringMatching(/line break/) },
  ]);
  const metadata = lines(['set', 'a b', ''], ['remove', 'c:d', ''], ['set', 'e', '\n']);
  expect(headersBulkProblems({ ...NO_HEADERS, metadata })).toMatchObject([
    { field: 'name:0' },
    { field: 'value:2' },
    { field: 'name:1' },
  ]);
  const twice = lines(['set', 'a', '1'], ['remove', 'A', '']);
  expect(headersBulkProblems({ ...NO_HEADERS, metadata: twice })).toMatchObject([
    { field: 'name:1' },
  ]);
});

test('permissions are given and taken, or a preset replaces the list', () => {
  expect(aclChange(INITIAL_ACL)).toEqual({
    aspect: 'acl',
    canned: 'private',
    add: [],
    remove: [],
  });
  const draft = grants(
    { who: 'AllUsers', op: 'take' },
    { typed: ' bo@example.com ', permission: 'FULL_CONTROL' },
  );
  expect(aclChange(draft)).toEqual({
    aspect: 'acl',
    canned: null,
    add: [
      { grantee: { kind: 'email', email: 'bo@example.com' }, permission: 'FULL_CONTROL' },
    ],
    remove: [{ grantee: { kind: 'group', group: 'AllUsers' }, permission: 'READ' }],
  });
  expect(aclBulkChanges(draft)).toEqual([
    { kind: 'removed', label: 'Everyone', before: 'Read' },
    { kind: 'added', label: 'bo@example.com', after: 'Full Control' },
  ]);
  expect(aclBulkChanges(grants())).toEqual([]);
});

test('unknown users, empty ones and lines that are there twice are refused', () => {
  const problems = aclBulkProblems(
    grants({}, { typed: 'a b' }, { typed: 'u' }, { typed: 'u', op: 'take' }),
  );
  expect(problems.map(({ field, missing = false }) => [field, missing])).toEqual([
    ['grant:0', true],
    ['grant:1', false],
    ['grant:3', false],
  ]);
});

function tones(draft: AclBulk): readonly string[] {
  return aclBulkConsequences(draft).map(({ tone }) => tone);
}

test('what makes objects public says so', () => {
  expect(tones(INITIAL_ACL)).toEqual([]);
  expect(tones({ ...INITIAL_ACL, canned: 'public-read' })).toEqual(['warning']);
  expect(tones({ ...INITIAL_ACL, canned: 'authenticated-read' })).toEqual(['warning']);
  expect(tones(grants({ who: 'AllUsers', permission: 'FULL_CONTROL' }))).toEqual([
    'danger',
    'warning',
  ]);
  expect(tones(grants({ who: 'AllUsers', op: 'take' }))).toEqual([]);
});
