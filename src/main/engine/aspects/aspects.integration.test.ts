import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type {
  Acl,
  Aspect,
  AspectName,
  CorsRule,
  Grant,
  ObjectHeaders,
  Reading,
} from '../../../shared/domain/aspects.ts';
import type { ConnectionId } from '../../../shared/domain/ids.ts';
import { openS3Target, type S3Target } from '../testing/s3-target.ts';
import { type AspectBench, openAspectBench } from './testing.ts';

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

afterEach(() => {
  if (target.server !== null) target.server.features = {};
});

afterAll(async () => {
  bench.close();
  await target.close();
});

type Read = Extract<Reading, { kind: 'read' }>;

async function read(aspect: AspectName, key: string | null): Promise<Read> {
  const reading = await bench.call('aspects.read', { connectionId, bucket, key, aspect });
  if (reading.kind !== 'read') throw new Error(JSON.stringify(reading));
  return reading;
}

function write(key: string | null, next: Aspect, revision: string): Promise<Reading> {
  return bench.call('aspects.write', {
    connectionId,
    bucket,
    key,
    change: next,
    revision,
  });
}

/** Reads and writes at once. */
async function change(key: string | null, next: Aspect): Promise<Read> {
  const { revision } = await read(next.aspect, key);
  const reading = await write(key, next, revision);
  if (reading.kind !== 'read') throw new Error(JSON.stringify(reading));
  expect(reading.revision).toBe((await read(next.aspect, key)).revision);
  return reading;
}

async function acl(key: string | null): Promise<Acl> {
  const { aspect } = await read('acl', key);
  if (aspect.aspect !== 'acl') throw new Error('not an ACL');
  return aspect.value;
}

async function put(key: string, body = 'content'): Promise<void> {
  await target.connect().putObject({
    bucket,
    key,
    contentType: 'text/plain',
    metadata: { first: 'one' },
    body: Buffer.from(body),
  });
}

const EVERYBODY: Grant = {
  grantee: { kind: 'group', group: 'AllUsers' },
  permission: 'READ',
};

const RULES: CorsRule[] = [
  {
    id: 'one',
    origins: ['https://app.example', 'https://*.example.org'],
    methods: ['GET', 'PUT'],
    headers: ['*'],
    exposed: ['ETag'],
    maxAge: 600,
  },
  {
    id: '',
    origins: ['*'],
    methods: ['HEAD'],
    headers: [],
    exposed: [],
    maxAge: null,
  },
];

test.each([null, 'acl/object.txt'])(
  'the ACL of %s is read, written and kept',
  async (key) => {
    if (key !== null) await put(key);
    const before = await acl(key);
    expect(before.grants).toHaveLength(1);
    const { aspect } = await change(key, {
      aspect: 'acl',
      value: { ...before, grants: [...before.grants, EVERYBODY] },
    });
    expect(aspect).toMatchObject({
      value: { grants: expect.arrayContaining([EVERYBODY]) },
    });
    const [earlier] = await bench.call('aspects.earlier', {
      connectionId,
      bucket,
      key,
      aspect: 'acl',
    });
    expect(earlier?.aspect).toEqual({ aspect: 'acl', value: before });
    const back = await change(key, { aspect: 'acl', value: before });
    expect(back.aspect).toMatchObject({ value: { grants: before.grants } });
  },
);

test('an ACL that leaves nothing to its owner is refused before anything is sent', async () => {
  await put('acl/own.txt');
  const { aspect, revision } = await read('acl', 'acl/own.txt');
  if (aspect.aspect !== 'acl') throw new Error('not an ACL');
  const value = { ...aspect.value, grants: [EVERYBODY] };
  await expect(
    write('acl/own.txt', { aspect: 'acl', value }, revision),
  ).rejects.toMatchObject({
    code: 'aspect.invalid',
    params: { reason: 'owner-left-out' },
  });
  expect((await acl('acl/own.txt')).grants).toEqual(aspect.value.grants);
});

test('a grantee whom the server does not know is refused in words of the editor', async () => {
  await put('acl/whom.txt');
  const { aspect, revision } = await read('acl', 'acl/whom.txt');
  if (aspect.aspect !== 'acl') throw new Error('not an ACL');
  const stranger: Grant = {
    grantee: { kind: 'email', email: 'nobody@nowhere.example' },
    permission: 'READ',
  };
  const value = { ...aspect.value, grants: [...aspect.value.grants, stranger] };
  const failed = write('acl/whom.txt', { aspect: 'acl', value }, revision);
  await expect(failed).rejects.toMatchObject({ code: 'aspect.invalid' });
  const place = { connectionId, bucket, key: 'acl/whom.txt', aspect: 'acl' } as const;
  expect(await bench.call('aspects.earlier', place)).toEqual([]);
});

