import {
  CreateBucketCommand,
  DeleteBucketOwnershipControlsCommand,
  GetBucketOwnershipControlsCommand,
  GetObjectAclCommand,
  GetObjectCommand,
  type ObjectCannedACL,
  type ObjectOwnership,
  PutBucketAclCommand,
  PutBucketOwnershipControlsCommand,
  PutObjectAclCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { differs, outcomeOf, refusal, SIDE, useTarget } from './target.ts';

const target = useTarget();
const Key = 'k';
const UNSUPPORTED = 'AccessControlListNotSupported';

function own(Bucket: string, ObjectOwnership: ObjectOwnership) {
  const OwnershipControls = { Rules: [{ ObjectOwnership }] };
  const command = new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls });
  return target().client().send(command);
}

async function rules(Bucket: string) {
  const command = new GetBucketOwnershipControlsCommand({ Bucket });
  return (await target().client().send(command)).OwnershipControls?.Rules;
}

function put(Bucket: string, ACL?: ObjectCannedACL, client = target().client()) {
  const command = new PutObjectCommand({ Bucket, Key, Body: 'x', ...(ACL && { ACL }) });
  return outcomeOf(client.send(command));
}

describe('ownership controls', () => {
  differs(
    'are not there at first',
    'AWS: OwnershipControlsNotFoundError; radosgw 16 ignores the sub-resource and lists',
    async () => {
      const Bucket = await target().bucket();
      const answer = await target().raw({
        method: 'GET',
        path: `/${Bucket}`,
        query: [{ name: 'ownershipControls', value: '' }],
      });
      return [answer.code, /<ListBucketResult/.test(answer.text)];
    },
    { aws: ['OwnershipControlsNotFoundError', false], radosgw: [undefined, true] },
  );
});

// Sending more to radosgw 16 would make or delete the bucket: it ignores the name.
describe.skipIf(SIDE === 'radosgw')('ownership controls of AWS', () => {
  it('are put, told and deleted', async () => {
    const Bucket = await target().bucket();
    for (const name of [
      'BucketOwnerPreferred',
      'ObjectWriter',
      'BucketOwnerEnforced',
    ] as const) {
      await own(Bucket, name);
      expect(await rules(Bucket)).toEqual([{ ObjectOwnership: name }]);
    }
    const remove = new DeleteBucketOwnershipControlsCommand({ Bucket });
    expect(await outcomeOf(target().client().send(remove))).toBe(204);
    expect(await refusal(rules(Bucket))).toEqual({
      code: 'OwnershipControlsNotFoundError',
      status: 404,
    });
  });

  it('come with a new bucket', async () => {
    const Bucket = target().bucketName();
    const ObjectOwnership = 'BucketOwnerEnforced';
    await target().client().send(new CreateBucketCommand({ Bucket, ObjectOwnership }));
    expect(await rules(Bucket)).toEqual([{ ObjectOwnership }]);
  });

  it('are refused with a name there is not', async () => {
    const Bucket = await target().bucket();
    expect(await refusal(own(Bucket, 'Nobody' as ObjectOwnership))).toEqual({
      code: 'MalformedXML',
      status: 400,
    });
  });

  it('switch lists off for the owner of the bucket', async () => {
    const Bucket = await target().bucket();
    expect(await put(Bucket, 'public-read')).toBe(200);
    const path = `/${Bucket}/${Key}`;
    expect((await target().anonymous('GET', path)).status).toBe(200);
    await own(Bucket, 'BucketOwnerEnforced');
    expect((await target().anonymous('GET', path)).status).toBe(403);
    const client = target().client();
    const { Owner, Grants } = await client.send(new GetObjectAclCommand({ Bucket, Key }));
    expect(Grants).toEqual([
      { Grantee: { ...Owner, Type: 'CanonicalUser' }, Permission: 'FULL_CONTROL' },
    ]);
    await own(Bucket, 'ObjectWriter');
    expect((await target().anonymous('GET', path)).status).toBe(200);
  });

  it('refuse lists once they are off', async () => {
    const Bucket = await target().bucket();
    await own(Bucket, 'BucketOwnerEnforced');
    const client = target().client();
    expect([
      await put(Bucket),
      await put(Bucket, 'bucket-owner-full-control'),
      await put(Bucket, 'private'),
      await put(Bucket, 'public-read'),
      await outcomeOf(
        client.send(new PutObjectAclCommand({ Bucket, Key, ACL: 'private' })),
      ),
      await outcomeOf(client.send(new PutBucketAclCommand({ Bucket, ACL: 'private' }))),
    ]).toEqual([200, 200, UNSUPPORTED, UNSUPPORTED, UNSUPPORTED, UNSUPPORTED]);
  });

  it('cannot switch off a list that lets others in', async () => {
    const Bucket = await target().bucket();
    const client = target().client();
    await client.send(new PutBucketAclCommand({ Bucket, ACL: 'public-read' }));
    expect(await refusal(own(Bucket, 'BucketOwnerEnforced'))).toEqual({
      code: 'InvalidBucketAclWithObjectOwnership',
      status: 400,
    });
  });

  it('give the owner of the bucket what others write', async () => {
    const Bucket = await target().bucket();
    const client = target().client();
    const other = target().client({ credentials: target().other });
    const ACL = 'public-read-write';
    await client.send(new PutBucketAclCommand({ Bucket, ACL }));
    await own(Bucket, 'BucketOwnerPreferred');
    const ownerOf = async () => {
      const { Owner } = await other.send(new GetObjectAclCommand({ Bucket, Key }));
      return Owner?.ID === target().otherId;
    };
    expect(await put(Bucket, undefined, other)).toBe(200);
    expect(await ownerOf()).toBe(true);
    expect(await put(Bucket, 'bucket-owner-full-control', other)).toBe(200);
    expect(await outcomeOf(other.send(new GetObjectAclCommand({ Bucket, Key })))).toBe(
      'AccessDenied',
    );
    expect(await outcomeOf(client.send(new GetObjectCommand({ Bucket, Key })))).toBe(200);
  });
});
