import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findDeepLink, parseDeepLink } from './deep-link.ts';

const ENDPOINT = 'endpoint=https%3A%2F%2Fs3.example.com';

test.each([
  [ENDPOINT, { endpoint: 'https://s3.example.com', bucket: '', prefix: '' }],
  [
    `${ENDPOINT}%3A9000%2F&bucket=photos&prefix=a%2F%2Fb`,
    { endpoint: 'https://s3.example.com:9000', bucket: 'photos', prefix: 'a//b/' },
  ],
  [
    'endpoint=http://localhost:9000&bucket=b&prefix=%F0%9F%90%A6/',
    { endpoint: 'http://localhost:9000', bucket: 'b', prefix: '🐦/' },
  ],
])('dippers3://open?%s says where to go', (query, place) => {
  expect(parseDeepLink(`dippers3://open?${query}`)).toEqual(place);
});

test.each([
  'dippers3://open',
  'dippers3://open?endpoint=',
  'dippers3://open?endpoint=ftp://host',
  'dippers3://open?endpoint=file:///etc',
  'dippers3://open?endpoint=https://key:secret@host',
  'dippers3://open?endpoint=https://host/path',
  'dippers3://open?endpoint=https://host/%3Fx-amz-signature=1',
  `dippers3://delete?${ENDPOINT}`,
  `dippers3://open/all?${ENDPOINT}`,
  `dippers3://me:you@open?${ENDPOINT}`,
  `dippers3://open:1?${ENDPOINT}`,
  `dippers3://open?${ENDPOINT}#x`,
  `dippers3://open?${ENDPOINT}&prefix=a/`,
  `dippers3://open?${ENDPOINT}&bucket=a%2Fb`,
  `dippers3://open?${ENDPOINT}&bucket=a%0AEndpoint:%20good`,
  `dippers3://open?${ENDPOINT}&bucket=a%E2%80%AEb`,
  `dippers3://open?${ENDPOINT}&bucket=b&prefix=${'x'.repeat(1_024)}`,
  `dippers3://open?${ENDPOINT}&bucket=${'x'.repeat(256)}`,
  `dippers3://open?${ENDPOINT}&${ENDPOINT}`,
  `dippers3://open?${ENDPOINT}&bucket=a&accessKeyId=AKIA`,
  `dippers3://open?${ENDPOINT}&bucket=a&download=C:%5C`,
  `dippers3://open?${ENDPOINT}&__proto__=1`,
  `s3://open?${ENDPOINT}`,
  `https://open?${ENDPOINT}`,
  `dippers3://open?${ENDPOINT}&bucket=${'x'.repeat(9_000)}`,
])('%s is no link of ours', (link) => {
  expect(parseDeepLink(link)).toBeNull();
});

test('no text at all makes it throw', () => {
  fc.assert(
    fc.property(fc.string(), fc.webQueryParameters(), (text, query) => {
      parseDeepLink(text);
      parseDeepLink(`dippers3:${text}`);
      const place = parseDeepLink(`dippers3://open?${query}`);
      expect(place === null || /^https?:/.test(place.endpoint)).toBe(true);
    }),
  );
});

test('a link is found among other arguments', () => {
  expect([
    findDeepLink(['/usr/bin/dipper', '--flag', 'DipperS3://open?x', 'dippers3:2']),
    findDeepLink(['/usr/bin/dipper', 's3://bucket', '--x=dippers3://open']),
  ]).toEqual(['DipperS3://open?x', null]);
});