test('CORS: none, written, changed by another client, reverted, none again', async () => {
  const none = await read('cors', null);
  expect(none.aspect).toEqual({ aspect: 'cors', value: [] });
  const written = await change(null, { aspect: 'cors', value: RULES });
  const value = (written.aspect as Extract<Aspect, { aspect: 'cors' }>).value;
  const [first] = value;
  // Ceph keeps no order within a rule.
  expect({ ...first, origins: first?.origins.toSorted().toReversed() }).toEqual(RULES[0]);
  expect(value[1]).toEqual({ ...RULES[1], id: expect.any(String) });
  // It was written from the state before.
  await expect(
    write(null, { aspect: 'cors', value: [] }, none.revision),
  ).rejects.toMatchObject({ code: 'aspect.changed' });
  expect((await read('cors', null)).aspect).toEqual(written.aspect);
  await change(null, { aspect: 'cors', value: [] });
  expect((await read('cors', null)).aspect).toEqual({ aspect: 'cors', value: [] });
  const place = { connectionId, bucket, key: null, aspect: 'cors' } as const;
  const earlier = await bench.call('aspects.earlier', place);
  expect(earlier.map((state) => state.aspect)).toEqual([written.aspect, none.aspect]);
});

test('CORS that no server takes is refused with the reason', async () => {
  const { revision } = await read('cors', null);
  const [rule] = RULES;
  if (rule === undefined) throw new Error('no rule');
  const tries: [CorsRule[], string][] = [
    [Array.from({ length: 101 }, () => rule), 'too-many'],
    [[{ ...rule, origins: ['https://*.*.example'] }], 'wildcards'],
    [[{ ...rule, origins: [] }], 'empty'],
    [[{ ...rule, methods: ['PATCH'] }], 'refused'],
  ];
  for (const [value, reason] of tries) {
    // radosgw takes a method it does not know for none.
    if (target.isRadosgw && reason === 'refused') continue;
    await expect(write(null, { aspect: 'cors', value }, revision)).rejects.toMatchObject({
      code: 'aspect.invalid',
      params: { reason },
    });
  }
});

test.each([null, 'tags/object.txt'])('the tags of %s come and go', async (key) => {
  if (key !== null) await put(key);
  expect((await read('tags', key)).aspect).toEqual({ aspect: 'tags', value: [] });
  const value = [
    { key: 'project', value: 'alpha' },
    { key: 'stage', value: 'a+b = c' },
  ];
  const written = await change(key, { aspect: 'tags', value });
  const { aspect } = written;
  if (aspect.aspect !== 'tags') throw new Error('no tags');
  expect(aspect.value.toSorted((a, b) => (a.key < b.key ? -1 : 1))).toEqual(value);
  const none = await change(key, { aspect: 'tags', value: [] });
  expect(none.aspect).toEqual({ aspect: 'tags', value: [] });
  if (key !== null) expect(await exists(key)).toBe(true);
});

async function exists(key: string): Promise<boolean> {
  const head = await target.connect().headObject({ bucket, key });
  return head.size > 0;
}

test('eleven tags, a tag twice and a key too long are refused', async () => {
  await put('tags/many.txt');
  const { revision } = await read('tags', 'tags/many.txt');
  const tag = { key: 'a', value: '' };
  const tries = [
    [
      Array.from({ length: 11 }, (_, index) => ({ ...tag, key: `k${index}` })),
      'too-many',
    ],
    [[tag, tag], 'repeated'],
    [[{ ...tag, key: 'x'.repeat(129) }], 'too-long'],
    [[{ ...tag, key: '' }], 'empty'],
    [[{ ...tag, value: 'a\nb' }], 'line-break'],
  ] as const;
  for (const [value, reason] of tries) {
    await expect(
      write('tags/many.txt', { aspect: 'tags', value: [...value] }, revision),
    ).rejects.toMatchObject({ code: 'aspect.invalid', params: { reason } });
  }
});

async function headers(key: string): Promise<ObjectHeaders> {
  const { aspect } = await read('headers', key);
  if (aspect.aspect !== 'headers') throw new Error('no headers');
  return aspect.value;
}

