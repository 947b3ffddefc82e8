import { expect, test } from 'vitest';
import { EntryPattern } from './entry-pattern.ts';

const entry = (key: string, more = '', time = '2026-02-03T04:05:06.789Z') =>
  `<Contents><Key>${key}</Key><LastModified>${time}</LastModified>` +
  `<ETag>&quot;abc-1&quot;</ETag><Size>12</Size>${more}</Contents>`;

function patternOf(sample: string): EntryPattern {
  const pattern = EntryPattern.of(sample, 0);
  if (pattern === null) throw new Error('There is no pattern of this.');
  return pattern;
}

test('an entry like the one before is read, wherever it stands', () => {
  const first = entry('a', '<Owner> <ID>me</ID></Owner><StorageClass>A_B</StorageClass>');
  const second = entry(
    'b&amp;c',
    '<Owner>\n<ID>you</ID></Owner><StorageClass>C</StorageClass>',
    '1969-12-31T23:59:59Z',
  );
  const text = `before${second}after`;
  expect(patternOf(first).read(text, 'before'.length)).toEqual({
    key: 'b&amp;c',
    size: 12,
    modified: -1_000,
    etag: 'abc-1',
    storageClass: 'C',
    end: text.length - 'after'.length,
  });
});

test('what an entry does not say is as the careful way has it', () => {
  const text = '<Contents><Key>k</Key></Contents>';
  expect(patternOf(text).read(text, 0)).toEqual({
    key: 'k',
    size: 0,
    modified: Number.NaN,
    etag: '',
    storageClass: 'STANDARD',
    end: text.length,
  });
});

test.each([
  ['half an entry', entry('a').slice(0, -1)],
  ['another element', entry('a', '<Type>Normal</Type>')],
  ['a name of blanks', entry(' ')],
  ['a carriage return', entry('a\rb')],
  ['the 30th of February', entry('a', '', '2026-02-30T00:00:00Z')],
  ['an hour too many', entry('a', '', '2026-02-03T24:00:00Z')],
  ['a size with a sign', entry('a').replace('>12<', '>-1<')],
  ['another quote', entry('a').replaceAll('&quot;', '"')],
])('%s is left to the careful way', (_what, text) => {
  expect(patternOf(entry('b')).read(text, 0)).toBeNull();
});

test('a day that does not exist spoils no later entry of the same day', () => {
  const pattern = patternOf(entry('b'));
  const bad = entry('a', '', '2026-02-30T00:00:00Z');
  expect(pattern.read(bad, 0)).toBeNull();
  expect(pattern.read(bad, 0)).toBeNull();
  expect(pattern.read(entry('a'), 0)?.modified).toBe(Date.UTC(2026, 1, 3, 4, 5, 6, 789));
});
