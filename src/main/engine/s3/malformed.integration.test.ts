import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openS3Target, type S3Target } from '../testing/s3-target.ts';
import type { S3Connection } from './s3-connection.ts';

const page = (inner: string) =>
  `<?xml version="1.0"?><ListBucketResult><Name>b</Name>${inner}</ListBucketResult>`;

describe('answers no S3 server should give', () => {
  let server: Server;
  let answer: { readonly status: number; readonly body: string };
  let target: S3Target;
  let s3: S3Connection;

  beforeAll(async () => {
    server = createServer((_request, response) => {
      response.writeHead(answer.status, { 'content-type': 'application/xml' });
      response.end(answer.body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    target = await openS3Target();
    const { port } = server.address() as AddressInfo;
    s3 = target.connect({ draft: { endpoint: `http://127.0.0.1:${port}` } });
  });
  afterAll(async () => {
    await target.close();
    server.close();
  });

  const truncated = '<IsTruncated>true</IsTruncated><KeyCount>0</KeyCount>';

  test.each([
    ['another document', '<ListAllMyBucketsResult/>', 'provider.unsupported'],
    [
      'a web page',
      '<!DOCTYPE html><html><body>Login</body></html>',
      'provider.malformed-response',
    ],
    ['nothing', '', 'provider.malformed-response'],
    ['half a document', page('').slice(0, -5), 'provider.malformed-response'],
    ['more, but no token', page(truncated), 'provider.malformed-response'],
    [
      'the same token again',
      page(`${truncated}<NextContinuationToken>same</NextContinuationToken>`),
      'provider.malformed-response',
    ],
    [
      'broken escapes',
      page('<EncodingType>url</EncodingType><Contents><Key>%zz</Key></Contents>'),
      'provider.malformed-response',
    ],
    [
      'an error after blanks, with a line end',
      '  \n<?xml version="1.0"?><Error><Code>InternalError</Code></Error>\n',
      'provider.internal',
    ],
  ])('%s', async (_what, body, code) => {
    answer = { status: 200, body };
    await expect(
      s3.listPage({ bucket: 'bbb', prefix: '', delimiter: '/', cursor: '2:same' }),
    ).rejects.toMatchObject({ code });
  });
});
