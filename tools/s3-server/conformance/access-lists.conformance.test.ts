import {
  CopyObjectCommand,
  CreateBucketCommand,
  GetBucketAclCommand,
  GetObjectAclCommand,
  type GetObjectAclCommandOutput,
  HeadObjectCommand,
  type ObjectCannedACL,
  PutBucketAclCommand,
  PutObjectAclCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { refusal, useTarget } from './target.ts';

const target = useTarget();
const Key = 'listed';
const EVERYBODY = 'http://acs.amazonaws.com/groups/global/AllUsers';
const SIGNED_IN = 'http://acs.amazonaws.com/groups/global/AuthenticatedUsers';

async function withObject(more: Partial<PutObjectCommandInput> = {}): Promise<string> {
  const Bucket = await target().bucket();
  const command = new PutObjectCommand({ Bucket, Key, Body: 'x', ...more });
  await target().client().send(command);
  return Bucket;
}

async function aclOf(Bucket: string, key = Key) {
  const command = new GetObjectAclCommand({ Bucket, Key: key });
  return lines(await target().client().send(command));
}

function lines(output: Pick<GetObjectAclCommandOutput, 'Owner' | 'Grants'>) {
  return (output.Grants ?? [])
    .map(({ Grantee, Permission }) => {
      const own = Grantee?.ID !== undefined && Grantee.ID === output.Owner?.ID;
      return `${own ? 'owner' : (Grantee?.URI ?? Grantee?.ID ?? '')} ${Permission ?? ''}`;
    })
    .sort();
}

describe('access control lists', () => {
  it.each<[ObjectCannedACL, readonly string[]]>([
    ['private', ['owner FULL_CONTROL']],
    ['public-read', [`${EVERYBODY} READ`, 'owner FULL_CONTROL']],
    [
      'public-read-write',
      [`${EVERYBODY} READ`, `${EVERYBODY} WRITE`, 'owner FULL_CONTROL'],
    ],
    ['authenticated-read', [`${SIGNED_IN} READ`, 'owner FULL_CONTROL']],
  ])('a canned list %s gives what it says', async (ACL, expected) => {
    const Bucket = await withObject({ ACL });
    expect(await aclOf(Bucket)).toEqual(expected);
  });

  it('grants in headers are a list of their own', async () => {
    const plain = await withObject();
    const { Owner } = await target()
      .client()
      .send(new GetObjectAclCommand({ Bucket: plain, Key }));
    const Bucket = await withObject({
      GrantFullControl: `id="${Owner?.ID ?? ''}"`,
      GrantReadACP: `uri="${EVERYBODY}"`,
    });
    expect(await aclOf(Bucket)).toEqual([`${EVERYBODY} READ_ACP`, 'owner FULL_CONTROL']);
  });

  it('a document replaces the list', async () => {
    const Bucket = await withObject();
    const client = target().client();
    const { Owner, Grants = [] } = await client.send(
      new GetObjectAclCommand({ Bucket, Key }),
    );
    const shared = {
      Grantee: { Type: 'Group' as const, URI: SIGNED_IN },
      Permission: 'READ' as const,
    };
    const AccessControlPolicy = { Owner, Grants: [...Grants, shared] };
    await client.send(new PutObjectAclCommand({ Bucket, Key, AccessControlPolicy }));
    expect(await aclOf(Bucket)).toEqual([`${SIGNED_IN} READ`, 'owner FULL_CONTROL']);
    await client.send(new PutObjectAclCommand({ Bucket, Key, ACL: 'private' }));
    expect(await aclOf(Bucket)).toEqual(['owner FULL_CONTROL']);
  });

  it('a copy begins with a list of its own', async () => {
    const Bucket = await withObject({ ACL: 'public-read' });
    const CopySource = `${Bucket}/${Key}`;
    const client = target().client();
    await client.send(new CopyObjectCommand({ Bucket, Key: 'plain', CopySource }));
    expect(await aclOf(Bucket, 'plain')).toEqual(['owner FULL_CONTROL']);
    const ACL = 'authenticated-read';
    await client.send(new CopyObjectCommand({ Bucket, Key: 'given', CopySource, ACL }));
    expect(await aclOf(Bucket, 'given')).toEqual([
      `${SIGNED_IN} READ`,
      'owner FULL_CONTROL',
    ]);
  });

  it('buckets have lists, too', async () => {
    const Bucket = target().bucketName();
    const client = target().client();
    await client.send(new CreateBucketCommand({ Bucket, ACL: 'public-read' }));
    const get = new GetBucketAclCommand({ Bucket });
    expect(lines(await client.send(get))).toEqual([
      `${EVERYBODY} READ`,
      'owner FULL_CONTROL',
    ]);
    await client.send(new PutBucketAclCommand({ Bucket, ACL: 'private' }));
    expect(lines(await client.send(get))).toEqual(['owner FULL_CONTROL']);
  });

  it('of nothing are not there', async () => {
    const Bucket = await target().bucket();
    expect(await refusal(aclOf(Bucket, 'none'))).toEqual({
      code: 'NoSuchKey',
      status: 404,
    });
  });
});

describe('storage class and encryption', () => {
  it('a class other than the standard one is kept and told', async () => {
    const Bucket = await withObject({ StorageClass: 'STANDARD_IA' });
    const head = await target().client().send(new HeadObjectCommand({ Bucket, Key }));
    expect(head.StorageClass).toBe('STANDARD_IA');
  });
});
