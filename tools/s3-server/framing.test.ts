import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Framing } from './auth/framing.ts';
import { type S3Server, startS3Server } from './server.ts';
import { unsignedChunks } from './testing/chunk-body.ts';
import { sendRaw } from './testing/raw-request.ts';

let server: S3Server;

beforeAll(async () => {
  server = await startS3Server();
  server.createBucket('one');
});
afterAll(() => server.close());

const CONTENT = Buffer.alloc(9_000, 'x');
/** Of nothing: wrong for the content. */
const WRONG = 'AAAAAA==';
const FRAMED = unsignedChunks([CONTENT], { 'x-amz-checksum-crc32': WRONG });

it.each<[Framing, number, Buffer | null]>([
  ['verified', 400, null],
  ['refused', 411, null],
  ['unverified', 200, CONTENT],
  ['stored', 200, FRAMED],
])('a server whose framing is %s answers %s', async (framing, status, kept) => {
  server.framing = framing;
  const answer = await sendRaw({
    endpoint: server.endpoint,
    credentials: server.users.full,
    method: 'PUT',
    path: `/one/${framing}`,
    headers: {
      'content-encoding': 'aws-chunked',
      'x-amz-decoded-content-length': String(CONTENT.length),
      'x-amz-trailer': 'x-amz-checksum-crc32',
    },
    body: FRAMED,
    payloadHash: 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
  });
  expect(answer.status).toBe(status);
  expect(answer.headers['x-amz-checksum-crc32']).toBeUndefined();
  if (kept === null) expect(server.keys('one')).not.toContain(framing);
  else expect((await server.read('one', framing)).equals(kept)).toBe(true);
});
