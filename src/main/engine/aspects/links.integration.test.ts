import { get, request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startS3Server } from '../../../../tools/s3-server/index.ts';
import { selfSigned } from '../../../../tools/s3-server/testing/self-signed.ts';
import type { LinkOptions } from '../../../shared/domain/exposure.ts';
import type { ConnectionId } from '../../../shared/domain/ids.ts';
import { openS3Target, type S3Target } from '../testing/s3-target.ts';
import { type AspectBench, openAspectBench } from './testing.ts';

let target: S3Target;
let bench: AspectBench;
let bucket: string;
let connectionId: ConnectionId;
/** What trips up whoever encodes a key wrongly. */
const KEYS = ['plain.txt', 'a b/ü+%20&=?#.txt', 'x//y', '日本/🎉', "quote'(1)!*~.txt"];

beforeAll(async () => {
  target = await openS3Target({
    session: {
      name: 'session',
      accessKeyId: 'DIPPERSESSION0000001',
      secretAccessKey: 'dipper-session-secret-for-tests-00000001',
      sessionToken: 'token/with+signs==',
      policy: { kind: 'all' },
    },
  });
  bench = openAspectBench(target);
  connectionId = bench.connect(target.full);
  bucket = await target.makeBucket();
  for (const key of KEYS) {
    await target.connect().putObject({
      bucket,
      key,
      contentType: 'text/plain',
      metadata: {},
      body: Buffer.from(key),
    });
  }
});

afterAll(async () => {
  bench.close();
  await target.close();
});

const OPTIONS: LinkOptions = {
  method: 'GET',
  expiresIn: 3_600,
  contentDisposition: '',
  contentType: '',
  versionId: null,
};

interface Got {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** As a stranger's program would fetch it. */
function fetchLink(url: string, put?: { body: string; type: string }): Promise<Got> {
  const { promise, resolve, reject } = Promise.withResolvers<Got>();
  const options = put && {
    method: 'PUT',
    headers: { 'content-type': put.type, 'content-length': Buffer.byteLength(put.body) },
  };
  const sent = options === undefined ? get(url) : request(url, options);
  sent.on('error', reject).on('response', (answer) => {
    let body = '';
    answer.setEncoding('utf8');
    answer.on('data', (text: string) => {
      body += text;
    });
    answer.on('end', () =>
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }),
    );
  });
  if (put !== undefined) sent.end(put.body);
  return promise;
}

test('every key’s link opens without keys, and says when it ends', async () => {
  const before = Date.now();
  const links = await bench.call('aspects.sign', {
    connectionId,
    bucket,
    keys: KEYS,
    options: OPTIONS,
  });
  expect(links.map(({ key }) => key)).toEqual(KEYS);
  for (const { key, url, expiresAt, endsWithSession } of links) {
    expect(await fetchLink(url)).toMatchObject({ status: 200, body: key });
    expect(endsWithSession).toBe(false);
    expect(Math.abs(expiresAt - before - 3_600_000)).toBeLessThan(60_000);
    expect(url).not.toContain(target.full.secretAccessKey);
    expect(await bench.call('aspects.testLink', { url })).toEqual({
      url,
      status: 206,
      code: '',
    });
  }
});

test('a link’s answer has the type and the name that were asked for', async () => {
  const contentDisposition = `attachment; filename="u x.txt"; filename*=UTF-8''%C3%BC%20x.txt`;
  const options = { ...OPTIONS, contentDisposition, contentType: 'text/x-own' };
  const [link] = await bench.call('aspects.sign', {
    connectionId,
    bucket,
    keys: ['plain.txt'],
    options,
  });
  const { status, headers } = await fetchLink(link?.url ?? '');
  expect(status).toBe(200);
  expect(headers['content-type']).toBe('text/x-own');
  expect(headers['content-disposition']).toBe(contentDisposition);
});

test('each of several objects is saved under a name of its own', async () => {
  const names = new Map([
    [
      'a b/ü+%20&=?#.txt',
      `attachment; filename="_+_20&=?#.txt"; filename*=UTF-8''%C3%BC%2B%2520%26%3D%3F%23.txt`,
    ],
    ['plain.txt', 'attachment; filename="plain.txt"'],
  ]);
  const links = await bench.call('aspects.sign', {
    connectionId,
    bucket,
    keys: [...names.keys()],
    options: { ...OPTIONS, underOwnName: true },
  });
  for (const { key, url } of links) {
    const { headers, body } = await fetchLink(url);
    expect([headers['content-disposition'], body]).toEqual([names.get(key), key]);
  }
});

