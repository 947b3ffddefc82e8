import { randomBytes } from 'node:crypto';
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { S3Server } from '../../../../tools/s3-server/index.ts';
import { openS3Target, type S3Target } from '../testing/s3-target.ts';
import type { S3Connection, StoredPart } from './s3-connection.ts';

const newObject = { contentType: 'text/plain', metadata: {} };
const MIB = 1024 * 1024;

describe.skipIf(process.env['S3_ENDPOINT'])(
  'faults (only our own server has them)',
  () => {
    let target: S3Target;
    let server: S3Server;
    let s3: S3Connection;
    let bucket: string;
    let folder: string;

    beforeAll(async () => {
      target = await openS3Target();
      server = target.server as S3Server;
      s3 = target.connect();
      bucket = await target.makeBucket();
      folder = await mkdtemp(join(tmpdir(), 'dipper-faults-'));
    });
    afterEach(() => server.faults.clear());
    afterAll(async () => {
      await target.close();
      await rm(folder, { recursive: true, force: true });
    });

    const put = (key: string, body: string | Uint8Array, connection = s3) =>
      connection.putObject({ bucket, key, ...newObject, body: Buffer.from(body) });

    test('metadata calls try three times, transfers once', async () => {
      await put('retried', 'x');
      server.faults.add({ action: { kind: 'slowDown' }, times: 2 });
      await s3.headObject({ bucket, key: 'retried' });
      server.faults.add({ action: { kind: 'error500' }, times: 1 });
      await expect(put('once', 'x')).rejects.toMatchObject({ code: 'provider.internal' });
      server.faults.add({ action: { kind: 'reset', when: 'before' }, times: 1 });
      await expect(s3.getObject({ bucket, key: 'retried' })).rejects.toMatchObject({
        code: 'network.reset',
      });
    });

    test('a Complete or Copy with 200 and an error inside is an error', async () => {
      await put('source', 'x');
      for (const operation of ['CopyObject', 'CompleteMultipartUpload'] as const) {
        server.faults.add({
          match: { operation },
          action: { kind: 'errorIn200', code: 'InternalError' },
          times: 1,
        });
      }
      await expect(
        s3.copyObject({
          from: { bucket, key: 'source' },
          to: { bucket, key: 'to' },
          size: 1,
        }),
      ).rejects.toMatchObject({ code: 'provider.internal' });
      const ref = { bucket, key: 'late' };
      const { uploadId } = await s3.createUpload({ ...ref, ...newObject });
      const path = join(folder, 'late');
      await writeFile(path, 'late');
      const part = await s3.uploadPart({
        ...ref,
        uploadId,
        partNumber: 1,
        body: { path, start: 0, length: 4 },
      });
      await expect(
        s3.completeUpload({ ...ref, uploadId, parts: [part] }),
      ).rejects.toMatchObject({ code: 'provider.internal' });
      expect(
        (await s3.completeUpload({ ...ref, uploadId, parts: [part] })).integrity,
      ).toBe('etag');
    });

    test('a body that breaks off is a reset, not a short file', async () => {
      await put('long', randomBytes(500_000));
      server.faults.add({ action: { kind: 'truncate', afterBytes: 100_000 }, times: 1 });
      const { stream } = await s3.getObject({ bucket, key: 'long' });
      await expect(buffer(stream)).rejects.toMatchObject({ code: 'network.reset' });
    });

    test('aborting a download ends its stream as cancelled', async () => {
      await put('aborted', randomBytes(500_000));
      server.faults.add({
        action: { kind: 'stall', when: 'response', afterBytes: 1_000 },
        times: 1,
      });
      const controller = new AbortController();
      const { signal } = controller;
      const { stream } = await s3.getObject({ bucket, key: 'aborted', signal });
      setTimeout(() => controller.abort(), 20);
      await expect(buffer(stream)).rejects.toMatchObject({ code: 'transfer.cancelled' });
    });

    test('a silent server is given up after the time of the bookmark', async () => {
      const advanced = { ...target.draft().advanced, requestTimeoutMs: 1_000 };
      const hasty = target.connect({ draft: { advanced } });
      server.faults.add({ action: { kind: 'stall', when: 'before' } });
      await expect(put('silent', 'x', hasty)).rejects.toMatchObject({
        code: 'network.timeout',
      });
    });

    test('an answer before the body has gone leaves no socket and no file open', async () => {
      const path = join(folder, 'refused');
      await writeFile(path, randomBytes(8 * MIB));
      server.faults.add({
        action: { kind: 'error', status: 403, code: 'AccessDenied' },
        times: 1,
      });
      let progress = 0;
      const upload = s3.putObject({
        bucket,
        key: 'refused',
        ...newObject,
        body: { path, start: 0, length: 8 * MIB },
        onProgress: (bytes) => (progress += bytes),
      });
      await expect(upload).rejects.toMatchObject({
        code: expect.stringMatching(/^(?:access\.denied|network\.reset)$/),
      });
      expect(progress).toBe(0);
      await put('after', 'still works');
    });

    test('a file that changes while it is sent never arrives', async () => {
      const path = join(folder, 'moving');
      await writeFile(path, randomBytes(6 * MIB));
      let touched: Promise<void> | undefined;
      const upload = s3.putObject({
        bucket,
        key: 'moving',
        ...newObject,
        body: { path, start: 0, length: 6 * MIB },
        onProgress: () => {
          touched ??= appendFile(path, 'more');
        },
      });
      await expect(upload).rejects.toMatchObject({ code: 'transfer.source-changed' });
      await touched;
      expect(server.keys(bucket)).not.toContain('moving');
    });

    test('deletes fall back from MD5 to checksum and to one by one', async () => {
      for (const [times, code] of [
        [1, 'InvalidRequest'],
        [2, 'NotImplemented'],
      ] as const) {
        const fresh = target.connect();
        await put('doomed-1', 'x');
        await put('doomed-2', 'x');
        server.faults.add({
          match: { operation: 'DeleteObjects' },
          action: { kind: 'error', status: code === 'NotImplemented' ? 501 : 400, code },
          times,
        });
        const keys = ['doomed-1', 'doomed-2'];
        expect(await fresh.deleteObjects({ bucket, keys })).toEqual([]);
        expect(server.keys(bucket)).not.toContain('doomed-1');
      }
    });

    test('ListObjectsV2 that is not there falls back to V1 for good', async () => {
      const old = target.connect();
      await put('v1/a', 'x');
      await put('v1/b +%', 'x');
      server.faults.add({
        match: { operation: 'ListObjectsV2' },
        action: { kind: 'error', status: 501, code: 'NotImplemented' },
      });
      const input = { bucket, prefix: 'v1/', delimiter: '' as const, maxKeys: 1 };
      const first = await old.listPage({ ...input, cursor: null });
      const second = await old.listPage({ ...input, cursor: first.cursor });
      expect([...first.keys, ...second.keys]).toEqual(['v1/a', 'v1/b +%']);
      expect(second.cursor).toBeNull();
      expect(server.faults.hits).toHaveLength(1);
    });

    test('a HEAD that was forbidden only for a moment is asked again', async () => {
      await put('moment', 'x');
      const action = {
        kind: 'error',
        status: 403,
        code: 'RequestTimeTooSkewed',
      } as const;
      server.faults.add({ match: { operation: 'HeadObject' }, times: 1, action });
      expect(await s3.headObject({ bucket, key: 'moment' })).toMatchObject({ size: 1 });
    });

    test('a forbidden HEAD that nobody could ask about may be tried again', async () => {
      await put('unasked', 'x');
      const forbidden = { kind: 'error', status: 403, code: 'AccessDenied' } as const;
      server.faults.add({ match: { operation: 'HeadObject' }, action: forbidden });
      server.faults.add({
        match: { operation: 'GetObject' },
        action: { kind: 'reset', when: 'request' },
      });
      const asked = s3.headObject({ bucket, key: 'unasked' });
      await expect(asked).rejects.toMatchObject({ retry: 'auto' });
    });

    test('a big copy goes in parts and keeps what the object carries', async () => {
      const bytes = randomBytes(12 * MIB);
      await s3.putObject({
        bucket,
        key: 'big',
        contentType: 'video/x-test',
        metadata: { tag: 'kept' },
        body: bytes,
      });
      const to = { bucket, key: 'big-copy' };
      const source = await s3.copySource({ bucket, key: 'big' });
      const { uploadId } = await s3.createUpload({
        ...to,
        contentType: source.contentType,
        metadata: source.head.metadata,
        traits: source.traits,
      });
      const parts: StoredPart[] = [];
      for (const [index, start] of [0, 5 * MIB, 10 * MIB].entries()) {
        const part = await s3.copyPart({
          ...to,
          from: { bucket, key: 'big' },
          uploadId,
          partNumber: index + 1,
          start,
          length: Math.min(5 * MIB, bytes.length - start),
          ifMatch: source.head.etag,
        });
        parts.push(part);
      }
      await s3.completeUpload({ ...to, uploadId, parts });
      const copy = await s3.getObject(to);
      expect(copy.metadata).toEqual({ tag: 'kept' });
      expect((await buffer(copy.stream)).equals(bytes)).toBe(true);
      expect((await s3.headObject(to)).etag).toMatch(/-3$/);
    });

    test('the checksum of AWS profiles is sent as a header, never as a trailer', async () => {
      const aws = target.connect({ draft: { providerId: 'aws' } });
      const path = join(folder, 'crc');
      await writeFile(path, randomBytes(MIB));
      const stored = await aws.putObject({
        bucket,
        key: 'crc',
        ...newObject,
        body: { path, start: 0, length: MIB },
      });
      expect(stored.integrity).toBe('crc32');
      const ref = { bucket, key: 'crc-multi' };
      const { uploadId } = await aws.createUpload({ ...ref, ...newObject });
      const body = { path, start: 0, length: MIB };
      await aws.uploadPart({ ...ref, uploadId, partNumber: 1, body });
      const parts = await aws.listParts({ ...ref, uploadId });
      expect(parts[0]?.checksum).toMatch(/^[\w+/]{6}==$/);
      expect((await aws.completeUpload({ ...ref, uploadId, parts })).integrity).toBe(
        'crc32',
      );
      expect((await aws.details(ref)).checksums.map(({ name }) => name)).toContain(
        'CRC32',
      );
    });

    test('virtual hosts under localhost', async () => {
      const endpoint = server.endpoint.replace('127.0.0.1', 'localhost');
      const hosted = target.connect({ draft: { endpoint, addressing: 'virtual-host' } });
      await put('hosted +ü', 'x', hosted);
      expect((await hosted.headObject({ bucket, key: 'hosted +ü' })).size).toBe(1);
      expect(hosted.urls({ bucket, key: 'a b' }).https).toBe(
        `${endpoint.replace('//', `//${bucket}.`)}/a%20b`,
      );
    });
  },
);
