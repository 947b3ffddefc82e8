import {
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { describe, expect, it } from 'vitest';
import { presign } from '../testing/raw-request.ts';
import { differs, SIDE, useTarget } from './target.ts';

const target = useTarget();
const Key = 'report é.txt';
const WEEK = 7 * 24 * 3600;

async function withObject(): Promise<string> {
  const Bucket = await target().bucket();
  await target()
    .client()
    .send(new PutObjectCommand({ Bucket, Key, Body: 'hello' }));
  return Bucket;
}

const OVERRIDES = {
  ResponseContentDisposition: 'attachment; filename="r.txt"',
  ResponseContentType: 'text/plain; charset=utf-8',
  ResponseCacheControl: 'no-store',
  ResponseContentLanguage: 'de',
} as const;

describe('a link', () => {
  it('lives up to a week and says how the answer is to be taken', async () => {
    const Bucket = await withObject();
    const command = new GetObjectCommand({ Bucket, Key, ...OVERRIDES });
    const url = await getSignedUrl(target().client(), command, { expiresIn: WEEK });
    const answer = await fetch(url);
    expect([
      answer.status,
      answer.headers.get('content-disposition'),
      answer.headers.get('content-type'),
      answer.headers.get('cache-control'),
      answer.headers.get('content-language'),
      await answer.text(),
    ]).toEqual([200, ...Object.values(OVERRIDES), 'hello']);
  });

  it('of a head gives the head', async () => {
    const Bucket = await withObject();
    const command = new HeadObjectCommand({ Bucket, Key });
    const url = await getSignedUrl(target().client(), command, { expiresIn: 60 });
    const answer = await fetch(url, { method: 'HEAD' });
    expect([answer.status, answer.headers.get('content-length')]).toEqual([200, '5']);
  });

  it('takes an upload with the type that was signed, and no other', async () => {
    const Bucket = await target().bucket();
    const client = target().client();
    const ContentType = 'text/csv';
    const command = new PutObjectCommand({ Bucket, Key, ContentType });
    const url = await getSignedUrl(client, command, {
      expiresIn: WEEK,
      signableHeaders: new Set(['content-type']),
    });
    const put = (type: string) =>
      fetch(url, { method: 'PUT', body: 'a,b', headers: { 'content-type': type } });
    expect((await put('text/html')).status).toBe(403);
    expect((await put(ContentType)).status).toBe(200);
    const head = await client.send(new HeadObjectCommand({ Bucket, Key }));
    expect([head.ContentType, head.ContentLength]).toEqual([ContentType, 3]);
  });

  it('gives what its signer may have: of another account, nothing', async () => {
    const Bucket = await withObject();
    const client = target().client({ credentials: target().other });
    const command = new GetObjectCommand({ Bucket, Key });
    const url = await getSignedUrl(client, command, { expiresIn: 60 });
    expect((await fetch(url)).status).toBe(403);
  });

  it('that is too old says so', async () => {
    const Bucket = await withObject();
    const { endpoint, region, full } = target();
    const time = Date.now() - 120_000;
    const path = `/${Bucket}/${encodeURIComponent(Key)}`;
    const link = presign({ endpoint, region, method: 'GET', path, time }, full, 60);
    const answer = await target().anonymous('GET', link);
    expect([answer.status, answer.code]).toEqual([403, 'AccessDenied']);
  });

  differs(
    'is refused without a good expiry',
    'AWS: AuthorizationQueryParametersError; radosgw: AccessDenied',
    async () => {
      const Bucket = await withObject();
      const { endpoint, region, full } = target();
      const path = `/${Bucket}/k`;
      const codes = [];
      for (const seconds of [WEEK + 1, -1]) {
        const link = presign({ endpoint, region, method: 'GET', path }, full, seconds);
        const { status, code } = await target().anonymous('GET', link);
        codes.push([status, code]);
      }
      return codes;
    },
    {
      aws: [
        [400, 'AuthorizationQueryParametersError'],
        [400, 'AuthorizationQueryParametersError'],
      ],
      radosgw: [
        [403, 'AccessDenied'],
        [403, 'AccessDenied'],
      ],
    },
  );
});

describe('an answer to whoever does not sign', () => {
  // radosgw 16 answers with a response header no parser takes.
  it.skipIf(SIDE === 'radosgw')('cannot be told how to be taken', async () => {
    const Bucket = await target().bucket();
    const upload = { Bucket, Key: 'k', Body: 'x', ACL: 'public-read' } as const;
    await target().client().send(new PutObjectCommand(upload));
    const path = `/${Bucket}/k?response-content-type=text%2Fhtml`;
    const { status, code } = await target().anonymous('GET', path);
    expect([status, code]).toEqual([400, 'InvalidRequest']);
  });
});
