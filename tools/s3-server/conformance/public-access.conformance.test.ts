import {
  DeletePublicAccessBlockCommand,
  GetBucketPolicyCommand,
  GetObjectAclCommand,
  GetPublicAccessBlockCommand,
  type PublicAccessBlockConfiguration,
  PutBucketAclCommand,
  PutBucketPolicyCommand,
  PutObjectAclCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { differs, outcomeOf, refusal, useTarget } from './target.ts';

const target = useTarget();
const Key = 'k';
const NO = 'AccessDenied';

async function withObject(): Promise<string> {
  const Bucket = await target().bucket();
  await target()
    .client()
    .send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
  return Bucket;
}

function block(
  Bucket: string,
  PublicAccessBlockConfiguration: PublicAccessBlockConfiguration,
) {
  const command = new PutPublicAccessBlockCommand({
    Bucket,
    PublicAccessBlockConfiguration,
  });
  return target().client().send(command);
}

async function blockOf(Bucket: string) {
  const command = new GetPublicAccessBlockCommand({ Bucket });
  return (await target().client().send(command)).PublicAccessBlockConfiguration;
}

function makePublic(Bucket: string, principal: unknown = '*') {
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: principal,
        Action: 's3:GetObject',
        Resource: `arn:aws:s3:::${Bucket}/*`,
      },
    ],
  });
  return outcomeOf(
    target().client().send(new PutBucketPolicyCommand({ Bucket, Policy })),
  );
}

async function anonymous(Bucket: string): Promise<number> {
  return (await target().anonymous('GET', `/${Bucket}/${Key}`)).status;
}

describe('the public access block', () => {
  it('is put and told; what is left out is off', async () => {
    const Bucket = await withObject();
    await block(Bucket, { BlockPublicAcls: true, RestrictPublicBuckets: true });
    expect(await blockOf(Bucket)).toEqual({
      BlockPublicAcls: true,
      IgnorePublicAcls: false,
      BlockPublicPolicy: false,
      RestrictPublicBuckets: true,
    });
  });

  differs(
    'is not there at first and after its removal',
    'AWS: NoSuchPublicAccessBlockConfiguration; radosgw: all off',
    async () => {
      const Bucket = await withObject();
      const tell = async () => {
        try {
          return Object.values((await blockOf(Bucket)) ?? {});
        } catch {
          return refusal(blockOf(Bucket));
        }
      };
      const first = await tell();
      await block(Bucket, { BlockPublicAcls: true });
      await target().client().send(new DeletePublicAccessBlockCommand({ Bucket }));
      return [first, await tell()];
    },
    {
      aws: [
        { code: 'NoSuchPublicAccessBlockConfiguration', status: 404 },
        { code: 'NoSuchPublicAccessBlockConfiguration', status: 404 },
      ],
      radosgw: [
        [false, false, false, false],
        [false, false, false, false],
      ],
    },
  );

  it('keeps new lists from being public', async () => {
    const Bucket = await withObject();
    await block(Bucket, { BlockPublicAcls: true });
    const client = target().client();
    const upload = { Bucket, Key: 'new', Body: 'x' } as const;
    expect([
      await outcomeOf(
        client.send(new PutObjectAclCommand({ Bucket, Key, ACL: 'public-read' })),
      ),
      await outcomeOf(
        client.send(new PutObjectAclCommand({ Bucket, Key, ACL: 'authenticated-read' })),
      ),
      await outcomeOf(
        client.send(new PutObjectCommand({ ...upload, ACL: 'public-read' })),
      ),
      await outcomeOf(
        client.send(new PutBucketAclCommand({ Bucket, ACL: 'public-read' })),
      ),
    ]).toEqual([NO, NO, NO, NO]);
  });

  differs(
    'lets lists that are not public pass',
    'AWS: yes; radosgw 16 refuses every upload then, even without a list',
    async () => {
      const Bucket = await withObject();
      await block(Bucket, { BlockPublicAcls: true });
      const client = target().client();
      const at = { Bucket, Key, ACL: 'private' } as const;
      return [
        await outcomeOf(client.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }))),
        await outcomeOf(client.send(new PutObjectCommand({ ...at, Body: 'x' }))),
        await outcomeOf(client.send(new PutObjectAclCommand(at))),
      ];
    },
    { aws: [200, 200, 200], radosgw: [NO, NO, 200] },
  );

  it('ignores lists that are public already', async () => {
    const Bucket = await withObject();
    const client = target().client();
    await client.send(new PutObjectAclCommand({ Bucket, Key, ACL: 'public-read' }));
    expect(await anonymous(Bucket)).toBe(200);
    await block(Bucket, { IgnorePublicAcls: true });
    expect(await anonymous(Bucket)).toBe(403);
    const { Grants } = await client.send(new GetObjectAclCommand({ Bucket, Key }));
    expect(Grants).toHaveLength(2);
  });

  it('keeps new policies from being public', async () => {
    const Bucket = await withObject();
    await block(Bucket, { BlockPublicPolicy: true });
    expect(await makePublic(Bucket)).toBe(NO);
    expect(
      await outcomeOf(target().client().send(new GetBucketPolicyCommand({ Bucket }))),
    ).toBe('NoSuchBucketPolicy');
  });

  differs(
    'keeps a public policy to the account',
    'AWS: yes; radosgw 16 lets everybody in',
    async () => {
      const Bucket = await withObject();
      await makePublic(Bucket);
      const before = await anonymous(Bucket);
      await block(Bucket, { RestrictPublicBuckets: true });
      return [before, await anonymous(Bucket)];
    },
    { aws: [200, 403], radosgw: [200, 200] },
  );

  it('is refused when it is none', async () => {
    const Bucket = await withObject();
    const answer = await target().raw({
      method: 'PUT',
      path: `/${Bucket}`,
      query: [{ name: 'publicAccessBlock', value: '' }],
      body: Buffer.from('<PublicAccessBlockConfiguration>'),
    });
    expect([answer.status, answer.code]).toEqual([400, 'MalformedXML']);
  });
});
