import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { endpointFor, PROVIDERS } from '../providers/registry.ts';
import {
  inferRegion,
  isLocalHost,
  type ParsedEndpoint,
  parseEndpoint,
} from './endpoint.ts';

const ACCOUNT = '0123456789abcdef0123456789abcdef';

function parsed(text: string): ParsedEndpoint {
  const result = parseEndpoint(text);
  if (!result.ok) throw new Error(`refused: ${result.reason}`);
  return result;
}

describe('server addresses', () => {
  test.each([
    // text, endpoint, region, bucket, path
    ['s3.amazonaws.com', 'https://s3.amazonaws.com', 'us-east-1', null, ''],
    ['https://s3.amazonaws.com/', 'https://s3.amazonaws.com', 'us-east-1', null, ''],
    [
      'S3.EU-West-2.AmazonAWS.com',
      'https://s3.eu-west-2.amazonaws.com',
      'eu-west-2',
      null,
      '',
    ],
    [
      's3-eu-west-1.amazonaws.com',
      'https://s3-eu-west-1.amazonaws.com',
      'eu-west-1',
      null,
      '',
    ],
    [
      's3.dualstack.eu-west-1.amazonaws.com',
      'https://s3.dualstack.eu-west-1.amazonaws.com',
      'eu-west-1',
      null,
      '',
    ],
    [
      's3.us-gov-west-1.amazonaws.com',
      'https://s3.us-gov-west-1.amazonaws.com',
      'us-gov-west-1',
      null,
      '',
    ],
    [
      's3.cn-north-1.amazonaws.com.cn',
      'https://s3.cn-north-1.amazonaws.com.cn',
      'cn-north-1',
      null,
      '',
    ],
    [
      's3.eusc-de-east-1.amazonaws.eu',
      'https://s3.eusc-de-east-1.amazonaws.eu',
      'eusc-de-east-1',
      null,
      '',
    ],
    [
      'my-bucket.s3.eu-central-1.amazonaws.com',
      'https://s3.eu-central-1.amazonaws.com',
      'eu-central-1',
      'my-bucket',
      '',
    ],
    [
      'my.dotted.bucket.s3.amazonaws.com',
      'https://s3.amazonaws.com',
      'us-east-1',
      'my.dotted.bucket',
      '',
    ],
    [
      'site.s3-website-us-east-1.amazonaws.com',
      'https://s3.us-east-1.amazonaws.com',
      'us-east-1',
      'site',
      '',
    ],
    ['fast.s3-accelerate.amazonaws.com', 'https://s3.amazonaws.com', '', 'fast', ''],
    ['sos-ch-dk-2.exo.io', 'https://sos-ch-dk-2.exo.io', 'ch-dk-2', null, ''],
    ['bucket.sos-ch-dk-2.exo.io', 'https://sos-ch-dk-2.exo.io', 'ch-dk-2', 'bucket', ''],
    [
      'bucket.nyc3.digitaloceanspaces.com',
      'https://nyc3.digitaloceanspaces.com',
      'nyc3',
      'bucket',
      '',
    ],
    [
      'b.nyc3.cdn.digitaloceanspaces.com',
      'https://nyc3.digitaloceanspaces.com',
      'nyc3',
      'b',
      '',
    ],
    [
      `https://${ACCOUNT}.r2.cloudflarestorage.com`,
      `https://${ACCOUNT}.r2.cloudflarestorage.com`,
      'auto',
      null,
      '',
    ],
    [
      `bucket.${ACCOUNT}.r2.cloudflarestorage.com`,
      `https://${ACCOUNT}.r2.cloudflarestorage.com`,
      'auto',
      'bucket',
      '',
    ],
    [
      `${ACCOUNT}.eu.r2.cloudflarestorage.com/b`,
      `https://${ACCOUNT}.eu.r2.cloudflarestorage.com`,
      'auto',
      'b',
      '',
    ],
    [
      `b.${ACCOUNT}.eu.r2.cloudflarestorage.com`,
      `https://${ACCOUNT}.eu.r2.cloudflarestorage.com`,
      'auto',
      'b',
      '',
    ],
    [
      's3.us-west-001.backblazeb2.com',
      'https://s3.us-west-001.backblazeb2.com',
      'us-west-001',
      null,
      '',
    ],
    [
      'b.s3.us-west-001.backblazeb2.com',
      'https://s3.us-west-001.backblazeb2.com',
      'us-west-001',
      'b',
      '',
    ],
    ['s3.wasabisys.com', 'https://s3.wasabisys.com', 'us-east-1', null, ''],
    [
      'b.s3.eu-central-2.wasabisys.com/a/',
      'https://s3.eu-central-2.wasabisys.com',
      'eu-central-2',
      'b',
      'a/',
    ],
    ['s3.fr-par.scw.cloud', 'https://s3.fr-par.scw.cloud', 'fr-par', null, ''],
    ['b.s3.gra.io.cloud.ovh.net', 'https://s3.gra.io.cloud.ovh.net', 'gra', 'b', ''],
    [
      'us-east-1.linodeobjects.com',
      'https://us-east-1.linodeobjects.com',
      'us-east-1',
      null,
      '',
    ],
    [
      'b.fsn1.your-objectstorage.com',
      'https://fsn1.your-objectstorage.com',
      'fsn1',
      'b',
      '',
    ],
    ['storage.googleapis.com/b/x/', 'https://storage.googleapis.com', 'auto', 'b', 'x/'],
    ['s3.example.com', 'https://s3.example.com', '', null, ''],
    ['s3.example.com:8443/', 'https://s3.example.com:8443', '', null, ''],
    ['https://s3.example.com:443/b/p/q/', 'https://s3.example.com', '', 'b', 'p/q/'],
    ['http://s3.example.com:80', 'http://s3.example.com', '', null, ''],
    ['localhost:9000', 'http://localhost:9000', '', null, ''],
    ['localhost:443', 'https://localhost', '', null, ''],
    ['minio:9000', 'http://minio:9000', '', null, ''],
    ['192.168.1.10:9000', 'http://192.168.1.10:9000', '', null, ''],
    ['203.0.113.9', 'https://203.0.113.9', '', null, ''],
    ['::1', 'http://[::1]', '', null, ''],
    ['[::1]:9000/b', 'http://[::1]:9000', '', 'b', ''],
    ['https://[2001:DB8::1]:9000', 'https://[2001:db8::1]:9000', '', null, ''],
    [
      's3://bucket/pre fix/x',
      'https://s3.amazonaws.com',
      'us-east-1',
      'bucket',
      'pre fix/x/',
    ],
    ['  "https://s3.example.com"  ', 'https://s3.example.com', '', null, ''],
    ['<https://s3.example.com>', 'https://s3.example.com', '', null, ''],
    ['--endpoint-url https://s3.example.com', 'https://s3.example.com', '', null, ''],
    [
      'https://s3.example.com/b/a%20b/c+d/',
      'https://s3.example.com',
      '',
      'b',
      'a b/c+d/',
    ],
    [
      'https://b.s3.eu-west-3.amazonaws.com/x/photo.jpg',
      'https://s3.eu-west-3.amazonaws.com',
      'eu-west-3',
      'b',
      'x/',
    ],
    [
      'https://s3.console.aws.amazon.com/s3/buckets/b?region=eu-north-1&prefix=x/y/&showversions=false',
      'https://s3.eu-north-1.amazonaws.com',
      'eu-north-1',
      'b',
      'x/y/',
    ],
    [
      'https://eu-west-1.console.aws.amazon.com/s3/buckets/b?tab=objects',
      'https://s3.eu-west-1.amazonaws.com',
      'eu-west-1',
      'b',
      '',
    ],
    [
      `https://dash.cloudflare.com/${ACCOUNT}/r2/default/buckets/b`,
      `https://${ACCOUNT}.r2.cloudflarestorage.com`,
      'auto',
      'b',
      '',
    ],
    [
      `https://dash.cloudflare.com/${ACCOUNT}/r2/eu/buckets/b`,
      `https://${ACCOUNT}.eu.r2.cloudflarestorage.com`,
      'auto',
      'b',
      '',
    ],
  ])('%s', (text, endpoint, region, bucket, path) => {
    const result = parsed(text);
    expect({
      endpoint: result.endpoint,
      region: result.region,
      bucket: result.bucket,
      path: result.path,
    }).toEqual({ endpoint, region, bucket, path });
  });

  test.each([
    ['', 'empty'],
    [' \u200b ', 'empty'],
    ['ftp://s3.example.com', 'scheme'],
    ['https://', 'host'],
    ['https://exa mple.com', 'host'],
    ['https://-bad-.com', 'host'],
    ['https://a..b.com', 'host'],
    ['https://s3.example.com:99999', 'port'],
    ['https://s3.example.com:abc', 'port'],
    ['s3.example.com:0', 'port'],
    ['https://{accountId}.r2.cloudflarestorage.com', 'placeholder'],
    ['https://portal.exoscale.com/u/me/storage', 'console-url'],
    ['https://cloud.digitalocean.com/spaces/x', 'console-url'],
    [`https://s3.example.com/${'x'.repeat(2_048)}`, 'too-long'],
  ])('%j is refused: %s', (text, reason) => {
    expect(parseEndpoint(text)).toEqual({ ok: false, reason });
  });

  test('user names and secrets in the address are refused and not repeated', () => {
    for (const text of [
      'https://AKIAEXAMPLE:very+secret/key@s3.example.com/bucket',
      's3://AKIAEXAMPLE:secret@bucket.s3.example.com',
      'AKIAEXAMPLE:secret@s3.example.com',
    ]) {
      const result = parseEndpoint(text);
      expect(result).toEqual({ ok: false, reason: 'has-credentials' });
      expect(JSON.stringify(result)).not.toContain('secret');
    }
  });
});

