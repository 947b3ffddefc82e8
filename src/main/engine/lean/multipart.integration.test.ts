import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AppError } from '../../../shared/errors/app-error.ts';
import type { S3Connection } from '../s3/s3-connection.ts';
import type { ClockLead } from '../s3/server-clock.ts';
import { openS3Target, type S3Target } from '../testing/s3-target.ts';
import { UnsupportedAnswer } from './http-reader.ts';
import { readOpenUploads } from './open-uploads.ts';

const MIB = 1024 * 1024;
const key = 'a b/ä+%&<>"\'.bin';
const object = {
  key,
  contentType: 'video/mp4',
  metadata: { Note: 'kept' },
  headers: { cacheControl: 'max-age=5' },
};

let target: S3Target;
let bucket: string;
let lean: S3Connection;
let reference: S3Connection;
/** Why calls went over the SDK. */
let fallbacks: string[];

beforeEach(async () => {
  target = await openS3Target();
  bucket = await target.makeBucket();
  fallbacks = [];
  lean = target.connect({ lean: true, onFallback: tellFallback });
  reference = target.connect({ lean: false });
});

afterEach(() => target.close());

async function upload(s3: S3Connection, onlyIfAbsent = false) {
  const { uploadId, checksum } = await s3.createUpload({ bucket, ...object });
  const parts = [];
  for (const [index, size] of [5 * MIB, 7].entries()) {
    const body = Buffer.alloc(size, index + 1);
    const partNumber = index + 1;
    parts.push(await s3.uploadPart({ bucket, key, uploadId, partNumber, body }));
  }
  // In any order.
  parts.reverse();
  const input = { bucket, key, uploadId, parts, checksum, onlyIfAbsent };
  return { uploadId, checksum, input, stored: await s3.completeUpload(input) };
}

test('objects are uploaded in parts as over the SDK', async () => {
  const theirs = await upload(reference);
  const facts = await reference.details({ bucket, key });
  const ours = await upload(lean);
  expect(ours.checksum).toBe(theirs.checksum);
  expect(ours.stored).toEqual({ ...theirs.stored, versionId: ours.stored.versionId });
  const { modified: _now, versionId: _version, ...rest } = facts;
  expect(await reference.details({ bucket, key })).toMatchObject(rest);
  expect(JSON.stringify(rest)).toContain('video/mp4');
  expect(fallbacks).toEqual([]);
});

test('unfinished uploads are found as over the SDK, those of longer keys are not', async () => {
  const { uploadId, checksum } = await lean.createUpload({ bucket, ...object });
  await lean.createUpload({ bucket, ...object, key: `${key}.more` });
  const ours = await lean.listUploads({ bucket, key });
  expect(ours.uploads).toEqual((await reference.listUploads({ bucket, key })).uploads);
  expect(ours.uploads).toHaveLength(1);
  expect(ours.uploads[0]).toMatchObject({ uploadId });
  expect(ours.serverTime).not.toBeNull();
  expect(['', checksum]).toContain(ours.uploads[0]?.checksum);
  expect((await lean.listUploads({ bucket, key: 'none' })).uploads).toEqual([]);
  expect(fallbacks).toEqual([]);
});

test('what is gone, and what is there already, is said as over the SDK', async () => {
  const { input } = await upload(lean);
  // Ceph takes a second completion for the first one, and fails for an unknown key.
  const gone = { ...input, key: 'never', uploadId: 'gone' };
  const codes = await Promise.all(
    [lean, reference].map((s3) =>
      s3.completeUpload(gone).catch((error: AppError) => error.code),
    ),
  );
  expect(codes[0]).toBe(codes[1]);
  expect(codes[0]).toBe(target.isRadosgw ? 'provider.internal' : 'transfer.upload-gone');
  // Ceph takes no condition with a completion.
  if (target.isRadosgw) return;
  await expect(upload(lean, true)).rejects.toMatchObject({ code: 'conflict.exists' });
});

