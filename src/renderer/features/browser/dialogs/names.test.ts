import { expect, test } from 'vitest';
import {
  bucketNameProblem,
  newFolderProblem,
  renameProblem,
  stemLength,
} from './names.ts';

function ok(name: string): boolean {
  return newFolderProblem('a/', name) === null;
}

test('folder names: empty, only slashes and too long ones are refused, nested ones allowed', () => {
  expect({
    empty: ok(''),
    slashes: ok('//'),
    nested: ok('2024/May'),
    trailing: ok('x/'),
    exact: ok('x'.repeat(1_021)),
    long: ok('x'.repeat(1_022)),
    bytes: ok('ü'.repeat(511)),
  }).toEqual({
    empty: false,
    slashes: false,
    nested: true,
    trailing: true,
    exact: true,
    long: false,
    bytes: false,
  });
});

test('a new name has no slash and fits', () => {
  expect(renameProblem('', 'a/b', false)).toMatch(/slash/);
  expect(renameProblem('', '', false)).toBe('Enter a name.');
  expect(renameProblem('', 'x'.repeat(1_024), false)).toBeNull();
  expect(renameProblem('', 'x'.repeat(1_024), true)).toMatch(/1 too many/);
  expect(renameProblem('a/', '..', false)).toBeNull();
});

test('bucket names follow the rules of S3', () => {
  const bad = [
    '',
    'ab',
    'Abc',
    'a b c',
    'a_b',
    '-abc',
    'abc-',
    'a..b',
    '192.168.0.1',
    'xn--abc',
    'a'.repeat(64),
    'münchen',
  ];
  const good = ['abc', 'a-b.c', '1ab', 'a'.repeat(63)];
  expect(bad.filter((name) => bucketNameProblem(name) === null)).toEqual([]);
  expect(good.filter((name) => bucketNameProblem(name) !== null)).toEqual([]);
});

test('renaming selects the stem of a file and all of a folder', () => {
  expect([
    stemLength('photo.tar.gz', false),
    stemLength('.env', false),
    stemLength('v1.2', true),
    stemLength('README', false),
  ]).toEqual([9, 4, 4, 6]);
});
