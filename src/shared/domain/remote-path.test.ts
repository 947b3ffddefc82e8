import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AddressContext,
  baseName,
  formatS3Path,
  joinKey,
  parentPrefix,
  parseAddress,
  splitRoot,
} from './remote-path.ts';

const here: AddressContext = {
  endpoint: 'https://s3.eu-central-1.amazonaws.com',
  currentBucket: 'current',
};
const local: AddressContext = { endpoint: 'http://[::1]:9000', currentBucket: null };

/** Any key: everything a server may hold. */
const key = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 });
const bucket = fc.stringMatching(/^[a-z0-9][a-z0-9.-]{1,20}[a-z0-9]$/);

describe('the bucket-or-path field', () => {
  test.each([
    ['', '', ''],
    ['photos', 'photos', ''],
    ['photos/', 'photos', ''],
    ['/photos', 'photos', ''],
    ['iup-usa/123/xxx/', 'iup-usa', '123/xxx/'],
    ['/iup-usa/123/xxx', 'iup-usa', '123/xxx/'],
    ['s3://photos/a', 'photos', 'a/'],
    [' photos ', 'photos', ''],
    ['photos//odd/', 'photos', '/odd/'],
  ])('%j is bucket %j and prefix %j', (root, name, prefix) => {
    expect(splitRoot(root)).toEqual({ bucket: name, prefix });
  });
});

describe('addresses', () => {
  test.each([
    ['s3://b/a//b', 'b', 'a//b'],
    ['s3://b//lead', 'b', '/lead'],
    ['s3://b/100%25 + ü', 'b', '100%25 + ü'],
    ['S3://b', 'b', ''],
    ['arn:aws:s3:::b/a/b', 'b', 'a/b'],
    ['/b/folder/', 'b', 'folder/'],
    ['folder/sub/', 'current', 'folder/sub/'],
    ['current/sub/', 'current', 'sub/'],
    ['https://s3.eu-central-1.amazonaws.com/b/a%20b+c', 'b', 'a b+c'],
    ['https://b.s3.eu-central-1.amazonaws.com/x/../y', 'b', 'x/../y'],
    ['https://b.s3.us-west-2.amazonaws.com/k?X-Amz-Signature=abc', 'b', 'k'],
    ['https://my.dotted.bucket.s3.eu-central-1.amazonaws.com/', 'my.dotted.bucket', ''],
    ['https://s3.eu-central-1.amazonaws.com/b/%2e%2e/%F0%9F%A6%86', 'b', '../🦆'],
    ['https://s3.eu-central-1.amazonaws.com/b/bad%zz%E0', 'b', 'bad%zz%E0'],
  ])('%s', (text, name, expected) => {
    expect(parseAddress(text, here)).toEqual({ ok: true, bucket: name, key: expected });
  });

  test.each([
    ['', 'empty'],
    ['  ', 'empty'],
    ['s3://', 'no-bucket'],
    ['/', 'no-bucket'],
    ['ftp://x/y', 'scheme'],
    ['https://example.com/b/k', 'other-server'],
    ['https://nyc3.digitaloceanspaces.com/b', 'other-server'],
    ['https://s3.eu-central-1.amazonaws.com:444/b', 'other-server'],
    ['https://s3.eu-central-1.amazonaws.com/', 'no-bucket'],
  ])('%j is refused: %s', (text, reason) => {
    expect(parseAddress(text, here)).toEqual({ ok: false, reason });
  });

  test('own servers work by address and port', () => {
    expect(parseAddress('http://[::1]:9000/b/k', local)).toEqual({
      ok: true,
      bucket: 'b',
      key: 'k',
    });
    expect(parseAddress('first/second', local)).toEqual({
      ok: true,
      bucket: 'first',
      key: 'second',
    });
  });

  test('s3:// paths go round, whatever the key', () => {
    fc.assert(
      fc.property(bucket, key, (name, any) => {
        const location = { bucket: name, key: any };
        expect(parseAddress(formatS3Path(location), here)).toEqual({
          ok: true,
          ...location,
        });
      }),
    );
  });

  test('percent-encoded URLs go round, whatever the key', () => {
    fc.assert(
      fc.property(
        bucket,
        key.filter((text) => text.isWellFormed()),
        (name, any) => {
          const encoded = any.split('/').map(encodeURIComponent).join('/');
          const expected = { ok: true, bucket: name, key: any };
          expect(parseAddress(`${here.endpoint}/${name}/${encoded}`, here)).toEqual(
            expected,
          );
          expect(
            parseAddress(
              `https://${name}.s3.eu-central-1.amazonaws.com/${encoded}`,
              here,
            ),
          ).toEqual(expected);
        },
      ),
    );
  });
});

describe('parts of keys', () => {
  test.each([
    ['', '', ''],
    ['a', '', 'a'],
    ['a/', '', 'a'],
    ['a/b', 'a/', 'b'],
    ['a/b/', 'a/', 'b'],
    ['a//', 'a/', ''],
    ['a//b', 'a//', 'b'],
    ['/', '', ''],
    ['/a', '/', 'a'],
  ])('%j lies in %j and is called %j', (text, parent, name) => {
    expect([parentPrefix(text), baseName(text)]).toEqual([parent, name]);
  });

  test('parent and name make the key again', () => {
    fc.assert(
      fc.property(key, (any) => {
        const tail = any.endsWith('/') ? '/' : '';
        expect(parentPrefix(any) + baseName(any) + tail).toBe(any);
      }),
    );
  });

  test('names are joined with one slash', () => {
    expect([joinKey('', 'x'), joinKey('a/', 'x'), joinKey('a', 'x')]).toEqual([
      'x',
      'a/x',
      'a/x',
    ]);
  });
});
