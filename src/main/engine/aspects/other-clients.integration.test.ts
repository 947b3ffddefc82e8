import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Aspect, AspectName } from '../../../shared/domain/aspects.ts';
import type { ConnectionId } from '../../../shared/domain/ids.ts';
import { openS3Target, type S3Target } from '../testing/s3-target.ts';
import { type AspectBench, openAspectBench } from './testing.ts';

const run = promisify(execFile);
/** Python takes a second to start, and several on a busy machine. */
const TIMEOUT = { timeout: 120_000 };

let target: S3Target;
let bench: AspectBench;
let connectionId: ConnectionId;
let bucket: string;
let folder: string;
const key = 'a b/ü.txt';

beforeAll(async () => {
  target = await openS3Target();
  bench = openAspectBench(target);
  connectionId = bench.connect(target.full);
  bucket = await target.makeBucket();
  folder = mkdtempSync(path.join(tmpdir(), 'dipper-clients-'));
  await target.connect().putObject({
    bucket,
    key,
    contentType: 'text/plain',
    metadata: {},
    body: Buffer.from('content'),
  });
});

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  bench.close();
  await target.close();
});

async function read(aspect: AspectName, of: string | null): Promise<Aspect> {
  const place = { connectionId, bucket, key: of, aspect };
  const reading = await bench.call('aspects.read', place);
  if (reading.kind !== 'read') throw new Error(JSON.stringify(reading));
  return reading.aspect;
}

async function change(of: string | null, next: Aspect): Promise<void> {
  const place = { connectionId, bucket, key: of };
  const { aspect } = next;
  const reading = await bench.call('aspects.read', { ...place, aspect });
  if (reading.kind !== 'read') throw new Error(JSON.stringify(reading));
  const { revision } = reading;
  await bench.call('aspects.write', { ...place, change: next, revision });
}

const isHere = (program: string): boolean =>
  spawnSync(program, ['--version']).error === undefined;

/** `aws s3api …`, its answer read as JSON. */
async function aws(...words: readonly string[]): Promise<unknown> {
  const { stdout } = await run(
    'aws',
    ['--endpoint-url', target.endpoint, '--output', 'json', 's3api', ...words],
    {
      env: {
        ...process.env,
        AWS_ACCESS_KEY_ID: target.full.accessKeyId,
        AWS_SECRET_ACCESS_KEY: target.full.secretAccessKey,
        AWS_DEFAULT_REGION: target.region,
        AWS_CONFIG_FILE: path.join(folder, 'none'),
        AWS_SHARED_CREDENTIALS_FILE: path.join(folder, 'none'),
        AWS_PAGER: '',
      },
    },
  );
  return stdout.trim() === '' ? null : JSON.parse(stdout);
}

const RULES = [
  {
    AllowedOrigins: ['https://app.example'],
    AllowedMethods: ['GET', 'PUT'],
    AllowedHeaders: ['*'],
    ExposeHeaders: ['ETag'],
    MaxAgeSeconds: 60,
  },
];

describe.skipIf(!isHere('aws'))('the AWS CLI', TIMEOUT, () => {
  test('reads what Dipper wrote', async () => {
    const before = await read('acl', key);
    if (before.aspect !== 'acl') throw new Error('no ACL');
    await change(key, {
      aspect: 'acl',
      value: {
        ...before.value,
        grants: [
          ...before.value.grants,
          { grantee: { kind: 'group', group: 'AllUsers' }, permission: 'READ' },
        ],
      },
    });
    await change(key, { aspect: 'tags', value: [{ key: 'größe', value: 'a+b=c' }] });
    const headers = await read('headers', key);
    if (headers.aspect !== 'headers') throw new Error('no headers');
    await change(key, {
      aspect: 'headers',
      value: {
        ...headers.value,
        cacheControl: 'max-age=60',
        metadata: [{ name: 'plain', value: 'x y' }],
      },
    });
    await change(null, {
      aspect: 'cors',
      value: [
        {
          id: 'one',
          origins: ['https://app.example'],
          methods: ['GET'],
          headers: [],
          exposed: ['ETag'],
          maxAge: 9,
        },
      ],
    });
    const object = ['--bucket', bucket, '--key', key];
    expect(await aws('get-object-acl', ...object)).toMatchObject({
      Grants: expect.arrayContaining([
        {
          Grantee: {
            Type: 'Group',
            URI: 'http://acs.amazonaws.com/groups/global/AllUsers',
          },
          Permission: 'READ',
        },
      ]),
    });
    expect(await aws('get-object-tagging', ...object)).toMatchObject({
      TagSet: [{ Key: 'größe', Value: 'a+b=c' }],
    });
    await change(null, { aspect: 'tags', value: [{ key: 'team', value: 'größe' }] });
    expect(await aws('get-bucket-tagging', '--bucket', bucket)).toMatchObject({
      TagSet: [{ Key: 'team', Value: 'größe' }],
    });
    expect(await aws('head-object', ...object)).toMatchObject({
      CacheControl: 'max-age=60',
      ContentType: 'text/plain',
      Metadata: { plain: 'x y' },
    });
    expect(await aws('get-bucket-cors', '--bucket', bucket)).toEqual({
      CORSRules: [
        {
          ID: 'one',
          AllowedOrigins: ['https://app.example'],
          AllowedMethods: ['GET'],
          ExposeHeaders: ['ETag'],
          MaxAgeSeconds: 9,
        },
      ],
    });
  });

  test('writes what Dipper reads', async () => {
    const of = ['--bucket', bucket];
    const object = [...of, '--key', key];
    const cors = JSON.stringify({ CORSRules: RULES });
    await aws('put-bucket-cors', ...of, '--cors-configuration', cors);
    await aws('put-bucket-tagging', ...of, '--tagging', 'TagSet=[{Key=team,Value=web}]');
    await aws('put-object-tagging', ...object, '--tagging', 'TagSet=[{Key=a,Value=b}]');
    await aws('put-object-acl', ...object, '--acl', 'authenticated-read');
    const copy = ['copy-object', ...object, '--copy-source', `${bucket}/${key}`];
    const replaced = ['--metadata-directive', 'REPLACE', '--metadata', 'from=cli'];
    const list = ['--acl', 'authenticated-read'];
    await aws(...copy, ...replaced, ...list, '--content-language', 'de');
    expect(await read('cors', null)).toMatchObject({
      value: [
        {
          origins: ['https://app.example'],
          methods: ['GET', 'PUT'],
          headers: ['*'],
          exposed: ['ETag'],
          maxAge: 60,
        },
      ],
    });
    expect(await read('tags', null)).toEqual({
      aspect: 'tags',
      value: [{ key: 'team', value: 'web' }],
    });
    expect(await read('headers', key)).toMatchObject({
      value: { contentLanguage: 'de', metadata: [{ name: 'from', value: 'cli' }] },
    });
    const { value } = await read('acl', key);
    expect(value).toMatchObject({
      grants: expect.arrayContaining([
        {
          grantee: { kind: 'group', group: 'AuthenticatedUsers' },
          permission: 'READ',
        },
      ]),
    });
    await aws('delete-bucket-cors', ...of);
    expect(await read('cors', null)).toEqual({ aspect: 'cors', value: [] });
  });
});

