import { createHash } from 'node:crypto';
import {
  GetObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { describe, expect, it } from 'vitest';
import {
  presign,
  type RawResponse,
  send,
  sendRaw,
  signHead,
} from '../testing/raw-request.ts';
import { differs, outcomeOf, refusal, useTarget } from './target.ts';

const target = useTarget();

async function withObject(): Promise<{ Bucket: string; path: string }> {
  const Bucket = await target().bucket();
  await target()
    .client()
    .send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'hello' }));
  return { Bucket, path: `/${Bucket}/k` };
}

function outcome({ status, code }: RawResponse): [number, string | undefined] {
  return [status, code];
}

describe('a signature in the header', () => {
  it('is refused with a wrong secret', async () => {
    const { accessKeyId } = target().full;
    const credentials = { accessKeyId, secretAccessKey: 'wrong' };
    const client = target().client({ credentials });
    expect(await refusal(client.send(new ListBucketsCommand({})))).toEqual({
      code: 'SignatureDoesNotMatch',
      status: 403,
    });
  });

  it('is refused with an unknown key', async () => {
    const credentials = { accessKeyId: 'AKIAUNKNOWN000000000', secretAccessKey: 'x' };
    const client = target().client({ credentials });
    expect(await refusal(client.send(new ListBucketsCommand({})))).toEqual({
      code: 'InvalidAccessKeyId',
      status: 403,
    });
  });

  it.each([-20, 20])('is refused when the clock is %i minutes off', async (minutes) => {
    const time = Date.now() + minutes * 60_000;
    const answer = await target().raw({ method: 'GET', path: '/', time });
    expect(outcome(answer)).toEqual([403, 'RequestTimeTooSkewed']);
  });

  it.each([-10, 10])('is taken when the clock is %i minutes off', async (minutes) => {
    const time = Date.now() + minutes * 60_000;
    const answer = await target().raw({ method: 'GET', path: '/', time });
    expect(answer.status).toBe(200);
  });

  differs(
    'is refused for a wrong region',
    'AWS: AuthorizationHeaderMalformed, naming the right one; radosgw accepts it',
    async () => {
      const answer = await target().raw({
        method: 'GET',
        path: '/',
        region: 'ap-south-2',
      });
      return [...outcome(answer), /<Region>([^<]*)</.exec(answer.text)?.[1]];
    },
    {
      aws: [400, 'AuthorizationHeaderMalformed', 'us-east-1'],
      radosgw: [200, undefined, undefined],
    },
  );

  differs(
    'is refused with an unknown session token',
    'AWS: InvalidToken; radosgw lets it pass',
    async () => {
      const credentials = { ...target().full, sessionToken: 'made-up' };
      const client = target().client({ credentials });
      return outcomeOf(client.send(new ListBucketsCommand({})));
    },
    { aws: 'InvalidToken', radosgw: 200 },
  );

  it('counts for the path, query and headers it was made for', async () => {
    const { path } = await withObject();
    const request = {
      endpoint: target().endpoint,
      method: 'GET',
      path,
      query: [{ name: 'response-cache-control', value: 'a' }],
      region: target().region,
      credentials: target().full,
    };
    const { headers } = signHead(request, request.credentials);
    const { endpoint } = request;
    const answers = [
      await send(endpoint, 'GET', `${path}?response-cache-control=a`, { headers }),
      await send(endpoint, 'GET', `${path}?response-cache-control=b`, { headers }),
      await send(endpoint, 'GET', `${path}2?response-cache-control=a`, { headers }),
      await send(endpoint, 'DELETE', `${path}?response-cache-control=a`, { headers }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 403, 403, 403]);
  });

  differs(
    'covers all x-amz- headers',
    'AWS: AccessDenied for those unsigned; radosgw lets them pass',
    async () => {
      const { path } = await withObject();
      const answer = await target().raw({
        method: 'PUT',
        path,
        unsignedHeaders: { 'x-amz-meta-smuggled': 'x' },
      });
      return outcome(answer);
    },
    { aws: [403, 'AccessDenied'], radosgw: [200, undefined] },
  );

  differs(
    'is needed',
    'AWS: AccessDenied; radosgw answers an anonymous ListBuckets, with none',
    async () => {
      const { path } = await withObject();
      const { endpoint } = target();
      const list = await sendRaw({ endpoint, method: 'GET', path: '/' });
      const get = await sendRaw({ endpoint, method: 'GET', path });
      const put = await sendRaw({
        endpoint,
        method: 'PUT',
        path,
        body: Buffer.from('x'),
      });
      return [outcome(list), outcome(get), outcome(put)];
    },
    {
      aws: [
        [403, 'AccessDenied'],
        [403, 'AccessDenied'],
        [403, 'AccessDenied'],
      ],
      radosgw: [
        [200, undefined],
        [403, 'AccessDenied'],
        [403, 'AccessDenied'],
      ],
    },
  );
});

