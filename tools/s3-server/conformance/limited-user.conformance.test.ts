import {
  AbortMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { refusal, useTarget } from './target.ts';

const target = useTarget();

function limited(): S3Client {
  return target().client({ credentials: target().limited });
}

function place(): { Bucket: string; Key: string } {
  const random = Math.random().toString(36).slice(2);
  const Key = `${target().limitedPrefix}conformance-${random} é`;
  return { Bucket: target().limitedBucket, Key };
}

describe('a user limited to a prefix', () => {
  it('reads, writes, lists and deletes there', async () => {
    const client = limited();
    const at = place();
    await client.send(new PutObjectCommand({ ...at, Body: 'mine' }));
    const got = await client.send(new GetObjectCommand(at));
    expect(await got.Body?.transformToString()).toBe('mine');
    expect((await client.send(new HeadObjectCommand(at))).ContentLength).toBe(4);
    const { Bucket, Key: Prefix } = at;
    const listed = await client.send(new ListObjectsV2Command({ Bucket, Prefix }));
    expect(listed.Contents?.map(({ Key }) => Key)).toEqual([Prefix]);
    await client.send(new DeleteObjectCommand(at));
    const after = await client.send(new ListObjectsV2Command({ Bucket, Prefix }));
    expect(after.Contents).toBeUndefined();
  });

  it('may upload in parts there', async () => {
    const client = limited();
    const at = place();
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(at));
    expect(UploadId).toEqual(expect.any(String));
    await client.send(new AbortMultipartUploadCommand({ ...at, UploadId }));
  });

  it('is refused everything else', async () => {
    const client = limited();
    const { Bucket, Key } = place();
    const outside = { Bucket, Key: 'elsewhere/k' };
    const attempts: Record<string, () => Promise<unknown>> = {
      ListBuckets: () => client.send(new ListBucketsCommand({})),
      HeadBucket: () => client.send(new HeadBucketCommand({ Bucket })),
      CreateBucket: () =>
        client.send(new CreateBucketCommand({ Bucket: target().bucketName() })),
      ListMultipartUploads: () =>
        client.send(new ListMultipartUploadsCommand({ Bucket })),
      'list all': () => client.send(new ListObjectsV2Command({ Bucket })),
      'list elsewhere': () =>
        client.send(new ListObjectsV2Command({ Bucket, Prefix: 'elsewhere/' })),
      'get elsewhere': () => client.send(new GetObjectCommand(outside)),
      'put elsewhere': () => client.send(new PutObjectCommand({ ...outside, Body: 'x' })),
      'delete elsewhere': () => client.send(new DeleteObjectCommand(outside)),
      'head a missing key': () => client.send(new HeadObjectCommand({ Bucket, Key })),
      DeleteObjects: () =>
        client.send(
          new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'k' }] } }),
        ),
    };
    const statuses: Record<string, number | undefined> = {};
    for (const [name, attempt] of Object.entries(attempts)) {
      statuses[name] = (await refusal(attempt())).status;
    }
    expect(statuses).toEqual(
      Object.fromEntries(Object.keys(attempts).map((name) => [name, 403])),
    );
  });
});