test('headers are replaced; ACL, tags and content stay', async () => {
  const key = 'headers/ü b.txt';
  await put(key);
  const list = await acl(key);
  const opened = { ...list, grants: [...list.grants, EVERYBODY] };
  await change(key, { aspect: 'acl', value: opened });
  const tags = [{ key: 'keep', value: 'me' }];
  await change(key, { aspect: 'tags', value: tags });
  const before = await headers(key);
  expect(before).toMatchObject({
    contentType: 'text/plain',
    metadata: [{ name: 'first', value: 'one' }],
  });
  const next: ObjectHeaders = {
    contentType: 'text/markdown; charset=utf-8',
    contentDisposition: 'attachment; filename="x y.md"',
    cacheControl: 'max-age=60',
    contentEncoding: 'identity',
    contentLanguage: 'de',
    expires: 'Wed, 21 Oct 2026 07:28:00 GMT',
    metadata: [
      { name: 'colour', value: 'größer → 🎉' },
      { name: 'first', value: 'one' },
      { name: 'long', value: 'ü'.repeat(120) },
    ],
  };
  const { aspect } = await change(key, { aspect: 'headers', value: next });
  expect(aspect).toEqual({ aspect: 'headers', value: next });
  expect(bench.changed).toContain(key);
  expect((await acl(key)).grants).toEqual(expect.arrayContaining([EVERYBODY]));
  expect((await read('tags', key)).aspect).toEqual({ aspect: 'tags', value: tags });
  const body = await target.connect().getObject({ bucket, key });
  expect((await body.bytes()).toString()).toBe('content');
  // Again, with less: what is not named goes, and what is encoded is not encoded twice.
  const less = {
    ...next,
    cacheControl: '',
    expires: '',
    metadata: next.metadata.slice(0, 1),
  };
  const again = await change(key, { aspect: 'headers', value: less });
  expect(again.aspect).toEqual({ aspect: 'headers', value: less });
  const { etag } = await target.connect().headObject({ bucket, key });
  expect(etag).toBe('9a0364b9e99bb480dd25e1f0284c8555');
});

test('storage class and encryption stay, and so does a private ACL', async () => {
  const key = 'headers/class.txt';
  await target.connect().putObject({
    bucket,
    key,
    contentType: 'text/plain',
    metadata: {},
    headers: { storageClass: 'STANDARD_IA', encryption: 'AES256' },
    body: Buffer.from('x'),
  });
  const before = await headers(key);
  await change(key, {
    aspect: 'headers',
    value: { ...before, cacheControl: 'no-store' },
  });
  const { traits } = await target.connect().copySource({ bucket, key });
  expect(traits).toMatchObject({ storageClass: 'STANDARD_IA', cacheControl: 'no-store' });
  // Ceph takes AES256 and does nothing of the kind.
  if (!target.isRadosgw) expect(traits).toMatchObject({ encryption: 'AES256' });
  expect((await acl(key)).grants).toHaveLength(1);
});

test('headers that somebody could smuggle others in with are refused', async () => {
  const key = 'headers/bad.txt';
  await put(key);
  const { aspect, revision } = await read('headers', key);
  if (aspect.aspect !== 'headers') throw new Error('no headers');
  const { value } = aspect;
  const tries: [Partial<ObjectHeaders>, string][] = [
    [{ cacheControl: 'a\r\nx-amz-acl: public-read' }, 'line-break'],
    [{ contentDisposition: 'attachment; filename="ü"' }, 'not-ascii'],
    [{ expires: 'some day' }, 'expires'],
    [{ metadata: [{ name: 'a b', value: '' }] }, 'name'],
    [{ metadata: [{ name: 'a', value: 'x\ny' }] }, 'line-break'],
    [
      {
        metadata: [
          { name: 'a', value: '1' },
          { name: 'A', value: '2' },
        ],
      },
      'repeated',
    ],
  ];
  for (const [bad, reason] of tries) {
    await expect(
      write(key, { aspect: 'headers', value: { ...value, ...bad } }, revision),
    ).rejects.toMatchObject({ code: 'aspect.invalid', params: { reason } });
  }
  expect(await headers(key)).toEqual(value);
});

test('an object that another client replaced keeps what that client wrote', async () => {
  const key = 'headers/raced.txt';
  await put(key);
  const { aspect, revision } = await read('headers', key);
  await put(key, 'other content');
  await expect(write(key, aspect, revision)).rejects.toMatchObject({
    code: 'aspect.changed',
  });
});

function tagged(value: string): Aspect {
  return { aspect: 'tags', value: [{ key: 'n', value }] };
}

test('of two writes from one state the second is told that there was a first', async () => {
  const key = 'tags/twice.txt';
  await put(key);
  const { revision } = await read('tags', key);
  const [first, second] = await Promise.allSettled([
    write(key, tagged('1'), revision),
    write(key, tagged('2'), revision),
  ]);
  expect(first.status).toBe('fulfilled');
  expect(second).toMatchObject({
    status: 'rejected',
    reason: { code: 'aspect.changed' },
  });
  expect((await read('tags', key)).aspect).toEqual(tagged('1'));
});

test('twenty earlier states are kept, the newest first', async () => {
  const key = 'tags/history.txt';
  await put(key);
  for (let index = 1; index <= 23; index += 1) {
    await change(key, tagged(String(index)));
  }
  const place = { connectionId, bucket, key, aspect: 'tags' } as const;
  const states = await bench.call('aspects.earlier', place);
  const values = states.map(({ aspect }) =>
    aspect.aspect === 'tags' ? aspect.value[0]?.value : '',
  );
  expect(values).toEqual(Array.from({ length: 20 }, (_, index) => String(22 - index)));
});