test.each([
  ['attachment; filename="ü"', 'not-ascii'],
  ['inline\r\nx-evil: 1', 'line-break'],
])('no link asks for an answer with %j', async (contentDisposition, reason) => {
  await expect(
    bench.call('aspects.sign', {
      connectionId,
      bucket,
      keys: ['plain.txt'],
      options: { ...OPTIONS, contentDisposition },
    }),
  ).rejects.toMatchObject({ code: 'aspect.invalid', params: { reason } });
});

test('a link for PUT takes a file of the type it was signed for, and no other', async () => {
  const options = { ...OPTIONS, method: 'PUT', contentType: 'text/csv' } as const;
  const sign = { connectionId, bucket, keys: ['put/new.csv'], options };
  const [link] = await bench.call('aspects.sign', sign);
  const url = link?.url ?? '';
  expect(await fetchLink(url, { body: 'a,b', type: 'image/png' })).toMatchObject({
    status: 403,
  });
  expect(await fetchLink(url, { body: 'a,b', type: 'text/csv' })).toMatchObject({
    status: 200,
  });
  const head = await target.connect().headObject({ bucket, key: 'put/new.csv' });
  expect(head.size).toBe(3);
});

test('a link for PUT is tested without a change of anything', async () => {
  const options = { ...OPTIONS, method: 'PUT', contentType: 'text/plain' } as const;
  const sign = { connectionId, bucket, keys: ['plain.txt', 'put/never.txt'], options };
  const links = await bench.call('aspects.sign', sign);
  const upload = { contentType: 'text/plain' };
  for (const { url } of links) {
    expect(await bench.call('aspects.testLink', { url, upload })).toEqual({
      url,
      status: 100,
      code: '',
    });
    const other = { url, upload: { contentType: 'image/png' } };
    expect(await bench.call('aspects.testLink', other)).toMatchObject({
      status: 403,
      code: 'SignatureDoesNotMatch',
    });
  }
  const body = await target.connect().getObject({ bucket, key: 'plain.txt' });
  expect((await body.bytes()).toString()).toBe('plain.txt');
  const never = target.connect().headObject({ bucket, key: 'put/never.txt' });
  await expect(never).rejects.toMatchObject({ code: 'object.not-found' });
});

test('a link that was changed is told by its code', async () => {
  const sign = { connectionId, bucket, keys: ['plain.txt'], options: OPTIONS };
  const [link] = await bench.call('aspects.sign', sign);
  const url = (link?.url ?? '').replace('X-Amz-Expires=3600', 'X-Amz-Expires=7200');
  expect(await bench.call('aspects.testLink', { url })).toEqual({
    url,
    status: 403,
    code: 'SignatureDoesNotMatch',
  });
});

test('a link lives as long as it was given and not longer', async () => {
  const { server } = target;
  const options = { ...OPTIONS, expiresIn: server === null ? 1 : 60 };
  const [link] = await bench.call('aspects.sign', {
    connectionId,
    bucket,
    keys: ['plain.txt'],
    options,
  });
  const { url, expiresAt } = link ?? { url: '', expiresAt: 0 };
  if (server !== null) {
    server.clockSkewMs = 62_000;
  } else {
    await expect
      .poll(() => Date.now() > expiresAt + 1_000, { timeout: 10_000 })
      .toBe(true);
  }
  const answer = await bench.call('aspects.testLink', { url });
  if (server !== null) server.clockSkewMs = 0;
  expect(answer).toMatchObject({ status: 403, code: 'AccessDenied' });
});

test('seven days are the most a server takes', async () => {
  const options = { ...OPTIONS, expiresIn: 604_800 };
  const sign = { connectionId, bucket, keys: ['plain.txt'], options };
  const [link] = await bench.call('aspects.sign', sign);
  expect(await bench.call('aspects.testLink', { url: link?.url ?? '' })).toMatchObject({
    status: 206,
  });
});

test('links of a session carry its token and say that they end with it', async () => {
  const { server } = target;
  if (server === null) return;
  const user = server.users['session'];
  if (user?.sessionToken === undefined) throw new Error('no session');
  const { accessKeyId, secretAccessKey, sessionToken } = user;
  const [link] = await bench.call('aspects.sign', {
    connectionId: bench.connect({ accessKeyId, secretAccessKey, sessionToken }),
    bucket,
    keys: ['plain.txt'],
    options: OPTIONS,
  });
  expect(link?.endsWithSession).toBe(true);
  expect(await fetchLink(link?.url ?? '')).toMatchObject({ status: 200 });
});

