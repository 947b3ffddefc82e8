import { expect, test } from 'vitest';
import type { GroupId } from '../../../shared/domain/ids.ts';
import { nameRules } from '../files/safe-name.ts';
import { LocalNames } from './local-names.ts';

const nothing = { foldTaken: () => false, foldIsFile: () => false };

function names(platform: 'linux' | 'darwin', keys: readonly string[]): string[] {
  const local = new LocalNames(nothing, 1 as GroupId, '/root', nameRules(platform));
  return keys.map((key) => local.name(key, false).path);
}

test('an object and a folder of the same name both get a place, in either order', () => {
  expect(names('linux', ['a', 'a/b'])).toEqual(['/root/a', '/root/a 2/b']);
  expect(names('linux', ['a/b', 'a'])).toEqual(['/root/a/b', '/root/a 2']);
});

test('names that differ in case only stay apart where case does not count', () => {
  expect(names('darwin', ['A.txt', 'a.txt'])).toEqual(['/root/A.txt', '/root/a 2.txt']);
  expect(names('linux', ['A.txt', 'a.txt'])).toEqual(['/root/A.txt', '/root/a.txt']);
});

test('nothing leads out of the root', () => {
  expect(names('linux', ['../x', '/x', 'a/../../x', '..'])).toEqual([
    '/root/%2E%2E/x',
    '/root/%2F/x',
    '/root/a/%2E%2E/%2E%2E/x',
    '/root/%2E%2E 2',
  ]);
});

test('a marker without data is its folder, one with data a file in it', () => {
  const local = new LocalNames(nothing, 1 as GroupId, '/root', nameRules('linux'));
  expect(local.name('a/', true)).toEqual({
    path: '/root/a',
    fold: undefined,
    changed: false,
  });
  expect(local.name('a/', false).path).toBe('/root/a/%2F');
});

test('names planned before and flushed to the table are still taken', () => {
  const taken = new Set(['/root/a.txt']);
  const planned = {
    foldTaken: (_: GroupId, fold: string) => taken.has(fold),
    foldIsFile: (_: GroupId, fold: string) => taken.has(fold),
  };
  const local = new LocalNames(planned, 1 as GroupId, '/root', nameRules('linux'));
  expect(local.name('a.txt', false).path).toBe('/root/a 2.txt');
  expect(local.name('a.txt/b', false).path).toBe('/root/a 3.txt/b');
});

test('of a fresh group the table is asked only for names that memory has forgotten', () => {
  const asked: string[] = [];
  const given = new Set<string>();
  const planned = {
    foldTaken: (_: GroupId, fold: string) => {
      asked.push(fold);
      return given.has(fold);
    },
    foldIsFile: (_: GroupId, fold: string) => given.has(fold),
  };
  const local = new LocalNames(planned, 1 as GroupId, '/r', nameRules('linux'), true);
  for (let n = 0; n < 20_000; n += 1) given.add(local.name(`f/${n}`, false).path);
  expect(asked).toEqual([]);
  expect(local.name('f/19999', false).path).toBe('/r/f/19999 2');
  for (let n = 20_000; n < 35_000; n += 1) given.add(local.name(`f/${n}`, false).path);
  expect(asked).not.toEqual([]);
  expect(local.name('f/0', false).path).toBe('/r/f/0 2');
  expect(local.name('f', false).path).toBe('/r/f 2');
});
