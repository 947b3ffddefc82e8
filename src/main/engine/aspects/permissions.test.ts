import { expect, test } from 'vitest';
import { AppError } from '../../../shared/errors/app-error.ts';
import { deniedBy, whyUnavailable } from './permissions.ts';

const BUCKET = { bucket: 'photos', key: null };
const OBJECT = { bucket: 'photos', key: 'a/b.jpg' };

function refusal(message: string): AppError {
  return new AppError('access.denied', {
    provider: { service: 'AccessDenied', message },
  });
}

test.each([
  ['', 's3:PutBucketCORS', 'arn:aws:s3:::photos'],
  ['Access Denied', 's3:PutBucketCORS', 'arn:aws:s3:::photos'],
  [
    'User: arn:aws:iam::111122223333:user/eva is not authorized to perform: s3:PutBucketCORS on resource: "arn:aws-cn:s3:::photos" because no identity-based policy allows the s3:PutBucketCORS action',
    's3:PutBucketCORS',
    'arn:aws-cn:s3:::photos',
  ],
  [
    'User: x is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:eu-west-1:1:key/k',
    'kms:Decrypt',
    'arn:aws:kms:eu-west-1:1:key/k',
  ],
])('%j comes to %s on %s', (message, action, resource) => {
  expect(deniedBy(refusal(message), 's3:PutBucketCORS', BUCKET)).toEqual({
    action,
    resource,
  });
});

test.each<[AppError['code'], Record<string, string>, string | undefined, unknown]>([
  ['provider.unsupported', {}, 'NotImplemented', { reason: 'unsupported' }],
  [
    'provider.unsupported',
    { received: 'ListBucketResult' },
    undefined,
    { reason: 'unsupported' },
  ],
  [
    'provider.malformed-response',
    { reason: 'not-xml' },
    undefined,
    { reason: 'unsupported' },
  ],
  [
    'provider.malformed-response',
    { reason: 'too-long' },
    undefined,
    { reason: 'unsupported' },
  ],
  [
    'provider.malformed-response',
    { reason: 'empty' },
    undefined,
    { reason: 'unsupported' },
  ],
  ['object.not-found', {}, undefined, { reason: 'unsupported' }],
  [
    'access.bucket-owner',
    {},
    'AccessControlListNotSupported',
    { reason: 'acls-disabled' },
  ],
  // These say nothing of what the server has.
  ['provider.malformed-response', { reason: 'cut-off' }, undefined, null],
  ['object.not-found', {}, 'NoSuchKey', null],
  ['bucket.not-found', {}, 'NoSuchBucket', null],
  ['network.timeout', {}, undefined, null],
  ['auth.signature', {}, 'SignatureDoesNotMatch', null],
])('%s (%j, %s) is %j', (code, params, service, why) => {
  const provider = service === undefined ? {} : { service };
  expect(whyUnavailable(new AppError(code, { params, provider }), 'acl', OBJECT)).toEqual(
    why,
  );
});

test('an object that is gone is no missing feature for its headers', () => {
  expect(whyUnavailable(new AppError('object.not-found'), 'headers', OBJECT)).toBe(null);
});
