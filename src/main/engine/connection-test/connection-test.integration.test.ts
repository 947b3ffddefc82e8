import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type S3ServerOptions,
  startS3Server,
} from '../../../../tools/s3-server/index.ts';
import { selfSigned } from '../../../../tools/s3-server/testing/self-signed.ts';
import type { Credentials } from '../../../shared/contract/engine.ts';
import type { ConnectionDraft } from '../../../shared/domain/bookmark.ts';
import type { TestStage } from '../../../shared/domain/connection-test.ts';
import { connectionTestText } from '../../../shared/messages/connection-test.en.ts';
import { openS3Target, type S3Target } from '../testing/s3-target.ts';
import { testConnection } from './connection-test.ts';

let target: S3Target;
beforeAll(async () => {
  target = await openS3Target();
});
afterAll(() => target.close());

async function run(changes: Partial<ConnectionDraft>, credentials?: Credentials | null) {
  const seen: TestStage[] = [];
  const report = await testConnection({
    draft: target.draft(changes),
    credentials: credentials === undefined ? target.full : credentials,
    signal: new AbortController().signal,
    onStage: (stage) => seen.push(stage),
    now: Date.now,
  });
  const outcomes = Object.fromEntries(
    report.stages.map(({ name, outcome }) => [name, outcome]),
  );
  const details = Object.fromEntries(
    report.stages.map(({ name, detail }) => [name, detail]),
  );
  const failed = report.stages.find(({ outcome }) => outcome === 'failed');
  // Whatever comes out, there are words for it.
  for (const stage of report.stages) expect(connectionTestText(stage).text).not.toBe('');
  return { report, seen, outcomes, details, failed };
}

async function against(
  options: S3ServerOptions,
  changes: (endpoint: string) => Partial<ConnectionDraft>,
) {
  const server = await startS3Server(options);
  server.seed('photos', [{ key: 'a', body: 'x' }]);
  try {
    return await run(changes(server.endpoint));
  } finally {
    await server.close();
  }
}

describe('a connection test', () => {
  test('passes for the full user and announces each stage', async () => {
    const { report, seen, details } = await run({});
    expect(report.ok).toBe(true);
    expect(details).toMatchObject({
      name: 'name.literal',
      tls: 'tls.plain',
      clock: 'clock.right',
      signature: 'signature.accepted',
      list: 'list.buckets',
    });
    expect(seen.map(({ name, outcome }) => `${name} ${outcome}`).slice(0, 3)).toEqual([
      'name running',
      'name passed',
      'tls running',
    ]);
  });

  test('limited keys are told to add a bucket; with their path all is well', async () => {
    const without = await run({}, target.limited);
    expect(without.report.ok).toBe(true);
    expect(without.outcomes).toMatchObject({ signature: 'passed', list: 'limited' });
    expect(without.details['list']).toBe('list.no-buckets');
    const { limitedBucket, limitedPrefix } = target;
    await target.connect().putObject({
      bucket: limitedBucket,
      key: `${limitedPrefix}dipper-read`,
      contentType: '',
      metadata: {},
      body: Buffer.from('x'),
    });
    const root = `${limitedBucket}/${limitedPrefix}`;
    const within = await run({ root }, target.limited);
    expect(within.outcomes).toMatchObject({ list: 'passed', read: 'passed' });
  });

  test('a wrong secret and an unknown key', async () => {
    const secret = await run({}, { ...target.full, secretAccessKey: 'wrong' });
    expect(secret.failed).toMatchObject({
      name: 'signature',
      error: { code: 'auth.signature' },
    });
    expect(secret.outcomes).toMatchObject({ list: 'skipped', read: 'skipped' });
    const key = await run({}, { ...target.full, accessKeyId: 'NOBODY' });
    expect(key.failed).toMatchObject({ error: { code: 'auth.invalid-key' } });
  });

  test('a bucket that is not there', async () => {
    const { failed } = await run({ root: 'dipper-no-such-bucket-4711' });
    expect(failed).toMatchObject({ name: 'list', error: { code: 'bucket.not-found' } });
  });

  test('a name nobody knows and a port nobody listens on', async () => {
    const name = await run({ endpoint: 'https://nowhere.invalid' });
    expect(name.failed).toMatchObject({ name: 'name', error: { code: 'network.dns' } });
    const port = await run({ endpoint: 'http://127.0.0.1:1' });
    expect(port.failed).toMatchObject({ error: { code: 'network.refused' } });
  });

  test('a port that says nothing', async () => {
    const silent: Server = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    const advanced = { ...target.draft().advanced, connectTimeoutMs: 500 };
    for (const scheme of ['http', 'https']) {
      const { failed } = await run({
        endpoint: `${scheme}://127.0.0.1:${port}`,
        advanced,
      });
      expect(failed).toMatchObject({ name: 'tls', error: { code: 'network.timeout' } });
    }
    silent.close();
  });

  test('https where http is spoken', async () => {
    const { failed } = await run({
      endpoint: target.endpoint.replace('http:', 'https:'),
    });
    expect(failed).toMatchObject({ name: 'tls', detail: 'tls.speaks-http' });
  });

  test('aborting rejects', async () => {
    const aborted = testConnection({
      draft: target.draft(),
      credentials: target.full,
      signal: AbortSignal.abort(),
      onStage: () => undefined,
      now: Date.now,
    });
    await expect(aborted).rejects.toMatchObject({ code: 'transfer.cancelled' });
  });
});

