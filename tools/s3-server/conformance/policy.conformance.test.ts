import {
  DeleteBucketPolicyCommand,
  DeleteObjectCommand,
  GetBucketPolicyCommand,
  GetBucketPolicyStatusCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { differs, outcomeOf, SIDE, useTarget } from './target.ts';

const target = useTarget();
const NO = 'AccessDenied';

async function withObjects(): Promise<string> {
  const Bucket = await target().bucket();
  for (const Key of ['open/a', 'open/secret', 'closed/b']) {
    await target()
      .client()
      .send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
  }
  return Bucket;
}

function statement(Bucket: string, path: string, more: object = {}) {
  return {
    Effect: 'Allow',
    Principal: '*',
    Action: 's3:GetObject',
    Resource: `arn:aws:s3:::${Bucket}${path}`,
    ...more,
  };
}

function put(Bucket: string, policy: unknown) {
  const Policy = typeof policy === 'string' ? policy : JSON.stringify(policy);
  const command = new PutBucketPolicyCommand({ Bucket, Policy });
  return outcomeOf(target().client().send(command));
}

function allow(Bucket: string, ...Statement: readonly object[]) {
  return put(Bucket, { Version: '2012-10-17', Statement });
}

async function anonymous(path: string, method = 'GET'): Promise<number> {
  return (await target().anonymous(method, path)).status;
}

/** What a policy names the other account by. */
const OTHER =
  SIDE === 'aws' ? 'arn:aws:iam::elsewhere:root' : 'arn:aws:iam:::user/limited';

async function isPublic(Bucket: string) {
  const command = new GetBucketPolicyStatusCommand({ Bucket });
  return (await target().client().send(command)).PolicyStatus?.IsPublic;
}

describe("a bucket's policy", () => {
  it('is told as it was put, and deleted', async () => {
    const Bucket = await withObjects();
    const client = target().client();
    const get = () => client.send(new GetBucketPolicyCommand({ Bucket }));
    expect(await outcomeOf(get())).toBe('NoSuchBucketPolicy');
    const text = `{ "Version":"2012-10-17",\n"Statement":[${JSON.stringify(statement(Bucket, '/*'))}]}`;
    expect(await put(Bucket, text)).toBe(204);
    expect((await get()).Policy).toBe(text);
    await client.send(new DeleteBucketPolicyCommand({ Bucket }));
    expect(await outcomeOf(get())).toBe('NoSuchBucketPolicy');
    // Once more is fine.
    await client.send(new DeleteBucketPolicyCommand({ Bucket }));
  });

  it('lets anybody read a prefix, and only read it', async () => {
    const Bucket = await withObjects();
    expect(await anonymous(`/${Bucket}/open/a`)).toBe(403);
    await allow(Bucket, statement(Bucket, '/open/*'));
    expect([
      await anonymous(`/${Bucket}/open/a`),
      await anonymous(`/${Bucket}/open/a`, 'HEAD'),
      await anonymous(`/${Bucket}/closed/b`),
      await anonymous(`/${Bucket}/open/a`, 'DELETE'),
      await anonymous(`/${Bucket}/open/a?acl`),
      await anonymous(`/${Bucket}`),
    ]).toEqual([200, 200, 403, 403, 403, 403]);
  });

  it('lets anybody list, of one prefix where it says so', async () => {
    const Bucket = await withObjects();
    await allow(
      Bucket,
      statement(Bucket, '', {
        Action: 's3:ListBucket',
        Condition: { StringLike: { 's3:prefix': ['open/*'] } },
      }),
    );
    expect([
      await anonymous(`/${Bucket}?list-type=2&prefix=open/`),
      await anonymous(`/${Bucket}?list-type=2&prefix=closed/`),
      await anonymous(`/${Bucket}?list-type=2`),
      await anonymous(`/${Bucket}/open/a`),
    ]).toEqual([200, 403, 403, 403]);
    await allow(Bucket, statement(Bucket, '', { Action: ['s3:List*'] }));
    expect(await anonymous(`/${Bucket}`)).toBe(200);
  });

  it('denies, whatever else allows', async () => {
    const Bucket = await withObjects();
    await allow(
      Bucket,
      statement(Bucket, '/*', { Action: ['s3:GetObject'] }),
      statement(Bucket, '/*/secret', { Effect: 'Deny' }),
    );
    expect([
      await anonymous(`/${Bucket}/open/a`),
      await anonymous(`/${Bucket}/open/secret`),
    ]).toEqual([200, 403]);
    const own = new GetObjectCommand({ Bucket, Key: 'open/secret' });
    expect(await outcomeOf(target().client().send(own))).toBe(NO);
  });

  it('lets in another account by its name', async () => {
    const Bucket = await withObjects();
    const other = target().client({ credentials: target().other });
    const tries = async () => [
      await outcomeOf(other.send(new GetObjectCommand({ Bucket, Key: 'open/a' }))),
      await outcomeOf(other.send(new ListObjectsV2Command({ Bucket }))),
      await outcomeOf(
        other.send(new PutObjectCommand({ Bucket, Key: 'open/n', Body: 'x' })),
      ),
      await outcomeOf(other.send(new DeleteObjectCommand({ Bucket, Key: 'closed/b' }))),
      await anonymous(`/${Bucket}/open/a`),
    ];
    expect(await tries()).toEqual([NO, NO, NO, NO, 403]);
    await allow(
      Bucket,
      statement(Bucket, '/open/*', {
        Principal: { AWS: [OTHER] },
        Action: ['s3:GetObject', 's3:PutObject'],
      }),
      statement(Bucket, '', { Principal: { AWS: OTHER }, Action: 's3:ListBucket' }),
    );
    expect(await tries()).toEqual([200, 200, 200, NO, 403]);
  });
});

describe('the status of a policy', () => {
  it('is public when anybody is let in, not when denied', async () => {
    const Bucket = await withObjects();
    await allow(Bucket, statement(Bucket, '/open/*', { Principal: { AWS: '*' } }));
    expect(await isPublic(Bucket)).toBe(true);
    await allow(Bucket, statement(Bucket, '/open/*', { Effect: 'Deny' }));
    expect(await isPublic(Bucket)).toBe(false);
  });

  differs(
    'with one account let in',
    'AWS: not public; radosgw 16: public',
    async () => {
      const Bucket = await withObjects();
      await allow(Bucket, statement(Bucket, '/open/*', { Principal: { AWS: [OTHER] } }));
      return isPublic(Bucket);
    },
    { aws: false, radosgw: true },
  );

  differs(
    'is not there without one',
    'AWS: NoSuchBucketPolicy; radosgw: not public',
    async () => {
      const Bucket = await withObjects();
      const command = new GetBucketPolicyStatusCommand({ Bucket });
      return outcomeOf(target().client().send(command));
    },
    { aws: 'NoSuchBucketPolicy', radosgw: 200 },
  );
});

describe('a policy is refused', () => {
  const good = statement('BUCKET', '/*');
  const { Principal: _principal, ...nobody } = good;
  const { Effect: _effect, ...noEffect } = good;
  const MALFORMED = 'MalformedPolicy';

  differs<Record<string, unknown>>(
    'when it is malformed',
    'AWS: MalformedPolicy; radosgw: InvalidArgument, and laxer',
    async () => {
      const Bucket = await withObjects();
      const policies: Record<string, unknown> = {
        'no JSON': 'x',
        'broken JSON': '{"Version":',
        'no statement': {},
        'another effect': { Statement: [{ ...good, Effect: 'Maybe' }] },
        'no effect': { Statement: [noEffect] },
        'no principal': { Statement: [nobody] },
        'an unknown account': {
          Statement: [{ ...good, Principal: { AWS: 'arn:aws:iam::999:root' } }],
        },
        'another bucket': { Statement: [statement('elsewhere', '/*')] },
        'another service': { Statement: [{ ...good, Action: 'ec2:RunInstances' }] },
        'an action on nothing': { Statement: [{ ...good, Action: 's3:ListBucket' }] },
        'another version': { Version: '2020-01-01', Statement: [good] },
      };
      const out: Record<string, unknown> = {};
      for (const [name, policy] of Object.entries(policies)) {
        const text = typeof policy === 'string' ? policy : JSON.stringify(policy);
        out[name] = await put(Bucket, text.replaceAll('BUCKET', Bucket));
      }
      return out;
    },
    {
      aws: {
        'no JSON': MALFORMED,
        'broken JSON': MALFORMED,
        'no statement': MALFORMED,
        'another effect': MALFORMED,
        'no effect': MALFORMED,
        'no principal': MALFORMED,
        'an unknown account': MALFORMED,
        'another bucket': MALFORMED,
        'another service': MALFORMED,
        'an action on nothing': MALFORMED,
        'another version': MALFORMED,
      },
      radosgw: {
        'no JSON': 'InvalidArgument',
        'broken JSON': 'InvalidArgument',
        'no statement': 204,
        'another effect': 'InvalidArgument',
        'no effect': 204,
        'no principal': 204,
        'an unknown account': 204,
        'another bucket': 204,
        'another service': 'InvalidArgument',
        'an action on nothing': 204,
        'another version': 'InvalidArgument',
      },
    },
  );
});