/** `s3cmd …`, what it prints. */
async function s3cmd(...words: readonly string[]): Promise<string> {
  const { host } = new URL(target.endpoint);
  const settings = path.join(folder, 's3cfg');
  writeFileSync(
    settings,
    [
      '[default]',
      `access_key = ${target.full.accessKeyId}`,
      `secret_key = ${target.full.secretAccessKey}`,
      `host_base = ${host}`,
      `host_bucket = ${host}`,
      `bucket_location = ${target.region}`,
      'use_https = False',
      '',
    ].join('\n'),
  );
  const { stdout } = await run('s3cmd', ['-c', settings, ...words], {
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
  });
  return stdout;
}

describe.skipIf(!isHere('s3cmd'))('s3cmd', TIMEOUT, () => {
  test('reads what Dipper wrote and writes what Dipper reads', async () => {
    const url = `s3://${bucket}/${key}`;
    const headers = await read('headers', key);
    if (headers.aspect !== 'headers') throw new Error('no headers');
    await change(key, {
      aspect: 'headers',
      value: {
        ...headers.value,
        contentType: 'text/x-dipper',
        metadata: [{ name: 'author', value: 'Ada L.' }],
      },
    });
    const before = await read('acl', key);
    if (before.aspect !== 'acl') throw new Error('no ACL');
    const { owner, grants } = before.value;
    const own = grants.filter(({ grantee }) => grantee.kind === 'user');
    const everyone = { kind: 'group', group: 'AllUsers' } as const;
    await change(key, {
      aspect: 'acl',
      value: { owner, grants: [...own, { grantee: everyone, permission: 'READ' }] },
    });
    await change(null, {
      aspect: 'cors',
      value: [
        {
          id: '',
          origins: ['https://s3cmd.example'],
          methods: ['GET'],
          headers: [],
          exposed: [],
          maxAge: null,
        },
      ],
    });
    const told = await s3cmd('info', url);
    expect(told).toContain('text/x-dipper');
    expect(told).toContain('x-amz-meta-author: Ada L.');
    expect(told).toContain('*anon*: READ');
    expect(await s3cmd('info', `s3://${bucket}`)).toContain('https://s3cmd.example');

    await s3cmd('modify', '--add-header=Cache-Control: no-store', url);
    await s3cmd('modify', '--add-header=x-amz-meta-colour:red', url);
    expect(await read('headers', key)).toMatchObject({
      value: {
        cacheControl: 'no-store',
        metadata: [
          { name: 'author', value: 'Ada L.' },
          { name: 'colour', value: 'red' },
        ],
      },
    });
    await s3cmd('setacl', '--acl-public', url);
    const place = { connectionId, bucket, key };
    expect(await bench.call('aspects.anonymous', place)).toMatchObject({ status: 200 });
    const { value } = await read('acl', key);
    expect(value).toMatchObject({
      grants: expect.arrayContaining([
        { grantee: { kind: 'group', group: 'AllUsers' }, permission: 'READ' },
      ]),
    });
    await s3cmd('setacl', '--acl-private', url);
    expect(await bench.call('aspects.anonymous', place)).toMatchObject({ status: 403 });

    const file = path.join(folder, 'cors.xml');
    writeFileSync(
      file,
      '<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>HEAD</AllowedMethod></CORSRule></CORSConfiguration>',
    );
    await s3cmd('setcors', file, `s3://${bucket}`);
    expect(await read('cors', null)).toMatchObject({
      value: [{ origins: ['*'], methods: ['HEAD'], headers: [], exposed: [] }],
    });
  });
});
