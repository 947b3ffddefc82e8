import { expect, test } from 'vitest';
import { encodeKey, usesPathStyle } from './addressing.ts';
import { decodeListed } from './decode-listed.ts';
import { bareEtag, multipartEtag, quotedEtag } from './etag.ts';
import { urlsOf } from './urls.ts';

test.each([
  ['https://s3.eu-central-1.amazonaws.com', 'photos', 'path', false],
  ['https://s3.eu-central-1.amazonaws.com', 'my.photos', 'virtual-host', true],
  ['https://s3.eu-central-1.amazonaws.com', 'My_Photos', 'virtual-host', true],
  ['https://fra1.digitaloceanspaces.com', 'photos', 'virtual-host', false],
  ['https://s3.example.com', 'photos', 'path', true],
  ['https://s3.example.com:8443', 'photos', 'virtual-host', true],
  ['http://127.0.0.1', 'photos', 'virtual-host', true],
  ['http://[::1]', 'photos', 'virtual-host', true],
  ['http://localhost', 'photos', 'virtual-host', true],
] as const)(
  '%s, bucket %s, profile %s: path style %s',
  (url, bucket, preferred, path) => {
    expect(usesPathStyle('auto', preferred, new URL(url), bucket)).toBe(path);
  },
);

test('the user’s choice wins where the name allows it', () => {
  const url = new URL('http://localhost:9000');
  expect(usesPathStyle('virtual-host', 'path', url, 'photos')).toBe(false);
  expect(usesPathStyle('virtual-host', 'path', url, 'Photos')).toBe(true);
  expect(
    usesPathStyle('path', 'virtual-host', new URL('https://s3.amazonaws.com'), 'b-b'),
  ).toBe(true);
});

test('keys become paths segment by segment', () => {
  expect(encodeKey("a//b/../ü +%?#'()*!/")).toBe(
    'a//b/../%C3%BC%20%2B%25%3F%23%27%28%29%2A%21/',
  );
});

test('listed names: a plus is a blank, an escaped plus is a plus', () => {
  expect(decodeListed('a+b%2Bc%20d%2F%01')).toBe('a b+c d/\u0001');
  expect(() => decodeListed('100%')).toThrow('provider.malformed-response');
});

test('addresses in both styles', () => {
  const route = { endpoint: 'https://s3.example.com', region: 'r', pathStyle: true };
  expect(urlsOf(route, { bucket: 'photos', key: 'a b/ü' })).toEqual({
    s3: 's3://photos/a b/ü',
    https: 'https://s3.example.com/photos/a%20b/%C3%BC',
    pathStyle: 'https://s3.example.com/photos/a%20b/%C3%BC',
    virtualHost: 'https://photos.s3.example.com/a%20b/%C3%BC',
  });
  const address = { ...route, endpoint: 'http://10.0.0.1:9000' };
  expect(urlsOf(address, { bucket: 'photos', key: '' }).virtualHost).toBeNull();
});

test('ETags lose and regain their quotes, weak ones stay', () => {
  expect(bareEtag('"abc"')).toBe('abc');
  expect(bareEtag(undefined)).toBe('');
  expect(bareEtag('W/"abc"')).toBe('W/"abc"');
  expect(quotedEtag('abc')).toBe('"abc"');
  expect(quotedEtag('W/"abc"')).toBe('W/"abc"');
});

test('the ETag of a multipart upload follows from those of its parts', () => {
  const part = { etag: '4ae71336e44bf9bf79d2752e234818a5' };
  // md5sum over both sums in binary
  expect(multipartEtag([part, part])).toBe('d01e450c137ae90d48f88153b6e474ae-2');
  expect(multipartEtag([part, { etag: 'opaque' }])).toBeNull();
});
