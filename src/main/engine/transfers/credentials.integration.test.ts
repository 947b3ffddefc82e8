import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { S3Server } from '../../../../tools/s3-server/index.ts';
import { openS3Target, type S3Target } from '../testing/s3-target.ts';
import { CONNECTION, openBench, type TransferBench } from './testing.ts';

const EXPIRED = {
  name: 'expired',
  accessKeyId: 'EXPIREDKEY0000000001',
  secretAccessKey: 'expired-secret',
  sessionToken: 'token',
  expiresAt: new Date(0),
  policy: { kind: 'all' },
} as const;
const OLD = {
  accessKeyId: EXPIRED.accessKeyId,
  secretAccessKey: EXPIRED.secretAccessKey,
  sessionToken: EXPIRED.sessionToken,
};

let server: S3Server;
let target: S3Target;
let bench: TransferBench;
let bucket: string;

beforeEach(async () => {
  target = await openS3Target({ expired: EXPIRED });
  if (target.server !== null) server = target.server;
  bucket = await target.makeBucket();
  bench = openBench(target);
  bench.configure({}, OLD);
  bench.service.setLimits({ maxTransfers: 2, partsPerTransfer: 1 });
});

afterEach(async () => {
  await bench.close();
  await target.close();
});

/** Waits until the server has heard nothing new for a while. */
async function settle(): Promise<void> {
  for (let calm = 0, heard = -1; calm < 10; ) {
    await delay(50);
    const { requests } = server;
    const idle = requests.every(({ endedAt }) => endedAt !== undefined);
    calm = idle && requests.length === heard ? calm + 1 : 0;
    heard = requests.length;
  }
}

async function allWait(count: number): Promise<void> {
  await bench.until(
    (rows) =>
      rows.length === count && rows.every((row) => row.waitReason === 'credentials'),
  );
}

// Another server does not know the expired keys.
describe.skipIf(process.env['S3_ENDPOINT'] !== undefined)(
  'keys that the server refuses',
  () => {
    test('hold the whole queue until there are others', async () => {
      const files = Array.from({ length: 12 }, (_, index) =>
        bench.file(`f${index}`, randomBytes(10)),
      );
      server.clearRequests();
      const group = await bench.upload(bucket, files);
      await allWait(12);
      const rows = await bench.rows();
      expect(rows.some((row) => row.error?.code === 'auth.expired')).toBe(true);
      // Only those that ran found out; the others were not sent to fail one by one.
      expect(rows.filter((row) => row.error !== null).length).toBeLessThanOrEqual(2);

      await settle();
      const asked = server.requests.length;
      bench.configure({}, OLD);
      await settle();
      expect(server.requests.length).toBe(asked);
      await allWait(12);

      bench.configure();
      expect(await bench.end(group)).toMatchObject({ done: 12, failed: 0 });
      expect((await bench.rows()).every((row) => row.error === null)).toBe(true);
    });

    test('are tried again when the user says so, and wait again', async () => {
      await bench.upload(bucket, [bench.file('a', 'x'), bench.file('b', 'y')]);
      await allWait(2);
      await settle();
      const asked = server.requests.length;
      const [row] = await bench.rows();
      if (row === undefined) throw new Error('No row');
      await bench.service.handlers['transfers.retry']({ ids: [row.id] });
      await expect.poll(() => server.requests.length).toBeGreaterThan(asked);
      await allWait(2);
    });

    test.each([
      ['a wrong secret', { secretAccessKey: 'wrong' }, 'auth.signature'],
      ['an unknown key', { accessKeyId: 'NOBODYKNOWSTHISKEY01' }, 'auth.invalid-key'],
    ] as const)('%s makes rows wait, too', async (_name, change, code) => {
      server.seed(bucket, [{ key: 'a', body: 'x' }]);
      bench.configure({}, { ...target.full, ...change });
      const { groupId } = await bench.service.handlers['transfers.move']({
        connectionId: CONNECTION,
        bucket,
        items: [{ item: { key: 'a', folder: false }, targetKey: 'b' }],
        targetConnectionId: CONNECTION,
        targetBucket: bucket,
        conflict: 'ask',
      });
      await allWait(1);
      expect((await bench.rows())[0]?.error?.code).toBe(code);
      bench.configure();
      expect(await bench.end(groupId)).toMatchObject({ done: 1, failed: 0 });
      expect(await bench.keys(bucket)).toEqual(['b']);
    });

    test('a folder is listed and downloaded once there are new ones', async () => {
      server.seed(bucket, [{ key: 'd/a', body: 'x' }]);
      const group = await bench.download(bucket, [], {
        items: [{ key: 'd/', folder: true }],
      });
      await settle();
      bench.configure();
      expect(await bench.end(group)).toMatchObject({ done: 1, failed: 0 });
    });

    test.each([
      ['moved', 'CopyObject'],
      ['deleted', 'DeleteObjects'],
    ] as const)(
      'a folder that is being %s goes on with new ones',
      async (verb, operation) => {
        bench.configure();
        const names = Array.from({ length: 20 }, (_, index) => `d/${index}`);
        server.seed(
          bucket,
          names.map((key) => ({ key, body: 'x' })),
        );
        server.faults.add({
          match: { operation },
          skip: verb === 'moved' ? 5 : 0,
          action: { kind: 'error', status: 400, code: 'ExpiredToken' },
        });
        const { handlers } = bench.service;
        const item = { key: 'd/', folder: true };
        const { groupId } =
          verb === 'moved'
            ? await handlers['transfers.move']({
                connectionId: CONNECTION,
                bucket,
                items: [{ item, targetKey: 'e/' }],
                targetConnectionId: CONNECTION,
                targetBucket: bucket,
                conflict: 'ask',
              })
            : await handlers['transfers.remove']({
                connectionId: CONNECTION,
                bucket,
                items: [item],
              });
        await bench.until(
          (rows) =>
            rows.some((row) => row.error?.code === 'auth.expired') &&
            rows.every((row) => row.state === 'waiting' || row.state === 'done'),
        );
        server.faults.clear();
        bench.configure({ nickname: 'with new keys' });
        const done = verb === 'moved' ? 20 : 1;
        expect(await bench.end(groupId)).toMatchObject({ done, failed: 0 });
        const left = await bench.keys(bucket);
        expect(left).toHaveLength(verb === 'moved' ? 20 : 0);
        expect(left.every((key) => key.startsWith('e/'))).toBe(true);
      },
    );

    test('a refusal of one name does not hold the others', async () => {
      bench.configure();
      server.faults.add({
        match: { operation: 'PutObject', keyPattern: 'odd' },
        action: { kind: 'error', status: 403, code: 'SignatureDoesNotMatch' },
      });
      const group = await bench.upload(bucket, [
        bench.file('odd', 'x'),
        bench.file('b', 'y'),
      ]);
      expect(await bench.end(group)).toMatchObject({ done: 1, failed: 1 });
    });
  },
);
