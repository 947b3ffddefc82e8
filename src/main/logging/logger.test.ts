import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openLogger, readLogLevel } from './logger.ts';
import { REDACTED, redact, redactText } from './redact.ts';
import { openRotatingFile } from './rotating-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dipper-log-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('redaction', () => {
  test('takes secrets out by name at any depth and leaves the rest', () => {
    expect(
      redact({
        bucket: 'b',
        secretAccessKey: 's',
        list: [{ sessionToken: 't', credentials: { accessKeyId: 'a' }, size: 3 }],
        headers: { Authorization: 'AWS4-HMAC-SHA256 x', cookie: 'c' },
        bytes: new Uint8Array(3),
        nothing: null,
      }),
    ).toEqual({
      bucket: 'b',
      secretAccessKey: REDACTED,
      list: [{ sessionToken: REDACTED, credentials: REDACTED, size: 3 }],
      headers: { Authorization: REDACTED, cookie: REDACTED },
      bytes: '[3 bytes]',
      nothing: null,
    });
  });

  test('takes what signs a link out of any text', () => {
    const url =
      'https://b.s3.test/k?X-Amz-Credential=AK%2F1&X-Amz-Date=2&X-Amz-Signature=beef&X-Amz-Security-Token=tt';
    expect(redactText(`GET ${url} failed`)).toBe(
      `GET https://b.s3.test/k?X-Amz-Credential=${REDACTED}&X-Amz-Date=2&X-Amz-Signature=${REDACTED}&X-Amz-Security-Token=${REDACTED} failed`,
    );
    expect(redactText('/k?AWSAccessKeyId=AK&Expires=1&Signature=ab%3D')).toBe(
      `/k?AWSAccessKeyId=${REDACTED}&Expires=1&Signature=${REDACTED}`,
    );
    expect(redactText('Authorization: AWS AK:sig\nnext')).toBe(
      `Authorization: ${REDACTED}\nnext`,
    );
  });

  test.each([
    ['x-amz-security-token: SECRET', 'x-amz-security-token: '],
    ['{"Authorization":"AWS4-HMAC-SHA256 SECRET"}', '"}'],
    ['{\\"authorization\\":\\"SECRET\\"}', 'authorization'],
    ['secretAccessKey=SECRET next', ' next'],
    ["{ secretAccessKey: 'SECRET', b: 1 }", 'b: 1'],
    ['{"sessionToken":"SECRET","b":1}', '"b":1'],
    ['?url=x%3FX-Amz-Signature%3DSECRET&b=1', '&b=1'],
    ['GET https://me:SECRET@host/path', '@host/path'],
    ['sent AWS4-HMAC-SHA256 Credential=SECRET, Signature=SECRET', 'sent AWS4'],
  ])('takes the secret out of %s', (text, rest) => {
    const cleaned = redactText(text);
    expect(cleaned).not.toContain('SECRET');
    expect(cleaned).toContain(rest);
  });

  test('keeps what an error tells, causes included', () => {
    const error = new Error('outer', { cause: new Error('?X-Amz-Signature=beef') });
    expect(redact(error)).toMatchObject({
      name: 'Error',
      message: 'outer',
      cause: { message: `?X-Amz-Signature=${REDACTED}` },
    });
  });

  test('ends with what points to itself', () => {
    const loop: Record<string, unknown> = {};
    loop['self'] = loop;
    expect(JSON.stringify(redact(loop))).toContain('[deep]');
  });
});

test('lines below the level are left out; the others are JSON', async () => {
  const logger = openLogger({ folder, level: 'warn' });
  logger.info('quiet');
  logger.warn('loud', { token: 't', n: 1 });
  await logger.flush();
  const lines = (await readFile(join(folder, 'dipper.log'), 'utf8')).trim().split('\n');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    {
      level: 'warn',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as unknown,
      details: { token: REDACTED, n: 1 },
      msg: 'loud',
    },
  ]);
});

test('a full file makes room and old ones are dropped', async () => {
  const path = join(folder, 'x.log');
  const file = openRotatingFile({ path, maxBytes: 10, keep: 2 });
  for (const line of ['aaaaaa\n', 'bbbbbb\n', 'cccccc\n', 'dddddd\n']) {
    file.write(line);
    await file.flush();
  }
  const files = (await readdir(folder)).sort();
  const texts = await Promise.all(
    files.map((name) => readFile(join(folder, name), 'utf8')),
  );
  expect({ files, texts }).toEqual({
    files: ['x.log', 'x.log.1', 'x.log.2'],
    texts: ['dddddd\n', 'cccccc\n', 'bbbbbb\n'],
  });
});

test('a log that cannot be written does no harm', async () => {
  await writeFile(join(folder, 'file'), '');
  const logger = openLogger({ folder: join(folder, 'file', 'logs'), level: 'info' });
  logger.info('lost');
  await logger.flush();
  logger.info('lost too');
  await logger.flush();
  expect(await readdir(folder)).toEqual(['file']);
});

test('an unknown level means info', () => {
  expect([undefined, '', 'loud', 'debug'].map(readLogLevel)).toEqual([
    'info',
    'info',
    'info',
    'debug',
  ]);
});
