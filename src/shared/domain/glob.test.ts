import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readGlob } from './glob.ts';

function matches(pattern: string, path: string): boolean {
  const glob = readGlob(pattern);
  if (!glob.ok) throw new Error(glob.problem);
  return glob.matches(path);
}

test.each([
  // A name at any depth.
  ['*.html', 'index.html', true],
  ['*.html', 'a/b/index.html', true],
  ['*.html', 'index.htm', false],
  ['*.html', 'index.html.bak', false],
  ['.DS_Store', 'a/.DS_Store', true],
  ['.DS_Store', 'a/.ds_store', false],
  ['~*', 'a/~$report.docx', true],
  ['~*', 'a/report~', false],
  // What is in a matching folder.
  ['.git', 'repo/.git/objects/ab/cd', true],
  ['.git/', 'repo/.git/', true],
  ['.git/', 'repo/.git/config', true],
  ['.git/', 'repo/.git', false],
  ['.git/', 'repo/.gitignore', false],
  // With a slash: the end of the path, or the whole.
  ['assets/*.js', 'site/assets/app.js', true],
  ['assets/*.js', 'site/assets/sub/app.js', false],
  ['assets/**', 'site/assets/sub/app.js', true],
  ['assets/**', 'site/assets', false],
  ['/assets/**', 'assets/app.js', true],
  ['/assets/**', 'site/assets/app.js', false],
  ['/*.txt', 'a.txt', true],
  ['/*.txt', 'b/a.txt', false],
  ['a/**/b', 'a/b', true],
  ['a/**/b', 'x/a/1/2/b', true],
  ['a/**/b', 'a/bb', false],
  ['**', 'any/thing', true],
  ['**/x', 'x', true],
  // Characters.
  ['?.txt', 'a.txt', true],
  ['?.txt', '🦆.txt', true],
  ['?.txt', 'ab.txt', false],
  ['[a-c].txt', 'b.txt', true],
  ['[!a-c].txt', 'b.txt', false],
  ['[!a-c].txt', 'd.txt', true],
  ['[]]', ']', true],
  ['*.{jpg,jpeg,png}', 'x/y.jpeg', true],
  ['*.{jpg,jpeg,png}', 'x/y.gif', false],
  ['{a,b{c,d}}', 'bd', true],
  ['{a,b{c,d}}', 'b', false],
  ['\\*.txt', '*.txt', true],
  ['\\*.txt', 'a.txt', false],
  ['a.b', 'axb', false],
  ['a+(b)|c', 'a+(b)|c', true],
  ['*a*b*c*', 'xxaxxbxxcxx', true],
  ['*a*b*c*', 'xxaxxcxxbxx', false],
])('%s and %s: %s', (pattern, path, expected) => {
  expect(matches(pattern, path)).toBe(expected);
});

test.each([
  ['', 'empty'],
  ['  ', 'empty'],
  ['/', 'empty'],
  ['[a', 'bracket'],
  ['{a,b', 'brace'],
  ['a}', 'brace'],
  ['a\\', 'escape'],
])('%j cannot be read: %s', (pattern, problem) => {
  expect(readGlob(pattern)).toEqual({ ok: false, problem });
});

test('a plain name matches itself and nothing else', () => {
  const name = fc.stringMatching(/^[A-Za-z0-9 ._-]{1,20}$/).map((text) => text.trim());
  fc.assert(
    fc.property(name, name, (one, other) => {
      fc.pre(one !== '' && other !== '');
      expect(matches(one, `x/${one}`)).toBe(true);
      expect(matches(one, other)).toBe(one === other);
    }),
  );
});

test('whatever is typed either matches or is refused, in no time', () => {
  const odd = fc
    .array(
      fc.constantFrom('*', '**', '/', '?', '[', ']', '{', ',', '}', '\\', 'a', '!', '-'),
      {
        maxLength: 24,
      },
    )
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(
      odd,
      fc.constantFrom('a', 'a/a/a/a', `${'a'.repeat(300)}b`),
      (pattern, path) => {
        const glob = readGlob(pattern);
        if (glob.ok) expect(typeof glob.matches(path)).toBe('boolean');
      },
    ),
    { numRuns: 3_000 },
  );
  expect(matches('*a*a*a*a*a*a*a*a*a*a*b', 'a'.repeat(5_000))).toBe(false);
});
