import { describe, expect, it } from 'vitest';
import { DEFAULT_DOMAINS, parseTarget, uriEncode } from './request-target.ts';

function parse(url: string, host = '127.0.0.1:9000') {
  const { bucket, key, virtualHost } = parseTarget(url, host, DEFAULT_DOMAINS);
  return { bucket, key, virtualHost };
}

describe('parseTarget', () => {
  it.each([
    ['/', undefined, undefined],
    ['/bucket', 'bucket', undefined],
    ['/bucket/', 'bucket', undefined],
    ['/bucket/a//b', 'bucket', 'a//b'],
    ['/bucket//lead', 'bucket', '/lead'],
    ['/bucket/../x/./y', 'bucket', '../x/./y'],
    ['/bucket/a+b%2Bc%20d', 'bucket', 'a+b+c d'],
    ['/bucket/%F0%9F%9A%80%00%0A', 'bucket', '🚀\0\n'],
    ['/bucket/100%25%2F', 'bucket', '100%/'],
    ['/bucket/%EF%BB%BFbom', 'bucket', '\uFEFFbom'],
  ])('reads %s', (url, bucket, key) => {
    expect(parse(url)).toEqual({ bucket, key, virtualHost: false });
  });

  it.each([
    ['one.localhost:9000', '/k//x', 'one', 'k//x'],
    ['one.s3.localhost', '/', 'one', undefined],
    ['a.b.s3.localhost', '//k', 'a.b', '/k'],
  ])('takes the bucket from the host %s', (host, url, bucket, key) => {
    expect(parse(url, host)).toEqual({ bucket, key, virtualHost: true });
  });

  it.each([
    ['/bucket/%', 'InvalidURI'],
    ['/bucket/%zz', 'InvalidURI'],
    ['/bucket/%ff', 'InvalidURI'],
    ['bucket', 'InvalidURI'],
    ['http://elsewhere/bucket', 'InvalidURI'],
  ])('refuses %s', (url, code) => {
    expect(() => parse(url)).toThrow(expect.objectContaining({ code }));
  });

  it.each(['evil.example', 'localhost.evil.example', '10.0.0.1'])(
    'refuses the host %s',
    (host) => {
      expect(() => parse('/bucket', host)).toThrow(
        expect.objectContaining({ code: 'AccessDenied' }),
      );
    },
  );

  it('keeps query parameters with and without values apart', () => {
    const { query } = parseTarget('/b?uploads&prefix=a%2Bb+c&x=', undefined, []);
    expect(query.parameters).toEqual([
      { name: 'uploads', value: undefined },
      { name: 'prefix', value: 'a+b c' },
      { name: 'x', value: '' },
    ]);
  });
});

describe('uriEncode', () => {
  it('leaves the unreserved characters alone and escapes bytes in upper case', () => {
    expect([uriEncode("a-_.~/!*'()é"), uriEncode('a/b c', true)]).toEqual([
      'a-_.~%2F%21%2A%27%28%29%C3%A9',
      'a/b%20c',
    ]);
  });
});
