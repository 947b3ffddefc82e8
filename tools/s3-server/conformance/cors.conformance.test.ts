import {
  type CORSRule,
  DeleteBucketCorsCommand,
  GetBucketCorsCommand,
  PutBucketCorsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import type { RawResponse } from '../testing/raw-request.ts';
import { differs, outcomeOf, refusal, SIDE, useTarget } from './target.ts';

const target = useTarget();
const Key = 'k';

const RULE: CORSRule = {
  ID: 'one',
  AllowedOrigins: ['https://app.test', 'https://*.app.test'],
  AllowedMethods: ['GET', 'PUT'],
  AllowedHeaders: ['content-type', 'x-amz-*'],
  ExposeHeaders: ['ETag', 'x-amz-meta-a'],
  MaxAgeSeconds: 300,
};

const ANY: CORSRule = { AllowedOrigins: ['*'], AllowedMethods: ['HEAD'] };

async function withRules(...CORSRules: CORSRule[]): Promise<string> {
  const Bucket = await target().bucket();
  const client = target().client();
  const upload = { Bucket, Key, Body: 'x', ACL: 'public-read' } as const;
  await client.send(new PutObjectCommand(upload));
  if (CORSRules.length > 0) await put(Bucket, CORSRules);
  return Bucket;
}

function put(Bucket: string, CORSRules: CORSRule[]) {
  const CORSConfiguration = { CORSRules };
  return target().client().send(new PutBucketCorsCommand({ Bucket, CORSConfiguration }));
}

async function rulesOf(Bucket: string) {
  return (await target().client().send(new GetBucketCorsCommand({ Bucket }))).CORSRules;
}

async function refused(...rules: CORSRule[]) {
  const Bucket = await target().bucket();
  return outcomeOf(put(Bucket, rules));
}

function preflight(Bucket: string, origin: string, method: string, headers?: string) {
  return target().anonymous('OPTIONS', `/${Bucket}/${Key}`, {
    origin,
    'access-control-request-method': method,
    ...(headers === undefined ? {} : { 'access-control-request-headers': headers }),
  });
}

function allowed({ status, headers }: RawResponse) {
  return [status, headers['access-control-allow-origin']];
}

function names(header: string | undefined): readonly string[] {
  return (header ?? '').split(',').map((name) => name.trim().toLowerCase());
}

function many(length: number): CORSRule[] {
  return Array.from({ length }, () => ANY);
}

function sorted(list: readonly string[] | undefined): readonly string[] {
  return [...(list ?? [])].sort();
}

async function headersOf(Bucket: string, origin?: string, method = 'GET') {
  const sent = origin === undefined ? {} : { origin };
  const answer = await target().anonymous(method, `/${Bucket}/${Key}`, sent);
  return { ...answer.headers, status: answer.status };
}

describe('CORS rules', () => {
  it('are put, told in their order, and deleted', async () => {
    const Bucket = await withRules();
    const none = { code: 'NoSuchCORSConfiguration', status: 404 };
    expect(await refusal(rulesOf(Bucket))).toEqual(none);
    await put(Bucket, [RULE, ANY]);
    const rules = await rulesOf(Bucket);
    expect(rules).toMatchObject([{ ID: 'one', MaxAgeSeconds: 300 }, ANY]);
    expect(sorted(rules?.[0]?.AllowedOrigins)).toEqual(sorted(RULE.AllowedOrigins));
    expect(sorted(rules?.[0]?.AllowedHeaders)).toEqual(sorted(RULE.AllowedHeaders));
    expect(sorted(rules?.[0]?.ExposeHeaders)).toEqual(sorted(RULE.ExposeHeaders));
    await target().client().send(new DeleteBucketCorsCommand({ Bucket }));
    expect(await refusal(rulesOf(Bucket))).toEqual(none);
  });

  it('are at most a hundred, and at least one', async () => {
    expect([await refused(...many(100)), await refused(...many(101))]).toEqual([
      200,
      'InvalidRequest',
    ]);
    expect(await refused()).toBe('MalformedXML');
  });

  differs(
    'need an origin and a method',
    'AWS: or MalformedXML; radosgw does without a method',
    async () => [
      await refused({ ...RULE, AllowedOrigins: [] }),
      await refused({ ...RULE, AllowedMethods: [] }),
    ],
    { aws: ['MalformedXML', 'MalformedXML'], radosgw: ['MalformedXML', 200] },
  );

  differs(
    'have one asterisk at most in an origin or header, and methods of S3',
    'AWS: InvalidRequest; radosgw: MalformedXML, asterisks are fine in ExposeHeader',
    async () => [
      await refused({ ...RULE, AllowedOrigins: ['https://*.*.test'] }),
      await refused({ ...RULE, AllowedHeaders: ['x-*-*'] }),
      await refused({ ...RULE, AllowedMethods: ['PATCH'] }),
      await refused({ ...RULE, ExposeHeaders: ['*'] }),
    ],
    {
      aws: ['InvalidRequest', 'InvalidRequest', 'InvalidRequest', 'InvalidRequest'],
      radosgw: ['MalformedXML', 'MalformedXML', 'MalformedXML', 200],
    },
  );

  it.skipIf(SIDE === 'radosgw')('are refused in the words of AWS', async () => {
    const Bucket = await target().bucket();
    const message = async (rule: CORSRule) => {
      const failure: unknown = await put(Bucket, [rule]).catch((error: unknown) => error);
      return (failure as Error).message;
    };
    expect([
      await message({ ...RULE, AllowedOrigins: ['https://*.*.test'] }),
      await message({ ...RULE, AllowedHeaders: ['x-*-*'] }),
      await message({ ...RULE, AllowedMethods: ['PATCH'] }),
      await message({ ...RULE, ExposeHeaders: ['x-*'] }),
    ]).toEqual([
      'AllowedOrigin "https://*.*.test" can not have more than one wildcard.',
      'AllowedHeader "x-*-*" can not have more than one wildcard.',
      'Found unsupported HTTP method in CORS config. Unsupported method is PATCH',
      'ExposeHeader "x-*" contains wildcard. We currently do not support wildcard for ExposeHeader.',
    ]);
  });

  differs(
    'have a document of 64 KB at most',
    'AWS: MalformedXML; radosgw: larger ones, too',
    async () => {
      const AllowedOrigins = Array.from(
        { length: 1000 },
        (_, index) => `https://${'o'.repeat(50)}${index}.test`,
      );
      return [await refused({ ...RULE, AllowedOrigins })];
    },
    { aws: ['MalformedXML'], radosgw: [200] },
  );

  differs(
    'come with a digest of the document',
    'AWS: or InvalidRequest; radosgw does without',
    async () => {
      const Bucket = await target().bucket();
      const text =
        '<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>';
      const answer = await target().raw({
        method: 'PUT',
        path: `/${Bucket}`,
        query: [{ name: 'cors', value: '' }],
        body: Buffer.from(text),
      });
      return [answer.status, answer.code];
    },
    { aws: [400, 'InvalidRequest'], radosgw: [200, undefined] },
  );
});

describe('a preflight', () => {
  it('is answered by the first rule that allows it', async () => {
    const Bucket = await withRules(RULE, ANY);
    const answer = await preflight(
      Bucket,
      'https://app.test',
      'PUT',
      'X-Amz-Date, Content-Type',
    );
    expect(allowed(answer)).toEqual([200, 'https://app.test']);
    const { headers } = answer;
    expect(headers['access-control-allow-methods']).toContain('PUT');
    expect(names(headers['access-control-allow-headers'])).toEqual([
      'x-amz-date',
      'content-type',
    ]);
    expect(names(headers['access-control-expose-headers']).toSorted()).toEqual([
      'etag',
      'x-amz-meta-a',
    ]);
    expect(headers['access-control-max-age']).toBe('300');
    expect(names(headers.vary)).toContain('origin');
  });

  it('knows asterisks in origins', async () => {
    const Bucket = await withRules(RULE);
    expect(allowed(await preflight(Bucket, 'https://a.b.app.test', 'GET'))).toEqual([
      200,
      'https://a.b.app.test',
    ]);
    expect((await preflight(Bucket, 'http://a.app.test', 'GET')).status).toBe(403);
  });

  differs(
    'for a rule of any origin gets',
    'AWS: the asterisk and no credentials; radosgw: the origin',
    async () => {
      const Bucket = await withRules(ANY);
      const { headers } = await preflight(Bucket, 'https://app.test', 'HEAD');
      return [
        headers['access-control-allow-origin'],
        headers['access-control-allow-credentials'],
      ];
    },
    { aws: ['*', undefined], radosgw: ['https://app.test', undefined] },
  );

  differs(
    'for a rule of one origin gets',
    'AWS: credentials allowed, the methods of the rule; radosgw: only what was asked',
    async () => {
      const Bucket = await withRules(RULE);
      const { headers } = await preflight(Bucket, 'https://app.test', 'PUT');
      return [
        headers['access-control-allow-credentials'],
        headers['access-control-allow-methods'],
        headers.vary,
      ];
    },
    {
      aws: [
        'true',
        'GET, PUT',
        'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
      ],
      radosgw: [undefined, 'PUT', 'Origin'],
    },
  );

  differs(
    'is refused when no rule allows it, or there is none',
    'AWS: AccessForbidden; radosgw: AccessDenied',
    async () => {
      const Bucket = await withRules(RULE);
      const bare = await withRules();
      const refusals = [
        await preflight(Bucket, 'https://other.test', 'GET'),
        await preflight(Bucket, 'https://app.test', 'DELETE'),
        await preflight(Bucket, 'https://app.test', 'GET', 'x-amz-date, x-other'),
        await preflight(bare, 'https://app.test', 'GET'),
      ];
      return refusals.map(({ status, code }) => [status, code]);
    },
    {
      aws: Array.from({ length: 4 }, () => [403, 'AccessForbidden']),
      radosgw: Array.from({ length: 4 }, () => [403, 'AccessDenied']),
    },
  );

  differs(
    'needs an origin and a method of S3',
    'AWS: BadRequest; radosgw: InvalidArgument, and AccessDenied for the method',
    async () => {
      const Bucket = await withRules(RULE);
      const path = `/${Bucket}/${Key}`;
      const refusals = [
        await target().anonymous('OPTIONS', path, {
          'access-control-request-method': 'GET',
        }),
        await target().anonymous('OPTIONS', path, { origin: 'https://app.test' }),
        await preflight(Bucket, 'https://app.test', 'PATCH'),
      ];
      return refusals.map(({ status, code }) => [status, code]);
    },
    {
      aws: [
        [400, 'BadRequest'],
        [400, 'BadRequest'],
        [400, 'BadRequest'],
      ],
      radosgw: [
        [400, 'InvalidArgument'],
        [400, 'InvalidArgument'],
        [403, 'AccessDenied'],
      ],
    },
  );

  it('is asked of a bucket, too, and of a presigned link', async () => {
    const Bucket = await withRules(RULE);
    const headers = {
      origin: 'https://app.test',
      'access-control-request-method': 'GET',
    };
    const answers = [
      await target().anonymous('OPTIONS', `/${Bucket}`, headers),
      await target().anonymous(
        'OPTIONS',
        `/${Bucket}/${Key}?X-Amz-Signature=x&x-id=GetObject`,
        headers,
      ),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  });
});

describe('a request of a page', () => {
  it('is told what the page may read', async () => {
    const Bucket = await withRules(RULE);
    const headers = await headersOf(Bucket, 'https://app.test');
    expect(headers).toMatchObject({
      status: 200,
      'access-control-allow-origin': 'https://app.test',
      'access-control-max-age': '300',
    });
    expect(names(headers['access-control-expose-headers'] as string).toSorted()).toEqual([
      'etag',
      'x-amz-meta-a',
    ]);
  });

  it('gets the asterisk from a rule of any origin', async () => {
    const Bucket = await withRules(ANY);
    const headers = await headersOf(Bucket, 'https://app.test', 'HEAD');
    expect(headers['access-control-allow-origin']).toBe('*');
  });

  it('is answered without a word where no rule allows it, or nobody asks', async () => {
    const Bucket = await withRules(RULE);
    const answers = [
      await headersOf(Bucket, 'https://other.test'),
      await headersOf(Bucket),
    ];
    expect(
      answers.map((one) => [one.status, one['access-control-allow-origin']]),
    ).toEqual([
      [200, undefined],
      [200, undefined],
    ]);
  });

  it('may read a refusal', async () => {
    const Bucket = await withRules(RULE);
    const headers = await headersOf(Bucket, 'https://app.test', 'PUT');
    expect([headers.status, headers['access-control-allow-origin']]).toEqual([
      403,
      'https://app.test',
    ]);
  });
});
