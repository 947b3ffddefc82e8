import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openS3Target, type S3Target } from '../testing/s3-target.ts';
import type { S3Connection } from './s3-connection.ts';

let target: S3Target;
let s3: S3Connection;

beforeAll(async () => {
  target = await openS3Target();
  s3 = target.connect();
});
afterAll(() => target.close());

const newObject = { contentType: 'text/plain', metadata: {} };

describe('the limited user', () => {
  test('works under the prefix and deletes a batch one by one', async () => {
    const { limitedBucket: home, limitedPrefix: prefix } = target;
    const limited = target.connect({ credentials: target.limited });
    await expect(limited.listBuckets({})).rejects.toMatchObject({
      code: 'access.denied',
    });
    const keys = [`${prefix}dipper-1`, `${prefix}dipper-2`];
    for (const key of keys) {
      await limited.putObject({
        bucket: home,
        key,
        ...newObject,
        body: Buffer.from('x'),
      });
    }
    const page = await limited.listPage({
      bucket: home,
      prefix,
      delimiter: '/',
      cursor: null,
    });
    expect(page.keys).toEqual(expect.arrayContaining(keys));
    await expect(
      limited.listPage({
        bucket: home,
        prefix: 'elsewhere/',
        delimiter: '/',
        cursor: null,
      }),
    ).rejects.toMatchObject({ code: 'access.denied' });
    const failures = await limited.deleteObjects({
      bucket: home,
      keys: [...keys, 'elsewhere/x'],
    });
    expect(failures.map(({ key }) => key)).toEqual(['elsewhere/x']);
    expect(failures[0]?.error).toMatchObject({ code: 'access.denied' });
    const after = await limited.listPage({
      bucket: home,
      prefix,
      delimiter: '/',
      cursor: null,
    });
    expect(after.keys).not.toEqual(expect.arrayContaining(keys));
  });
});

describe('credentials and buckets', () => {
  test('wrong secret and unknown key are told apart', async () => {
    const wrong = target.connect({
      credentials: { ...target.full, secretAccessKey: 'no' },
    });
    await expect(wrong.listBuckets({})).rejects.toMatchObject({ code: 'auth.signature' });
    const unknown = target.connect({
      credentials: { ...target.full, accessKeyId: 'NOBODY' },
    });
    await expect(unknown.listBuckets({})).rejects.toMatchObject({
      code: 'auth.invalid-key',
    });
  });

  test('a bucket comes, refuses to go while full, and goes', async () => {
    const name = await target.makeBucket();
    const listed = await s3.listBuckets({});
    expect(listed.map((entry) => entry.name)).toContain(name);
    await s3.putObject({ bucket: name, key: 'x', ...newObject, body: Buffer.from('x') });
    await expect(s3.deleteBucket({ bucket: name })).rejects.toMatchObject({
      code: 'bucket.not-empty',
    });
    await s3.deleteObject({ bucket: name, key: 'x' });
    await s3.deleteBucket({ bucket: name });
    await s3.createBucket({ bucket: name, region: '' });
  });
});
