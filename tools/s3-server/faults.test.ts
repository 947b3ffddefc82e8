import { setTimeout as sleep } from 'node:timers/promises';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type S3Server, startS3Server } from './server.ts';
import { presign, type RawResponse, send } from './testing/raw-request.ts';

let server: S3Server;
let client: S3Client;

beforeAll(async () => {
  server = await startS3Server();
  server.createBucket('one');
  client = new S3Client({
    endpoint: server.endpoint,
    region: server.region,
    credentials: server.users.full,
    forcePathStyle: true,
    maxAttempts: 1,
  });
});

afterAll(async () => {
  client.destroy();
  await server.close();
});

beforeEach(() => {
  server.faults.clear();
  server.clearRequests();
});

function put(Key: string, Body: string | Buffer = 'hello') {
  return client.send(new PutObjectCommand({ Bucket: 'one', Key, Body }));
}

/** GETs by a link: no SDK between the test and the wire. */
function get(key: string): Promise<RawResponse> {
  const request = { endpoint: server.endpoint, method: 'GET', path: `/one/${key}` };
  return send(server.endpoint, 'GET', presign(request, server.users.full, 60));
}

describe('faults', () => {
  it('strike only what they match, after `skip`, `times` times', async () => {
    const fault = server.faults.add({
      match: { operation: 'PutObject', bucket: 'one', keyPattern: /^bad\// },
      skip: 1,
      times: 2,
      action: { kind: 'error', status: 418, code: 'Teapot' },
    });
    const outcomes: string[] = [];
    for (const key of ['good', 'bad/1', 'bad/2', 'bad/3', 'bad/4']) {
      outcomes.push(
        await put(key).then(
          () => 'done',
          (error: Error) => error.name,
        ),
      );
    }
    expect(outcomes).toEqual(['done', 'done', 'Teapot', 'Teapot', 'done']);
    expect([fault.hits, server.faults.hits.map(({ key }) => key)]).toEqual([
      2,
      ['bad/2', 'bad/3'],
    ]);
    expect(server.keys('one')).not.toContain('bad/2');
  });

  it('come one after the other when several match', async () => {
    server.faults.add({ times: 1, action: { kind: 'error500' } });
    server.faults.add({ times: 1, action: { kind: 'slowDown', retryAfterSeconds: 7 } });
    const first = await get('k');
    const second = await get('k');
    expect([first.status, first.code, second.status, second.code]).toEqual([
      500,
      'InternalError',
      503,
      'SlowDown',
    ]);
    expect(second.headers['retry-after']).toBe('7');
  });

  it('delay', async () => {
    await put('k');
    server.faults.add({ action: { kind: 'delay', ms: 150 } });
    const started = performance.now();
    expect((await get('k')).text).toBe('hello');
    expect(performance.now() - started).toBeGreaterThan(140);
  });

  it('delay and slow a body no longer than until cleared', async () => {
    await put('k', Buffer.alloc(1_000_000, 'x'));
    server.faults.add({ action: { kind: 'delay', ms: 3_600_000 } });
    const delayed = get('k');
    await expect.poll(() => server.faults.hits.length).toBe(1);
    server.faults.clear();
    expect((await delayed).body.length).toBe(1_000_000);
    server.faults.add({
      action: { kind: 'bandwidth', direction: 'down', bytesPerSecond: 1_000 },
    });
    const slow = get('k');
    await expect.poll(() => server.requests.at(-1)?.bytesOut).toBeGreaterThan(0);
    server.faults.clear();
    expect((await slow).body.length).toBe(1_000_000);
  });

  it.each(['up', 'down'] as const)('slow a body going %s', async (direction) => {
    const body = Buffer.alloc(100_000, 'x');
    await put('slow', body);
    server.faults.add({
      action: { kind: 'bandwidth', direction, bytesPerSecond: 400_000 },
    });
    const started = performance.now();
    if (direction === 'up') await put('slow', body);
    else expect((await get('slow')).body.length).toBe(100_000);
    expect(performance.now() - started).toBeGreaterThan(200);
  });

  it.each(['before', 'request', 'after'] as const)(
    'reset the connection: %s',
    async (when) => {
      const key = `reset-${when}`;
      server.faults.add({ action: { kind: 'reset', when, afterBytes: 1000 } });
      await expect(put(key, Buffer.alloc(300_000))).rejects.toMatchObject({
        code: expect.stringMatching(/ECONNRESET|EPIPE/),
      });
      expect(server.keys('one')).not.toContain(key);
    },
  );

  it("reset the connection within the response's body", async () => {
    await put('k', Buffer.alloc(500_000));
    server.faults.add({ action: { kind: 'reset', when: 'response', afterBytes: 1000 } });
    await expect(get('k')).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('lose the answer to what was done', async () => {
    server.faults.add({ times: 1, action: { kind: 'lostResponse' } });
    await expect(put('lost')).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect((await server.read('one', 'lost')).toString()).toBe('hello');
    expect(server.requests.at(-1)).toMatchObject({
      operation: 'PutObject',
      status: undefined,
    });
  });

  it('truncate a response', async () => {
    await put('k', Buffer.alloc(50_000));
    server.faults.add({ action: { kind: 'truncate', afterBytes: 20_000 } });
    await expect(get('k')).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(server.requests.at(-1)).toMatchObject({ status: 200, bytesOut: 20_000 });
  });

  it('corrupt one byte of a response', async () => {
    await put('k', 'hello');
    server.faults.add({ action: { kind: 'corrupt', what: 'response', atByte: 4 } });
    const { body } = await get('k');
    expect([body.toString('latin1', 0, 4), body[4]]).toEqual(['hell', 0x6f ^ 0xff]);
    server.faults.clear();
    expect((await get('k')).text).toBe('hello');
  });

  it('corrupt one byte of a request before it is looked at', async () => {
    server.faults.add({ action: { kind: 'corrupt', what: 'request', atByte: 1 } });
    await expect(put('heard')).rejects.toMatchObject({
      name: 'XAmzContentSHA256Mismatch',
    });
    server.faults.clear();
    expect(server.keys('one')).not.toContain('heard');
  });

  it('corrupt what is stored, behind the back of its ETag', async () => {
    server.faults.add({ action: { kind: 'corrupt', what: 'stored', atByte: 0 } });
    await put('spoilt', 'hello');
    server.faults.clear();
    const answer = await get('spoilt');
    expect([answer.body[0], answer.headers.etag]).toEqual([
      0x68 ^ 0xff,
      '"5d41402abc4b2a76b9719d911017c592"',
    ]);
  });

  it.each([false, true])('answer Complete 200 with an error (done: %s)', async (done) => {
    const to = { Bucket: 'one', Key: `late-${done}` };
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(to));
    const { ETag } = await client.send(
      new UploadPartCommand({ ...to, UploadId, PartNumber: 1, Body: 'x' }),
    );
    server.faults.add({
      match: { operation: 'CompleteMultipartUpload' },
      action: { kind: 'errorIn200', done },
    });
    const complete = new CompleteMultipartUploadCommand({
      ...to,
      UploadId,
      MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] },
    });
    await expect(client.send(complete)).rejects.toMatchObject({ name: 'InternalError' });
    expect(server.requests.at(-1)).toMatchObject({ status: 200, code: 'InternalError' });
    expect([server.keys('one').includes(to.Key), server.uploads('one').length]).toEqual(
      done ? [true, 0] : [false, 1],
    );
    if (!done) await client.send(new AbortMultipartUploadCommand({ ...to, UploadId }));
  });

  it('strike a single part', async () => {
    const to = { Bucket: 'one', Key: 'parts' };
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(to));
    server.faults.add({ match: { partNumber: 2 }, action: { kind: 'error500' } });
    const part = (PartNumber: number) =>
      client.send(new UploadPartCommand({ ...to, UploadId, PartNumber, Body: 'x' }));
    await part(1);
    await expect(part(2)).rejects.toMatchObject({ name: 'InternalError' });
    expect(server.uploads('one')).toEqual([
      { key: 'parts', uploadId: UploadId, parts: [1] },
    ]);
    await client.send(new AbortMultipartUploadCommand({ ...to, UploadId }));
  });

  it('stall until the client gives up', async () => {
    server.faults.add({ action: { kind: 'stall', when: 'before' } });
    const head = new HeadObjectCommand({ Bucket: 'one', Key: 'k' });
    const abortSignal = AbortSignal.timeout(100);
    await expect(client.send(head, { abortSignal })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });

  it('stall within a body until cleared', async () => {
    await put('k', Buffer.alloc(100_000));
    server.faults.add({ action: { kind: 'stall', when: 'response', afterBytes: 10 } });
    const outcome = get('k').then(
      () => 'answered',
      () => 'cut',
    );
    const first = await Promise.race([outcome, sleep(100, 'waiting')]);
    server.faults.clear();
    expect([first, await outcome]).toEqual(['waiting', 'cut']);
  });

  it('refuse numbers that make no sense', () => {
    expect(() => server.faults.add({ times: 0, action: { kind: 'error500' } })).toThrow(
      RangeError,
    );
    expect(() => server.faults.add({ action: { kind: 'delay', ms: -1 } })).toThrow(
      RangeError,
    );
    expect(() =>
      server.faults.add({ action: { kind: 'error', status: 99, code: 'X' } }),
    ).toThrow(RangeError);
  });

  it('end with remove and clear', async () => {
    const fault = server.faults.add({ action: { kind: 'error500' } });
    fault.remove();
    await put('fine');
    const got = await client.send(new GetObjectCommand({ Bucket: 'one', Key: 'fine' }));
    expect(await got.Body?.transformToString()).toBe('hello');
  });
});
