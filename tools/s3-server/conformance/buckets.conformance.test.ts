import {
  CreateBucketCommand,
  DeleteBucketCommand,
  GetBucketLocationCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { differs, outcomeOf, refusal, useTarget } from './target.ts';

const target = useTarget();

describe('buckets', () => {
  it('are created, listed, found and deleted', async () => {
    const client = target().client();
    const Bucket = await target().bucket();
    const listed = await client.send(new ListBucketsCommand({}));
    expect(listed.Buckets?.map(({ Name }) => Name)).toContain(Bucket);
    expect(listed.Owner?.ID).toEqual(expect.any(String));
    await client.send(new HeadBucketCommand({ Bucket }));
    await client.send(new DeleteBucketCommand({ Bucket }));
    expect(await refusal(client.send(new HeadBucketCommand({ Bucket })))).toEqual({
      code: 'NotFound',
      status: 404,
    });
  });

  it('say when they were made', async () => {
    const Bucket = await target().bucket();
    const listed = await target().client().send(new ListBucketsCommand({}));
    const made = listed.Buckets?.find(({ Name }) => Name === Bucket)?.CreationDate;
    expect(Math.abs((made?.getTime() ?? 0) - Date.now())).toBeLessThan(60_000);
  });

  it('cannot be deleted while they hold objects', async () => {
    const client = target().client();
    const Bucket = await target().bucket();
    await client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }));
    expect(await refusal(client.send(new DeleteBucketCommand({ Bucket })))).toEqual({
      code: 'BucketNotEmpty',
      status: 409,
    });
  });

  it('that are missing answer NoSuchBucket', async () => {
    const client = target().client();
    const Bucket = target().bucketName();
    for (const attempt of [
      () => client.send(new DeleteBucketCommand({ Bucket })),
      () => client.send(new GetBucketLocationCommand({ Bucket })),
      () => client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' })),
    ]) {
      expect(await refusal(attempt())).toEqual({ code: 'NoSuchBucket', status: 404 });
    }
  });

  differs(
    'made twice by their owner',
    'AWS: BucketAlreadyOwnedByYou (200 in us-east-1 only, for old times); radosgw: 200',
    async () => {
      const Bucket = await target().bucket();
      return outcomeOf(target().client().send(new CreateBucketCommand({ Bucket })));
    },
    { aws: 'BucketAlreadyOwnedByYou', radosgw: 200 },
  );

  it.each([
    'ab',
    'UPPER',
    'under_score',
    'dot..dot',
    '192.168.5.4',
    '-dash',
    'x'.repeat(64),
  ])('cannot be called %s', async (name) => {
    const answer = await target().raw({ method: 'PUT', path: `/${name}` });
    expect([answer.status, answer.code]).toEqual([400, 'InvalidBucketName']);
  });

  differs(
    'made with a location constraint are there and must be addressed so',
    'AWS: the constraint is the region; radosgw knows only "default"',
    async () => {
      const Bucket = target().bucketName();
      const client = target().client();
      const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' } as const;
      const made = await outcomeOf(
        client.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration })),
      );
      const path = `/${Bucket}`;
      const location = await target().raw({
        method: 'GET',
        path,
        query: [{ name: 'location', value: '' }],
      });
      const wrong = await target().raw({ method: 'GET', path });
      const right = await target().raw({ method: 'GET', path, region: 'eu-west-1' });
      return {
        made,
        location: />eu-west-1</.test(location.text),
        wrong: wrong.code,
        told: wrong.headers['x-amz-bucket-region'],
        right: right.status,
      };
    },
    {
      aws: {
        made: 200,
        location: true,
        wrong: 'AuthorizationHeaderMalformed',
        told: 'eu-west-1',
        right: 200,
      },
      radosgw: {
        made: 'InvalidLocationConstraint',
        location: false,
        wrong: 'NoSuchBucket',
        told: undefined,
        right: 404,
      },
    },
  );

  differs(
    'refuse a broken configuration',
    'AWS: MalformedXML; radosgw: InvalidArgument',
    async () => {
      const answer = await target().raw({
        method: 'PUT',
        path: `/${target().bucketName()}`,
        body: Buffer.from('<CreateBucketConfiguration><Oops'),
      });
      return [answer.status, answer.code];
    },
    { aws: [400, 'MalformedXML'], radosgw: [400, 'InvalidArgument'] },
  );

  differs(
    'tell their region',
    'AWS: x-amz-bucket-region; radosgw: no such header',
    async () => {
      const path = `/${await target().bucket()}`;
      const answer = await target().raw({ method: 'HEAD', path });
      return [answer.status, answer.headers['x-amz-bucket-region']];
    },
    { aws: [200, 'us-east-1'], radosgw: [200, undefined] },
  );

  differs(
    'asked for a sub-resource the server lacks',
    'AWS answers each of them, ours says NotImplemented; radosgw lists the bucket',
    async () => {
      const path = `/${await target().bucket()}`;
      const query = [{ name: 'accelerate', value: undefined }];
      const answer = await target().raw({ method: 'GET', path, query });
      return answer.code ?? /<(\w+Result)/.exec(answer.text)?.[1];
    },
    { aws: 'NotImplemented', radosgw: 'ListBucketResult' },
  );

  it('refuse a method that makes no sense', async () => {
    const path = `/${await target().bucket()}`;
    const answer = await target().raw({ method: 'PATCH', path });
    expect([answer.status, answer.code]).toEqual([405, 'MethodNotAllowed']);
  });

  it('send request ids with answers and errors', async () => {
    const good = await target().raw({ method: 'GET', path: '/' });
    const bad = await target().raw({ method: 'GET', path: `/${target().bucketName()}` });
    expect(good.headers['x-amz-request-id']).toEqual(expect.any(String));
    expect(bad.text).toContain(
      `<RequestId>${String(bad.headers['x-amz-request-id'])}</RequestId>`,
    );
    expect(bad.text).toMatch(/<HostId>.+<\/HostId>/);
  });
});