describe.skipIf(process.env['S3_ENDPOINT'])('servers with a quirk (ours only)', () => {
  test('a clock that is off is told and corrected', async () => {
    const { report, outcomes, details } = await against(
      { clockSkewMs: -20 * 60_000 },
      (endpoint) => ({ endpoint, root: 'photos' }),
    );
    expect(report.ok).toBe(true);
    expect(outcomes).toMatchObject({ clock: 'limited', read: 'passed' });
    expect(details['clock']).toBe('clock.off');
    const clock = report.stages.find(({ name }) => name === 'clock');
    expect(clock?.params).toMatchObject({ minutes: 20 });
  });

  test('the right region is learnt', async () => {
    const { report } = await against({ region: 'eu-north-9' }, (endpoint) => ({
      endpoint,
      root: 'photos',
      region: 'us-east-1',
    }));
    expect(report).toMatchObject({ ok: true, learntRegion: 'eu-north-9' });
  });

  test('a self-signed certificate, and http where TLS is spoken', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dipper-tls-'));
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    execFileSync(
      'openssl',
      `req -x509 -newkey rsa:2048 -nodes -keyout ${key} -out ${cert} -days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1`.split(
        ' ',
      ),
      { stdio: 'ignore' },
    );
    const tls = { key: await readFile(key, 'utf8'), cert: await readFile(cert, 'utf8') };
    await rm(folder, { recursive: true });
    const signed = await against({ tls }, (endpoint) => ({ endpoint }));
    expect(signed.failed).toMatchObject({
      name: 'tls',
      detail: 'tls.self-signed',
      error: { code: 'network.tls' },
    });
    const plain = await against({ tls }, (endpoint) => ({
      endpoint: endpoint.replace('https:', 'http:'),
    }));
    expect(plain.failed).toMatchObject({ name: 'tls', detail: 'tls.speaks-https' });
  });

  test('a certificate of one’s own is trusted where the connection says so, and only there', async () => {
    const [tls, other] = [selfSigned(), selfSigned()];
    const trusting = (caCertificate: string) =>
      against({ tls }, (endpoint) => ({
        endpoint,
        root: 'photos',
        advanced: { ...target.draft().advanced, caCertificate },
      }));
    const own = await trusting(tls.cert);
    expect(own.report.ok).toBe(true);
    expect(own.outcomes).toMatchObject({ tls: 'passed', list: 'passed', read: 'passed' });
    const wrong = await trusting(other.cert);
    expect(wrong.failed).toMatchObject({ name: 'tls', error: { code: 'network.tls' } });
  });

  test('a trusted certificate for another name is still refused', async () => {
    const tls = selfSigned(['localhost']);
    const { failed } = await against({ tls }, (endpoint) => ({
      endpoint: endpoint.replace('127.0.0.1', 'photos.localhost'),
      advanced: { ...target.draft().advanced, caCertificate: tls.cert },
    }));
    expect(failed).toMatchObject({ name: 'tls', detail: 'tls.other-name' });
  });
});
