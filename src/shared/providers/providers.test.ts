import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { DEFAULT_QUIRKS, resolveQuirks } from './profile.ts';
import { defaultRegion, endpointFor, getProviderProfile, PROVIDERS } from './registry.ts';

const Profile = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/),
  name: z.string().min(1),
  endpoint: z.union([z.literal(''), z.string().regex(/^https?:\/\/[^/]+$/)]),
  fields: z.array(
    z.strictObject({
      id: z.string().regex(/^\w+$/),
      label: z.string().min(1),
      help: z.string().endsWith('.'),
    }),
  ),
  regions: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('list'),
      items: z
        .array(
          z.strictObject({
            id: z.string().regex(/^[a-z0-9-]+$/),
            name: z.string().min(1),
            endpoint: z.url().optional(),
          }),
        )
        .min(1),
    }),
    z.strictObject({ kind: z.literal('fixed'), value: z.string().min(1) }),
    z.strictObject({ kind: z.literal('free'), value: z.string().min(1) }),
  ]),
  help: z.string().min(20).max(140).endsWith('.'),
  helpUrl: z.union([z.literal(''), z.url({ protocol: /^https$/ })]),
  warning: z.string().endsWith('.').optional(),
  quirks: z.strictObject({
    addressing: z.enum(['path', 'virtual-host']).optional(),
    checksums: z.enum(['when-supported', 'when-required']).optional(),
    etag: z.enum(['md5', 'opaque']).optional(),
    listVersion: z.union([z.literal(1), z.literal(2)]).optional(),
    urlEncodeListings: z.boolean().optional(),
    multiDelete: z.enum(['checksum', 'md5']).optional(),
    maxParts: z.int().positive().max(10_000).optional(),
    minPartSizeMiB: z.int().min(5).optional(),
    maxObjectGiB: z.int().positive().max(50_000).optional(),
    signature: z.enum(['v4', 'v2']).optional(),
    conditionalPut: z.boolean().optional(),
    quotedIfMatch: z.boolean().optional(),
    equalParts: z.boolean().optional(),
    trailers: z.boolean().optional(),
    fullObjectChecksums: z.boolean().optional(),
  }),
});

describe.each(PROVIDERS.map((profile) => [profile.id, profile] as const))(
  '%s',
  (_, profile) => {
    test('is well-formed', () => {
      expect(Profile.parse(profile)).toEqual(profile);
    });

    test('names each region once', () => {
      if (profile.regions.kind !== 'list') return;
      const ids = profile.regions.items.map((item) => item.id);
      expect(new Set(ids).size).toBe(ids.length);
    });

    test('has a field for every name in its endpoint', () => {
      const names = [...profile.endpoint.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      expect(names.filter((name) => name !== 'region')).toEqual(
        profile.fields.map((field) => field.id),
      );
    });

    test('has every quirk after resolution', () => {
      expect(Object.keys(resolveQuirks(profile)).sort()).toEqual(
        Object.keys(DEFAULT_QUIRKS).sort(),
      );
    });
  },
);

test('ids are unique and the generic profile comes last', () => {
  const ids = PROVIDERS.map((profile) => profile.id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.at(-1)).toBe('generic');
});

test('an unknown id gets the generic profile', () => {
  expect(getProviderProfile('gone').id).toBe('generic');
});

describe('endpoints', () => {
  test('are made from region and fields', () => {
    const account = { accountId: 'abc123' };
    expect(endpointFor(getProviderProfile('exoscale'), 'de-fra-1')).toBe(
      'https://sos-de-fra-1.exo.io',
    );
    expect(endpointFor(getProviderProfile('cloudflare-r2'), 'auto', account)).toBe(
      'https://abc123.r2.cloudflarestorage.com',
    );
    expect(endpointFor(getProviderProfile('aws'), 'cn-north-1')).toBe(
      'https://s3.cn-north-1.amazonaws.com.cn',
    );
    expect(endpointFor(getProviderProfile('minio'), '')).toBe('http://localhost:9000');
  });

  test('stay empty while something is missing or would change the host', () => {
    const r2 = getProviderProfile('cloudflare-r2');
    expect(endpointFor(r2, 'auto')).toBe('');
    expect(endpointFor(r2, 'auto', { accountId: 'evil.example/' })).toBe('');
    expect(endpointFor(getProviderProfile('generic'), 'us-east-1')).toBe('');
  });

  test('start in the first region', () => {
    expect(PROVIDERS.map(defaultRegion)).not.toContain('');
  });
});
