import { expect, test } from 'vitest';
import { checkForm, type FieldName } from './check-form.ts';
import {
  type ConnectionForm,
  formOf,
  newForm,
  settleEndpoint,
  withEndpoint,
  withKey,
  withProvider,
  withProviderField,
  withRegion,
} from './connection-form.ts';
import { checkQuick } from './quick-form.ts';
import { sampleBookmark } from './testing/samples.ts';
import { understood } from './understood.ts';

const cert = `-----BEGIN CERTIFICATE-----\n${`MIIB${'A'.repeat(60)}\n`.repeat(8)}-----END CERTIFICATE-----\n`;
const PRIVATE_KEY = cert.replaceAll('CERTIFICATE', 'PRIVATE KEY');
const NEW = { hasStoredSecret: false, storedAccessKeyId: '' };

function filled(changes: Partial<ConnectionForm> = {}): ConnectionForm {
  return { ...newForm(), accessKeyId: 'AKIA', secretAccessKey: 'secret', ...changes };
}

function isWarned(endpoint: string): boolean {
  return checkForm(filled({ endpoint }), NEW).warnings.endpoint !== undefined;
}

test.each<[string, Partial<ConnectionForm>, FieldName]>([
  ['no endpoint', { providerId: 'generic', endpoint: ' ' }, 'endpoint'],
  ['a scheme we do not speak', { endpoint: 'ftp://host' }, 'endpoint'],
  ['an impossible host', { endpoint: 'bad host!' }, 'endpoint'],
  ['an impossible port', { endpoint: 'host:99999' }, 'endpoint'],
  ['keys in the address', { endpoint: 'https://a:b@host' }, 'endpoint'],
  ['a placeholder', { endpoint: 'https://<account>.example.com' }, 'endpoint'],
  [
    'a missing account id',
    { providerId: 'cloudflare-r2', endpoint: '' },
    'provider:accountId',
  ],
  ['a region with spaces', { region: 'eu central 1' }, 'region'],
  ['no access key', { accessKeyId: '' }, 'accessKeyId'],
  ['an access key with a space', { accessKeyId: 'AK IA' }, 'accessKeyId'],
  ['an endless access key', { accessKeyId: 'x'.repeat(513) }, 'accessKeyId'],
  ['no secret', { secretAccessKey: '' }, 'secretAccessKey'],
  ['a secret with a line break', { secretAccessKey: 'a\nb' }, 'secretAccessKey'],
  ['a token with a space', { sessionToken: 'a b' }, 'sessionToken'],
  ['a bucket with a space', { root: 'my bucket/x' }, 'root'],
  ['a path without a bucket', { root: '//x' }, 'root'],
  ['a path beyond 1,024 bytes', { root: `b/${'é'.repeat(600)}` }, 'root'],
  ['a name beyond 200 characters', { nickname: 'x'.repeat(201) }, 'nickname'],
  ['a connect timeout of nothing', { connectTimeout: '' }, 'connectTimeout'],
  ['a request timeout beyond an hour', { requestTimeout: '3601' }, 'requestTimeout'],
  ['half a connection', { maxSockets: '1.5' }, 'maxSockets'],
  ['parts below 5 MiB', { partSize: '4' }, 'partSize'],
  ['words for a certificate', { caCertificate: 'mine' }, 'caCertificate'],
  ['half a certificate', { caCertificate: cert.slice(0, 99) }, 'caCertificate'],
  ['a private key', { caCertificate: PRIVATE_KEY }, 'caCertificate'],
  ['an endless certificate', { caCertificate: cert.repeat(200) }, 'caCertificate'],
])('%s is an error of its field, and nothing is sent', (_, changes, field) => {
  const { errors, draft, secret } = checkForm(filled(changes), NEW);
  expect({ fields: Object.keys(errors), draft, secret }).toEqual({
    fields: [field],
    draft: null,
    secret: null,
  });
});

