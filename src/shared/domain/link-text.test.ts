import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  attachment,
  customDomainUrl,
  linksAsCsv,
  linksAsMarkdown,
  linkText,
  readExpiry,
} from './link-text.ts';

const LINK = {
  name: "it's [a] <b>.txt",
  url: 'https://h/b/k?X-Amz-Date=1&X-Amz-Signature=2',
};

test('a link in every format', () => {
  expect(linkText(LINK, 'plain', 'posix')).toBe(LINK.url);
  expect(linkText(LINK, 'shell', 'posix')).toBe(`'${LINK.url}'`);
  expect(linkText(LINK, 'markdown', 'posix')).toBe(
    String.raw`[it's \[a\] \<b\>.txt](<${LINK.url}>)`,
  );
  expect(linkText(LINK, 'html', 'posix')).toBe(
    '<a href="https://h/b/k?X-Amz-Date=1&amp;X-Amz-Signature=2">it\'s [a] &lt;b&gt;.txt</a>',
  );
});

test('many links as a table and as a list', () => {
  const links = [{ ...LINK, key: 'a,b', expiresAt: 0 }];
  expect(linksAsCsv(links)).toBe(
    `key,url,expires\r\n"a,b",${LINK.url},1970-01-01T00:00:00.000Z\r\n`,
  );
  expect(linksAsMarkdown(links)).toMatch(/^- \[.*\]\(<https:.*>\)\n$/);
});

test.each([
  ['1', 'hours', { seconds: 3_600 }],
  ['1,5', 'minutes', { seconds: 90 }],
  ['7', 'days', { seconds: 604_800 }],
  ['0', 'seconds', { fault: 'too-short' }],
  ['-1', 'days', { fault: 'too-short' }],
  ['8', 'days', { fault: 'too-long' }],
  ['', 'days', { fault: 'not-a-number' }],
  ['soon', 'days', { fault: 'not-a-number' }],
] as const)('an expiry of %s %s', (text, unit, expected) => {
  expect(readExpiry(text, unit)).toEqual(expected);
});

test('a name to save under is ASCII, and as it is beside that', () => {
  expect(attachment('a.txt')).toBe('attachment; filename="a.txt"');
  expect(attachment('Zoë "1".txt')).toBe(
    `attachment; filename="Zo_ _1_.txt"; filename*=UTF-8''Zo%C3%AB%20%221%22.txt`,
  );
});

test('no name breaks out of the header', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (name) => {
      expect(attachment(name)).toMatch(
        /^attachment; filename="[^"\\\r\n]*"(; filename\*=UTF-8''[\w%.~!-]*)?$/,
      );
    }),
  );
});

test.each([
  ['cdn.example.com', 'https://cdn.example.com/a%20b/c'],
  ['http://cdn.example.com/', 'http://cdn.example.com/a%20b/c'],
  ['', null],
  ['two words', null],
  ['ftp://x', null],
])('the domain %j', (domain, expected) => {
  expect(customDomainUrl(domain, 'a b/c')).toBe(expected);
});
