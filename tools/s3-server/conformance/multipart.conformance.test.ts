import { createHash } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { differs, outcomeOf, useTarget } from './target.ts';

const target = useTarget();
const MIN_PART = 5 * 1024 * 1024;

interface Upload {
  readonly Bucket: string;
  readonly Key: string;
  readonly UploadId: string;
}

async function begin(Key = 'k', bucket?: string): Promise<Upload> {
  const Bucket = bucket ?? (await target().bucket());
  const { UploadId = '' } = await target()
    .client()
    .send(
      new CreateMultipartUploadCommand({
        Bucket,
        Key,
        ContentType: 'text/x-parts',
        Metadata: { made: 'in parts' },
      }),
    );
  return { Bucket, Key, UploadId };
}

async function upload(
  to: Upload,
  PartNumber: number,
  Body: Buffer,
): Promise<CompletedPart> {
  const { ETag } = await target()
    .client()
    .send(new UploadPartCommand({ ...to, PartNumber, Body }));
  return { PartNumber, ETag };
}

function complete(to: Upload, Parts: CompletedPart[]) {
  return target()
    .client()
    .send(new CompleteMultipartUploadCommand({ ...to, MultipartUpload: { Parts } }));
}

function md5(data: Buffer): Buffer {
  return createHash('md5').update(data).digest();
}

