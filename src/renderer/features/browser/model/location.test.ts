import { expect, test } from 'vitest';
import type { ConnectionId } from '../../../../shared/domain/ids.ts';
import { crumbs, leafName, parentLocation, parentPrefix } from './location.ts';

const connectionId = 'c' as ConnectionId;

test('the parent of odd prefixes keeps every slash', () => {
  expect(
    ['a/', 'a/b/', 'a//', 'a//b/', '/', '//', 'a/b', '/a'].map(parentPrefix),
  ).toEqual(['', 'a/', 'a/', 'a//', '', '/', 'a/', '/']);
});

test('the last name may be empty', () => {
  expect(['a/b/', 'a/b', 'a//', '/', 'x', 'a/../'].map(leafName)).toEqual([
    'b',
    'b',
    '',
    '',
    'x',
    '..',
  ]);
});

test('up leads from a folder to its bucket, to the buckets, to nothing', () => {
  const up = parentLocation({ connectionId, bucket: 'b', prefix: 'x/' });
  const upper = up && parentLocation(up);
  expect([up, upper, upper && parentLocation(upper)]).toEqual([
    { connectionId, bucket: 'b', prefix: '' },
    { connectionId, bucket: null, prefix: '' },
    null,
  ]);
});

test('crumbs name every level, empty ones too', () => {
  const steps = crumbs({ connectionId, bucket: 'b', prefix: 'x//y/' }, 'Work');
  expect(steps.map((step) => [step.name, step.location.prefix])).toEqual([
    ['Work', ''],
    ['b', ''],
    ['x', 'x/'],
    ['', 'x//'],
    ['y', 'x//y/'],
  ]);
});
