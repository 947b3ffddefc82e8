import { checksumHeader } from '../auth/checksums.ts';
import { S3Error } from '../errors.ts';
import { sliceContent } from '../store/content.ts';
import type { StoredObject } from '../store/model.ts';
import { attributeHeaders } from './attributes.ts';
import {
  type Call,
  queryValue,
  quoted,
  type Reply,
  requireBucket,
  requireKey,
  requireObject,
} from './call.ts';
import { judgeRead, preconditionFailed, readConditions } from './conditions.ts';

const OVERRIDES = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
] as const;

/** A run of an object's bytes: `[start, end)`. */
interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** `GET /bucket/key` and `HEAD /bucket/key` */
export function readObject(call: Call): Reply {
  const key = requireKey(call);
  const bucket = requireBucket(call);
  const object = requireObject(call, bucket, key);
  const verdict = judgeRead(readConditions(call.headers), object);
  if (verdict.kind === 'failed') throw preconditionFailed(verdict.condition);
  const identity = {
    etag: quoted(object.etag),
    'last-modified': new Date(object.modified).toUTCString(),
  };
  if (verdict.kind === 'notModified') return { status: 304, headers: identity };
  if (call.operation === 'GetObject') requireNotArchived(object);
  const part = partRange(call, object);
  const range = part ?? byteRange(call.headers['range'], object.size);
  const { start, end } = range ?? { start: 0, end: object.size };
  const headers = {
    ...attributeHeaders(object),
    ...identity,
    ...checksumHeaders(call, object, range),
    ...overrides(call),
    'accept-ranges': 'bytes',
    'content-length': String(end - start),
    'content-range': range && `bytes ${start}-${end - 1}/${object.size}`,
    'x-amz-mp-parts-count':
      part && object.parts ? String(object.parts.length) : undefined,
  };
  const status = range ? 206 : 200;
  if (call.operation === 'HeadObject') return { status, headers };
  const slices = sliceContent(object.content, start, end);
  call.store.contents.retain(slices);
  return { status, headers, content: { slices, length: end - start } };
}

/**
 * Reads a Range header; undefined means the whole object. A header that is malformed or
 * asks for several ranges is ignored, as AWS does.
 *
 * @throws S3Error `InvalidRange` when no byte of it exists
 */
function byteRange(header: string | undefined, size: number): ByteRange | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  const [, first = '', last = ''] = match ?? [];
  if (!match || (first === '' && last === '')) return undefined;
  if (first === '') {
    const count = Number(last);
    if (count === 0 || size === 0) throw unsatisfiable(header, size);
    return { start: Math.max(0, size - count), end: size };
  }
  const start = Number(first);
  if (last !== '' && Number(last) < start) return undefined;
  if (start >= size) throw unsatisfiable(header, size);
  return { start, end: last === '' ? size : Math.min(size, Number(last) + 1) };
}

function unsatisfiable(header: string | undefined, size: number): S3Error {
  return new S3Error('InvalidRange', {
    details: { RangeRequested: header ?? '', ActualObjectSize: size },
    headers: { 'content-range': `bytes */${size}` },
  });
}

function partRange(call: Call, object: StoredObject): ByteRange | undefined {
  const text = queryValue(call, 'partNumber');
  if (text === undefined) return undefined;
  if (call.headers['range'] !== undefined) {
    throw new S3Error('InvalidRequest', {
      message: 'Cannot specify both Range header and partNumber query parameter',
    });
  }
  const number = Number(text);
  if (!/^\d{1,5}$/.test(text) || number < 1 || number > 10_000) {
    throw new S3Error('InvalidArgument', {
      message: 'Part number must be an integer between 1 and 10000, inclusive',
      details: { ArgumentName: 'partNumber', ArgumentValue: text },
    });
  }
  const parts = object.parts ?? [{ number: 1, size: object.size }];
  const sized = parts[number - 1];
  if (!sized) {
    throw new S3Error('InvalidPartNumber', {
      details: { PartNumberRequested: number, ActualPartCount: parts.length },
    });
  }
  const start = parts.slice(0, number - 1).reduce((total, { size }) => total + size, 0);
  // An empty object has one part and no range to speak of.
  return object.size === 0 ? undefined : { start, end: start + sized.size };
}

function checksumHeaders(
  call: Call,
  object: StoredObject,
  range: ByteRange | undefined,
): Record<string, string> {
  const { checksum } = object;
  const whole = !range || (range.start === 0 && range.end === object.size);
  if (!checksum || !whole || call.headers['x-amz-checksum-mode'] !== 'ENABLED') return {};
  return {
    [checksumHeader(checksum.algorithm)]: checksum.value,
    'x-amz-checksum-type': checksum.type,
  };
}

function overrides(call: Call): Record<string, string> {
  const out: Record<string, string> = {};
  for (const name of OVERRIDES) {
    const value = queryValue(call, `response-${name}`);
    if (value !== undefined) out[name] = value;
  }
  if (Object.keys(out).length > 0 && !call.user) {
    throw new S3Error('InvalidRequest', {
      message:
        'Request specific response headers cannot be used for anonymous GET requests.',
    });
  }
  return out;
}

/**
 * @throws S3Error `InvalidObjectState`: its bytes cannot be read, nor copied, until it is
 *   restored
 */
export function requireNotArchived({ storageClass }: StoredObject): void {
  if (storageClass === 'GLACIER' || storageClass === 'DEEP_ARCHIVE') {
    throw new S3Error('InvalidObjectState', { details: { StorageClass: storageClass } });
  }
}
