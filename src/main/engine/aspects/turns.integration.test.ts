import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Aspect, Grant } from '../../../shared/domain/aspects.ts';
import type { ConnectionId } from '../../../shared/domain/ids.ts';
import { openS3Target, type S3Target } from '../testing/s3-target.ts';
import { ownServer } from '../transfers/testing.ts';
import { type AspectBench, openAspectBench } from './testing.ts';

const EVERYBODY: Grant = {
  grantee: { kind: 'group', group: 'AllUsers' },
  permission: 'READ',
};

let target: S3Target;
let bench: AspectBench;
let connectionId: ConnectionId;
let bucket: string;

beforeAll(async () => {
  target = await openS3Target();
  bench = openAspectBench(target);
  connectionId = bench.connect(target.full);
  bucket = await target.makeBucket();
});

afterAll(async () => {
  bench.close();
  await target.close();
});

test('a list that is closed while headers are being saved stays closed', async ({
  skip,
}) => {
  const server = ownServer(target, skip);
  const place = { connectionId, bucket, key: 'closed.txt' };
  await target.connect().putObject({
    bucket,
    key: place.key,
    contentType: 'text/plain',
    metadata: {},
    body: Buffer.from('content'),
  });
  async function read<A extends Aspect['aspect']>(aspect: A) {
    const reading = await bench.call('aspects.read', { ...place, aspect });
    if (reading.kind !== 'read') throw new Error(JSON.stringify(reading));
    const { revision } = reading;
    return { value: reading.aspect as Extract<Aspect, { aspect: A }>, revision };
  }
  const write = (change: Aspect, revision: string) =>
    bench.call('aspects.write', { ...place, change, revision });
  const closed = await read('acl');
  const { owner, grants } = closed.value.value;
  const open = { owner, grants: [...grants, EVERYBODY] };
  await write({ aspect: 'acl', value: open }, closed.revision);
  const { revision } = await read('acl');
  const headers = await read('headers');
  server.faults.add({
    match: { operation: 'CopyObject' },
    times: 1,
    action: { kind: 'delay', ms: 1_000 },
  });
  const value = { ...headers.value.value, cacheControl: 'no-store' };
  const saving = write({ aspect: 'headers', value }, headers.revision);
  await expect.poll(() => server.faults.hits.length).toBe(1);
  // The rewrite has read the list by now, and gives it to the new object.
  await Promise.all([saving, write(closed.value, revision)]);
  expect((await read('acl')).value).toEqual(closed.value);
  expect((await read('headers')).value.value).toEqual(value);
});

describe('headers that were replaced while their tags were refused', () => {
  const TAGS = [{ key: 'kept', value: 'yes' }];

  /** Puts an object and saves other headers; answers with what came of it. */
  async function save(name: string) {
    const place = { connectionId, bucket, key: name };
    await target.connect().putObject({
      bucket,
      key: name,
      contentType: 'text/plain',
      metadata: {},
      traits: { tags: TAGS },
      body: Buffer.from('content'),
    });
    const reading = await bench.call('aspects.read', { ...place, aspect: 'headers' });
    if (reading.kind !== 'read' || reading.aspect.aspect !== 'headers') throw new Error();
    const { aspect, revision } = reading;
    const value = { ...aspect.value, cacheControl: 'no-store' };
    const change = { aspect: 'headers', value } as const;
    const written = bench.call('aspects.write', { ...place, change, revision });
    return { place, aspect, written };
  }

  test('can be put back, and what is saved and what may be lost is said', async ({
    skip,
  }) => {
    const server = ownServer(target, skip);
    server.faults.add({
      match: { operation: 'GetObjectTagging' },
      skip: 1,
      action: { kind: 'error', status: 403, code: 'AccessDenied' },
    });
    const { place, aspect, written } = await save('half.txt');
    await expect(written).rejects.toMatchObject({
      code: 'aspect.tags-lost',
      params: {
        key: 'half.txt',
        count: 1,
        state: 'unsure',
        action: 's3:GetObjectTagging',
      },
    });
    server.faults.clear();
    expect(server.peek(bucket, place.key)?.headers?.['cache-control']).toBe('no-store');
    expect(bench.changed).toContain('half.txt');
    const earlier = await bench.call('aspects.earlier', { ...place, aspect: 'headers' });
    expect(earlier).toMatchObject([{ aspect }]);
  });

  test('keep the tags that the server dropped among the earlier states', async ({
    skip,
  }) => {
    const server = ownServer(target, skip);
    // As Ceph does.
    server.faults.add({
      match: { operation: 'GetObjectTagging' },
      skip: 1,
      action: { kind: 'error', status: 404, code: 'NoSuchTagSet' },
    });
    server.faults.add({
      match: { operation: 'PutObjectTagging' },
      action: { kind: 'error', status: 403, code: 'AccessDenied' },
    });
    const { place, written } = await save('dropped.txt');
    await expect(written).rejects.toMatchObject({
      code: 'aspect.tags-lost',
      params: {
        key: 'dropped.txt',
        count: 1,
        state: 'lost',
        action: 's3:PutObjectTagging',
        resource: `arn:aws:s3:::${bucket}/dropped.txt`,
      },
    });
    server.faults.clear();
    const earlier = await bench.call('aspects.earlier', { ...place, aspect: 'tags' });
    expect(earlier).toMatchObject([{ aspect: { aspect: 'tags', value: TAGS } }]);
  });

  test('leave no trace among the earlier tags where these were kept', async () => {
    const { place, written } = await save('whole.txt');
    await written;
    expect(await bench.call('aspects.earlier', { ...place, aspect: 'tags' })).toEqual([]);
    expect(await bench.call('aspects.read', { ...place, aspect: 'tags' })).toMatchObject({
      aspect: { value: TAGS },
    });
  });
});
