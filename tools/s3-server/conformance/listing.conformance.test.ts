import {
  ListObjectsCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, it } from 'vitest';
import { differs, refusal, useTarget } from './target.ts';

const target = useTarget();

const KEYS = [
  'a.txt',
  'b/1',
  'b/2',
  'b/c/3',
  'd//e',
  'emoji 😀',
  'f+g%h',
  'z/',
  'é',
  '\uFFFD',
];

let Bucket = '';

beforeAll(async () => {
  Bucket = await target().bucket();
  const client = target().client();
  for (const Key of KEYS.toReversed()) {
    await client.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
  }
});

/** The keys and common prefixes of all pages. */
async function all(
  request: Omit<ListObjectsV2CommandInput, 'Bucket'>,
): Promise<{ keys: string[]; prefixes: string[]; pages: number }> {
  const client = target().client();
  const keys: string[] = [];
  const prefixes: string[] = [];
  let token: string | undefined;
  let pages = 0;
  do {
    const page = await client.send(
      new ListObjectsV2Command({ Bucket, ...request, ContinuationToken: token }),
    );
    pages += 1;
    for (const { Key } of page.Contents ?? []) if (Key) keys.push(Key);
    for (const { Prefix } of page.CommonPrefixes ?? []) if (Prefix) prefixes.push(Prefix);
    expect(page.KeyCount).toBe(
      (page.Contents?.length ?? 0) + (page.CommonPrefixes?.length ?? 0),
    );
    token = page.IsTruncated ? page.NextContinuationToken : undefined;
  } while (token !== undefined);
  return { keys, prefixes, pages };
}