describe('multipart uploads', () => {
  it('join their parts in order', async () => {
    const to = await begin();
    const first = Buffer.alloc(MIN_PART, 'a');
    const second = Buffer.alloc(MIN_PART + 1, 'b');
    const last = Buffer.from('end');
    // Sent out of order, with gaps in the numbers.
    const parts = [
      await upload(to, 2, first),
      await upload(to, 900, last),
      await upload(to, 7, second),
    ].sort((a, b) => (a.PartNumber ?? 0) - (b.PartNumber ?? 0));
    await complete(to, parts);
    const { Bucket, Key } = to;
    const got = await target().client().send(new GetObjectCommand({ Bucket, Key }));
    const bytes = Buffer.from((await got.Body?.transformToByteArray()) ?? []);
    expect(bytes.equals(Buffer.concat([first, second, last]))).toBe(true);
    const joined = md5(Buffer.concat([md5(first), md5(second), md5(last)]));
    expect(got).toMatchObject({
      ETag: `"${joined.toString('hex')}-3"`,
      ContentType: 'text/x-parts',
      Metadata: { made: 'in parts' },
    });
    const across = await target()
      .client()
      .send(
        new GetObjectCommand({
          Bucket,
          Key,
          Range: `bytes=${MIN_PART - 2}-${MIN_PART + 1}`,
        }),
      );
    expect(await across.Body?.transformToString()).toBe('aabb');
  });

  it('take a part again', async () => {
    const to = await begin();
    await upload(to, 1, Buffer.alloc(MIN_PART, 'x'));
    const again = await upload(to, 1, Buffer.from('again'));
    await complete(to, [again]);
    const { Bucket, Key } = to;
    const got = await target().client().send(new GetObjectCommand({ Bucket, Key }));
    expect(await got.Body?.transformToString()).toBe('again');
  });

  differs(
    'leave out parts that are not named',
    'AWS: they are dropped; radosgw: InvalidPart unless all are named',
    async () => {
      const to = await begin();
      const part = await upload(to, 1, Buffer.from('kept'));
      await upload(to, 2, Buffer.from('left out'));
      return outcomeOf(complete(to, [part]));
    },
    { aws: 200, radosgw: 'InvalidPart' },
  );

  it('list their parts, in pages', async () => {
    const client = target().client();
    const to = await begin();
    const parts = [];
    for (const number of [1, 3, 5]) {
      parts.push(await upload(to, number, Buffer.from(`part ${number}`)));
    }
    const listed = await client.send(new ListPartsCommand(to));
    expect(listed).toMatchObject({ ...to, IsTruncated: false });
    expect(listed.Parts?.map(({ PartNumber, ETag }) => ({ PartNumber, ETag }))).toEqual(
      parts,
    );
    expect(listed.Parts?.map(({ Size }) => Size)).toEqual([6, 6, 6]);
    const page = await client.send(new ListPartsCommand({ ...to, MaxParts: 2 }));
    expect([page.IsTruncated, page.NextPartNumberMarker]).toEqual([true, '3']);
    const rest = await client.send(
      new ListPartsCommand({ ...to, PartNumberMarker: '3' }),
    );
    expect(rest.Parts?.map(({ PartNumber }) => PartNumber)).toEqual([5]);
  });

  it('are listed by bucket, in pages, and gone once aborted', async () => {
    const client = target().client();
    const Bucket = await target().bucket();
    const made = [await begin('a/1', Bucket), await begin('a/2', Bucket)];
    made.push(await begin('b', Bucket));
    const listed = await client.send(new ListMultipartUploadsCommand({ Bucket }));
    expect(
      listed.Uploads?.map(({ Key, UploadId }) => ({ Bucket, Key, UploadId })),
    ).toEqual(made);
    const prefixed = new ListMultipartUploadsCommand({ Bucket, Prefix: 'a/' });
    expect((await client.send(prefixed)).Uploads?.map(({ Key }) => Key)).toEqual([
      'a/1',
      'a/2',
    ]);
    const page = await client.send(
      new ListMultipartUploadsCommand({ Bucket, MaxUploads: 2 }),
    );
    expect([page.IsTruncated, page.NextKeyMarker]).toEqual([true, 'a/2']);
    const rest = await client.send(
      new ListMultipartUploadsCommand({
        Bucket,
        KeyMarker: page.NextKeyMarker,
        UploadIdMarker: page.NextUploadIdMarker,
      }),
    );
    expect(rest.Uploads?.map(({ Key }) => Key)).toEqual(['b']);
    for (const to of made) await client.send(new AbortMultipartUploadCommand(to));
    const after = await client.send(new ListMultipartUploadsCommand({ Bucket }));
    expect(after.Uploads).toBeUndefined();
  });

  differs(
    'are grouped by a delimiter',
    'AWS: like keys; radosgw drops the groups',
    async () => {
      const Bucket = await target().bucket();
      await begin('a/1', Bucket);
      await begin('b', Bucket);
      const listed = await target()
        .client()
        .send(new ListMultipartUploadsCommand({ Bucket, Delimiter: '/' }));
      return [
        listed.CommonPrefixes?.map(({ Prefix }) => Prefix),
        listed.Uploads?.map(({ Key }) => Key),
      ];
    },
    { aws: [['a/'], ['b']], radosgw: [undefined, ['b']] },
  );

  differs(
    'are unknown once aborted',
    'AWS: NoSuchUpload for all; radosgw: NoSuchKey for ListParts',
    async () => {
      const client = target().client();
      const to = await begin();
      await upload(to, 1, Buffer.from('x'));
      const abort = new AbortMultipartUploadCommand(to);
      const part = { ...to, PartNumber: 2, Body: 'y' };
      return [
        await outcomeOf(client.send(abort)),
        await outcomeOf(client.send(new ListPartsCommand(to))),
        await outcomeOf(client.send(new UploadPartCommand(part))),
        await outcomeOf(client.send(abort)),
      ];
    },
    {
      aws: [204, 'NoSuchUpload', 'NoSuchUpload', 'NoSuchUpload'],
      radosgw: [204, 'NoSuchKey', 'NoSuchUpload', 'NoSuchUpload'],
    },
  );

  differs(
    'completed twice',
    'AWS: NoSuchUpload in the end, so a client must look for its object; radosgw: 200',
    async () => {
      const to = await begin();
      const part = await upload(to, 1, Buffer.from('x'));
      await complete(to, [part]);
      return outcomeOf(complete(to, [part]));
    },
    { aws: 'NoSuchUpload', radosgw: 200 },
  );

  differs(
    'judge conditions when they are completed, and stay when they fail',
    'AWS: like PutObject; radosgw 16 passes the conditions over',
    async () => {
      const client = target().client();
      const to = await begin();
      const there = { Bucket: to.Bucket, Key: to.Key, Body: 'there' };
      await client.send(new PutObjectCommand(there));
      const part = await upload(to, 1, Buffer.from('x'));
      const MultipartUpload = { Parts: [part] };
      const refused: unknown[] = [];
      for (const condition of [{ IfNoneMatch: '*' }, { IfMatch: '"other"' }]) {
        const command = { ...to, MultipartUpload, ...condition };
        refused.push(
          await outcomeOf(client.send(new CompleteMultipartUploadCommand(command))),
        );
      }
      return [...refused, await outcomeOf(complete(to, [part]))];
    },
    { aws: ['PreconditionFailed', 'PreconditionFailed', 200], radosgw: [200, 200, 200] },
  );

  differs(
    'refuse parts that are missing, changed, out of order or too small',
    'AWS: order before size; radosgw: the other way round',
    async () => {
      const to = await begin();
      const small = await upload(to, 1, Buffer.from('small'));
      const last = await upload(to, 2, Buffer.from('last'));
      return [
        await outcomeOf(complete(to, [{ PartNumber: 3, ETag: last.ETag }])),
        await outcomeOf(complete(to, [{ PartNumber: 1, ETag: '"0000"' }])),
        await outcomeOf(complete(to, [last, small])),
        await outcomeOf(complete(to, [small, last])),
      ];
    },
    {
      aws: ['InvalidPart', 'InvalidPart', 'InvalidPartOrder', 'EntityTooSmall'],
      radosgw: ['InvalidPart', 'InvalidPart', 'EntityTooSmall', 'EntityTooSmall'],
    },
  );

  it('refuse documents that are not what they should be', async () => {
    const { Bucket, UploadId } = await begin();
    for (const text of ['', 'hello', '<CompleteMultipartUpload/>']) {
      const answer = await target().raw({
        method: 'POST',
        path: `/${Bucket}/k`,
        query: [{ name: 'uploadId', value: UploadId }],
        body: Buffer.from(text),
      });
      expect([answer.status, answer.code]).toEqual([400, 'MalformedXML']);
    }
  });

  differs(
    'refuse part numbers that are none',
    'AWS: 1 to 10,000; radosgw takes 0 and 10,001 as well',
    async () => {
      const { Bucket, UploadId } = await begin();
      const statuses: number[] = [];
      for (const number of ['x', '0', '10001']) {
        const answer = await target().raw({
          method: 'PUT',
          path: `/${Bucket}/k`,
          query: [
            { name: 'partNumber', value: number },
            { name: 'uploadId', value: UploadId },
          ],
          body: Buffer.from('x'),
        });
        statuses.push(answer.status);
      }
      return statuses;
    },
    { aws: [400, 400, 400], radosgw: [400, 200, 200] },
  );

  it('take parts from other objects', async () => {
    const client = target().client();
    const to = await begin();
    const { Bucket } = to;
    const Body = Buffer.alloc(MIN_PART + 10, '0123456789');
    await client.send(new PutObjectCommand({ Bucket, Key: 'source é', Body }));
    const CopySource = `${Bucket}/source%20%C3%A9`;
    const first = await client.send(
      new UploadPartCopyCommand({
        ...to,
        PartNumber: 1,
        CopySource,
        CopySourceRange: `bytes=10-${MIN_PART + 9}`,
      }),
    );
    const second = await upload(to, 2, Buffer.from('tail'));
    await complete(to, [{ PartNumber: 1, ETag: first.CopyPartResult?.ETag }, second]);
    const got = await client.send(new GetObjectCommand({ Bucket, Key: 'k' }));
    const bytes = Buffer.from((await got.Body?.transformToByteArray()) ?? []);
    expect(bytes.equals(Buffer.concat([Body.subarray(10), Buffer.from('tail')]))).toBe(
      true,
    );
  });

  differs(
    'give single parts of the object by number',
    'AWS: the part, with 206; radosgw ignores the number',
    async () => {
      const client = target().client();
      const to = await begin();
      const parts = [
        await upload(to, 1, Buffer.alloc(MIN_PART, 'a')),
        await upload(to, 2, Buffer.from('tail')),
      ];
      await complete(to, parts);
      const { Bucket, Key } = to;
      const head = await client.send(
        new HeadObjectCommand({ Bucket, Key, PartNumber: 2 }),
      );
      return [head.$metadata.httpStatusCode, head.ContentLength, head.PartsCount];
    },
    { aws: [206, 4, 2], radosgw: [200, MIN_PART + 4, undefined] },
  );
});
