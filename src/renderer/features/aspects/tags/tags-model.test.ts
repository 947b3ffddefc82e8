import { expect, test } from 'vitest';
import {
  isSystemTag,
  mostTags,
  type TagsDraft,
  tagProblems,
  tagsDraft,
  tagsOf,
  withoutRow,
  withRow,
  withTyped,
} from './tags-model.ts';

function typed(...tags: readonly (readonly [string, string])[]): TagsDraft {
  return tags.reduce<TagsDraft>((now, [key, value]) => withRow(now, { key, value }), {
    rows: [],
  });
}

function messages(draft: TagsDraft, most = 10): readonly string[] {
  return tagProblems(draft, most).map(({ field, message }) => `${field} ${message}`);
}

test('rows nobody typed in are no tags', () => {
  const draft = withRow(withRow(tagsDraft([{ key: 'a', value: '' }])));
  expect(tagsOf(draft)).toEqual([{ key: 'a', value: '' }]);
  expect(messages(draft)).toEqual([]);
  expect(tagsOf(withoutRow(draft, 0))).toEqual([]);
});

function many(count: number): TagsDraft {
  return typed(...Array.from({ length: count }, (_, i) => [`k${i}`, 'v'] as const));
}

test('where there are no tags, a blank row waits to be typed in', () => {
  const draft = tagsDraft([]);
  expect(draft.rows).toEqual([{ id: 0, key: '', value: '', original: null }]);
  expect(tagsOf(draft)).toEqual([]);
  expect(tagsOf(withTyped(draft, 0, { key: 'a' }))).toEqual([{ key: 'a', value: '' }]);
});

test('ten tags are taken, eleven are not; a bucket takes fifty', () => {
  expect(messages(many(10))).toEqual([]);
  expect(messages(many(11))).toEqual([
    'list At most 10 tags are allowed here: remove 1.',
  ]);
  expect([mostTags({ key: 'k' }), mostTags({ key: null })]).toEqual([10, 50]);
});

test('lengths count as S3 counts them', () => {
  expect(messages(typed(['k'.repeat(128), 'v'.repeat(256)]))).toEqual([]);
  expect(messages(typed(['k'.repeat(129), 'v'.repeat(257)]))).toEqual([
    'key:0 At most 128 characters; these are 129.',
    'value:0 At most 256 characters; these are 257.',
  ]);
});

test('letters of every script are taken, other signs are named', () => {
  expect(messages(typed(['Größe 名前', 'a+b-c=d.e_f:g/h@i 10']))).toEqual([]);
  expect(messages(typed(['a&b', 'x'], ['c', '<y>'], ['d', 'a\tb']))).toEqual([
    expect.stringMatching(/^key:0 “&” is not allowed/),
    expect.stringMatching(/^value:1 “<” is not allowed/),
    expect.stringMatching(/^value:2 A control character is not allowed/),
  ]);
});

test('names that are taken, reserved or missing are refused', () => {
  expect(messages(typed(['a', '1'], ['a', '2'], ['aws:x', ''], ['', 'v']))).toEqual([
    'key:1 There is a tag of this name already.',
    'key:2 Names that begin with “aws:” are reserved.',
    'key:3 Enter a name for this value.',
  ]);
});

test('what the server had is not complained of, and the system’s own do not count', () => {
  const draft = tagsDraft([
    { key: 'aws:cloudformation:stack', value: 'x' },
    { key: 'odd<', value: '>' },
  ]);
  expect(messages(draft, 1)).toEqual([]);
  expect(draft.rows.map(isSystemTag)).toEqual([true, false]);
  expect(messages(withTyped(draft, 1, { value: '>>' }), 1)).toEqual([
    expect.stringMatching(/^value:1/),
  ]);
});
