import { expect, test } from 'vitest';
import { copyName } from './clipboard.ts';

test.each([
  ['photo.jpg', false, [], 'photo copy.jpg'],
  ['photo.jpg', false, ['photo copy.jpg'], 'photo copy 2.jpg'],
  ['photo.jpg', false, ['photo copy.jpg', 'photo copy 2.jpg'], 'photo copy 3.jpg'],
  ['.profile', false, [], '.profile copy'],
  ['v1.2', true, [], 'v1.2 copy'],
] as const)('a copy of %s (folder: %s) beside %j is %s', (name, folder, taken, free) => {
  expect(copyName(name, folder, new Set(taken))).toBe(free);
});