test('a beginning hears how far the server’s clock is ahead once an answer told', async () => {
  const leads: (ClockLead | null)[] = [];
  const onAsk = (lead: ClockLead | null) => leads.push(lead);
  await lean.createUpload({ bucket, ...object, onAsk });
  await lean.createUpload({ bucket, ...object, onAsk });
  expect(leads[0]).toBeNull();
  expect(leads[1]).toMatchObject({ least: expect.any(Number), most: expect.any(Number) });
});

function page(id: string, next: string): string {
  return (
    '<ListMultipartUploadsResult>' +
    `<IsTruncated>${next === '' ? 'false' : 'true'}</IsTruncated>${next}` +
    `<Upload><Key>k</Key><UploadId>${id}</UploadId></Upload>` +
    '</ListMultipartUploadsResult>'
  );
}

function tellFallback(reason: string): void {
  fallbacks.push(reason);
}

describe('answers that are none', () => {
  let server: Server;
  let answers: string[];
  let heads: string[];
  let odd: S3Connection;

  beforeEach(async () => {
    heads = [];
    server = createServer((socket: Socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (bytes) => {
        const text = bytes.toString('latin1');
        if (!/^(?:GET|POST|PUT|HEAD) /.test(text)) return;
        heads.push(text.slice(0, text.indexOf('\r\n')));
        const document = answers.shift() ?? '';
        const length = Buffer.byteLength(document);
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n${document}`);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address() as { readonly port: number };
    const endpoint = `http://127.0.0.1:${address.port}`;
    odd = target.connect({ lean: true, onFallback: tellFallback, draft: { endpoint } });
  });

  afterEach(() => server.close());

  test.each([
    ['nothing', '', 'provider.malformed-response'],
    [
      'half a document',
      '<CompleteMultipartUploadResult><ETag>"a',
      'provider.malformed-response',
    ],
    ['a page', '<html><body>Welcome</body></html>', 'provider.malformed-response'],
    ['a listing', '<ListBucketResult></ListBucketResult>', 'provider.unsupported'],
    [
      'a late error',
      '  <Error><Code>InternalError</Code><Message>again</Message></Error>',
      'provider.internal',
    ],
  ])(
    '%s for a completion is an error, and it is sent once',
    async (_name, text, code) => {
      answers = [text];
      const part = { number: 1, size: 1, etag: 'a'.repeat(32), checksum: '' };
      const input = { bucket, key, uploadId: 'u', parts: [part] };
      await expect(odd.completeUpload(input)).rejects.toMatchObject({ code });
      expect(heads).toHaveLength(1);
    },
  );

  test('more unfinished uploads than a page are asked for over the SDK', async () => {
    const next =
      '<NextKeyMarker>k</NextKeyMarker><NextUploadIdMarker>1</NextUploadIdMarker>';
    answers = [page('1', next), page('1', next), page('2', '')];
    const { uploads } = await odd.listUploads({ bucket, key: 'k' });
    expect(uploads.map(({ uploadId }) => uploadId)).toEqual(['1', '2']);
    expect(fallbacks).toEqual(['listUploads: uploads: pages']);
  });

  test.each([
    ['elements of a namespace', '<a:Upload><a:Key>k</a:Key></a:Upload>'],
    ['an element with attributes', '<Upload x="y"><Key>k</Key></Upload>'],
    ['a comment', '<!-- <Upload> -->'],
    ['an upload without an ID', '<Upload><Key>k</Key></Upload>'],
    ['an unknown entity', '<Upload><Key>&k;</Key><UploadId>1</UploadId></Upload>'],
  ])('a list of uploads with %s is left to the SDK', (_name, text) => {
    const document = `<ListMultipartUploadsResult><IsTruncated>false</IsTruncated>${text}</ListMultipartUploadsResult>`;
    expect(() => readOpenUploads(document, 'k')).toThrow(UnsupportedAnswer);
  });

  test('a beginning without an upload ID is an error, and it is sent once', async () => {
    answers = ['<InitiateMultipartUploadResult></InitiateMultipartUploadResult>'];
    await expect(odd.createUpload({ bucket, ...object })).rejects.toMatchObject({
      code: 'provider.malformed-response',
    });
    expect(heads).toHaveLength(1);
  });
});
