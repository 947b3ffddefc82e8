import { expect, test } from 'vitest';
import type { LinkOptions } from '../../../shared/domain/exposure.ts';
import { type PresignInput, presign } from './presign.ts';

/** The keys of Amazon's examples. */
const CREDENTIALS = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  sessionToken: '',
};
const OPTIONS: LinkOptions = {
  method: 'GET',
  expiresIn: 86_400,
  contentDisposition: '',
  contentType: '',
  versionId: null,
};
const INPUT: PresignInput = {
  credentials: CREDENTIALS,
  version: 'v4',
  route: { endpoint: 'https://s3.amazonaws.com', region: 'us-east-1', pathStyle: false },
  options: OPTIONS,
  time: Date.UTC(2013, 4, 24, 0, 0, 0, 700),
};

test('a link is the one in Amazon’s guide', () => {
  // https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
  expect(presign({ bucket: 'examplebucket', key: 'test.txt' }, INPUT)).toEqual({
    key: 'test.txt',
    url:
      'https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256' +
      '&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request' +
      '&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host' +
      '&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
    // Signatures count whole seconds.
    expiresAt: Date.UTC(2013, 4, 25),
    endsWithSession: false,
  });
});

test('a link of version 2 is the one in Amazon’s guide', () => {
  // https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html#RESTAuthenticationQueryStringAuth
  const { url } = presign(
    { bucket: 'johnsmith', key: 'photos/puppy.jpg' },
    {
      ...INPUT,
      version: 'v2',
      options: { ...OPTIONS, expiresIn: 20 },
      time: 1_175_139_600_000,
    },
  );
  expect(url).toBe(
    'https://johnsmith.s3.amazonaws.com/photos/puppy.jpg?AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE' +
      '&Expires=1175139620&Signature=NpgCjnDzrM%2BWFzoENXmpNDUsSn8%3D',
  );
});

test('everything that is asked for is in the query, encoded once and sorted', () => {
  const { url, endsWithSession } = presign(
    { bucket: 'b', key: 'a b/+ü' },
    {
      ...INPUT,
      credentials: { ...CREDENTIALS, sessionToken: 'to/k+en=' },
      route: { ...INPUT.route, endpoint: 'http://localhost:9000', pathStyle: true },
      options: {
        ...OPTIONS,
        contentDisposition: 'attachment; filename="a b"',
        contentType: 'text/x',
        versionId: 'v/1+',
      },
    },
  );
  expect(endsWithSession).toBe(true);
  const [address, query = ''] = url.split('?');
  expect(address).toBe('http://localhost:9000/b/a%20b/%2B%C3%BC');
  const names = query.split('&').map((part) => part.split('=')[0]);
  expect(names.slice(0, -1)).toEqual([
    'X-Amz-Algorithm',
    'X-Amz-Credential',
    'X-Amz-Date',
    'X-Amz-Expires',
    'X-Amz-Security-Token',
    'X-Amz-SignedHeaders',
    'response-content-disposition',
    'response-content-type',
    'versionId',
  ]);
  expect(new URL(url).searchParams.get('X-Amz-Security-Token')).toBe('to/k+en=');
  expect(query).toContain(
    'response-content-disposition=attachment%3B%20filename%3D%22a%20b%22',
  );
  expect(query).toContain('versionId=v%2F1%2B');
});

test('a PUT signs the type it is to have, and none of what a GET asks for', () => {
  const options = {
    ...OPTIONS,
    method: 'PUT',
    contentType: 'text/csv',
    contentDisposition: 'inline',
    versionId: 'v',
  } as const;
  const { url } = presign({ bucket: 'b', key: 'k' }, { ...INPUT, options });
  const { searchParams } = new URL(url);
  expect(searchParams.get('X-Amz-SignedHeaders')).toBe('content-type;host');
  expect(searchParams.has('response-content-disposition')).toBe(false);
  expect(searchParams.has('versionId')).toBe(false);
});
