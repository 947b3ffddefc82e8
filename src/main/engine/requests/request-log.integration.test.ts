import { afterEach, beforeEach, expect, test } from 'vitest';
import type { S3Connection } from '../s3/s3-connection.ts';
import { openS3Target, type S3Target } from '../testing/s3-target.ts';
import { createRequestLog, type RequestLog } from './request-log.ts';

let target: S3Target;
let bucket: string;
let log: RequestLog;

beforeEach(async () => {
  target = await openS3Target();
  bucket = await target.makeBucket();
  log = createRequestLog();
});

afterEach(() => target.close());

async function work(s3: S3Connection): Promise<void> {
  const body = Buffer.from('12345');
  const key = 'a b/ü.txt';
  await s3.putObject({ bucket, key, body, contentType: '', metadata: {} });
  await (await s3.getObject({ bucket, key })).bytes();
  await s3.headObject({ bucket, key });
  await s3.listPage({ bucket, prefix: '', delimiter: '', cursor: null });
  await s3.deleteObjects({ bucket, keys: [key] });
  await s3.getObject({ bucket, key }).catch(() => undefined);
}

test.each([
  ['our own path', true],
  ['the SDK', false],
])('requests over %s are in the log, without anything secret', async (_way, lean) => {
  await work(target.connect({ lean, requestLog: log }));
  const { entries } = log.page({ after: 0, limit: 100 });
  expect(entries.map((each) => [each.method, each.operation, each.status])).toEqual([
    ['PUT', 'PutObject', 200],
    ['GET', 'GetObject', 200],
    ['HEAD', 'HeadObject', 200],
    ['GET', 'ListObjectsV2', 200],
    ['POST', 'DeleteObjects', 200],
    ['GET', 'GetObject', 404],
  ]);
  expect(entries[0]).toMatchObject({ bucket, key: 'a b/ü.txt', bytes: 5, error: '' });
  expect(entries[1]).toMatchObject({ bytes: 5 });
  expect(entries[5]).toMatchObject({ error: 'NoSuchKey' });
  for (const { requestId, ms, at } of entries) {
    expect(requestId).not.toBe('');
    expect(ms).toBeGreaterThan(0);
    expect(at).toBeGreaterThan(0);
  }
  const text = JSON.stringify(entries);
  const { secretAccessKey, accessKeyId } = target.full;
  for (const secret of [
    secretAccessKey,
    accessKeyId,
    'Signature',
    'Credential',
    'AWS4',
  ]) {
    expect(text).not.toContain(secret);
  }
});

test('a server that is not there is in the log with what the system said', async () => {
  const draft = { endpoint: 'http://127.0.0.1:9' };
  for (const lean of [true, false]) {
    const s3 = target.connect({ lean, requestLog: log, draft });
    await s3.getObject({ bucket, key: 'x' }).catch(() => undefined);
  }
  const { entries } = log.page({ after: 0, limit: 100 });
  expect(entries.map(({ status, error }) => [status, error])).toEqual([
    [0, 'ECONNREFUSED'],
    [0, 'ECONNREFUSED'],
  ]);
});
