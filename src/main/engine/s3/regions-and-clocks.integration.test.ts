import { describe, expect, test } from 'vitest';
import { type S3Server, startS3Server } from '../../../../tools/s3-server/index.ts';
import { openS3Target, type S3Target } from '../testing/s3-target.ts';

async function withServer(
  options: Parameters<typeof startS3Server>[0],
  use: (server: S3Server, target: S3Target) => Promise<void>,
): Promise<void> {
  const target = await openS3Target();
  const server = await startS3Server(options);
  try {
    await use(server, target);
  } finally {
    await target.close();
    await server.close();
  }
}

describe.skipIf(process.env['S3_ENDPOINT'])(
  'regions and clocks (servers of our own)',
  () => {
    test('a wrong region is corrected once and remembered', async () => {
      await withServer({ region: 'eu-north-9' }, async (server, target) => {
        server.seed('photos', [{ key: 'a', body: 'x' }]);
        const learnt: unknown[] = [];
        const s3 = target.connect({
          draft: { endpoint: server.endpoint, region: 'us-east-1' },
          onRegion: (bucket, region) => learnt.push([bucket, region]),
        });
        const list = () =>
          s3.listPage({ bucket: 'photos', prefix: '', delimiter: '/', cursor: null });
        expect((await list()).keys).toEqual(['a']);
        await list();
        expect(learnt).toEqual([['photos', 'eu-north-9']]);
        expect((await s3.listBuckets({})).map(({ name }) => name)).toEqual(['photos']);
      });
    });

    test('a HEAD with expired keys says so, though its refusal has no body', async () => {
      const expired = {
        name: 'expired',
        accessKeyId: 'EXPIREDKEY0000000001',
        secretAccessKey: 'expired-secret',
        sessionToken: 'token',
        expiresAt: new Date(0),
        policy: { kind: 'all' },
      } as const;
      await withServer({ users: { expired } }, async (own, other) => {
        own.seed('photos', [{ key: 'a', body: 'x' }]);
        const connection = other.connect({
          draft: { endpoint: own.endpoint },
          credentials: expired,
        });
        await expect(
          connection.headObject({ bucket: 'photos', key: 'a' }),
        ).rejects.toMatchObject({ code: 'auth.expired' });
      });
    });

    test('a HEAD with an unknown key says so, and a forbidden one stays forbidden', async () => {
      await withServer({}, async (own, other) => {
        own.seed('photos', [{ key: 'a', body: 'x' }]);
        const draft = { endpoint: own.endpoint };
        const stranger = { ...other.full, accessKeyId: 'NOBODYKNOWSTHISKEY01' };
        const ref = { bucket: 'photos', key: 'a' };
        await expect(
          other.connect({ draft, credentials: stranger }).headObject(ref),
        ).rejects.toMatchObject({ code: 'auth.invalid-key' });
        await expect(
          other.connect({ draft, credentials: other.limited }).headObject(ref),
        ).rejects.toMatchObject({ code: 'access.denied' });
      });
    });

    test('a clock that was set is learnt by every request that met it', async () => {
      await withServer({ clockSkewMs: 3_600_000 }, async (own, other) => {
        own.createBucket('clocks');
        own.seed('clocks', [{ key: 'a', body: 'x' }]);
        const { accessKeyId, secretAccessKey } = own.users.full;
        const connection = other.connect({
          draft: { endpoint: own.endpoint },
          credentials: { accessKeyId, secretAccessKey, sessionToken: '' },
        });
        const ref = { bucket: 'clocks', key: 'a' };
        await connection.headObject(ref);
        own.clockSkewMs = 0;
        own.clearRequests();
        // All of them leave before the first one is refused.
        const at = { match: { operation: 'HeadObject' }, times: 6 } as const;
        own.faults.add({ ...at, action: { kind: 'delay', ms: 500 } });
        const heads = Array.from({ length: 6 }, () => connection.headObject(ref));
        for (const head of await Promise.all(heads)) expect(head.size).toBe(1);
        // A refusal that is about the clock need not be asked about.
        expect(own.requests.map(({ operation }) => operation)).not.toContain('GetObject');
      });
    });

    test('a skewed clock is corrected by the server’s', async () => {
      await withServer({ clockSkewMs: 3_600_000 }, async (server, target) => {
        server.seed('photos', [{ key: 'a', body: 'x' }]);
        for (const signature of ['v4', 'v4-unsigned-payload'] as const) {
          const s3 = target.connect({ draft: { endpoint: server.endpoint, signature } });
          expect((await s3.headObject({ bucket: 'photos', key: 'a' })).size).toBe(1);
        }
      });
    });

    test('public buckets open without keys', async () => {
      await withServer({ publicBuckets: ['open'] }, async (server, target) => {
        server.seed('open', [{ key: 'a', body: 'x' }]);
        server.seed('closed', [{ key: 'a', body: 'x' }]);
        const s3 = target.connect({
          draft: { endpoint: server.endpoint, signature: 'anonymous' },
          credentials: null,
        });
        expect((await s3.headObject({ bucket: 'open', key: 'a' })).size).toBe(1);
        await expect(s3.headObject({ bucket: 'closed', key: 'a' })).rejects.toMatchObject(
          {
            code: 'access.denied',
          },
        );
      });
    });
  },
);