test('links name the bucket where the connection does', async () => {
  const { hostname, port } = new URL(target.endpoint);
  const host = hostname === '127.0.0.1' ? `localhost:${port}` : `${hostname}:${port}`;
  const options = { connectionId, bucket, keys: ['plain.txt'], options: OPTIONS };
  const path = await bench.call('aspects.sign', options);
  expect(path[0]?.url).toContain(`/${bucket}/plain.txt?`);
  const virtual = bench.connect(target.full, {
    endpoint: `http://${host}`,
    addressing: 'virtual-host',
  });
  const [link] = await bench.call('aspects.sign', { ...options, connectionId: virtual });
  expect(link?.url).toContain(`http://${bucket}.localhost:${port}/plain.txt?`);
  // Ours listens to such names; Ceph does only if it was told its own.
  if (!target.isRadosgw) {
    expect(await bench.call('aspects.testLink', { url: link?.url ?? '' })).toMatchObject({
      status: 206,
    });
  }
});

test('a clock that is wrong does not make links that are over or not yet valid', async () => {
  const { server } = target;
  if (server === null) return;
  server.clockSkewMs = 3 * 3_600_000;
  try {
    const skewed = bench.connect(target.full);
    // The first refusal teaches the time.
    const place = { connectionId: skewed, bucket, key: 'plain.txt' };
    await bench.call('aspects.read', { ...place, aspect: 'tags' });
    const sign = { connectionId: skewed, bucket, keys: ['plain.txt'], options: OPTIONS };
    const [link] = await bench.call('aspects.sign', sign);
    expect(await fetchLink(link?.url ?? '')).toMatchObject({ status: 200 });
  } finally {
    server.clockSkewMs = 0;
  }
});

test('a link to a server with a certificate of its own is tested with that certificate', async () => {
  // Only ours can be started with one.
  if (target.isRadosgw) return;
  const { key, cert } = selfSigned();
  await using secure = await startS3Server({ tls: { key, cert } });
  secure.seed('certified', [{ key: 'k', size: 3 }]);
  const { accessKeyId, secretAccessKey } = secure.users.full;
  const { advanced } = target.draft();
  const trusting = bench.connect(
    { accessKeyId, secretAccessKey, sessionToken: '' },
    { endpoint: secure.endpoint, advanced: { ...advanced, caCertificate: cert } },
  );
  const sign = {
    connectionId: trusting,
    bucket: 'certified',
    keys: ['k'],
    options: OPTIONS,
  };
  const [link] = await bench.call('aspects.sign', sign);
  const url = link?.url ?? '';
  expect(await bench.call('aspects.testLink', { url })).toMatchObject({ status: 206 });
  const place = { connectionId: trusting, bucket: 'certified', key: 'k' };
  expect(await bench.call('aspects.anonymous', place)).toMatchObject({ status: 403 });
  // Nobody vouches for the same server under another name.
  const { port } = new URL(secure.endpoint);
  const strange = `https://localhost:${port}/certified/k`;
  expect(await bench.call('aspects.testLink', { url: strange })).toEqual({
    url: strange,
    status: null,
    code: 'network.tls',
  });
});

test('signature version 2 makes links of its own', async () => {
  // Ours takes version 2 in headers only.
  if (!target.isRadosgw) return;
  const old = bench.connect(target.full, { signature: 'v2' });
  const contentDisposition = 'attachment; filename="x y.txt"';
  const links = await bench.call('aspects.sign', {
    connectionId: old,
    bucket,
    keys: KEYS,
    options: { ...OPTIONS, contentDisposition },
  });
  for (const { key, url } of links) {
    expect(url).toContain('AWSAccessKeyId=');
    const { status, headers, body } = await fetchLink(url);
    expect({ status, body }).toEqual({ status: 200, body: key });
    expect(headers['content-disposition']).toBe(contentDisposition);
  }
});

test('without keys there is nothing to sign with', async () => {
  const nobody = bench.connect(null, { signature: 'anonymous' });
  await expect(
    bench.call('aspects.sign', {
      connectionId: nobody,
      bucket,
      keys: ['plain.txt'],
      options: OPTIONS,
    }),
  ).rejects.toMatchObject({ code: 'link.no-keys' });
});

test.each(['file:///etc/passwd', 'ftp://example.com/x', 'http://me:secret@127.0.0.1/x'])(
  '%s is no link to be tested',
  async (url) => {
    await expect(bench.call('aspects.testLink', { url })).rejects.toMatchObject({
      code: 'input.invalid',
    });
  },
);
