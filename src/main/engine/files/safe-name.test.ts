import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  foldPath,
  nameRules,
  numberedName,
  originalName,
  safeName,
  shorten,
} from './safe-name.ts';

const linux = nameRules('linux');
const windows = nameRules('win32');

test.each([
  ['plain.txt', 'plain.txt', 'plain.txt'],
  ['', '%2F', '%2F'],
  ['.', '%2E', '%2E'],
  ['..', '%2E%2E', '%2E%2E'],
  ['...', '...', '%2E%2E%2E'],
  ['.profile', '.profile', '.profile'],
  ['a:b', 'a:b', 'a%3Ab'],
  ['a\\b', 'a\\b', 'a%5Cb'],
  ['line\nbreak', 'line%0Abreak', 'line%0Abreak'],
  ['nul\u0000', 'nul%00', 'nul%00'],
  ['trailing. ', 'trailing. ', 'trailing%2E%20'],
  ['CON', 'CON', '%43ON'],
  ['con.txt', 'con.txt', '%63on.txt'],
  ['console', 'console', 'console'],
  ['100%', '100%', '100%'],
  ['a%2Fb', 'a%252Fb', 'a%252Fb'],
  ['a%20b', 'a%20b', 'a%20b'],
  ['a%20', 'a%2520', 'a%2520'],
  ['🦆.png', '🦆.png', '🦆.png'],
])('%j is saved as %j, on Windows as %j', (segment, onLinux, onWindows) => {
  expect([safeName(segment, linux), safeName(segment, windows)]).toEqual([
    onLinux,
    onWindows,
  ]);
});

const segment = fc
  .oneof(
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc
      .array(fc.constantFrom('%', '2', 'F', 'E', '0', '.', ' ', 'con', 'a', ':', '\n'), {
        maxLength: 12,
      })
      .map((parts) => parts.join('')),
  )
  .map((text) => text.replaceAll('/', ''))
  .filter((text) => Buffer.byteLength(text) < 60);

test.each([['linux' as const], ['win32' as const]])(
  'on %s every name can be turned back and none is dangerous',
  (platform) => {
    const rules = nameRules(platform);
    fc.assert(
      fc.property(segment, (text) => {
        const name = safeName(text, rules);
        expect(originalName(name)).toBe(text);
        expect(name).not.toMatch(/^\.{0,2}$/);
        // oxlint-disable-next-line no-control-regex -- they are what must not be there
        expect(name).not.toMatch(/[\u0000-\u001f/]/);
        if (platform === 'win32') expect(name).not.toMatch(/[\\<>:"|?*]|[. ]$/);
      }),
      { numRuns: 2_000 },
    );
  },
);

test('a name too long for the disk is cut, keeps its extension and stays distinct', () => {
  const one = shorten(`${'ä'.repeat(400)}1.jpeg`);
  const two = shorten(`${'ä'.repeat(400)}2.jpeg`);
  expect(Buffer.byteLength(one)).toBeLessThanOrEqual(255);
  expect(one).toMatch(/\.jpeg$/);
  expect(one).not.toBe(two);
});

test('numbers go before the extension', () => {
  expect(
    ['a.txt', 'archive.tar.gz', '.profile', 'noext'].map((name) => numberedName(name, 2)),
  ).toEqual(['a 2.txt', 'archive.tar 2.gz', '.profile 2', 'noext 2']);
});

test('paths that differ in case are one file on macOS and Windows only', () => {
  expect(foldPath('A/É', nameRules('darwin'))).toBe(foldPath('a/é', nameRules('darwin')));
  expect(foldPath('A', linux)).not.toBe(foldPath('a', linux));
});

test.each([
  ['ß', 'SS'],
  ['ς', 'Σ'],
  ['ſ', 'S'],
  ['\u212a', 'k'],
  ['ﬁ', 'FI'],
  ['e\u0301', 'É'],
])('%s and %s may be one name where case does not count', (a, b) => {
  const rules = nameRules('darwin');
  expect(foldPath(`x/${a}y`, rules)).toBe(foldPath(`X/${b}Y`, rules));
});