describe('notes', () => {
  test('tell what was taken out of the text', () => {
    expect(
      parsed('http://b.s3.us-west-2.amazonaws.com/x/y.txt?X-Amz-Signature=00').notes,
    ).toEqual([
      { kind: 'bucket-from-host', bucket: 'b' },
      { kind: 'object-name-dropped', name: 'y.txt' },
      { kind: 'path-from-url', path: 'x/' },
      { kind: 'query-dropped', signed: true },
      { kind: 'insecure' },
    ]);
  });

  test('tell which scheme was assumed', () => {
    expect(parsed('localhost:9000').notes).toEqual([
      { kind: 'scheme-assumed', secure: false },
    ]);
    expect(parsed('s3.example.com').notes).toEqual([
      { kind: 'scheme-assumed', secure: true },
    ]);
  });

  test('tell which server an s3:// path went to', () => {
    const result = parseEndpoint('s3://b', { defaultEndpoint: 'https://s3.example.com' });
    expect(result.ok && result.notes[0]).toEqual({
      kind: 'endpoint-assumed',
      endpoint: 'https://s3.example.com',
    });
  });
});

test('every provider’s own endpoints are understood, with their region', () => {
  for (const profile of PROVIDERS) {
    if (profile.regions.kind !== 'list') continue;
    for (const { id } of profile.regions.items) {
      const result = parsed(endpointFor(profile, id));
      expect([profile.id, result.region]).toEqual([profile.id, id]);
    }
  }
});

