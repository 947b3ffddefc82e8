import { expect, test } from 'vitest';
import { assertBucketName, brokenBucketRule } from './bucket-name.ts';

test.each([
  ['photos', null],
  ['my.photos-2026', null],
  ['123', null],
  ['ab', 'length'],
  ['a'.repeat(64), 'length'],
  ['Photos', 'characters'],
  ['my_photos', 'characters'],
  ['фото-архив', 'characters'],
  ['-photos', 'ends'],
  ['photos.', 'ends'],
  ['my..photos', 'dots'],
  ['my.-photos', 'dots'],
  ['192.168.0.1', 'address'],
  ['xn--photos', 'reserved'],
  ['photos--x-s3', 'reserved'],
] as const)('%s breaks %s', (name, rule) => {
  expect(brokenBucketRule(name)).toBe(rule);
});

test('the error says which rule', () => {
  expect(() => assertBucketName('a b c')).toThrow(
    expect.objectContaining({
      code: 'bucket.name-invalid',
      params: { bucket: 'a b c', rule: 'characters' },
    }),
  );
});
