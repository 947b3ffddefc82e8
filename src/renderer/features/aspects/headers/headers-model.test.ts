import { expect, test } from 'vitest';
import type { ObjectHeaders } from '../../../../shared/domain/aspects.ts';
import { filenameParameter, headerSuggestions } from './header-suggestions.ts';
import {
  headerEntries,
  headerProblem,
  headersDraft,
  headersOf,
  headersProblems,
  metadataBytes,
  settledDate,
  withMetadata,
  withMetadataRow,
  withoutMetadata,
} from './headers-model.ts';

const HEADERS: ObjectHeaders = {
  contentType: 'image/png',
  contentDisposition: '',
  cacheControl: 'max-age=60',
  contentEncoding: '',
  contentLanguage: '',
  expires: '',
  metadata: [{ name: 'author', value: 'Ada' }],
};

test('headers are shown as HTTP writes them, in one order', () => {
  expect(headerEntries(HEADERS)).toEqual([
    ['Content-Type', 'image/png'],
    ['Cache-Control', 'max-age=60'],
    ['x-amz-meta-author', 'Ada'],
  ]);
  expect(headersOf(headersDraft(HEADERS))).toEqual(HEADERS);
});

test('names of metadata lose capitals and the prefix; lines nobody typed in are none', () => {
  const draft = withMetadata(withMetadataRow(headersDraft(HEADERS)), 1, {
    name: 'X-Amz-Meta-Place',
    value: 'Bergen ☂',
  });
  expect(headersOf(withMetadataRow(draft)).metadata).toEqual([
    { name: 'author', value: 'Ada' },
    { name: 'place', value: 'Bergen ☂' },
  ]);
  expect(headersProblems(draft)).toEqual([]);
  expect(headersOf(withoutMetadata(draft, 0)).metadata).toHaveLength(1);
});

test('line breaks and other control characters never get into a header', () => {
  for (const field of ['contentType', 'cacheControl', 'expires'] as const) {
    expect(headerProblem(field, 'a/b\r\nX-Evil: 1')).toMatch(/line break/);
    expect(headerProblem(field, 'a/b\u0000')).toMatch(/control character/);
  }
  const draft = withMetadata(headersDraft(HEADERS), 0, { value: 'a\nb' });
  expect(headersProblems(draft)).toMatchObject([{ field: 'value:0' }]);
});

test.each([
  ['contentType', 'text/html; charset=utf-8', null],
  ['contentType', 'application/vnd.api+json', null],
  ['contentType', 'png', /type and a subtype/],
  ['contentDisposition', 'attachment; filename="a b.pdf"', null],
  ['contentDisposition', 'attachment; filename="ü.pdf"', /filename\*=UTF-8/],
  ['contentDisposition', '"a.pdf"', /Begin with attachment/],
  ['cacheControl', 'public, max-age=1', null],
  ['cacheControl', 'für immer', /Only ASCII/],
  ['expires', 'Wed, 21 Oct 2026 07:28:00 GMT', null],
  ['expires', 'tomorrow', /Write a date/],
] as const)('%s takes %s: %s', (field, value, expected) => {
  if (expected === null) expect(headerProblem(field, value)).toBeNull();
  else expect(headerProblem(field, value)).toMatch(expected);
});

test('names of metadata are checked, and may be there once', () => {
  const problem = (name: string) =>
    headersProblems(withMetadata(headersDraft(HEADERS), 0, { name }))[0]?.message ?? null;
  expect(problem('a-b_c.d')).toBeNull();
  expect(problem('a b')).toMatch(/^A space/);
  expect(problem('größe')).toMatch(/^“ö”/);
  expect(problem('a:b')).toMatch(/^“:”/);
  expect(problem('')).toMatch(/Enter a name/);
  const twice = withMetadata(withMetadataRow(headersDraft(HEADERS)), 1, {
    name: 'X-AMZ-META-Author',
    value: '',
  });
  expect(headersProblems(twice)).toMatchObject([{ field: 'name:1' }]);
});

function withLength(length: number) {
  return withMetadata(headersDraft(HEADERS), 0, { value: 'é'.repeat(length) });
}

test('metadata has 2,048 bytes, counted in UTF-8', () => {
  expect(metadataBytes(withLength(1_021).metadata)).toBe(2_048);
  expect(headersProblems(withLength(1_021))).toEqual([]);
  expect(headersProblems(withLength(1_022))).toMatchObject([{ field: 'metadata' }]);
});

test('dates become what HTTP writes, in UTC', () => {
  expect(settledDate('2026-10-21')).toBe('Wed, 21 Oct 2026 00:00:00 GMT');
  expect(settledDate('2026-10-21 07:28')).toBe('Wed, 21 Oct 2026 07:28:00 GMT');
  expect(settledDate('Wed, 21 Oct 2026 07:28:00 GMT')).toBe(
    'Wed, 21 Oct 2026 07:28:00 GMT',
  );
  expect([settledDate('soon'), settledDate('')]).toEqual(['soon', '']);
});

test('a file name goes into Content-Disposition quoted, or encoded beyond ASCII', () => {
  expect(filenameParameter('a "b".pdf')).toBe('filename="a \\"b\\".pdf"');
  expect(filenameParameter('naïve’s.pdf')).toBe(
    "filename*=UTF-8''na%C3%AFve%E2%80%99s.pdf",
  );
  expect(headerSuggestions('contentDisposition', 'x.pdf')).toHaveLength(3);
  expect(headerSuggestions('contentType', '').map(({ value }) => value)).toContain(
    'image/png',
  );
});
