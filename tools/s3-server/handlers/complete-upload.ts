import { createHash } from 'node:crypto';
import {
  CHECKSUM_ALGORITHMS,
  type ChecksumAlgorithm,
  checksumHeader,
  createChecksum,
  type ObjectChecksum,
} from '../auth/checksums.ts';
import { CRC_KINDS, combineCrc } from '../auth/crc.ts';
import { S3Error } from '../errors.ts';
import type { Upload, UploadedPart } from '../store/model.ts';
import { childText, leaf, readXml, type XmlNode, xmlDocument } from '../xml.ts';
import {
  type Call,
  quoted,
  type Reply,
  requireBucket,
  requireKey,
  wholeSeconds,
} from './call.ts';
import { requireWriteConditions } from './conditions.ts';
import { checksumOfHeaders, requireUpload } from './multipart.ts';

const MAX_DOCUMENT_BYTES = 4 * 1024 * 1024;
const MAX_PARTS = 10_000;

interface NamedPart {
  readonly number: number;
  readonly etag: string;
  readonly checksums: ReadonlyMap<ChecksumAlgorithm, string>;
}

/** `POST /bucket/key?uploadId=` */
export async function completeMultipartUpload(call: Call): Promise<Reply> {
  const key = requireKey(call);
  requireUpload(call, requireBucket(call));
  const text = await call.body.text(MAX_DOCUMENT_BYTES, { bodyChecksum: false });
  const named = readParts(text);
  const bucket = requireBucket(call);
  const upload = requireUpload(call, bucket);
  const parts = chooseParts(call, upload, named);
  const size = parts.reduce((total, part) => total + part.size, 0);
  requireSize(call, size);
  const checksum = joinChecksums(upload, parts);
  requireChecksum(call, checksum);
  requireWriteConditions(call.headers, bucket.objects.get(key));
  const etag = joinEtags(parts);
  const { start } = upload;
  call.store.commit({
    op: 'endUpload',
    bucket: bucket.start.name,
    uploadId: start.id,
    object: {
      headers: start.headers,
      metadata: start.metadata,
      storageClass: start.storageClass,
      ...(start.acl === undefined ? {} : { acl: start.acl }),
      ...(start.grants === undefined ? {} : { grants: start.grants }),
      ...(start.owner === undefined ? {} : { owner: start.owner }),
      ...(start.tagging === undefined ? {} : { tagging: start.tagging }),
      ...(start.encryption === undefined ? {} : { encryption: start.encryption }),
      key,
      size,
      modified: wholeSeconds(call.now),
      etag,
      content: parts.flatMap((part) => part.content),
      ...(checksum && { checksum }),
      parts: parts.map((part) => ({
        number: part.number,
        size: part.size,
        ...(part.checksum === undefined ? {} : { checksum: part.checksum }),
      })),
    },
  });
  return {
    status: 200,
    xml: xmlDocument(
      'CompleteMultipartUploadResult',
      leaf('Location', `/${bucket.start.name}/${key}`),
      leaf('Bucket', bucket.start.name),
      leaf('Key', key),
      leaf('ETag', quoted(etag)),
      checksum ? leaf(`Checksum${checksum.algorithm}`, checksum.value) : '',
      leaf('ChecksumType', checksum?.type),
    ),
  };
}

function readParts(text: string): readonly NamedPart[] {
  const root = readXml(text);
  const parts = root.children.map(readPart);
  if (
    root.name !== 'CompleteMultipartUpload' ||
    parts.length === 0 ||
    parts.length > MAX_PARTS
  ) {
    throw new S3Error('MalformedXML');
  }
  return parts;
}

function readPart(node: XmlNode): NamedPart {
  const number = childText(node, 'PartNumber')?.trim() ?? '';
  const etag = childText(node, 'ETag')?.trim();
  if (node.name !== 'Part' || !/^\d{1,9}$/.test(number) || etag === undefined) {
    throw new S3Error('MalformedXML');
  }
  const checksums = new Map<ChecksumAlgorithm, string>();
  for (const algorithm of CHECKSUM_ALGORITHMS) {
    const value = childText(node, `Checksum${algorithm}`);
    if (value !== undefined) checksums.set(algorithm, value.trim());
  }
  return { number: Number(number), etag: etag.replace(/^"(.*)"$/, '$1'), checksums };
}

