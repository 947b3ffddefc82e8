import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DeleteBucketCorsCommand,
  DeleteObjectTaggingCommand,
  GetBucketCorsCommand,
  PutBucketCorsCommand,
  PutObjectAclCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { outcomeOf } from './conformance/target.ts';
import { type S3Server, startS3Server } from './server.ts';
import { sendRaw } from './testing/raw-request.ts';

function clientOf(server: S3Server): S3Client {
  return new S3Client({
    endpoint: server.endpoint,
    region: server.region,
    credentials: server.users.full,
    forcePathStyle: true,
    maxAttempts: 1,
  });
}

function get(server: S3Server, path: string, name: string) {
  return sendRaw({
    endpoint: server.endpoint,
    credentials: server.users.full,
    method: 'GET',
    path,
    query: [{ name, value: undefined }],
  });
}

const CORSConfiguration = {
  CORSRules: [{ AllowedOrigins: ['*'], AllowedMethods: ['GET'] }],
};

describe('a server without a sub-resource', () => {
  it('says so with 501', async () => {
    await using server = await startS3Server({
      features: { cors: 'notImplemented', policyStatus: 'notImplemented' },
    });
    server.createBucket('one');
    const client = clientOf(server);
    const Bucket = 'one';
    expect([
      await outcomeOf(client.send(new GetBucketCorsCommand({ Bucket }))),
      await outcomeOf(
        client.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration })),
      ),
      (await get(server, '/one', 'policyStatus')).status,
      (await get(server, '/one', 'policy')).code,
    ]).toEqual(['NotImplemented', 'NotImplemented', 501, 'NoSuchBucketPolicy']);
    client.destroy();
  });

  it('or ignores its name: a read gets the listing or the bytes, a write does nothing', async () => {
    await using server = await startS3Server({
      features: { cors: 'ignored', acl: 'ignored', tagging: 'ignored' },
    });
    server.seed('one', [{ key: 'k', body: 'hello' }]);
    const client = clientOf(server);
    const at = { Bucket: 'one', Key: 'k' };
    const put = new PutBucketCorsCommand({ Bucket: 'one', CORSConfiguration });
    expect([
      await outcomeOf(client.send(put)),
      await outcomeOf(client.send(new DeleteBucketCorsCommand({ Bucket: 'one' }))),
      await outcomeOf(
        client.send(new PutObjectAclCommand({ ...at, ACL: 'public-read' })),
      ),
      await outcomeOf(client.send(new DeleteObjectTaggingCommand(at))),
    ]).toEqual([200, 204, 200, 204]);
    expect((await get(server, '/one', 'cors')).text).toContain('<ListBucketResult');
    expect((await get(server, '/one/k', 'acl')).text).toBe('hello');
    expect((await get(server, '/one/k', 'tagging')).text).toBe('hello');
    server.features = {};
    expect((await get(server, '/one', 'cors')).code).toBe('NoSuchCORSConfiguration');
    expect((await get(server, '/one/k', 'acl')).text).not.toContain('AllUsers');
    client.destroy();
  });
});

describe('settings of a bucket', () => {
  it('outlive a restart', async ({ onTestFinished }) => {
    const dataDir = await mkdtemp(join(tmpdir(), 'dipper-s3-settings-'));
    onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
    for (const round of [1, 2]) {
      await using server = await startS3Server({ dataDir });
      server.createBucket('one');
      const client = clientOf(server);
      const Bucket = 'one';
      if (round === 1) {
        await client.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration }));
      }
      const { CORSRules } = await client.send(new GetBucketCorsCommand({ Bucket }));
      expect(CORSRules).toEqual(CORSConfiguration.CORSRules);
      client.destroy();
    }
  });
});
