import { S3Error } from '../errors.ts';
import type { Bucket, ObjectAttributes } from '../store/model.ts';
import { newObjectAccess } from './acl.ts';
import type { Call } from './call.ts';
import { readTagging } from './tagging.ts';

const CONTENT_HEADERS = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
  'x-amz-website-redirect-location',
] as const;

const STORAGE_CLASSES = new Set([
  'STANDARD',
  'REDUCED_REDUNDANCY',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER',
  'GLACIER_IR',
  'DEEP_ARCHIVE',
  'EXPRESS_ONEZONE',
]);

const MAX_METADATA_BYTES = 2048;

/** Headers of features of later issues; ignoring them would be a lie. */
const UNSUPPORTED_HEADERS = [/^x-amz-object-lock-/, /^x-amz-server-side-encryption-/];

/**
 * Reads what a request says about the object it makes.
 *
 * @throws S3Error `InvalidStorageClass`, `InvalidArgument`, `InvalidTag`,
 *   `MetadataTooLarge` or `NotImplemented`, or as its access is refused
 */
export function readAttributes(call: Call, bucket: Bucket): ObjectAttributes {
  const { headers } = call;
  refuseUnsupported(headers);
  const storageClass = headers['x-amz-storage-class'] ?? 'STANDARD';
  if (!STORAGE_CLASSES.has(storageClass)) {
    throw new S3Error('InvalidStorageClass', {
      details: { StorageClassRequested: storageClass },
    });
  }
  const tagging = readTagging(headers['x-amz-tagging']);
  const encryption = headers['x-amz-server-side-encryption'];
  return {
    headers: contentHeaders(headers),
    metadata: userMetadata(headers),
    storageClass,
    ...newObjectAccess(call, bucket),
    ...(tagging === undefined ? {} : { tagging }),
    ...(encryption === undefined ? {} : { encryption }),
  };
}

function refuseUnsupported(headers: Readonly<Record<string, string>>): void {
  const found = Object.keys(headers).find((name) =>
    UNSUPPORTED_HEADERS.some((pattern) => pattern.test(name)),
  );
  if (found) throw new S3Error('NotImplemented', { details: { Header: found } });
  const encryption = headers['x-amz-server-side-encryption'];
  if (encryption !== undefined && encryption !== 'AES256') {
    throw new S3Error('NotImplemented', {
      details: { Header: 'x-amz-server-side-encryption' },
    });
  }
}

function contentHeaders(
  headers: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const out: Record<string, string> = {};
  for (const name of CONTENT_HEADERS) {
    const value = headers[name];
    if (value !== undefined && value !== '') out[name] = value;
  }
  // "aws-chunked" frames the transfer; it is no part of the object.
  const encoding = (out['content-encoding'] ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '' && part !== 'aws-chunked')
    .join(',');
  if (encoding === '') delete out['content-encoding'];
  else out['content-encoding'] = encoding;
  out['content-type'] ??= 'binary/octet-stream';
  return out;
}

function userMetadata(
  headers: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const prefix = 'x-amz-meta-';
  const out: Record<string, string> = {};
  let size = 0;
  for (const [name, value] of Object.entries(headers)) {
    if (!name.startsWith(prefix)) continue;
    const short = name.slice(prefix.length);
    size += Buffer.byteLength(short) + Buffer.byteLength(value, 'latin1');
    out[short] = value;
  }
  if (size > MAX_METADATA_BYTES) {
    throw new S3Error('MetadataTooLarge', {
      details: { Size: size, MaxSizeAllowed: MAX_METADATA_BYTES },
    });
  }
  return out;
}

/** The response headers that describe an object. */
export function attributeHeaders(
  attributes: ObjectAttributes,
): Record<string, string | undefined> {
  const meta = Object.entries(attributes.metadata).map(([name, value]) => [
    `x-amz-meta-${name}`,
    value,
  ]);
  const tags = attributes.tagging === undefined ? [] : attributes.tagging.split('&');
  return {
    ...attributes.headers,
    ...Object.fromEntries(meta),
    // AWS leaves the header out for the standard class.
    'x-amz-storage-class':
      attributes.storageClass === 'STANDARD' ? undefined : attributes.storageClass,
    'x-amz-server-side-encryption': attributes.encryption,
    'x-amz-tagging-count': tags.length === 0 ? undefined : String(tags.length),
  };
}
