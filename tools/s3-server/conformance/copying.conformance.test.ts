import { createHash } from 'node:crypto';
import {
  CopyObjectCommand,
  type CopyObjectCommandInput,
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { differs, outcomeOf, refusal, SIDE, useTarget } from './target.ts';

const target = useTarget();

async function withSource(): Promise<string> {
  const Bucket = await target().bucket();
  await target()
    .client()
    .send(
      new PutObjectCommand({
        Bucket,
        Key: 'dir/source + é',
        Body: 'hello',
        ContentType: 'text/x-source',
        Metadata: { a: '1' },
      }),
    );
  return Bucket;
}

function copy(Bucket: string, more: Partial<CopyObjectCommandInput> = {}) {
  const CopySource = `${Bucket}/dir/source%20%2B%20%C3%A9`;
  return target()
    .client()
    .send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource, ...more }));
}

describe('CopyObject', () => {
  it('copies bytes, headers and metadata', async () => {
    const Bucket = await withSource();
    const { CopyObjectResult } = await copy(Bucket);
    const ETag = '"5d41402abc4b2a76b9719d911017c592"';
    expect(CopyObjectResult?.LastModified).toEqual(expect.any(Date));
    const got = await target()
      .client()
      .send(new GetObjectCommand({ Bucket, Key: 'copy' }));
    expect(await got.Body?.transformToString()).toBe('hello');
    expect(got).toMatchObject({
      ContentType: 'text/x-source',
      Metadata: { a: '1' },
      ETag,
    });
  });

  it('replaces headers and metadata when told to, also in place', async () => {
    const Bucket = await withSource();
    const Key = 'dir/source + é';
    await copy(Bucket, {
      Key,
      MetadataDirective: 'REPLACE',
      ContentType: 'text/x-new',
      Metadata: { b: '2' },
    });
    const got = await target().client().send(new GetObjectCommand({ Bucket, Key }));
    expect(got).toMatchObject({ ContentType: 'text/x-new', Metadata: { b: '2' } });
    expect(await got.Body?.transformToString()).toBe('hello');
  });

  it('refuses to copy an object to itself without a change', async () => {
    const Bucket = await withSource();
    expect(await refusal(copy(Bucket, { Key: 'dir/source + é' }))).toEqual({
      code: 'InvalidRequest',
      status: 400,
    });
  });

  differs(
    'answers with the ETag',
    'AWS: in quotes; radosgw: without',
    async () => (await copy(await withSource())).CopyObjectResult?.ETag,
    {
      aws: '"5d41402abc4b2a76b9719d911017c592"',
      radosgw: '5d41402abc4b2a76b9719d911017c592',
    },
  );

  differs(
    'judges conditions on the source',
    'AWS: all four; radosgw ignores them',
    async () => {
      const Bucket = await withSource();
      const etag = '"5d41402abc4b2a76b9719d911017c592"';
      const past = new Date('2000-01-01');
      return [
        await outcomeOf(copy(Bucket, { CopySourceIfMatch: etag })),
        await outcomeOf(copy(Bucket, { CopySourceIfMatch: '"other"' })),
        await outcomeOf(copy(Bucket, { CopySourceIfNoneMatch: etag })),
        await outcomeOf(copy(Bucket, { CopySourceIfModifiedSince: past })),
        await outcomeOf(copy(Bucket, { CopySourceIfUnmodifiedSince: past })),
      ];
    },
    {
      aws: [200, 'PreconditionFailed', 'PreconditionFailed', 200, 'PreconditionFailed'],
      radosgw: [200, 200, 200, 200, 200],
    },
  );

  it('refuses a source that is not there', async () => {
    const Bucket = await withSource();
    const nothing = target().bucketName();
    expect([
      await refusal(copy(Bucket, { CopySource: `${Bucket}/nothing` })),
      await refusal(copy(Bucket, { CopySource: `${nothing}/k` })),
    ]).toEqual([
      { code: 'NoSuchKey', status: 404 },
      { code: 'NoSuchBucket', status: 404 },
    ]);
  });
});

function deletion(keys: readonly string[]): Buffer {
  const objects = keys.map((key) => `<Object><Key>${key}</Key></Object>`).join('');
  return Buffer.from(`<Delete>${objects}</Delete>`);
}

describe('DeleteObjects', () => {
  it('deletes what is there and reports what is not as deleted', async () => {
    const client = target().client();
    const Bucket = await target().bucket();
    for (const Key of ['a', 'b & <c>', 'kept']) {
      await client.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
    }
    const Objects = [{ Key: 'a' }, { Key: 'b & <c>' }, { Key: 'never there' }];
    const answer = await client.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects } }),
    );
    // In whatever order.
    expect(new Set(answer.Deleted?.map(({ Key }) => Key))).toEqual(
      new Set(Objects.map(({ Key }) => Key)),
    );
    const left = await client.send(new ListObjectsV2Command({ Bucket }));
    expect(left.Contents?.map(({ Key }) => Key)).toEqual(['kept']);
  });

  it('says nothing of successes when quiet', async () => {
    const client = target().client();
    const Bucket = await target().bucket();
    await client.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'x' }));
    const answer = await client.send(
      new DeleteObjectsCommand({
        Bucket,
        Delete: { Objects: [{ Key: 'a' }], Quiet: true },
      }),
    );
    expect([answer.Deleted, answer.Errors]).toEqual([undefined, undefined]);
  });

  differs(
    'refuses broken, empty and overlong documents',
    'AWS: MalformedXML; radosgw takes an empty one and gives no code',
    async () => {
      const Bucket = await target().bucket();
      const long = Array.from({ length: 1001 }, (_, index) => `k${index}`);
      const outcomes: unknown[] = [];
      for (const body of [Buffer.from('<Delete><Obj'), deletion([]), deletion(long)]) {
        const md5 = createHash('md5').update(body).digest('base64');
        const answer = await target().raw({
          method: 'POST',
          path: `/${Bucket}`,
          query: [{ name: 'delete', value: '' }],
          headers: { 'content-md5': md5 },
          body,
        });
        outcomes.push(SIDE === 'aws' ? answer.code : answer.status);
      }
      return outcomes;
    },
    {
      aws: ['MalformedXML', 'MalformedXML', 'MalformedXML'],
      radosgw: [400, 200, 400],
    },
  );

  differs(
    'needs a digest of its document',
    'AWS: Content-MD5 or a checksum; radosgw: no need',
    async () => {
      const answer = await target().raw({
        method: 'POST',
        path: `/${await target().bucket()}`,
        query: [{ name: 'delete', value: '' }],
        body: deletion(['a']),
      });
      return [answer.status, answer.code];
    },
    { aws: [400, 'InvalidRequest'], radosgw: [200, undefined] },
  );
});
