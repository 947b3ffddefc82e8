import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULT_QUIRKS, resolveQuirks } from '../../../shared/providers/profile.ts';
import { getProviderProfile, PROVIDERS } from '../../../shared/providers/registry.ts';
import {
  chooseChecks,
  chooseUpload,
  isProof,
  mayUseTrailer,
  readStated,
  type StatedSum,
  SUM_NAMES,
} from './choose.ts';
import { applyFacts, NO_FACTS, ServerFacts } from './server-facts.ts';

const aws = resolveQuirks(getProviderProfile('aws'));
const https = { secure: true, signature: 'v4' } as const;
const http = { secure: false, signature: 'v4' } as const;
const MD5 = '5d41402abc4b2a76b9719d911017c592';

const anyFacts = fc.record<ServerFacts>({
  checksumHeaders: fc.constantFrom('unknown', 'accepted', 'refused'),
  etag: fc.constantFrom('unknown', 'md5', 'opaque'),
  multipartEtag: fc.constantFrom('unknown', 'md5', 'opaque'),
  trailers: fc.constantFrom('unknown', 'decoded', 'refused', 'stored'),
  conditionalPut: fc.constantFrom('unknown', 'honoured', 'ignored', 'refused'),
  fullObject: fc.constantFrom('unknown', 'accepted', 'refused'),
});
const anyQuirks = fc.constantFrom(...PROVIDERS).map(resolveQuirks);
const anyConditions = fc.record({
  secure: fc.boolean(),
  signature: fc.constantFrom('v4', 'v4-unsigned-payload', 'v2', 'anonymous'),
} as const);

describe('uploads', () => {
  test('Amazon gets a CRC32, of the whole for parts, behind the body over https', () => {
    expect(chooseUpload(aws, https, true)).toEqual({
      checksum: 'crc32',
      type: 'full-object',
      trailer: true,
      contentMd5: false,
      sha256: false,
    });
    expect(chooseUpload(aws, http, false)).toMatchObject({
      trailer: false,
      sha256: true,
    });
  });

  test('an unknown server gets Content-MD5 and nothing it may not know', () => {
    expect(chooseUpload(DEFAULT_QUIRKS, https, true)).toEqual({
      checksum: null,
      type: null,
      trailer: false,
      contentMd5: true,
      sha256: false,
    });
  });

  test('every upload is protected by exactly one sum of its own', () => {
    fc.assert(
      fc.property(
        anyQuirks,
        anyFacts,
        anyConditions,
        fc.boolean(),
        (quirks, facts, how, inParts) => {
          const chosen = chooseUpload(applyFacts(quirks, facts), how, inParts);
          expect(chosen.contentMd5).toBe(chosen.checksum === null);
          expect(chosen.type !== null).toBe(inParts && chosen.checksum !== null);
        },
      ),
    );
  });

  test('aws-chunked goes only to servers known to decode it, signed and over https', () => {
    fc.assert(
      fc.property(anyQuirks, anyFacts, anyConditions, (quirks, facts, how) => {
        const may = mayUseTrailer(applyFacts(quirks, facts), how);
        const known =
          facts.trailers === 'decoded' ||
          (facts.trailers === 'unknown' && quirks.trailers);
        if (may) {
          expect(known).toBe(true);
          expect(how.secure).toBe(true);
          expect(facts.checksumHeaders).not.toBe('refused');
        }
      }),
    );
    expect(PROVIDERS.filter((each) => resolveQuirks(each).trailers)).toMatchObject([
      { id: 'aws' },
    ]);
  });

  test('a server that refused checksums once is not sent any again', () => {
    fc.assert(
      fc.property(anyQuirks, anyFacts, anyConditions, (quirks, facts, how) => {
        const effective = applyFacts(quirks, { ...facts, checksumHeaders: 'refused' });
        expect(chooseUpload(effective, how, true)).toMatchObject({
          checksum: null,
          type: null,
          trailer: false,
        });
      }),
    );
  });
});

describe('downloads', () => {
  const facts = { size: 99, etag: '', encryption: null, stated: [], partSize: null };
  const quirks = applyFacts(aws, NO_FACTS);

  test('a checksum of the whole content comes before the ETag', () => {
    const stated = readStated([
      { name: 'CRC64NVME', value: 'rosUhgp5mIg=' },
      { name: 'CRC1', value: 'x' },
    ]);
    expect(chooseChecks(quirks, { ...facts, etag: MD5, stated })).toEqual([
      { kind: 'sum', name: 'crc64nvme', value: 'rosUhgp5mIg=', partSize: null },
      { kind: 'md5', value: MD5 },
    ]);
  });

  test('sums of parts are of use only where their size is known', () => {
    const stated: StatedSum[] = [{ name: 'crc32c', value: 'yZRlqg==-2' }];
    const etag = `${MD5}-2`;
    expect(chooseChecks(quirks, { ...facts, etag, stated })).toEqual([]);
    expect(chooseChecks(quirks, { ...facts, etag, stated, partSize: 50 })).toEqual([
      { kind: 'sum', name: 'crc32c', value: 'yZRlqg==-2', partSize: 50 },
      { kind: 'etag', value: etag, partSize: 50 },
    ]);
  });

  test('an ETag encrypted with a key of KMS is not taken for an MD5', () => {
    const encryption = 'aws:kms';
    expect(chooseChecks(quirks, { ...facts, etag: MD5, encryption })).toEqual([]);
  });

  test('only sums of the content itself prove it wrong', () => {
    fc.assert(
      fc.property(
        anyFacts,
        fc.array(
          fc.record({
            name: fc.constantFrom(...SUM_NAMES),
            value: fc.constantFrom('AAAAAA==', 'AAAAAA==-3'),
          }),
        ),
        fc.constantFrom('', MD5, `${MD5}-3`, 'opaque'),
        fc.option(fc.integer({ min: 1 })),
        (learnt, stated, etag, partSize) => {
          const seen = { ...facts, etag, stated, partSize };
          for (const check of chooseChecks(applyFacts(aws, learnt), seen)) {
            const ofParts = check.value.includes('-');
            expect(isProof(check)).toBe(!ofParts);
            if (ofParts) expect(partSize).not.toBeNull();
          }
        },
      ),
    );
  });
});

test('what is read back from the database is a whole record, whoever wrote it', () => {
  expect(ServerFacts.parse({})).toEqual(NO_FACTS);
  expect(ServerFacts.parse({ etag: 'opaque', later: 1 })).toEqual({
    ...NO_FACTS,
    etag: 'opaque',
  });
});
