import {
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Grant } from '../../../shared/domain/aspects.ts';
import type { Exposure } from '../../../shared/domain/exposure.ts';
import type { ConnectionId } from '../../../shared/domain/ids.ts';
import { openS3Target, type S3Target } from '../testing/s3-target.ts';
import { type AspectBench, openAspectBench } from './testing.ts';

let target: S3Target;
let bench: AspectBench;
let sdk: S3Client;
let connectionId: ConnectionId;

beforeAll(async () => {
  target = await openS3Target();
  bench = openAspectBench(target);
  connectionId = bench.connect(target.full);
  sdk = new S3Client({
    endpoint: target.endpoint,
    region: target.region,
    forcePathStyle: true,
    credentials: target.full,
  });
});

afterAll(async () => {
  sdk.destroy();
  bench.close();
  await target.close();
});

const key = 'a b/ü.txt';

async function bucketWithObject(): Promise<string> {
  const bucket = await target.makeBucket();
  await target.connect().putObject({
    bucket,
    key,
    contentType: 'text/plain',
    metadata: {},
    body: Buffer.from('content'),
  });
  return bucket;
}

const EVERYBODY: Grant = {
  grantee: { kind: 'group', group: 'AllUsers' },
  permission: 'READ',
};

async function makePublic(bucket: string, of: string | null): Promise<void> {
  const place = { connectionId, bucket, key: of };
  const reading = await bench.call('aspects.read', { ...place, aspect: 'acl' });
  if (reading.kind !== 'read' || reading.aspect.aspect !== 'acl')
    throw new Error('no ACL');
  const { value } = reading.aspect;
  await bench.call('aspects.write', {
    ...place,
    change: { aspect: 'acl', value: { ...value, grants: [...value.grants, EVERYBODY] } },
    revision: reading.revision,
  });
}

function exposure(bucket: string, of: string | null): Promise<Exposure> {
  return bench.call('aspects.exposure', { connectionId, bucket, key: of });
}

test('a new bucket and its object are private, and a stranger is sent away', async () => {
  const bucket = await bucketWithObject();
  expect(await exposure(bucket, null)).toMatchObject({
    verdict: 'private',
    aclIsPublic: false,
    policyIsPublic: false,
    anonymous: null,
  });
  expect(await exposure(bucket, key)).toMatchObject({
    verdict: 'private',
    anonymous: { status: 403 },
  });
});

test('an object made public by its ACL is, and its bucket is not', async () => {
  const bucket = await bucketWithObject();
  await makePublic(bucket, key);
  expect(await exposure(bucket, key)).toMatchObject({
    verdict: 'public-acl',
    aclIsPublic: true,
    anonymous: { status: 200, code: '' },
  });
  expect(await exposure(bucket, null)).toMatchObject({ verdict: 'private' });
  const place = { connectionId, bucket, key };
  expect(await bench.call('aspects.anonymous', place)).toMatchObject({ status: 200 });
});

test('a bucket whose policy lets everybody in is public by policy', async () => {
  const bucket = await bucketWithObject();
  await sdk.send(
    new PutBucketPolicyCommand({
      Bucket: bucket,
      Policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: '*',
            Action: ['s3:GetObject'],
            Resource: [`arn:aws:s3:::${bucket}/*`],
          },
        ],
      }),
    }),
  );
  expect(await exposure(bucket, null)).toMatchObject({
    verdict: 'public-policy',
    policyIsPublic: true,
    aclIsPublic: false,
  });
  expect(await exposure(bucket, key)).toMatchObject({
    verdict: 'public-policy',
    anonymous: { status: 200 },
  });
});

test('a public access block outweighs a public list', async () => {
  const bucket = await bucketWithObject();
  await makePublic(bucket, key);
  await makePublic(bucket, null);
  // Ceph counts the list when it is asked about the policy.
  const verdict = target.isRadosgw ? 'public' : 'public-acl';
  expect(await exposure(bucket, null)).toMatchObject({ verdict });
  await sdk.send(
    new PutPublicAccessBlockCommand({
      Bucket: bucket,
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        IgnorePublicAcls: true,
        BlockPublicPolicy: true,
        RestrictPublicBuckets: true,
      },
    }),
  );
  const block = {
    blockPublicAcls: true,
    ignorePublicAcls: true,
    blockPublicPolicy: true,
    restrictPublicBuckets: true,
  };
  expect(await exposure(bucket, null)).toMatchObject({ verdict: 'private', block });
  const object = await exposure(bucket, key);
  // Ceph keeps the switch that ignores lists and lets strangers in all the same.
  expect(object).toMatchObject(
    target.isRadosgw && object.anonymous?.status === 200
      ? { verdict: 'public-acl', block }
      : { verdict: 'private', block, anonymous: { status: 403 } },
  );
});

