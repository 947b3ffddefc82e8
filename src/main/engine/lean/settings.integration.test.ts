import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Acl, Tag } from '../../../shared/domain/aspects.ts';
import type { AspectCalls } from '../aspects/aspect-calls.ts';
import { openS3Target, type S3Target } from '../testing/s3-target.ts';

const key = 'a b/ä+%&<>"\'.txt';
const TAGS: readonly Tag[] = [
  { key: 'a & b', value: '' },
  { key: 'ä', value: '1 = 2' },
];

let target: S3Target;
let bucket: string;
let lean: AspectCalls;
let reference: AspectCalls;
/** Why calls went over the SDK. */
let fallbacks: string[];

beforeEach(async () => {
  target = await openS3Target();
  bucket = await target.makeBucket();
  fallbacks = [];
  const s3 = target.connect({
    lean: true,
    onFallback: (reason) => fallbacks.push(reason),
  });
  lean = await s3.aspects();
  reference = await target.connect({ lean: false }).aspects();
  const body = Buffer.from('precious');
  await s3.putObject({ bucket, key, contentType: '', metadata: {}, body });
});

afterEach(() => target.close());

test('permissions are read and written as over the SDK', async () => {
  const before = await lean.readAcl({ bucket, key });
  expect(before).toEqual(await reference.readAcl({ bucket, key }));
  const acl: Acl = {
    owner: before.owner,
    grants: [
      ...before.grants,
      { grantee: { kind: 'group', group: 'AllUsers' }, permission: 'READ' },
      { grantee: { kind: 'group', group: 'AuthenticatedUsers' }, permission: 'READ_ACP' },
    ],
  };
  await lean.writeAcl({ bucket, key, acl });
  const written = await reference.readAcl({ bucket, key });
  expect(written.grants).toEqual(expect.arrayContaining(acl.grants));
  expect(await lean.readAcl({ bucket, key })).toEqual(written);
  await lean.writeCannedAcl({ bucket, key, canned: 'private' });
  expect(await reference.readAcl({ bucket, key })).toEqual(before);
  expect(fallbacks).toEqual([]);
});

test('tags are read and written as over the SDK', async () => {
  expect(await lean.readTags({ bucket, key })).toEqual([]);
  await lean.writeTags({ bucket, key, tags: TAGS });
  const written = await reference.readTags({ bucket, key });
  expect(written).toHaveLength(2);
  expect(written).toEqual(expect.arrayContaining([...TAGS]));
  expect(await lean.readTags({ bucket, key })).toEqual(written);
  await lean.writeTags({ bucket, key, tags: [] });
  expect(await lean.readTags({ bucket, key })).toEqual([]);
  expect(fallbacks).toEqual([]);
});

test('what is not there is said as over the SDK', async () => {
  const missing = { bucket, key: 'missing' };
  for (const calls of [lean, reference]) {
    await expect(calls.readAcl(missing)).rejects.toMatchObject({
      code: 'object.not-found',
    });
    await expect(calls.writeTags({ ...missing, tags: TAGS })).rejects.toMatchObject({
      code: 'object.not-found',
    });
  }
});

test('a server that ignores the name of a setting is found out', async ({ skip }) => {
  const server = target.server ?? skip();
  server.features = { acl: 'ignored', tagging: 'ignored' };
  for (const calls of [lean, reference]) {
    await expect(calls.readAcl({ bucket, key })).rejects.toMatchObject({
      code: 'provider.malformed-response',
    });
    await expect(calls.readTags({ bucket, key })).rejects.toMatchObject({
      code: 'provider.malformed-response',
    });
  }
});
