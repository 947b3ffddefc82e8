import { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError } from '../../../shared/errors/app-error.ts';
import { decodeListed } from '../s3/decode-listed.ts';
import { bareEtag } from '../s3/etag.ts';
import { UnsupportedAnswer } from './http-reader.ts';
import { ListScanner, type ScannedPage } from './list-scanner.ts';

/** What the SDK's parser reads. */
async function readSdks(document: string): Promise<ScannedPage> {
  const client = new S3Client({
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    requestHandler: {
      handle: () =>
        Promise.resolve({
          response: { statusCode: 200, headers: {}, body: Readable.from([document]) },
        }),
    } as never,
  });
  const output = await client.send(new ListObjectsV2Command({ Bucket: 'bucket' }));
  const decode = output.EncodingType === 'url' ? decodeListed : (text: string) => text;
  const contents = output.Contents ?? [];
  return {
    prefixes: (output.CommonPrefixes ?? []).map(({ Prefix }) => decode(Prefix ?? '?')),
    keys: contents.map(({ Key }) => decode(Key ?? '?')),
    sizes: contents.map(({ Size }) => Size ?? 0),
    modified: contents.map(({ LastModified }) => LastModified?.getTime() ?? Number.NaN),
    etags: contents.map(({ ETag }) => bareEtag(ETag)),
    storageClasses: contents.map(({ StorageClass }) => StorageClass ?? 'STANDARD'),
    truncated: output.IsTruncated ?? false,
    token: output.NextContinuationToken,
    hasKeyCount: output.KeyCount !== undefined,
  };
}

/** What ours reads of the bytes in pieces of `size`. */
function readOurs(document: string, size: number): ScannedPage {
  const scanner = new ListScanner();
  const decoder = new StringDecoder('utf8');
  const bytes = Buffer.from(document);
  for (let at = 0; at < bytes.length; at += size) {
    scanner.feed(decoder.write(bytes.subarray(at, at + size)));
  }
  scanner.feed(decoder.end());
  return scanner.end();
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"'\t\n\r]/g, (character) =>
    character === '&' ? '&amp;' : `&#${character.charCodeAt(0)};`,
  );
}

/** As S3 writes keys when asked for encoding-type=url. */
function urlEncode(text: string): string {
  return encodeURIComponent(text).replaceAll('%20', '+').replaceAll('%2F', '/');
}

interface Entry {
  readonly key: string;
  readonly size: number;
  readonly time: number;
  readonly etag: string;
  readonly storageClass: string | null;
}

interface Dialect {
  readonly name: string;
  readonly prolog: string;
  readonly root: string;
  readonly between: string;
  readonly entry: (fields: Readonly<Record<string, string>>) => string;
}

const XMLNS = ' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';
const owner = '<Owner><ID>me</ID><DisplayName>Me &amp; you</DisplayName></Owner>';
const inOrder =
  (names: readonly string[], more = '') =>
  (fields: Readonly<Record<string, string>>) =>
    names.map((name) => fields[name] ?? '').join('') + more;

const dialects: readonly Dialect[] = [
  {
    name: 'Amazon',
    prolog: '<?xml version="1.0" encoding="UTF-8"?>\n',
    root: XMLNS,
    between: '',
    entry: inOrder(
      ['Key', 'LastModified', 'ETag', 'Size', 'StorageClass'],
      '<ChecksumAlgorithm>CRC64NVME</ChecksumAlgorithm><ChecksumType>FULL_OBJECT</ChecksumType>',
    ),
  },
  {
    name: 'MinIO',
    prolog: '<?xml version="1.0" encoding="UTF-8"?>\n',
    root: XMLNS,
    between: '',
    entry: inOrder(['Key', 'LastModified', 'ETag', 'Size', 'StorageClass'], owner),
  },
  {
    name: 'Ceph',
    prolog: '<?xml version="1.0" encoding="UTF-8"?>',
    root: XMLNS,
    between: '',
    entry: (fields) =>
      inOrder(['Key', 'LastModified', 'ETag', 'Size', 'StorageClass'])(fields) +
      `${owner}<Type>Normal</Type>`,
  },
  {
    name: 'R2',
    prolog: '<?xml version="1.0" encoding="UTF-8"?>',
    root: XMLNS,
    between: '',
    entry: inOrder(['Key', 'Size', 'LastModified', 'ETag', 'StorageClass']),
  },
  {
    name: 'B2, with line ends',
    prolog: '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n',
    root: XMLNS,
    between: '\n    ',
    entry: inOrder(['ETag', 'Key', 'LastModified', 'Size', 'StorageClass']),
  },
];