describe('a body', () => {
  it('is refused when it is not what was signed', async () => {
    const path = `/${await target().bucket()}/k`;
    const payloadHash = createHash('sha256').update('other').digest('hex');
    const body = Buffer.from('hello');
    const answer = await target().raw({ method: 'PUT', path, body, payloadHash });
    expect(outcome(answer)).toEqual([400, 'XAmzContentSHA256Mismatch']);
    expect((await target().raw({ method: 'HEAD', path })).status).toBe(404);
  });

  it('may be unsigned', async () => {
    const path = `/${await target().bucket()}/k`;
    const body = Buffer.from('hello');
    const payloadHash = 'UNSIGNED-PAYLOAD';
    const put = await target().raw({ method: 'PUT', path, body, payloadHash });
    expect(put.status).toBe(200);
    expect((await target().raw({ method: 'GET', path })).text).toBe('hello');
  });

  it('is checked against Content-MD5', async () => {
    const path = `/${await target().bucket()}/k`;
    const body = Buffer.from('hello');
    const put = (md5: string) =>
      target().raw({ method: 'PUT', path, body, headers: { 'content-md5': md5 } });
    expect([
      outcome(await put(createHash('md5').update('hello').digest('base64'))),
      outcome(await put(createHash('md5').update('other').digest('base64'))),
      outcome(await put('not an MD5')),
    ]).toEqual([
      [200, undefined],
      [400, 'BadDigest'],
      [400, 'InvalidDigest'],
    ]);
  });

  it('of the SDK passes with a signed payload', async () => {
    const Bucket = await target().bucket();
    const client = target().client({ requestChecksumCalculation: 'WHEN_REQUIRED' });
    const Body = Buffer.alloc(3_000_000, 'abc');
    await client.send(new PutObjectCommand({ Bucket, Key: 'k', Body }));
    const got = await client.send(new GetObjectCommand({ Bucket, Key: 'k' }));
    expect((await got.Body?.transformToByteArray())?.length).toBe(3_000_000);
  });
});

function link(method: string, path: string, expires: number, time = Date.now()): string {
  const { endpoint, region, full } = target();
  return presign({ endpoint, method, path, region, time }, full, expires);
}

describe('a presigned link', () => {
  it('gives and takes an object without further credentials', async () => {
    const { Bucket, path } = await withObject();
    const got = await send(target().endpoint, 'GET', link('GET', path, 60));
    expect(got.text).toBe('hello');
    const client = target().client();
    const odd = new PutObjectCommand({ Bucket, Key: 'a//b +é' });
    const url = await getSignedUrl(client, odd, { expiresIn: 60 });
    const body = Buffer.from('by link');
    const { origin } = new URL(url);
    const put = await send(origin, 'PUT', url.slice(origin.length), { body });
    expect(put.status).toBe(200);
    const back = await client.send(new GetObjectCommand({ Bucket, Key: 'a//b +é' }));
    expect(await back.Body?.transformToString()).toBe('by link');
  });

  it('is refused once it has expired', async () => {
    const { path } = await withObject();
    const old = link('GET', path, 60, Date.now() - 120_000);
    const answer = await send(target().endpoint, 'GET', old);
    expect(outcome(answer)).toEqual([403, 'AccessDenied']);
  });

  it('is refused for another method or when changed', async () => {
    const { path } = await withObject();
    const { endpoint } = target();
    const good = link('GET', path, 60);
    const longer = good.replace('X-Amz-Expires=60', 'X-Amz-Expires=600');
    expect([
      outcome(await send(endpoint, 'DELETE', good)),
      outcome(await send(endpoint, 'GET', longer)),
    ]).toEqual([
      [403, 'SignatureDoesNotMatch'],
      [403, 'SignatureDoesNotMatch'],
    ]);
  });

  differs(
    'lives a week at most',
    'AWS: AuthorizationQueryParametersError; radosgw: AccessDenied',
    async () => {
      const { path } = await withObject();
      return outcome(await send(target().endpoint, 'GET', link('GET', path, 604_801)));
    },
    { aws: [400, 'AuthorizationQueryParametersError'], radosgw: [403, 'AccessDenied'] },
  );

  differs(
    'needs all its parameters',
    'AWS: AuthorizationQueryParametersError; radosgw: AccessDenied',
    async () => {
      const { path } = await withObject();
      const broken = link('GET', path, 60).replace(/&X-Amz-Expires=60/, '');
      return outcome(await send(target().endpoint, 'GET', broken));
    },
    { aws: [400, 'AuthorizationQueryParametersError'], radosgw: [403, 'AccessDenied'] },
  );

  it('refuses a second signature beside it', async () => {
    const { path } = await withObject();
    const headers = { authorization: 'AWS4-HMAC-SHA256 Credential=x' };
    const answer = await send(target().endpoint, 'GET', link('GET', path, 60), {
      headers,
    });
    expect(outcome(answer)).toEqual([400, 'InvalidArgument']);
  });
});
