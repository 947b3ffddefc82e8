import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openS3Target, type S3Target } from '../testing/s3-target.ts';
import type { S3Connection } from './s3-connection.ts';

let target: S3Target;
let s3: S3Connection;
let bucket: string;

beforeAll(async () => {
  target = await openS3Target();
  s3 = target.connect();
  bucket = await target.makeBucket();
});
afterAll(() => target.close());

const newObject = { contentType: 'text/plain', metadata: {} };

describe('keys are opaque', () => {
  const keys = [
    'plain/file.txt',
    'a//b',
    '/leading',
    '//two-leading',
    'trailing/',
    '../../etc/x',
    'a/./b',
    'a/../b',
    '.',
    '..',
    'plus+plus',
    'percent%41%2F%zz',
    'query?x=1&y=2#fragment',
    'blank and  two',
    ' leading blank',
    'quotes"\'`<>&amp;',
    'back\\slash',
    'semi;colon:at@equals=comma,',
    'emoji-🦆🪿/ü/ﬁ',
    'e\u0301-decomposed',
    "star*paren()!~'",
    'control-\u0001\u001f\u007f',
    'tab\tnewline\nreturn\r',
    'ünïcödé/日本語',
    'x'.repeat(1_024),
    `${'ä'.repeat(511)}/x`,
  ];

  test('each is stored, listed, read, copied and deleted under its own name', async () => {
    const home = await target.makeBucket();
    for (const key of keys) {
      await s3.putObject({ bucket: home, key, ...newObject, body: Buffer.from(key) });
    }
    const page = await s3.listPage({
      bucket: home,
      prefix: '',
      delimiter: '',
      cursor: null,
    });
    expect(page.keys.toSorted()).toEqual(keys.toSorted());
    for (const key of keys) {
      const body = await s3.getObject({ bucket: home, key });
      expect((await buffer(body.stream)).toString()).toBe(key);
      expect((await s3.headObject({ bucket: home, key })).size).toBe(
        Buffer.byteLength(key),
      );
      const copy = { bucket: home, key: 'copied' };
      await s3.copyObject({ from: { bucket: home, key }, to: copy, size: 1 });
      const copied = await s3.getObject(copy);
      expect((await buffer(copied.stream)).toString()).toBe(key);
    }
    const doomed = [...keys, 'copied'];
    expect(await s3.deleteObjects({ bucket: home, keys: doomed })).toEqual([]);
    const rest = await s3.listPage({
      bucket: home,
      prefix: '',
      delimiter: '',
      cursor: null,
    });
    expect(rest.keys).toEqual([]);
  });

  test('folders of odd names open', async () => {
    for (const key of ['odd//x', 'odd/+ %/x', 'odd/../x', 'odd/\u0007/x', 'odd/a/']) {
      await s3.putObject({ bucket, key, ...newObject, body: Buffer.from('x') });
    }
    const page = await s3.listPage({
      bucket,
      prefix: 'odd/',
      delimiter: '/',
      cursor: null,
    });
    expect(page.prefixes.toSorted()).toEqual(
      ['odd//', 'odd/+ %/', 'odd/../', 'odd/\u0007/', 'odd/a/'].toSorted(),
    );
    for (const prefix of page.prefixes.filter((name) => name !== 'odd/a/')) {
      const inner = await s3.listPage({ bucket, prefix, delimiter: '/', cursor: null });
      expect(inner.keys).toEqual([`${prefix}x`]);
    }
  });
});
