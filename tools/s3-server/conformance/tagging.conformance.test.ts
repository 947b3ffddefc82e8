import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectTaggingCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { differs, outcomeOf, refusal, useTarget } from './target.ts';

const target = useTarget();
const Key = 'tagged';

async function tagged(Tagging = 'a=1&b%20c=%C3%A4%26'): Promise<string> {
  const Bucket = await target().bucket();
  const command = new PutObjectCommand({ Bucket, Key, Body: 'x', Tagging });
  await target().client().send(command);
  return Bucket;
}

async function tagsOf(Bucket: string, key = Key): Promise<Record<string, string>> {
  const command = new GetObjectTaggingCommand({ Bucket, Key: key });
  const { TagSet = [] } = await target().client().send(command);
  return Object.fromEntries(TagSet.map((tag) => [tag.Key ?? '', tag.Value ?? '']));
}

function put(Bucket: string, tags: Readonly<Record<string, string>>) {
  const TagSet = Object.entries(tags).map(([name, Value]) => ({ Key: name, Value }));
  return target()
    .client()
    .send(new PutObjectTaggingCommand({ Bucket, Key, Tagging: { TagSet } }));
}

function many(count: number): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`k${index}`, 'v']),
  );
}

describe('object tags', () => {
  it('come with an upload and are told', async () => {
    const Bucket = await tagged();
    expect(await tagsOf(Bucket)).toEqual({ a: '1', 'b c': 'ä&' });
    const got = await target().client().send(new GetObjectCommand({ Bucket, Key }));
    expect(got.TagCount).toBe(2);
  });

  it('are counted by HEAD', async () => {
    const Bucket = await tagged();
    const head = await target().client().send(new HeadObjectCommand({ Bucket, Key }));
    expect(head.TagCount).toBe(2);
  });

  it('are replaced and removed, and the object stays as it was', async () => {
    const Bucket = await tagged();
    const before = await target().client().send(new HeadObjectCommand({ Bucket, Key }));
    await put(Bucket, { new: '' });
    expect(await tagsOf(Bucket)).toEqual({ new: '' });
    await target().client().send(new DeleteObjectTaggingCommand({ Bucket, Key }));
    expect(await tagsOf(Bucket)).toEqual({});
    const after = await target().client().send(new HeadObjectCommand({ Bucket, Key }));
    expect([after.ETag, after.ContentLength]).toEqual([
      before.ETag,
      before.ContentLength,
    ]);
  });

  differs(
    'come with an upload in parts',
    'AWS: yes; radosgw drops them',
    async () => {
      const Bucket = await target().bucket();
      const client = target().client();
      const ref = { Bucket, Key };
      const { UploadId } = await client.send(
        new CreateMultipartUploadCommand({ ...ref, Tagging: 'part=yes' }),
      );
      const { ETag } = await client.send(
        new UploadPartCommand({ ...ref, UploadId, PartNumber: 1, Body: 'x' }),
      );
      const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
      await client.send(
        new CompleteMultipartUploadCommand({ ...ref, UploadId, MultipartUpload }),
      );
      return tagsOf(Bucket);
    },
    { aws: { part: 'yes' }, radosgw: {} },
  );

  it('go along with a copy', async () => {
    const Bucket = await tagged();
    const CopySource = `${Bucket}/${Key}`;
    await target()
      .client()
      .send(new CopyObjectCommand({ Bucket, Key: 'same', CopySource }));
    expect(await tagsOf(Bucket, 'same')).toEqual({ a: '1', 'b c': 'ä&' });
  });

  differs(
    'are replaced by a copy that says so',
    'AWS: yes; radosgw keeps the old ones',
    async () => {
      const Bucket = await tagged();
      const CopySource = `${Bucket}/${Key}`;
      const TaggingDirective = 'REPLACE';
      await target()
        .client()
        .send(
          new CopyObjectCommand({
            Bucket,
            Key: 'other',
            CopySource,
            TaggingDirective,
            Tagging: 'z=9',
          }),
        );
      return tagsOf(Bucket, 'other');
    },
    { aws: { z: '9' }, radosgw: { a: '1', 'b c': 'ä&' } },
  );

  it('are at most ten, with limits for both halves', async () => {
    const Bucket = await tagged();
    expect(await outcomeOf(put(Bucket, many(10)))).toBe(200);
    expect(await refusal(put(Bucket, many(11)))).toMatchObject({ status: 400 });
    const [name, value] = ['n'.repeat(128), 'v'.repeat(256)];
    expect(await outcomeOf(put(Bucket, { [name]: value }))).toBe(200);
    const long = { code: 'InvalidTag', status: 400 };
    expect(await refusal(put(Bucket, { [`${name}n`]: value }))).toEqual(long);
    expect(await refusal(put(Bucket, { [name]: `${value}v` }))).toEqual(long);
  });

  it('of nothing are not there', async () => {
    const Bucket = await target().bucket();
    expect(await refusal(tagsOf(Bucket, 'none'))).toEqual({
      code: 'NoSuchKey',
      status: 404,
    });
  });
});
