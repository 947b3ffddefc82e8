import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ObjectHeaders } from '../../../shared/domain/aspects.ts';
import { MIB } from '../../../shared/domain/part-plan.ts';
import type { S3Connection, StoredPart } from '../s3/s3-connection.ts';
import { openS3Target, type S3Target } from '../testing/s3-target.ts';
import type { UploadJournal } from './loose-uploads.ts';

let target: S3Target;
let connection: S3Connection;
let bucket: string;
const body = randomBytes(11 * MIB);
/** What a rewrite said of its upload. */
let noted: string[];
const journal: UploadJournal = {
  now: Date.now,
  save: ({ uploadId }) => noted.push(uploadId === '' ? 'asked' : 'begun'),
  forget: () => noted.push('over'),
};

beforeAll(async () => {
  target = await openS3Target();
  connection = target.connect();
  bucket = await target.makeBucket();
});

beforeEach(() => {
  noted = [];
});

afterAll(async () => {
  await target.close();
});

/** An object of three parts with an ACL, tags and metadata. */
async function putInParts(key: string): Promise<string> {
  const ref = { bucket, key };
  const { uploadId, checksum } = await connection.createUpload({
    ...ref,
    contentType: 'video/mp4',
    metadata: { kept: 'yes', mtime: '1700000000' },
    traits: { storageClass: 'STANDARD_IA' },
  });
  const parts: StoredPart[] = [];
  for (const [index, start] of [0, 5 * MIB, 10 * MIB].entries()) {
    parts.push(
      await connection.uploadPart({
        ...ref,
        uploadId,
        partNumber: index + 1,
        body: body.subarray(start, start + 5 * MIB),
      }),
    );
  }
  const { etag } = await connection.completeUpload({ ...ref, uploadId, parts, checksum });
  const calls = await connection.aspects();
  await calls.writeTags({ ...ref, tags: [{ key: 'kept', value: 'too' }] });
  await calls.writeCannedAcl({ ...ref, canned: 'public-read' });
  return etag;
}

const CHANGES: Partial<ObjectHeaders> = {
  cacheControl: 'max-age=31536000',
  contentType: 'video/webm',
  expires: 'Wed, 21 Oct 2026 07:28:00 GMT',
};

test('what one request does not take is copied in parts, with all that it carries', async () => {
  const key = 'film ü.mp4';
  const etag = await putInParts(key);
  const calls = await connection.aspects();
  const state = await calls.readHeaders({ bucket, key });
  const headers = { ...state.headers, ...CHANGES };
  await calls.rewriteHeaders({ bucket, key, headers, state, maxSingle: MIB, journal });
  const after = await calls.readHeaders({ bucket, key });
  expect(after.headers).toEqual(headers);
  // Cut as it was. radosgw does not tell how that was.
  if (!target.isRadosgw) expect(after.etag).toBe(etag);
  expect(after.size).toBe(body.length);
  expect(await calls.readTags({ bucket, key })).toEqual([{ key: 'kept', value: 'too' }]);
  const { grants } = await calls.readAcl({ bucket, key });
  expect(grants).toContainEqual({
    grantee: { kind: 'group', group: 'AllUsers' },
    permission: 'READ',
  });
  const { traits } = await connection.copySource({ bucket, key });
  expect(traits.storageClass).toBe('STANDARD_IA');
  const object = await connection.getObject({ bucket, key });
  expect((await object.bytes()).equals(body)).toBe(true);
  const open = await connection.listUploads({ bucket, key });
  expect(open.uploads).toEqual([]);
  expect(noted).toEqual(['asked', 'begun', 'over']);
});

test('nothing is begun in parts that no journal knows of', async () => {
  const key = 'unknown.bin';
  await putInParts(key);
  const calls = await connection.aspects();
  const state = await calls.readHeaders({ bucket, key });
  const headers = { ...state.headers, ...CHANGES };
  await expect(
    calls.rewriteHeaders({ bucket, key, headers, state, maxSingle: MIB }),
  ).rejects.toMatchObject({ code: 'transfer.too-large' });
  expect((await calls.readHeaders({ bucket, key })).headers).toEqual(state.headers);
});

test('an object that was replaced meanwhile is left alone', async () => {
  const key = 'raced.bin';
  await putInParts(key);
  const calls = await connection.aspects();
  const state = await calls.readHeaders({ bucket, key });
  await connection.putObject({
    bucket,
    key,
    contentType: 'text/plain',
    metadata: {},
    body: Buffer.from('new'),
  });
  const headers = { ...state.headers, ...CHANGES };
  for (const maxSingle of [undefined, 1]) {
    await expect(
      calls.rewriteHeaders({ bucket, key, headers, state, maxSingle, journal }),
    ).rejects.toMatchObject({ code: 'object.changed' });
  }
  expect((await calls.readHeaders({ bucket, key })).headers.contentType).toBe(
    'text/plain',
  );
});

test('a part that cannot be copied leaves no upload behind', async () => {
  const { server } = target;
  if (server === null) return;
  const key = 'refused.bin';
  const etag = await putInParts(key);
  server.faults.add({
    match: { operation: 'UploadPartCopy', partNumber: 2 },
    action: { kind: 'error', status: 403, code: 'AccessDenied' },
  });
  const calls = await connection.aspects();
  const state = await calls.readHeaders({ bucket, key });
  const headers = { ...state.headers, ...CHANGES };
  await expect(
    calls.rewriteHeaders({ bucket, key, headers, state, maxSingle: MIB, journal }),
  ).rejects.toMatchObject({ code: 'access.denied' });
  server.faults.clear();
  expect(server.uploads(bucket)).toEqual([]);
  expect(noted).toEqual(['asked', 'begun', 'over']);
  expect(server.peek(bucket, key)?.etag).toBe(etag);
});

test('a part that fails once is copied again', async () => {
  const { server } = target;
  if (server === null) return;
  const key = 'mended.bin';
  const etag = await putInParts(key);
  server.faults.add({
    match: { operation: 'UploadPartCopy', partNumber: 2 },
    times: 1,
    action: { kind: 'error', status: 500, code: 'InternalError' },
  });
  const calls = await connection.aspects();
  const state = await calls.readHeaders({ bucket, key });
  const headers = { ...state.headers, ...CHANGES };
  await calls.rewriteHeaders({ bucket, key, headers, state, maxSingle: MIB, journal });
  expect(server.faults.hits).toHaveLength(1);
  server.faults.clear();
  expect(server.peek(bucket, key)?.etag).toBe(etag);
});