test('a good form becomes a draft in the units of the contract', () => {
  const { draft, secret } = checkForm(
    filled({
      nickname: ' Media ',
      root: '/iup-usa/123/xxx',
      connectTimeout: '2.5',
      partSize: '16',
      uploadLimit: '2,5',
      caCertificate: `# my server\n${cert}`,
      sessionToken: 'token',
    }),
    NEW,
  );
  expect({ draft, secret }).toEqual({
    draft: {
      providerId: 'aws',
      nickname: 'Media',
      endpoint: 'https://s3.us-east-1.amazonaws.com',
      accessKeyId: 'AKIA',
      root: 'iup-usa/123/xxx/',
      region: 'us-east-1',
      signature: 'v4',
      addressing: 'auto',
      uploadAcl: 'none',
      advanced: {
        connectTimeoutMs: 2_500,
        requestTimeoutMs: 120_000,
        maxSockets: 64,
        partSizeMiB: 16,
        uploadLimitKiBs: 2_441,
        downloadLimitKiBs: 0,
        caCertificate: cert,
        rules: [],
        excludeJunk: true,
      },
    },
    secret: { secretAccessKey: 'secret', sessionToken: 'token' },
  });
});

test('anonymous access needs no keys and sends none', () => {
  const { draft, secret } = checkForm(filled({ signature: 'anonymous' }), NEW);
  expect([draft?.accessKeyId, secret]).toEqual(['', null]);
});

test('a stored secret is kept when the field stays empty', () => {
  const bookmark = sampleBookmark('a');
  const { draft, secret } = checkForm(formOf(bookmark), {
    hasStoredSecret: true,
    storedAccessKeyId: bookmark.accessKeyId,
  });
  expect([draft?.endpoint, secret]).toEqual([bookmark.endpoint, null]);
});

test('plain http is a warning for a public server only', () => {
  expect([
    isWarned('http://s3.example.com'),
    isWarned('http://localhost:9000'),
    isWarned('https://s3.example.com'),
  ]).toEqual([true, false, false]);
});

test('leaving the endpoint writes it out and moves the bucket to its own field', () => {
  const typed = withEndpoint(
    filled(),
    'my-bucket.s3.eu-west-2.amazonaws.com/some/path/file.jpg?x=1',
  );
  const form = settleEndpoint(typed);
  expect([form.endpoint, form.region, form.root, understood(form)]).toEqual([
    'https://s3.eu-west-2.amazonaws.com',
    'eu-west-2',
    'my-bucket/some/path/',
    'https · s3.eu-west-2.amazonaws.com · region eu-west-2 · my-bucket/some/path/ moved to Bucket or path',
  ]);
});

test('a bucket that was typed is not replaced by the one in the endpoint', () => {
  const typed = withEndpoint(filled({ root: 'mine' }), 'https://host.example.com/other');
  expect(settleEndpoint(typed).root).toBe('mine');
});

test('saving from within the endpoint field keeps the bucket in it', () => {
  const typed = withEndpoint(filled(), 'https://host.example.com/other/a/');
  expect(checkForm(typed, NEW).draft).toMatchObject({
    endpoint: 'https://host.example.com',
    root: 'other/a/',
  });
});

test('the endpoint follows provider, region and account until it is typed', () => {
  const exoscale = withRegion(withProvider(newForm(), 'exoscale'), 'ch-gva-2');
  const r2 = withProviderField(
    withProvider(exoscale, 'cloudflare-r2'),
    'accountId',
    'abc',
  );
  const typed = withRegion(withEndpoint(r2, 'https://my.server'), 'elsewhere');
  expect([exoscale.endpoint, r2.endpoint, typed.endpoint, typed.region]).toEqual([
    'https://sos-ch-gva-2.exo.io',
    'https://abc.r2.cloudflarestorage.com',
    'https://my.server',
    'elsewhere',
  ]);
});

test('spaces around a pasted key go, and it is said', () => {
  const pasted = withKey(newForm(), 'accessKeyId', '  AKIA\n');
  const cleared = withKey(pasted, 'accessKeyId', '');
  expect([pasted.accessKeyId, pasted.trimmed, cleared.trimmed]).toEqual([
    'AKIA',
    ['accessKeyId'],
    [],
  ]);
});

test.each([
  ['s3://bucket/prefix', 'https://s3.amazonaws.com', 'bucket/prefix/', 'aws'],
  [
    'https://sos-ch-dk-2.exo.io/bucket',
    'https://sos-ch-dk-2.exo.io',
    'bucket',
    'exoscale',
  ],
  ['minio.lan:9000', 'http://minio.lan:9000', '', 'generic'],
])('quick connect understands %s', (address, endpoint, root, providerId) => {
  const { draft } = checkQuick({
    address,
    accessKeyId: ' key ',
    secretAccessKey: 'secret',
    anonymous: false,
  });
  expect(draft).toMatchObject({ endpoint, root, providerId, accessKeyId: 'key' });
});
