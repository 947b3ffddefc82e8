import { expect, test } from 'vitest';
import { createPathGrants } from './path-grants.ts';

test.each([
  ['/home/me/Downloads', true],
  ['/home/me/Downloads/', true],
  ['/home/me/Downloads/new/deep', true],
  ['/home/me/./Downloads', true],
  ['/home/me/Downloads2', false],
  ['/home/me/Downloads/../.ssh', false],
  ['/home/me', false],
  ['/', false],
  ['/home/me/downloads', false],
  ['home/me/Downloads', false],
  ['', false],
  ['/home/me/Downloads\0/etc', false],
])('on Linux writing to %j: %s', (folder, allowed) => {
  const grants = createPathGrants('linux');
  grants.addFolder('/home/me/Downloads');
  expect(grants.mayWriteTo(folder)).toBe(allowed);
});

test.each([
  ['C:\\Users\\Me\\Downloads', true],
  ['c:/users/me/downloads/x', true],
  ['C:\\Users\\Me\\Downloads\\..\\Startup', false],
  ['D:\\Users\\Me\\Downloads', false],
  ['\\\\server\\share', false],
  ['C:Downloads', false],
])('on Windows writing to %j: %s', (folder, allowed) => {
  const grants = createPathGrants('win32');
  grants.addFolder('C:\\Users\\Me\\Downloads');
  expect(grants.mayWriteTo(folder)).toBe(allowed);
});

test('what may be read may not be written to, nor the other way', () => {
  const grants = createPathGrants('darwin');
  grants.addSources(['/Users/me/Photos', '/Users/me/a.txt', '', 'relative']);
  grants.addFolder('/Users/me/Out');
  expect([
    grants.mayRead('/Users/me/photos/2024/x.jpg'),
    grants.mayRead('/Users/me/a.txt'),
    grants.mayRead('/Users/me/b.txt'),
    grants.mayRead('/Users/me/Out'),
    grants.mayWriteTo('/Users/me/Photos'),
    grants.mayRead('relative'),
  ]).toEqual([true, true, false, false, false, false]);
});
