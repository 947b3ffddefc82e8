import { S3Error } from '../errors.ts';
import { encodeListedKey, type ListEntry, listKeys } from '../list-keys.ts';
import type { Bucket } from '../store/model.ts';
import { branch, leaf, xmlDocument } from '../xml.ts';
import {
  type Call,
  isoTime,
  queryNumber,
  queryValue,
  quoted,
  type Reply,
  requireBucket,
} from './call.ts';
import { owner } from './owner.ts';

const MAX_KEYS = 1000;

interface Listing {
  readonly bucket: Bucket;
  readonly prefix: string;
  readonly delimiter: string;
  readonly maxKeys: number;
  readonly encoding: string | undefined;
  readonly encode: (text: string) => string;
}

/** `GET /bucket` */
export function listObjects(call: Call): Reply {
  const listing = readListing(call);
  const marker = queryValue(call, 'marker') ?? '';
  const page = takePage(call, listing, marker);
  const last = page.entries.at(-1)?.name;
  return document(listing, page.entries, true, [
    leaf('Marker', listing.encode(marker)),
    // Without a delimiter the client has to go on from the last key it was given.
    page.truncated && listing.delimiter !== '' && last !== undefined
      ? leaf('NextMarker', listing.encode(last))
      : '',
    leaf('IsTruncated', page.truncated),
  ]);
}

/** `GET /bucket?list-type=2` */
export function listObjectsV2(call: Call): Reply {
  const listing = readListing(call);
  const token = queryValue(call, 'continuation-token');
  const startAfter = queryValue(call, 'start-after');
  const after = token === undefined ? (startAfter ?? '') : decodeToken(token);
  const page = takePage(call, listing, after);
  const last = page.entries.at(-1)?.name;
  const withOwner = queryValue(call, 'fetch-owner') === 'true';
  return document(listing, page.entries, withOwner, [
    leaf('KeyCount', page.entries.length),
    startAfter === undefined ? '' : leaf('StartAfter', listing.encode(startAfter)),
    leaf('ContinuationToken', token),
    page.truncated && last !== undefined
      ? leaf('NextContinuationToken', encodeToken(last))
      : '',
    leaf('IsTruncated', page.truncated),
  ]);
}

function readListing(call: Call): Listing {
  const bucket = requireBucket(call);
  const encoding = queryValue(call, 'encoding-type');
  return {
    bucket,
    prefix: queryValue(call, 'prefix') ?? '',
    delimiter: queryValue(call, 'delimiter') ?? '',
    maxKeys: Math.min(queryNumber(call, 'max-keys', MAX_KEYS, 0), MAX_KEYS),
    encoding,
    encode: readEncoding(encoding),
  };
}

/**
 * How a listing's keys are written, by its `encoding-type`.
 *
 * @throws S3Error `InvalidArgument` for anything but `url`
 */
export function readEncoding(encoding: string | undefined): (text: string) => string {
  if (encoding === undefined) return (text) => text;
  if (encoding === 'url') return encodeListedKey;
  throw new S3Error('InvalidArgument', {
    message: 'Invalid Encoding Method specified in Request',
    details: { ArgumentName: 'encoding-type', ArgumentValue: encoding },
  });
}

function takePage(call: Call, listing: Listing, after: string) {
  return listKeys(listing.bucket.keys, {
    prefix: listing.prefix,
    delimiter: listing.delimiter,
    after,
    maxEntries: Math.min(listing.maxKeys, call.limits.maxPageEntries),
  });
}

function document(
  listing: Listing,
  entries: readonly ListEntry[],
  withOwner: boolean,
  head: readonly string[],
): Reply {
  const { bucket, encode } = listing;
  return {
    status: 200,
    headers: { 'x-amz-bucket-region': bucket.start.region },
    xml: xmlDocument(
      'ListBucketResult',
      leaf('Name', bucket.start.name),
      leaf('Prefix', encode(listing.prefix)),
      ...head,
      leaf('MaxKeys', listing.maxKeys),
      listing.delimiter === '' ? '' : leaf('Delimiter', encode(listing.delimiter)),
      leaf('EncodingType', listing.encoding),
      ...entries.map((entry) =>
        entry.kind === 'prefix'
          ? branch('CommonPrefixes', leaf('Prefix', encode(entry.name)))
          : contents(listing, entry.name, withOwner),
      ),
    ),
  };
}

function contents(listing: Listing, key: string, withOwner: boolean): string {
  const { bucket, encode } = listing;
  const object = bucket.objects.get(key);
  if (!object) throw new Error(`the index of "${bucket.start.name}" is wrong`);
  return branch(
    'Contents',
    leaf('Key', encode(key)),
    leaf('LastModified', isoTime(object.modified)),
    leaf('ETag', quoted(object.etag)),
    leaf('ChecksumAlgorithm', object.checksum?.algorithm),
    leaf('ChecksumType', object.checksum?.type),
    leaf('Size', object.size),
    withOwner ? owner('Owner', object.owner ?? bucket.start.account) : '',
    leaf('StorageClass', object.storageClass),
  );
}

const TOKEN_MARK = '1';

function encodeToken(name: string): string {
  return TOKEN_MARK + Buffer.from(name, 'utf8').toString('base64');
}

function decodeToken(token: string): string {
  const bytes = Buffer.from(token.slice(1), 'base64');
  const intact =
    token.startsWith(TOKEN_MARK) &&
    token.length > 1 &&
    bytes.toString('base64') === token.slice(1);
  if (intact) return bytes.toString('utf8');
  throw new S3Error('InvalidArgument', {
    message: 'The continuation token provided is incorrect',
    details: { ArgumentName: 'continuation-token' },
  });
}
