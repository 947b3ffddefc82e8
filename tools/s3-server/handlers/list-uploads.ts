import { listKeys } from '../list-keys.ts';
import type { Bucket, Upload } from '../store/model.ts';
import { compareKeys, SortedKeys } from '../store/sorted-keys.ts';
import { branch, leaf, xmlDocument } from '../xml.ts';
import {
  type Call,
  isoTime,
  queryNumber,
  queryValue,
  quoted,
  type Reply,
  requireBucket,
  requireKey,
} from './call.ts';
import { readEncoding } from './list-objects.ts';
import { requireUpload } from './multipart.ts';
import { owner } from './owner.ts';

const MAX_ENTRIES = 1000;

/** `GET /bucket/key?uploadId=` */
export function listParts(call: Call): Reply {
  const key = requireKey(call);
  const bucket = requireBucket(call);
  const upload = requireUpload(call, bucket);
  const marker = queryNumber(call, 'part-number-marker', 0, 0);
  const maxParts = Math.min(queryNumber(call, 'max-parts', MAX_ENTRIES, 0), MAX_ENTRIES);
  const rest = [...upload.parts.values()]
    .filter(({ number }) => number > marker)
    .sort((a, b) => a.number - b.number);
  const page = rest.slice(0, Math.min(maxParts, call.limits.maxPageEntries));
  const { algorithm, checksumType } = upload.start;
  const encode = readEncoding(queryValue(call, 'encoding-type'));
  return {
    status: 200,
    xml: xmlDocument(
      'ListPartsResult',
      leaf('Bucket', bucket.start.name),
      leaf('Key', encode(key)),
      leaf('UploadId', upload.start.id),
      owner('Initiator', upload.start.initiator),
      owner('Owner', bucket.start.account),
      leaf('StorageClass', upload.start.storageClass),
      leaf('PartNumberMarker', marker),
      leaf('NextPartNumberMarker', page.at(-1)?.number ?? 0),
      leaf('MaxParts', maxParts),
      leaf('IsTruncated', page.length > 0 && page.length < rest.length),
      leaf('ChecksumAlgorithm', algorithm),
      leaf('ChecksumType', checksumType),
      ...page.map((part) =>
        branch(
          'Part',
          leaf('PartNumber', part.number),
          leaf('LastModified', isoTime(part.modified)),
          leaf('ETag', quoted(part.etag)),
          leaf('Size', part.size),
          algorithm ? leaf(`Checksum${algorithm}`, part.checksum) : '',
        ),
      ),
    ),
  };
}

interface UploadPage {
  readonly uploads: readonly Upload[];
  readonly prefixes: readonly string[];
  readonly truncated: boolean;
  readonly nextKey: string;
  readonly nextId: string;
}

/** `GET /bucket?uploads` */
export function listMultipartUploads(call: Call): Reply {
  const bucket = requireBucket(call);
  const prefix = queryValue(call, 'prefix') ?? '';
  const delimiter = queryValue(call, 'delimiter') ?? '';
  const keyMarker = queryValue(call, 'key-marker') ?? '';
  const idMarker = queryValue(call, 'upload-id-marker') ?? '';
  const maxUploads = Math.min(
    queryNumber(call, 'max-uploads', MAX_ENTRIES, 1),
    MAX_ENTRIES,
  );
  const encoding = queryValue(call, 'encoding-type');
  const encode = readEncoding(encoding);
  const page = takePage(bucket, {
    prefix,
    delimiter,
    keyMarker,
    idMarker,
    maxEntries: Math.min(maxUploads, call.limits.maxPageEntries),
  });
  return {
    status: 200,
    xml: xmlDocument(
      'ListMultipartUploadsResult',
      leaf('Bucket', bucket.start.name),
      leaf('KeyMarker', encode(keyMarker)),
      leaf('UploadIdMarker', idMarker),
      page.truncated ? leaf('NextKeyMarker', encode(page.nextKey)) : '',
      page.truncated ? leaf('NextUploadIdMarker', page.nextId) : '',
      leaf('Prefix', encode(prefix)),
      delimiter === '' ? '' : leaf('Delimiter', encode(delimiter)),
      leaf('MaxUploads', maxUploads),
      leaf('EncodingType', encoding),
      leaf('IsTruncated', page.truncated),
      ...page.uploads.map(({ start }) =>
        branch(
          'Upload',
          leaf('Key', encode(start.key)),
          leaf('UploadId', start.id),
          owner('Initiator', start.initiator),
          owner('Owner', bucket.start.account),
          leaf('StorageClass', start.storageClass),
          leaf('Initiated', isoTime(start.started)),
          leaf('ChecksumAlgorithm', start.algorithm),
          leaf('ChecksumType', start.checksumType),
        ),
      ),
      ...page.prefixes.map((name) =>
        branch('CommonPrefixes', leaf('Prefix', encode(name))),
      ),
    ),
  };
}

interface UploadQuery {
  readonly prefix: string;
  readonly delimiter: string;
  readonly keyMarker: string;
  readonly idMarker: string;
  readonly maxEntries: number;
}

function takePage(bucket: Bucket, query: UploadQuery): UploadPage {
  const byKey = Map.groupBy(bucket.uploads.values(), ({ start }) => start.key);
  const keys = new SortedKeys();
  keys.insertMany([...byKey.keys()]);
  const uploads: Upload[] = [];
  const prefixes: string[] = [];
  const { maxEntries } = query;
  let next = { key: '', id: '' };
  const room = () => uploads.length + prefixes.length < maxEntries;
  const page = (truncated: boolean): UploadPage => ({
    uploads,
    prefixes,
    truncated,
    nextKey: next.key,
    nextId: next.id,
  });
  // An upload-id-marker goes on within its key.
  const within = query.idMarker === '' ? [] : (byKey.get(query.keyMarker) ?? []);
  for (const upload of inOrder(within)) {
    if (upload.start.id <= query.idMarker) continue;
    if (!room()) return page(true);
    uploads.push(upload);
    next = { key: upload.start.key, id: upload.start.id };
  }
  // One entry more than fits tells whether something is left.
  const listed = listKeys(keys, {
    prefix: query.prefix,
    delimiter: query.delimiter,
    after: query.keyMarker,
    maxEntries: maxEntries + 1,
  });
  for (const entry of listed.entries) {
    if (entry.kind === 'prefix') {
      if (!room()) return page(true);
      prefixes.push(entry.name);
      next = { key: entry.name, id: '' };
      continue;
    }
    for (const upload of inOrder(byKey.get(entry.name) ?? [])) {
      if (!room()) return page(true);
      uploads.push(upload);
      next = { key: entry.name, id: upload.start.id };
    }
  }
  return page(false);
}

function inOrder(uploads: readonly Upload[]): Upload[] {
  return [...uploads].sort((a, b) => compareKeys(a.start.id, b.start.id));
}
