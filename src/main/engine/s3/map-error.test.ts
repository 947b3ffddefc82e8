import { expect, test } from 'vitest';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { ErrorCode } from '../../../shared/errors/codes.ts';
import { mapError, retryAfterMs } from './map-error.ts';
import { readErrorFields, ServiceFailure } from './service-failure.ts';

const XML = '<?xml version="1.0" encoding="UTF-8"?>';
const context = { host: 's3.example.com', bucket: 'photos', key: 'a.jpg' };

interface Recorded {
  readonly from: string;
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly code: ErrorCode;
}

const recorded: readonly Recorded[] = [
  {
    from: 'AWS, no such key',
    status: 404,
    body: `${XML}\n<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message><Key>a.jpg</Key><RequestId>4442587FB7D0A2F9</RequestId><HostId>f8rrR==</HostId></Error>`,
    code: 'object.not-found',
  },
  {
    from: 'AWS, wrong secret',
    status: 403,
    body: `${XML}\n<Error><Code>SignatureDoesNotMatch</Code><Message>The request signature we calculated does not match the signature you provided. Check your key and signing method.</Message><AWSAccessKeyId>AKIAEXAMPLE</AWSAccessKeyId><StringToSign>AWS4-HMAC-SHA256\n20261121T000000Z</StringToSign></Error>`,
    code: 'auth.signature',
  },
  {
    from: 'AWS, wrong region',
    status: 400,
    body: `${XML}\n<Error><Code>AuthorizationHeaderMalformed</Code><Message>The authorization header is malformed; the region 'us-east-1' is wrong; expecting 'eu-west-1'</Message><Region>eu-west-1</Region><RequestId>1</RequestId></Error>`,
    code: 'bucket.wrong-region',
  },
  {
    from: 'AWS, no access key',
    status: 400,
    body: `${XML}\n<Error><Code>AuthorizationHeaderMalformed</Code><Message>The authorization header is malformed; a non-empty Access Key (AKID) must be provided in the credential.</Message></Error>`,
    code: 'auth.signature',
  },
  {
    from: 'AWS, moved permanently',
    status: 301,
    body: `${XML}\n<Error><Code>PermanentRedirect</Code><Message>The bucket you are attempting to access must be addressed using the specified endpoint.</Message><Endpoint>photos.s3.eu-west-1.amazonaws.com</Endpoint><Bucket>photos</Bucket></Error>`,
    code: 'bucket.wrong-region',
  },
  { from: 'AWS, HEAD denied', status: 403, body: '', code: 'access.denied' },
  { from: 'AWS, HEAD of nothing', status: 404, body: '', code: 'object.not-found' },
  {
    from: 'AWS, HEAD in the wrong region',
    status: 400,
    body: '',
    headers: { 'x-amz-bucket-region': 'eu-west-1' },
    code: 'bucket.wrong-region',
  },
  {
    from: 'AWS, session ended',
    status: 400,
    body: `${XML}\n<Error><Code>ExpiredToken</Code><Message>The provided token has expired.</Message><Token-0>IQoJ</Token-0></Error>`,
    code: 'auth.expired',
  },
  {
    from: 'AWS, archived',
    status: 403,
    body: `${XML}\n<Error><Code>InvalidObjectState</Code><Message>The operation is not valid for the object's storage class</Message><StorageClass>GLACIER</StorageClass></Error>`,
    code: 'access.object-archived',
  },
  {
    from: 'AWS, too fast',
    status: 503,
    body: `${XML}\n<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>`,
    code: 'throttle.slow-down',
  },
  {
    from: 'MinIO, full disk',
    status: 507,
    body: `${XML}\n<Error><Code>XMinioStorageFull</Code><Message>Storage backend has reached its minimum free drive threshold. Please delete a few objects to proceed.</Message><Resource>/photos/a.jpg</Resource><RequestId>17A5</RequestId><HostId>dd90</HostId></Error>`,
    code: 'provider.quota',
  },
  {
    from: 'MinIO, odd name',
    status: 400,
    body: `${XML}\n<Error><Code>XMinioInvalidObjectName</Code><Message>Object name contains unsupported characters.</Message></Error>`,
    code: 'object.name-invalid',
  },
  {
    from: 'Ceph, empty message',
    status: 403,
    body: `${XML}<Error><Code>AccessDenied</Code><Message></Message><RequestId>tx00000a-0067-1057-default</RequestId><HostId>1057-default-default</HostId></Error>`,
    code: 'access.denied',
  },
  {
    from: 'Ceph, no message element, quota',
    status: 403,
    body: `${XML}<Error><Code>QuotaExceeded</Code><BucketName>photos</BucketName><RequestId>tx1</RequestId></Error>`,
    code: 'provider.quota',
  },
  {
    from: 'Ceph, clock',
    status: 403,
    body: `${XML}<Error><Code>RequestTimeTooSkewed</Code><Message></Message></Error>`,
    code: 'provider.clock-skew',
  },
  {
    from: 'R2, checksum header',
    status: 501,
    body: `${XML}<Error><Code>NotImplemented</Code><Message>Header 'x-amz-checksum-crc32' with value 'AAAAAA==' not implemented</Message></Error>`,
    code: 'provider.unsupported',
  },
  {
    from: 'R2, unknown key',
    status: 401,
    body: `${XML}<Error><Code>Unauthorized</Code><Message>Unauthorized</Message></Error>`,
    code: 'auth.signature',
  },
  {
    from: 'B2, cap reached',
    status: 403,
    body: `${XML}\n<Error>\n    <Code>storage_cap_exceeded</Code>\n    <Message>Storage cap exceeded</Message>\n</Error>`,
    code: 'provider.quota',
  },
  {
    from: 'B2, unknown key',
    status: 403,
    body: `${XML}\n<Error>\n    <Code>InvalidAccessKeyId</Code>\n    <Message>Malformed Access Key Id</Message>\n</Error>`,
    code: 'auth.invalid-key',
  },
  {
    from: 'Wasabi, bucket elsewhere',
    status: 307,
    body: `${XML}\n<Error><Code>TemporaryRedirect</Code><Message>Please re-send this request to the specified temporary endpoint.</Message><Endpoint>s3.eu-central-1.wasabisys.com</Endpoint></Error>`,
    code: 'bucket.wrong-region',
  },
  {
    from: 'a proxy',
    status: 407,
    body: '<html><body>Proxy Authentication Required</body></html>',
    code: 'network.proxy',
  },
  {
    from: 'a load balancer',
    status: 502,
    body: '<html><head><title>502 Bad Gateway</title></head></html>',
    code: 'provider.internal',
  },
  {
    from: 'a code nobody knows',
    status: 418,
    body: '',
    code: 'provider.malformed-response',
  },
  {
    from: 'a code that objects inherit',
    status: 403,
    body: '<Error><Code>constructor</Code></Error>',
    code: 'access.denied',
  },
];

