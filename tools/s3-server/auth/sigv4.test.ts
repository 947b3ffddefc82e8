import { describe, expect, it } from 'vitest';
import {
  canonicalRequest,
  EMPTY_SHA256,
  hmac,
  parseAmzDate,
  type SignedRequest,
  sha256Hex,
  signingKey,
  stringToSign,
} from './sigv4.ts';

// The examples of "Authenticating Requests (AWS Signature Version 4)", Amazon S3 API
// reference, with its published key.
const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const AMZ_DATE = '20130524T000000Z';
const SCOPE = { date: '20130524', region: 'us-east-1', service: 's3' };
const HOST = ['host', 'examplebucket.s3.amazonaws.com'] as const;

function sign(request: SignedRequest): string {
  const text = stringToSign(AMZ_DATE, SCOPE, canonicalRequest(request));
  return hmac(signingKey(SECRET, SCOPE), text).toString('hex');
}

describe('signature version 4', () => {
  it.each([
    {
      name: 'GET object with a range',
      request: {
        method: 'GET',
        path: Buffer.from('/test.txt'),
        query: [],
        headers: [
          HOST,
          ['range', 'bytes=0-9'],
          ['x-amz-content-sha256', EMPTY_SHA256],
          ['x-amz-date', AMZ_DATE],
        ],
        payloadHash: EMPTY_SHA256,
      },
      signature: 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    },
    {
      name: 'PUT object whose key needs escapes',
      request: {
        method: 'PUT',
        path: Buffer.from('/test$file.text'),
        query: [],
        headers: [
          ['date', 'Fri, 24 May 2013 00:00:00 GMT'],
          HOST,
          ['x-amz-content-sha256', sha256Hex('Welcome to Amazon S3.')],
          ['x-amz-date', AMZ_DATE],
          ['x-amz-storage-class', 'REDUCED_REDUNDANCY'],
        ],
        payloadHash: sha256Hex('Welcome to Amazon S3.'),
      },
      signature: '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
    },
    {
      name: 'GET a sub-resource without a value',
      request: {
        method: 'GET',
        path: Buffer.from('/'),
        query: [{ name: 'lifecycle', value: undefined }],
        headers: [HOST, ['x-amz-content-sha256', EMPTY_SHA256], ['x-amz-date', AMZ_DATE]],
        payloadHash: EMPTY_SHA256,
      },
      signature: 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
    },
    {
      name: 'GET a listing',
      request: {
        method: 'GET',
        path: Buffer.from('/'),
        query: [
          { name: 'prefix', value: 'J' },
          { name: 'max-keys', value: '2' },
        ],
        headers: [HOST, ['x-amz-content-sha256', EMPTY_SHA256], ['x-amz-date', AMZ_DATE]],
        payloadHash: EMPTY_SHA256,
      },
      signature: '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
    },
    {
      name: 'a presigned link',
      request: {
        method: 'GET',
        path: Buffer.from('/test.txt'),
        query: [
          { name: 'X-Amz-Algorithm', value: 'AWS4-HMAC-SHA256' },
          {
            name: 'X-Amz-Credential',
            value: 'AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request',
          },
          { name: 'X-Amz-Date', value: AMZ_DATE },
          { name: 'X-Amz-Expires', value: '86400' },
          { name: 'X-Amz-SignedHeaders', value: 'host' },
        ],
        headers: [HOST],
        payloadHash: 'UNSIGNED-PAYLOAD',
      },
      signature: 'aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
    },
  ] satisfies { name: string; request: SignedRequest; signature: string }[])(
    "gives AWS's published signature for $name",
    ({ request, signature }) => {
      expect(sign(request)).toBe(signature);
    },
  );

  it('reads a date of the right form and no other', () => {
    expect(
      ['20130524T000000Z', '20131324T000000Z', '2013-05-24T00:00:00Z', ''].map(
        parseAmzDate,
      ),
    ).toEqual([Date.UTC(2013, 4, 24), undefined, undefined, undefined]);
  });
});
