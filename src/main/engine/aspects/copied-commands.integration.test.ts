import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { PutBucketOwnershipControlsCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type {
  Aspect,
  AspectName,
  ObjectHeaders,
} from '../../../shared/domain/aspects.ts';
import { aspectCommand } from '../../../shared/domain/commands/aspect-commands.ts';
import type { KeptByCopy } from '../../../shared/domain/commands/kept-by-copy.ts';
import type { CommandServer } from '../../../shared/domain/commands/tools.ts';
import type { ConnectionId } from '../../../shared/domain/ids.ts';
import type { ObjectTraits } from '../s3/object-traits.ts';
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
const key = "a b/it's ü+1.txt";

beforeAll(async () => {
  target = await openS3Target();
  bench = openAspectBench(target);
  connectionId = bench.connect(target.full);
  bucket = await target.makeBucket();
  folder = mkdtempSync(path.join(tmpdir(), 'dipper-commands-'));
  writeFileSync(
    path.join(folder, '.s3cfg'),
    `[default]\naccess_key = ${target.full.accessKeyId}\nsecret_key = ${target.full.secretAccessKey}\n`,
    { mode: 0o600 },
  );
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

async function write(of: string | null, change: Aspect): Promise<void> {
  const place = { connectionId, bucket, key: of };
  const reading = await bench.call('aspects.read', { ...place, aspect: change.aspect });
  if (reading.kind !== 'read') throw new Error(JSON.stringify(reading));
  await bench.call('aspects.write', { ...place, change, revision: reading.revision });
}

async function put(traits: ObjectTraits = {}): Promise<void> {
  await target.connect().putObject({
    traits,
    bucket,
    key,
    contentType: 'text/plain',
    metadata: { first: 'one', gone: 'two' },
    body: Buffer.from('content'),
  });
}

/** What the menu asks for before it copies. */
async function keptBy(of: string): Promise<KeptByCopy> {
  const tags = await read('tags', of);
  if (tags.aspect !== 'tags') throw new Error('no tags');
  const details = await target.connect().details({ bucket, key: of });
  const acl = await bench.call('aspects.read', {
    connectionId,
    bucket,
    key: of,
    aspect: 'acl',
  });
  return {
    details,
    hasAcl: acl.kind === 'read' && acl.locked === null,
    tags: tags.value,
  };
}

/** What a copy has to be told to keep. */
function traitsOf({ details }: KeptByCopy) {
  return {
    storageClass: details.storageClass,
    headers: details.headers.filter(({ name }) => name.startsWith('X-Amz-')),
  };
}

/** Runs what the editor's menu copies for a change of what is there. */
async function copied(
  tool: 'aws' | 's3cmd',
  of: string | null,
  change: Aspect,
): Promise<void> {
  const server: CommandServer = {
    endpoint: target.endpoint,
    region: target.region,
    pathStyle: true,
    shell: 'posix',
  };
  const before = await read(change.aspect, of);
  const kept = change.aspect === 'headers' ? await keptBy(of ?? '') : undefined;
  const text = aspectCommand(tool, { bucket, key: of }, { before, change, kept }, server);
  if (text === null) throw new Error(`${tool} has no command for ${change.aspect}`);
  expect(text).not.toContain(target.full.secretAccessKey);
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'));
  await run('sh', ['-ec', text], {
    cwd: folder,
    env: {
      ...Object.fromEntries(others),
      HOME: folder,
      LC_ALL: 'C.UTF-8',
      AWS_ACCESS_KEY_ID: target.full.accessKeyId,
      AWS_SECRET_ACCESS_KEY: target.full.secretAccessKey,
      AWS_CONFIG_FILE: path.join(folder, 'none'),
      AWS_SHARED_CREDENTIALS_FILE: path.join(folder, 'none'),
      AWS_PAGER: '',
    },
  });
}

const isHere = (program: string): boolean =>
  spawnSync(program, ['--version']).error === undefined;

const RULES: Aspect = {
  aspect: 'cors',
  value: [
    {
      id: 'it’s <one> & "two"',
      origins: ['https://app.example'],
      methods: ['GET'],
      headers: ['x-amz-meta-*'],
      exposed: ['ETag'],
      maxAge: 600,
    },
    {
      id: 'z',
      origins: ['*'],
      methods: ['HEAD'],
      headers: [],
      exposed: [],
      maxAge: null,
    },
  ],
};

const HEADERS: ObjectHeaders = {
  contentType: 'text/html; charset=utf-8',
  contentDisposition: 'attachment; filename="it\'s.html"',
  cacheControl: 'max-age=60, public',
  contentEncoding: '',
  contentLanguage: 'de',
  expires: 'Wed, 02 Jan 2030 00:00:00 GMT',
  metadata: [
    { name: 'author', value: 'Zoë, "$HOME" & co' },
    { name: 'first', value: 'one' },
  ],
};

const TOOLS = (['aws', 's3cmd'] as const).filter(
  (tool) => process.platform !== 'win32' && isHere(tool),
);

describe.each(TOOLS)('the copied command of %s', TIMEOUT, (tool) => {
  test('sets the rules of a bucket, and takes them away', async () => {
    await copied(tool, null, RULES);
    expect(await read('cors', null)).toEqual(RULES);
    await copied(tool, null, { aspect: 'cors', value: [] });
    expect(await read('cors', null)).toEqual({ aspect: 'cors', value: [] });
  });

  test('sets headers and metadata; who may read it and its tags stay', async () => {
    await put();
    const tags: Aspect = { aspect: 'tags', value: [{ key: 'keep', value: 'me' }] };
    await write(key, tags);
    const acl = await read('acl', key);
    if (acl.aspect !== 'acl') throw new Error('no ACL');
    const grants = [
      ...acl.value.grants,
      {
        grantee: { kind: 'group', group: 'AllUsers' } as const,
        permission: 'READ' as const,
      },
    ];
    await write(key, { aspect: 'acl', value: { ...acl.value, grants } });

    await copied(tool, key, { aspect: 'headers', value: HEADERS });
    expect(await read('headers', key)).toEqual({ aspect: 'headers', value: HEADERS });
    // Ceph keeps none in a copy that replaces headers; Debian's s3cmd cannot mend that.
    const areKept = !target.isRadosgw || tool === 'aws';
    expect(await read('tags', key)).toEqual(areKept ? tags : { ...tags, value: [] });
    const place = { connectionId, bucket, key };
    expect(await bench.call('aspects.anonymous', place)).toMatchObject({ status: 200 });

    // With less: what was taken away is gone.
    const less = { ...HEADERS, cacheControl: '', expires: '', metadata: [] };
    await copied(tool, key, { aspect: 'headers', value: less });
    expect(await read('headers', key)).toEqual({ aspect: 'headers', value: less });
  });

  test('keeps the storage class, the encryption and where a website leads', async () => {
    const more = { encryption: 'AES256', websiteRedirect: '/else where.html' };
    await put({ storageClass: 'STANDARD_IA', ...(target.isRadosgw ? {} : more) });
    const before = await keptBy(key);
    expect(before.details.storageClass).toBe('STANDARD_IA');
    await copied(tool, key, { aspect: 'headers', value: HEADERS });
    expect(await read('headers', key)).toEqual({ aspect: 'headers', value: HEADERS });
    const after = await keptBy(key);
    expect(traitsOf(after)).toEqual(traitsOf(before));
    expect(traitsOf(after).headers).toHaveLength(target.isRadosgw ? 0 : 2);
  });

  test('sets headers where lists are switched off', async (context) => {
    context.skip(target.isRadosgw, 'radosgw has no ownership controls');
    await put();
    const sdk = new S3Client({
      endpoint: target.endpoint,
      region: target.region,
      forcePathStyle: true,
      credentials: target.full,
    });
    const owned = (rule: 'BucketOwnerEnforced' | 'ObjectWriter') =>
      sdk.send(
        new PutBucketOwnershipControlsCommand({
          Bucket: bucket,
          OwnershipControls: { Rules: [{ ObjectOwnership: rule }] },
        }),
      );
    await owned('BucketOwnerEnforced');
    try {
      await copied(tool, key, { aspect: 'headers', value: HEADERS });
      expect(await read('headers', key)).toEqual({ aspect: 'headers', value: HEADERS });
    } finally {
      await owned('ObjectWriter');
      sdk.destroy();
    }
  });

  test('sets the list of a bucket and of an object', async () => {
    await put();
    for (const of of [null, key]) {
      const acl = await read('acl', of);
      if (acl.aspect !== 'acl') throw new Error('no ACL');
      const everyone = { kind: 'group', group: 'AllUsers' } as const;
      const grants = [
        ...acl.value.grants,
        { grantee: everyone, permission: 'READ' as const },
      ];
      await copied(tool, of, { aspect: 'acl', value: { ...acl.value, grants } });
      expect(await read('acl', of)).toMatchObject({
        value: { grants: expect.arrayContaining(grants) },
      });
      await copied(tool, of, acl);
      expect(await read('acl', of)).toEqual(acl);
    }
  });
});

test.skipIf(!TOOLS.includes('aws'))(
  'the copied command of aws sets tags, and takes them away',
  TIMEOUT,
  async () => {
    await put();
    const value = [{ key: 'project', value: 'it is + ü' }];
    for (const of of [null, key]) {
      await copied('aws', of, { aspect: 'tags', value });
      expect(await read('tags', of)).toEqual({ aspect: 'tags', value });
      await copied('aws', of, { aspect: 'tags', value: [] });
      expect(await read('tags', of)).toEqual({ aspect: 'tags', value: [] });
    }
  },
);
