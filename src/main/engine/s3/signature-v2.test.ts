import { expect, test } from 'vitest';
import { type SignableRequest, signV2, stringToSignV2 } from './signature-v2.ts';

// Examples of https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html
const credentials = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  sessionToken: '',
};

const delivery: SignableRequest = {
  method: 'PUT',
  hostname: 'static.johnsmith.net',
  path: '/db-backup.dat.gz',
  headers: {},
};

test('the upload example of the documentation', () => {
  const headers = {
    'content-md5': '4gJE4saaMU4BqNR0kLY+lw==',
    'content-type': 'application/x-download',
    date: 'Tue, 27 Mar 2007 21:06:08 +0000',
    'x-amz-acl': 'public-read',
    'x-amz-meta-checksumalgorithm': 'crc32',
    'x-amz-meta-filechecksum': '0x02661779',
    'x-amz-meta-reviewedby': 'joe@johnsmith.net,jane@johnsmith.net',
  };
  expect(stringToSignV2(delivery, headers, 'static.johnsmith.net')).toBe(
    [
      'PUT',
      '4gJE4saaMU4BqNR0kLY+lw==',
      'application/x-download',
      'Tue, 27 Mar 2007 21:06:08 +0000',
      'x-amz-acl:public-read',
      'x-amz-meta-checksumalgorithm:crc32',
      'x-amz-meta-filechecksum:0x02661779',
      'x-amz-meta-reviewedby:joe@johnsmith.net,jane@johnsmith.net',
      '/static.johnsmith.net/db-backup.dat.gz',
    ].join('\n'),
  );
});

test('only sub-resources are signed, sorted, without an empty value', () => {
  const request = {
    ...delivery,
    method: 'POST',
    path: '/b/k',
    query: { uploads: '', 'x-id': 'y', acl: null, partNumber: '2', prefix: 'p' },
  };
  const text = stringToSignV2(request, { 'x-amz-date': 'd' }, null);
  expect(text).toBe('POST\n\n\n\nx-amz-date:d\n/b/k?acl&partNumber=2&uploads');
});

test('what version 4 left behind is removed, a session token is signed', () => {
  const headers = signV2(
    {
      ...delivery,
      headers: { Authorization: 'AWS4 …', 'x-amz-content-sha256': 'abc', Host: 'h' },
    },
    { ...credentials, sessionToken: 'token' },
    new Date('2026-11-21T00:00:00Z'),
    null,
  );
  expect(headers).toEqual({
    host: 'h',
    'x-amz-date': 'Sat, 21 Nov 2026 00:00:00 GMT',
    'x-amz-security-token': 'token',
    authorization: expect.stringMatching(/^AWS AKIAIOSFODNN7EXAMPLE:[\w+/]{27}=$/),
  });
});
