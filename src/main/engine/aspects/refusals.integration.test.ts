import {
  PutBucketOwnershipControlsCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { AspectName } from '../../../shared/domain/aspects.ts';
import type { ConnectionId } from '../../../shared/domain/ids.ts';
import { openS3Target, type S3Target } from '../testing/s3-target.ts';
import { type AspectBench, openAspectBench } from './testing.ts';

let target: S3Target;
let bench: AspectBench;
let connectionId: ConnectionId;
let bucket: string;
const key = 'kept.txt';

beforeAll(async () => {
  target = await openS3Target();
  bench = openAspectBench(target);
  connectionId = bench.connect(target.full);
  bucket = await target.makeBucket();
  await target.connect().putObject({
    bucket,
    key,
    contentType: 'text/plain',
    metadata: {},
    body: Buffer.from('content'),
  });
});

afterEach(() => {
  if (target.server !== null) target.server.features = {};
});

afterAll(async () => {
  bench.close();
  await target.close();
});

const ALL: readonly (readonly [AspectName, string | null, string])[] = [
  ['acl', null, 's3:GetBucketAcl'],
  ['acl', key, 's3:GetObjectAcl'],
  ['cors', null, 's3:GetBucketCORS'],
  ['tags', null, 's3:GetBucketTagging'],
  ['tags', key, 's3:GetObjectTagging'],
  ['headers', key, 's3:GetObject'],
];

test.each(ALL)(
  '%s of %s: keys that may not read it are told what they lack',
  async (aspect, of, action) => {
    const stranger = bench.connect(target.limited);
    const place = { connectionId: stranger, bucket, key: of, aspect };
    const reading = await bench.call('aspects.read', place);
    expect(reading).toEqual({
      kind: 'unavailable',
      why: {
        reason: 'denied',
        action,
        resource: `arn:aws:s3:::${bucket}${of === null ? '' : `/${of}`}`,
      },
    });
  },
);

test('a write that is refused names the action, too, and keeps no earlier state', async () => {
  const stranger = bench.connect(target.limited);
  const change = { aspect: 'cors', value: [] } as const;
  const place = { connectionId: stranger, bucket, key: null };
  await expect(
    bench.call('aspects.write', {
      ...place,
      change: { ...change, value: [] },
      revision: '',
    }),
  ).rejects.toMatchObject({
    code: 'access.denied',
    params: { action: 's3:GetBucketCORS', resource: `arn:aws:s3:::${bucket}` },
  });
  expect(await bench.call('aspects.earlier', { ...place, aspect: 'cors' })).toEqual([]);
});

test('reading is allowed, writing is not: the action is that of the write', async () => {
  // May read the ACL, by the ACL.
  const mine = { connectionId, bucket, key };
  const before = await bench.call('aspects.read', { ...mine, aspect: 'acl' });
  if (before.kind !== 'read' || before.aspect.aspect !== 'acl') throw new Error('no ACL');
  const { value } = before.aspect;
  const grants = [
    ...value.grants,
    {
      grantee: { kind: 'group', group: 'AuthenticatedUsers' } as const,
      permission: 'READ_ACP' as const,
    },
  ];
  const opened = await bench.call('aspects.write', {
    ...mine,
    change: { aspect: 'acl', value: { ...value, grants } },
    revision: before.revision,
  });
  if (opened.kind !== 'read') throw new Error('not written');
  const other = target.server?.users.other;
  const keys = other === undefined ? target.limited : { ...other, sessionToken: '' };
  const stranger = bench.connect(keys);
  const theirs = { connectionId: stranger, bucket, key };
  const reading = await bench.call('aspects.read', { ...theirs, aspect: 'acl' });
  if (reading.kind !== 'read') throw new Error(JSON.stringify(reading));
  await expect(
    bench.call('aspects.write', {
      ...theirs,
      change: { aspect: 'acl', value },
      revision: reading.revision,
    }),
  ).rejects.toMatchObject({
    code: 'access.denied',
    params: { action: 's3:PutObjectAcl', resource: `arn:aws:s3:::${bucket}/${key}` },
  });
  expect(await bench.call('aspects.earlier', { ...theirs, aspect: 'acl' })).toEqual([]);
});

const SUB_RESOURCES = ALL.filter(([aspect]) => aspect !== 'headers');
const FEATURES = { acl: 'acl', cors: 'cors', tags: 'tagging', headers: 'acl' } as const;

test.each(
  SUB_RESOURCES.flatMap(([aspect, of]) =>
    (['notImplemented', 'ignored'] as const).map((how) => [aspect, of, how] as const),
  ),
)(
  '%s of %s, %s by the server: unsupported, and nothing is sent',
  async (aspect, of, how) => {
    const { server } = target;
    // Only ours can lack what it has.
    if (server === null) return;
    server.features = { [FEATURES[aspect]]: how };
    const place = { connectionId, bucket, key: of };
    expect(await bench.call('aspects.read', { ...place, aspect })).toEqual({
      kind: 'unavailable',
      why: { reason: 'unsupported' },
    });
    server.clearRequests();
    const empty =
      aspect === 'acl'
        ? { aspect: 'acl' as const, value: { owner: { id: '', name: '' }, grants: [] } }
        : {
            aspect: aspect === 'cors' ? ('cors' as const) : ('tags' as const),
            value: [],
          };
    await expect(
      bench.call('aspects.write', { ...place, change: empty, revision: '' }),
    ).rejects.toMatchObject({ code: 'provider.unsupported' });
    expect(new Set(server.requests.map(({ method }) => method))).toEqual(
      new Set(['GET']),
    );
    expect(server.peek(bucket, key)?.size).toBe(7);
  },
);

test('a bucket whose owner switched ACLs off shows them locked and says so on a write', async () => {
  const { server } = target;
  if (server === null) return;
  const closed = await target.makeBucket();
  const sdk = new S3Client({
    endpoint: target.endpoint,
    region: target.region,
    forcePathStyle: true,
    credentials: target.full,
  });
  await sdk.send(
    new PutBucketOwnershipControlsCommand({
      Bucket: closed,
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    }),
  );
  sdk.destroy();
  const place = { connectionId, bucket: closed, key: null };
  const reading = await bench.call('aspects.read', { ...place, aspect: 'acl' });
  expect(reading).toMatchObject({ kind: 'read', locked: { reason: 'acls-disabled' } });
  if (reading.kind !== 'read') throw new Error('not read');
  await expect(
    bench.call('aspects.write', {
      ...place,
      change: reading.aspect,
      revision: reading.revision,
    }),
  ).rejects.toMatchObject({ code: 'access.bucket-owner' });
  // Where nobody may ask for the ownership, the refused write is what tells.
  server.features = { ownershipControls: 'notImplemented' };
  const fresh = { ...place, connectionId: bench.connect(target.full) };
  const open = await bench.call('aspects.read', { ...fresh, aspect: 'acl' });
  expect(open).toMatchObject({ kind: 'read', locked: null });
  if (open.kind !== 'read' || open.aspect.aspect !== 'acl') throw new Error('not read');
  const { value } = open.aspect;
  const everybody = {
    grantee: { kind: 'group', group: 'AllUsers' } as const,
    permission: 'READ' as const,
  };
  await expect(
    bench.call('aspects.write', {
      ...fresh,
      change: {
        aspect: 'acl',
        value: { ...value, grants: [...value.grants, everybody] },
      },
      revision: open.revision,
    }),
  ).rejects.toMatchObject({ code: 'access.bucket-owner' });
  expect(await bench.call('aspects.read', { ...fresh, aspect: 'acl' })).toMatchObject({
    kind: 'read',
    locked: { reason: 'acls-disabled' },
  });
});

test('a list for everybody that the public access block refuses is told as that', async () => {
  const blocked = await target.makeBucket();
  const sdk = new S3Client({
    endpoint: target.endpoint,
    region: target.region,
    forcePathStyle: true,
    credentials: target.full,
  });
  await sdk.send(
    new PutPublicAccessBlockCommand({
      Bucket: blocked,
      PublicAccessBlockConfiguration: { BlockPublicAcls: true },
    }),
  );
  sdk.destroy();
  const place = { connectionId, bucket: blocked, key: null };
  const reading = await bench.call('aspects.read', { ...place, aspect: 'acl' });
  if (reading.kind !== 'read' || reading.aspect.aspect !== 'acl') {
    throw new Error('no ACL');
  }
  const { value } = reading.aspect;
  const everybody = {
    grantee: { kind: 'group', group: 'AllUsers' } as const,
    permission: 'READ' as const,
  };
  await expect(
    bench.call('aspects.write', {
      ...place,
      change: {
        aspect: 'acl',
        value: { ...value, grants: [...value.grants, everybody] },
      },
      revision: reading.revision,
    }),
  ).rejects.toMatchObject({
    code: 'aspect.invalid',
    params: { reason: 'public-blocked', bucket: blocked },
  });
});

test('what is not there is an error, not an empty value', async () => {
  const nowhere = { connectionId, bucket: 'dipper-no-such-bucket-4711', key: null };
  await expect(
    bench.call('aspects.read', { ...nowhere, aspect: 'cors' }),
  ).rejects.toMatchObject({ code: 'bucket.not-found' });
  const gone = { connectionId, bucket, key: 'gone.txt' };
  for (const aspect of ['acl', 'tags', 'headers'] as const) {
    await expect(bench.call('aspects.read', { ...gone, aspect })).rejects.toMatchObject({
      code: 'object.not-found',
    });
  }
});

test('keys that may not read the list do not reset it with the headers', async () => {
  const { server } = target;
  if (server === null) return;
  // The limited user may read and write here, but no ACLs.
  server.features = {};
  const place = {
    connectionId: bench.connect(target.limited),
    bucket: 'shared',
    key: 'team/a.txt',
  };
  server.seed('shared', [{ key: 'team/a.txt', size: 5 }]);
  const reading = await bench.call('aspects.read', { ...place, aspect: 'headers' });
  if (reading.kind !== 'read' || reading.aspect.aspect !== 'headers') {
    throw new Error(JSON.stringify(reading));
  }
  const value = { ...reading.aspect.value, cacheControl: 'no-store' };
  const written = bench.call('aspects.write', {
    ...place,
    change: { aspect: 'headers', value },
    revision: reading.revision,
  });
  await expect(written).rejects.toMatchObject({
    code: 'aspect.acl-unreadable',
    params: { action: 's3:GetObjectAcl', resource: 'arn:aws:s3:::shared/team/a.txt' },
  });
  expect(await bench.call('aspects.earlier', { ...place, aspect: 'headers' })).toEqual(
    [],
  );
});

test('keys that may not read the list save headers where it may be lost', async ({
  skip,
}) => {
  const server = target.server ?? skip();
  const place = {
    connectionId: bench.connect(target.limited),
    bucket: 'shared',
    key: 'team/b.txt',
  };
  server.seed('shared', [{ key: 'team/b.txt', size: 5 }]);
  const full = await target.connect().aspects();
  const ref = { bucket: place.bucket, key: place.key };
  await full.writeCannedAcl({ ...ref, canned: 'public-read' });
  const reading = await bench.call('aspects.read', { ...place, aspect: 'headers' });
  if (reading.kind !== 'read' || reading.aspect.aspect !== 'headers') {
    throw new Error(JSON.stringify(reading));
  }
  const value = { ...reading.aspect.value, cacheControl: 'no-store' };
  const written = await bench.call('aspects.write', {
    ...place,
    change: { aspect: 'headers', value },
    revision: reading.revision,
    mayResetAcl: true,
  });
  expect(written).toMatchObject({ kind: 'read', aspect: { value } });
  const { grants, owner } = await full.readAcl(ref);
  expect(grants).toEqual([
    { grantee: { kind: 'user', ...owner }, permission: 'FULL_CONTROL' },
  ]);
});