describe('ListObjectsV2', () => {
  it('lists keys in the order of their UTF-8 bytes', async () => {
    const sorted = [...KEYS].sort((a, b) =>
      Buffer.compare(Buffer.from(a), Buffer.from(b)),
    );
    expect(await all({})).toEqual({ keys: sorted, prefixes: [], pages: 1 });
    expect(await all({ MaxKeys: 3 })).toEqual({ keys: sorted, prefixes: [], pages: 4 });
  });

  it('tells of every object what it is', async () => {
    const page = await target()
      .client()
      .send(new ListObjectsV2Command({ Bucket, Prefix: 'a.txt', FetchOwner: true }));
    expect(page).toMatchObject({ Name: Bucket, Prefix: 'a.txt', IsTruncated: false });
    expect(page.Contents).toEqual([
      expect.objectContaining({
        Key: 'a.txt',
        Size: 5,
        ETag: expect.stringMatching(/^"[0-9a-f]{32}"$/),
        LastModified: expect.any(Date),
        StorageClass: 'STANDARD',
        Owner: expect.objectContaining({ ID: expect.any(String) }),
      }),
    ]);
  });

  it('groups by a delimiter, also over pages', async () => {
    const whole = {
      keys: ['a.txt', 'emoji 😀', 'f+g%h', 'é', '\uFFFD'],
      prefixes: ['b/', 'd/', 'z/'],
    };
    expect(await all({ Delimiter: '/' })).toEqual({ ...whole, pages: 1 });
    expect(await all({ Delimiter: '/', MaxKeys: 1 })).toMatchObject(whole);
    expect(await all({ Delimiter: '/', Prefix: 'b/' })).toEqual({
      keys: ['b/1', 'b/2'],
      prefixes: ['b/c/'],
      pages: 1,
    });
    expect(await all({ Delimiter: '/', Prefix: 'd/' })).toEqual({
      keys: [],
      prefixes: ['d//'],
      pages: 1,
    });
    expect(await all({ Delimiter: '/', Prefix: 'z/' })).toEqual({
      keys: ['z/'],
      prefixes: [],
      pages: 1,
    });
  });

  it('starts after a key', async () => {
    expect((await all({ StartAfter: 'b/2' })).keys[0]).toBe('b/c/3');
    expect((await all({ StartAfter: 'zzz' })).keys).toEqual(['é', '\uFFFD']);
  });

  it('encodes keys when asked', async () => {
    const page = await target()
      .client()
      .send(new ListObjectsV2Command({ Bucket, EncodingType: 'url', Prefix: 'f+g' }));
    expect([page.EncodingType, page.Contents?.[0]?.Key]).toEqual(['url', 'f%2Bg%25h']);
  });

  differs(
    'encodes the prefix with the keys',
    'AWS: all of prefix, delimiter and start-after; radosgw: not the prefix',
    async () => {
      const page = await target()
        .client()
        .send(new ListObjectsV2Command({ Bucket, EncodingType: 'url', Prefix: 'f+g' }));
      return page.Prefix;
    },
    { aws: 'f%2Bg', radosgw: 'f+g' },
  );

  differs(
    'encodes a space',
    'AWS: "+", as in forms; radosgw: "%20"; clients must take both',
    async () => {
      const page = await target()
        .client()
        .send(new ListObjectsV2Command({ Bucket, EncodingType: 'url', Prefix: 'emoji' }));
      return page.Contents?.[0]?.Key;
    },
    { aws: 'emoji+%F0%9F%98%80', radosgw: 'emoji%20%F0%9F%98%80' },
  );

  it('lists nothing for nothing asked', async () => {
    const page = await target()
      .client()
      .send(new ListObjectsV2Command({ Bucket, MaxKeys: 0 }));
    expect([page.Contents, page.IsTruncated, page.KeyCount]).toEqual([
      undefined,
      false,
      0,
    ]);
  });

  differs(
    'refuses numbers that are none and an unknown encoding',
    'AWS: InvalidArgument; radosgw takes -1 and any encoding',
    async () => {
      const statuses: number[] = [];
      for (const [name, value] of [
        ['max-keys', 'many'],
        ['max-keys', '-1'],
        ['encoding-type', 'rot13'],
      ] as const) {
        const query = [
          { name: 'list-type', value: '2' },
          { name, value },
        ];
        const answer = await target().raw({ method: 'GET', path: `/${Bucket}`, query });
        statuses.push(answer.status);
      }
      return statuses;
    },
    { aws: [400, 400, 400], radosgw: [400, 200, 200] },
  );

  differs(
    'given a continuation token it never gave',
    'AWS: InvalidArgument; radosgw takes any text as a key',
    async () => {
      const query = [
        { name: 'list-type', value: '2' },
        { name: 'continuation-token', value: 'nonsense' },
      ];
      const answer = await target().raw({ method: 'GET', path: `/${Bucket}`, query });
      return [answer.status, answer.code];
    },
    { aws: [400, 'InvalidArgument'], radosgw: [200, undefined] },
  );

  it('refuses a bucket that is not there', async () => {
    const request = new ListObjectsV2Command({ Bucket: target().bucketName() });
    expect(await refusal(target().client().send(request))).toEqual({
      code: 'NoSuchBucket',
      status: 404,
    });
  });
});

describe('ListObjects', () => {
  it('pages by marker', async () => {
    const client = target().client();
    const keys: string[] = [];
    let Marker: string | undefined;
    for (;;) {
      const page = await client.send(
        new ListObjectsCommand({ Bucket, Marker, MaxKeys: 4 }),
      );
      keys.push(...(page.Contents ?? []).map(({ Key }) => Key ?? ''));
      if (!page.IsTruncated) break;
      Marker = keys.at(-1);
    }
    expect(keys).toHaveLength(KEYS.length);
    expect(new Set(keys)).toEqual(new Set(KEYS));
  });

  it('gives the next marker with a delimiter', async () => {
    const client = target().client();
    const request = { Bucket, Delimiter: '/', MaxKeys: 2 };
    const first = await client.send(new ListObjectsCommand(request));
    expect([first.IsTruncated, first.NextMarker]).toEqual([true, 'b/']);
    const second = await client.send(
      new ListObjectsCommand({ ...request, Marker: first.NextMarker }),
    );
    expect([second.CommonPrefixes, second.Contents?.map(({ Key }) => Key)]).toEqual([
      [{ Prefix: 'd/' }],
      ['emoji 😀'],
    ]);
  });

  differs(
    'gives no next marker without a delimiter',
    'AWS: the last key is the marker; radosgw sends one all the same',
    async () => {
      const page = await target()
        .client()
        .send(new ListObjectsCommand({ Bucket, MaxKeys: 2 }));
      return page.NextMarker;
    },
    { aws: undefined, radosgw: 'b/1' },
  );
});