test.each(recorded)('$from → $code', ({ status, body, headers, code }) => {
  const failure = new ServiceFailure(status, headers ?? {}, body);
  expect(mapError(failure, context)).toMatchObject({
    code,
    params: context,
    provider: { httpStatus: status },
  });
});

test('the server’s own words go along, without its string to sign', () => {
  const failure = new ServiceFailure(
    403,
    { 'x-amz-request-id': 'r1', 'x-amz-id-2': 'h1' },
    `<Error><Code>AccessDenied</Code><Message>${'long '.repeat(200)}</Message></Error>`,
  );
  const { provider } = mapError(failure, context);
  expect(provider).toMatchObject({
    service: 'AccessDenied',
    requestId: 'r1',
    extendedRequestId: 'h1',
  });
  expect(provider?.message).toHaveLength(500);
  const silent = mapError(
    new ServiceFailure(403, {}, '<Error><Code>X</Code><Message/></Error>'),
    context,
  );
  expect(silent.provider).toEqual({ service: 'X', httpStatus: 403 });
});

test.each([
  ['ENOTFOUND', 'network.dns', undefined],
  ['ECONNREFUSED', 'network.refused', undefined],
  ['ETIMEDOUT', 'network.timeout', undefined],
  ['ECONNRESET', 'network.reset', undefined],
  ['EHOSTUNREACH', 'network.offline', undefined],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'network.tls', 'self-signed'],
  ['CERT_HAS_EXPIRED', 'network.tls', 'expired'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'network.tls', 'other-name'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'network.tls', 'protocol'],
  ['HPE_INVALID_CONSTANT', 'provider.malformed-response', undefined],
] as const)('%s → %s', (nodeCode, code, reason) => {
  const error = Object.assign(new Error('x'), { code: nodeCode });
  const mapped = mapError(error, { host: 'h' });
  expect(mapped).toMatchObject({ code, params: { host: 'h' } });
  expect(mapped.params['reason']).toBe(reason);
});

test('failures of all addresses of a name are one error', () => {
  const refused = Object.assign(new Error('x'), { code: 'ECONNREFUSED' });
  const error = new AggregateError([refused, refused]);
  expect(mapError(error, { host: 'h' }).code).toBe('network.refused');
});

test('an abort of the caller is cancelled, one of the socket is a reset', () => {
  const error = Object.assign(new Error('Request aborted'), { name: 'AbortError' });
  expect(mapError(error, { host: 'h', signal: AbortSignal.abort() }).code).toBe(
    'transfer.cancelled',
  );
  expect(mapError(error, { host: 'h' }).code).toBe('network.reset');
});

test('AppErrors pass, anything else is internal and says nothing', () => {
  const known = new AppError('local.busy');
  expect(mapError(known, { host: 'h' })).toBe(known);
  expect(mapError('oops', { host: 'h' })).toMatchObject({ code: 'internal', params: {} });
});

test('error documents are read in any namespace and with entities', () => {
  expect(
    readErrorFields(
      `${XML}<s:Error xmlns:s="http://s3.amazonaws.com/doc/2006-03-01/"><s:Code>A</s:Code><s:Message>&lt;a&gt; &#38; &#x41; &nope;</s:Message></s:Error>`,
    ),
  ).toEqual({ Code: 'A', Message: '<a> & A &nope;' });
  expect(readErrorFields('<html><Code>x</Code></html>')).toEqual({});
  expect(readErrorFields('{"Error": {"Code": "x"}}')).toEqual({});
});

test.each([
  ['seconds', { 'retry-after': '7' }, 7_000],
  [
    "a date, by the server's own clock",
    {
      'retry-after': 'Wed, 21 Oct 2015 07:28:30 GMT',
      date: 'Wed, 21 Oct 2015 07:28:00 GMT',
    },
    30_000,
  ],
  ['a date without a clock', { 'retry-after': 'Wed, 21 Oct 2015 07:28:30 GMT' }, null],
  ['nonsense', { 'retry-after': 'soon' }, null],
  ['the past', { 'retry-after': '0' }, null],
  ['a week', { 'retry-after': '604800' }, 3_600_000],
  ['nothing', {}, null],
])('Retry-After: %s', (_name, headers, ms) => {
  expect(retryAfterMs(headers)).toBe(ms);
  const failure = new ServiceFailure(
    503,
    headers,
    '<Error><Code>SlowDown</Code></Error>',
  );
  expect(mapError(failure, { host: 'h' }).params['retryAfterMs'] ?? null).toBe(ms);
});