function compose(
  dialect: Dialect,
  entries: readonly Entry[],
  prefixes: readonly string[],
  encoded: boolean,
  token: string | null,
): string {
  const name = (text: string) => escapeXml(encoded ? urlEncode(text) : text);
  const contents = entries.map((entry) => {
    const fields = {
      Key: `<Key>${name(entry.key)}</Key>`,
      LastModified: `<LastModified>${new Date(entry.time).toISOString()}</LastModified>`,
      ETag: `<ETag>&quot;${entry.etag}&quot;</ETag>`,
      Size: `<Size>${entry.size}</Size>`,
      StorageClass:
        entry.storageClass === null
          ? ''
          : `<StorageClass>${entry.storageClass}</StorageClass>`,
    };
    return `<Contents>${dialect.entry(fields)}</Contents>`;
  });
  return (
    `${dialect.prolog}<ListBucketResult${dialect.root}>` +
    [
      '<Name>bucket</Name>',
      '<Prefix></Prefix>',
      `<KeyCount>${entries.length}</KeyCount>`,
      '<MaxKeys>1000</MaxKeys>',
      '<Delimiter>/</Delimiter>',
      `<IsTruncated>${token !== null}</IsTruncated>`,
      ...(token === null
        ? []
        : [`<NextContinuationToken>${escapeXml(token)}</NextContinuationToken>`]),
      ...contents,
      ...prefixes.map(
        (prefix) => `<CommonPrefixes><Prefix>${name(prefix)}</Prefix></CommonPrefixes>`,
      ),
      ...(encoded ? ['<EncodingType>url</EncodingType>'] : []),
    ].join(dialect.between) +
    '</ListBucketResult>'
  );
}

/** A place in a text, from 0 up to 1, all as likely: doubles crowd around 0. */
const share = fc.nat(9_999).map((n) => n / 10_000);
/** Keys as XML can carry them; blanks alone are for the real parser. */
const key = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
  .filter((text) => text.trim() !== '' && text.isWellFormed() && !hasControls(text));
const entry = fc.record({
  key,
  size: fc.nat(),
  time: fc.integer({ min: 0, max: 4_000_000_000_000 }),
  etag: fc.stringMatching(/^[0-9a-f]{32}(-[1-9]\d{0,3})?$/),
  storageClass: fc.constantFrom('STANDARD', 'GLACIER', null),
});

function hasControls(text: string): boolean {
  // oxlint-disable-next-line no-control-regex -- control characters are the point
  return /[\0-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]/.test(text);
}

describe('listings', () => {
  test('are what the SDK reads, in every dialect, cut anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...dialects),
        fc.array(entry, { maxLength: 6 }),
        fc.array(key, { maxLength: 3 }),
        fc.boolean(),
        fc.option(fc.stringMatching(/^[!-~]{1,20}$/)),
        fc.integer({ min: 1, max: 400 }),
        async (dialect, entries, prefixes, encoded, token, size) => {
          const document = compose(dialect, entries, prefixes, encoded, token);
          expect(readOurs(document, size)).toEqual(await readSdks(document));
        },
      ),
      { numRuns: 300 },
    );
  });

  test('spoilt ones are refused, or read as the SDK reads them', async () => {
    // No blanks: where one stands between elements, the SDK drops the whole entry.
    const spoil = fc.array(
      fc.tuple(
        share,
        fc.constantFrom('<', '>', '/', '&', ';', '"', '\r', '\n', '!', '<!--', ']]>'),
        fc.nat(3),
      ),
      { minLength: 1, maxLength: 2 },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...dialects),
        fc.array(entry, { minLength: 1, maxLength: 2 }),
        spoil,
        async (dialect, entries, changes) => {
          let document = compose(dialect, entries, ['p/'], false, null);
          for (const [part, text, drop] of changes) {
            const at = Math.floor(part * document.length);
            document = document.slice(0, at) + text + document.slice(at + drop);
          }
          let ours: ScannedPage;
          try {
            ours = readOurs(document, 50);
          } catch (error) {
            const refused =
              error instanceof UnsupportedAnswer || error instanceof AppError;
            expect(refused).toBe(true);
            return;
          }
          expect(ours).toEqual(await readSdks(document));
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test.each([
    ['an error', '<Error><Code>SlowDown</Code></Error>'],
    ['a document type', '<!DOCTYPE x><ListBucketResult></ListBucketResult>'],
    ['CDATA', '<ListBucketResult><Name><![CDATA[x]]></Name></ListBucketResult>'],
    [
      'an unknown entity',
      '<ListBucketResult><Contents><Key>&what;</Key></Contents></ListBucketResult>',
    ],
    ['nothing', ''],
    ['half a page', '<ListBucketResult><Name>b</Name>'],
    ['two keys', '<ListBucketResult><Contents><Key>a</Key><Key>b</Key></Contents>'],
  ])('%s is for the real parser', (_what, document) => {
    expect(() => readOurs(document, 1_000)).toThrow(UnsupportedAnswer);
  });
});
