import { expect, test } from 'vitest';
import type { z } from 'zod';
import { AdvancedSettings } from './bookmark.ts';
import { readUploadRules } from './upload-rules.ts';

function rules(settings: z.input<typeof AdvancedSettings>) {
  return readUploadRules(AdvancedSettings.parse(settings));
}

test.each([
  ['site/.DS_Store', true],
  ['site/a/Thumbs.db', true],
  ['site/desktop.ini', true],
  ['site/.git/', true],
  ['site/.git/config', true],
  ['site/.git', false],
  ['site/a/~$plan.docx', true],
  ['site/.~lock.plan.odt#', true],
  ['site/notes.txt~', true],
  ['site/.gitignore', false],
  ['site/.htaccess', false],
  ['site/.well-known/', false],
  ['site/a~b.txt', false],
  // What the user chose herself is no junk.
  ['.DS_Store', false],
  ['.git/', false],
  ['.git/config', false],
])('%s is left out unasked: %s', (path, expected) => {
  expect(rules({}).excludes(path)).toBe(expected);
});

test('junk is uploaded when the bookmark says so, but not what its own rules exclude', () => {
  const own = rules({
    excludeJunk: false,
    rules: [{ pattern: 'node_modules/', action: 'exclude' }],
  });
  expect(own.excludes('site/.DS_Store')).toBe(false);
  expect(own.excludes('site/node_modules/')).toBe(true);
  expect(own.excludes('site/node_modules/x/y.js')).toBe(true);
  expect(own.excludes('node_modules/')).toBe(true);
});

test('all matching rules count and a later one wins, field by field', () => {
  const own = rules({
    rules: [
      { pattern: '*', action: 'headers', storageClass: 'STANDARD_IA', acl: 'private' },
      {
        pattern: '*.html',
        action: 'headers',
        cacheControl: 'no-cache',
        acl: 'public-read',
      },
      { pattern: 'secret/**', action: 'headers', encryption: 'aws:kms', kmsKeyId: 'k1' },
      { pattern: 'secret/plain/**', action: 'headers', encryption: 'AES256' },
    ],
  });
  expect(own.headers('web/index.html')).toEqual({
    contentType: '',
    cacheControl: 'no-cache',
    storageClass: 'STANDARD_IA',
    acl: 'public-read',
    encryption: '',
    kmsKeyId: '',
  });
  expect(own.headers('secret/a.txt')).toMatchObject({
    acl: 'private',
    encryption: 'aws:kms',
    kmsKeyId: 'k1',
  });
  expect(own.headers('secret/plain/a.txt')).toMatchObject({
    encryption: 'AES256',
    kmsKeyId: '',
  });
});

test.each([
  { pattern: '', action: 'exclude' },
  { pattern: 'x'.repeat(501), action: 'exclude' },
  { pattern: 'a', action: 'headers', cacheControl: 'no-cache\r\nx-evil: 1' },
  { pattern: 'a', action: 'headers', contentType: ' text/html' },
  { pattern: 'a', action: 'headers', storageClass: 'glacier' },
  { pattern: 'a', action: 'headers', encryption: 'rot13' },
])('a bookmark with the rule %j is refused', (rule) => {
  expect(AdvancedSettings.safeParse({ rules: [rule] }).success).toBe(false);
});
