import { Agent } from 'node:https';
import { Readable } from 'node:stream';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { describe, expect, it } from 'vitest';
import { startS3Server } from './server.ts';
import { selfSigned } from './testing/self-signed.ts';

describe('a server with a certificate', () => {
  it('speaks https to those who trust it, and resets there too', async () => {
    const tls = selfSigned();
    await using server = await startS3Server({ tls });
    server.createBucket('one');
    const clientWith = (ca?: string) =>
      new S3Client({
        endpoint: server.endpoint,
        region: server.region,
        credentials: server.users.full,
        forcePathStyle: true,
        maxAttempts: 1,
        requestHandler: new NodeHttpHandler({ httpsAgent: new Agent({ ca }) }),
      });
    const client = clientWith(tls.cert);
    const to = { Bucket: 'one', Key: 'k' };
    const Body = Readable.from([Buffer.alloc(100_000, 1)]);
    await client.send(new PutObjectCommand({ ...to, Body, ContentLength: 100_000 }));
    const got = await client.send(new GetObjectCommand(to));
    expect([server.endpoint.slice(0, 8), got.ContentLength]).toEqual([
      'https://',
      100_000,
    ]);
    got.Body?.transformToByteArray().catch(() => undefined);
    server.faults.add({ action: { kind: 'reset', when: 'before' } });
    await expect(client.send(new GetObjectCommand(to))).rejects.toMatchObject({
      code: 'ECONNRESET',
    });
    const stranger = clientWith();
    await expect(stranger.send(new GetObjectCommand(to))).rejects.toMatchObject({
      code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    });
    client.destroy();
    stranger.destroy();
  });
});