test('a bucket with ACLs switched off is not public by one', async () => {
  // radosgw has no ownership controls.
  if (target.isRadosgw) return;
  const bucket = await bucketWithObject();
  await sdk.send(
    new PutBucketOwnershipControlsCommand({
      Bucket: bucket,
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    }),
  );
  expect(await exposure(bucket, null)).toMatchObject({
    verdict: 'private',
    ownership: 'BucketOwnerEnforced',
  });
});

test('where the server tells nothing, the object itself is asked', async () => {
  const bucket = await bucketWithObject();
  await makePublic(bucket, key);
  const stranger = bench.connect(target.limited);
  const place = { connectionId: stranger, bucket, key };
  const seen = await bench.call('aspects.exposure', place);
  expect(seen).toEqual({
    verdict: 'public',
    aclIsPublic: null,
    policyIsPublic: null,
    block: null,
    ownership: '',
    anonymous: {
      url: expect.stringContaining('/a%20b/%C3%BC.txt'),
      status: 200,
      code: '',
    },
  });
  expect(await bench.call('aspects.exposure', { ...place, key: null })).toMatchObject({
    verdict: 'unknown',
  });
});

test('a stranger’s answer from nowhere has no status and says what is wrong', async () => {
  const nowhere = bench.connect(target.full, { endpoint: 'http://127.0.0.1:9' });
  const place = { connectionId: nowhere, bucket: 'any', key: 'thing' };
  expect(await bench.call('aspects.anonymous', place)).toEqual({
    url: 'http://127.0.0.1:9/any/thing',
    status: null,
    code: 'network.refused',
  });
  await expect(bench.call('aspects.exposure', place)).rejects.toMatchObject({
    code: 'network.refused',
  });
});

test('a preflight is answered as a browser would be', async () => {
  const bucket = await bucketWithObject();
  const rules = [
    {
      id: 'app',
      origins: ['https://app.example'],
      methods: ['PUT'],
      headers: ['content-type', 'x-amz-*'],
      exposed: ['ETag'],
      maxAge: 300,
    },
  ];
  const place = { connectionId, bucket, key: null };
  const { revision } = (await bench.call('aspects.read', {
    ...place,
    aspect: 'cors',
  })) as { revision: string };
  await bench.call('aspects.write', {
    ...place,
    change: { aspect: 'cors', value: rules },
    revision,
  });
  const question = {
    origin: 'https://app.example',
    method: 'PUT',
    headers: ['X-Amz-Acl', 'Content-Type'],
  };
  for (const of of [key, null]) {
    const answer = await bench.call('aspects.preflight', { ...place, key: of, question });
    expect(answer).toMatchObject({ status: 200, allowOrigin: 'https://app.example' });
    expect(answer.allowMethods).toContain('PUT');
    expect(
      answer.allowHeaders
        .toLowerCase()
        .split(/\s*,\s*/)
        .sort(),
    ).toEqual(['content-type', 'x-amz-acl']);
    expect(answer.exposeHeaders).toBe('ETag');
    expect(answer.maxAge).toBe('300');
  }
  const other = { ...question, origin: 'https://other.example' };
  const refused = await bench.call('aspects.preflight', { ...place, question: other });
  expect(refused).toMatchObject({ status: 403, allowOrigin: '' });
  const smuggled = { ...question, origin: 'https://a.example\r\nx-evil: 1' };
  await expect(
    bench.call('aspects.preflight', { ...place, question: smuggled }),
  ).rejects.toMatchObject({ code: 'aspect.invalid' });
  const { entries } = bench.requestLog.page({ after: 0, limit: 2_000 });
  expect(entries.filter(({ operation }) => operation === 'Preflight')).toHaveLength(3);
});