function chooseParts(
  call: Call,
  upload: Upload,
  named: readonly NamedPart[],
): readonly UploadedPart[] {
  let previous = 0;
  for (const { number } of named) {
    if (number <= previous) throw new S3Error('InvalidPartOrder');
    previous = number;
  }
  const parts = named.map((name) => requirePart(upload, name));
  parts.slice(0, -1).forEach((part) => {
    if (part.size >= call.limits.minPartBytes) return;
    throw new S3Error('EntityTooSmall', {
      details: {
        ProposedSize: part.size,
        MinSizeAllowed: call.limits.minPartBytes,
        PartNumber: part.number,
        ETag: part.etag,
      },
    });
  });
  return parts;
}

function requirePart(upload: Upload, named: NamedPart): UploadedPart {
  const part = upload.parts.get(named.number);
  const { algorithm, checksumType, id } = upload.start;
  const wrong =
    algorithm !== undefined &&
    [...named.checksums].some(
      ([name, value]) => name !== algorithm || value !== part?.checksum,
    );
  if (!part || part.etag !== named.etag || wrong) {
    throw new S3Error('InvalidPart', {
      details: { UploadId: id, PartNumber: named.number, ETag: named.etag },
    });
  }
  if (algorithm && checksumType === 'COMPOSITE' && !named.checksums.has(algorithm)) {
    throw new S3Error('InvalidRequest', {
      message: `The upload was created using a ${algorithm.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${named.number} in the request.`,
    });
  }
  return part;
}

/** The ETag of a multipart object: MD5 over the parts' MD5s, and their number. */
function joinEtags(parts: readonly UploadedPart[]): string {
  const hash = createHash('md5');
  for (const part of parts) hash.update(Buffer.from(part.etag, 'hex'));
  return `${hash.digest('hex')}-${parts.length}`;
}

function joinChecksums(
  { start: { algorithm, checksumType } }: Upload,
  parts: readonly UploadedPart[],
): ObjectChecksum | undefined {
  if (!algorithm || !checksumType) return undefined;
  const values = parts.map((part) => Buffer.from(part.checksum ?? '', 'base64'));
  if (checksumType === 'COMPOSITE') {
    const all = createChecksum(algorithm);
    for (const value of values) all.update(value);
    const value = `${all.digest().toString('base64')}-${parts.length}`;
    return { algorithm, value, type: checksumType };
  }
  if (algorithm === 'SHA1' || algorithm === 'SHA256') return undefined;
  const kind = CRC_KINDS[algorithm];
  let joined = createChecksum(algorithm).digest();
  for (const [index, part] of parts.entries()) {
    joined = combineCrc(kind, joined, values[index] ?? Buffer.alloc(0), part.size);
  }
  return { algorithm, value: joined.toString('base64'), type: checksumType };
}

function requireSize(call: Call, size: number): void {
  const expected = call.headers['x-amz-mp-object-size'];
  if (expected === undefined || expected === String(size)) return;
  throw new S3Error('InvalidRequest', {
    message: `The provided 'x-amz-mp-object-size' header value ${expected} does not match what was computed: ${size}`,
  });
}

function requireChecksum(call: Call, checksum: ObjectChecksum | undefined): void {
  const sent = checksumOfHeaders(call.headers);
  if (!sent) return;
  if (sent.algorithm !== checksum?.algorithm) {
    throw new S3Error('InvalidRequest', {
      message: `Value for ${checksumHeader(sent.algorithm)} header is invalid.`,
    });
  }
  if (sent.value === checksum.value) return;
  throw new S3Error('BadDigest', {
    message: `The ${sent.algorithm.toLowerCase()} you specified did not match what we received.`,
  });
}