test('regions of unknown servers are not guessed', () => {
  expect(['minio.lan', 's3.example.com', '10.0.0.1'].map(inferRegion)).toEqual([
    '',
    '',
    '',
  ]);
});

test('local hosts are told from public ones', () => {
  expect(
    ['localhost', '127.0.0.1', '172.20.1.1', 'nas.local', 'minio', '[fd00::1]'].every(
      isLocalHost,
    ),
  ).toBe(true);
  expect(
    ['example.com', '172.32.0.1', '8.8.8.8', '[2001:db8::1]'].some(isLocalHost),
  ).toBe(false);
});

test('an endpoint that was understood is understood again as the same', () => {
  const host = fc.oneof(
    fc.domain(),
    fc.ipV4(),
    fc.ipV6().map((text) => `[${text}]`),
    fc.constant('localhost'),
  );
  const address = fc
    .tuple(
      fc.constantFrom('', 'http://', 'https://'),
      host,
      fc.option(fc.integer({ min: 1, max: 65_535 }), { nil: undefined }),
      fc.constantFrom('', '/', '/bucket', '/bucket/a/b/'),
    )
    .map(
      ([scheme, name, port, path]) =>
        `${scheme}${name}${port === undefined ? '' : `:${port}`}${path}`,
    );
  fc.assert(
    fc.property(address, (text) => {
      const first = parsed(text);
      const again = parsed(first.endpoint);
      expect(again.endpoint).toBe(first.endpoint);
      expect([again.host, again.port, again.secure]).toEqual([
        first.host,
        first.port,
        first.secure,
      ]);
    }),
    { numRuns: 500 },
  );
});

test('no text makes it throw', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.webUrl()), (text) => {
      expect(typeof parseEndpoint(text).ok).toBe('boolean');
    }),
    { numRuns: 500 },
  );
});
