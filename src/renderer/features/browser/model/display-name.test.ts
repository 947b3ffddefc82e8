import { expect, test } from 'vitest';
import { displayName, splitForEllipsis } from './display-name.ts';

test('control characters, bidirectional marks and empty names become visible', () => {
  expect(
    ['', 'a\nb', 'a\u0007', 'x\u202Egpj.exe', 'naïve 🐦.txt', '\0'].map(displayName),
  ).toEqual([
    '(empty name)',
    'a\\nb',
    'a\\u0007',
    'x\\u202Egpj.exe',
    'naïve 🐦.txt',
    '\\0',
  ]);
});

test('a long name keeps its extension and never splits an emoji', () => {
  const name = `${'a'.repeat(40)}🐦🐦.jpeg`;
  const { head, tail } = splitForEllipsis(name);
  expect({ whole: head + tail, tail }).toEqual({ whole: name, tail: 'aa🐦🐦.jpeg' });
});

test('what is blank shows, joiners that shape emoji and Persian words stay', () => {
  expect(
    ['a\u00ADb', 'x\u3164', '👩‍👧.png', 'می\u200Cخواهم', 'a\u200Db', '\u{E0041}'].map(
      displayName,
    ),
  ).toEqual([
    'a\\u00ADb',
    'x\\u3164',
    '👩‍👧.png',
    'می\u200Cخواهم',
    'a\\u200Db',
    '\\u{E0041}',
  ]);
});

test('a long name is not cut between a letter and its accent', () => {
  const name = `${'a'.repeat(30)}${'e\u0301'.repeat(8)}`;
  const { head, tail } = splitForEllipsis(name);
  expect({ whole: head + tail, tail }).toEqual({
    whole: name,
    tail: 'e\u0301'.repeat(8),
  });
});
