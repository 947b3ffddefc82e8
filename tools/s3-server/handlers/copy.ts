import { createHash } from 'node:crypto';
import {
  type ChecksumAlgorithm,
  createChecksum,
  type ObjectChecksum,
  parseAlgorithm,
} from '../auth/checksums.ts';
import { S3Error } from '../errors.ts';
import { percentDecode } from '../request-target.ts';
import { type Content, sliceContent } from '../store/content.ts';
import type { ObjectAttributes, StoredObject } from '../store/model.ts';
import { leaf, xmlDocument } from '../xml.ts';
import { readAttributes } from './attributes.ts';
import { authorizeSource } from './authorize.ts';
import {
  type Call,
  isoTime,
  quoted,
  type Reply,
  requireBucket,
  requireKey,
  requireObject,
  wholeSeconds,
} from './call.ts';
import {
  judgeRead,
  preconditionFailed,
  readConditions,
  requireWriteConditions,
} from './conditions.ts';
import { commitPart, requirePartNumber, requireUpload } from './multipart.ts';
import { requireNotArchived } from './read-object.ts';

const MAX_COPY_BYTES = 5 * 1024 ** 3;

interface CopySource {
  readonly bucket: string;
  readonly key: string;
  readonly object: StoredObject;
}

/** `PUT /bucket/key` with `x-amz-copy-source` */
export async function copyObject(call: Call): Promise<Reply> {
  const source = requireSource(call);
  return holding(call, source.object.content, () => copyFrom(call, source));
}

/** Keeps shared content alive while it is read, even if its object goes meanwhile. */
async function holding(
  call: Call,
  content: Content,
  work: () => Promise<Reply>,
): Promise<Reply> {
  call.store.contents.retain(content);
  try {
    return await work();
  } finally {
    call.store.contents.release(content);
  }
}

async function copyFrom(call: Call, source: CopySource): Promise<Reply> {
  const key = requireKey(call);
  const bucket = requireBucket(call);
  if (source.object.size > MAX_COPY_BYTES) {
    throw new S3Error('InvalidRequest', {
      message: `The specified copy source is larger than the maximum allowable size for a copy source: ${MAX_COPY_BYTES}`,
    });
  }
  const attributes = copiedAttributes(call, source, key);
  requireWriteConditions(call.headers, bucket.objects.get(key));
  const requested = call.headers['x-amz-checksum-algorithm'];
  const algorithm =
    requested === undefined
      ? source.object.checksum?.algorithm
      : parseAlgorithm(requested);
  const { content } = source.object;
  const { md5, checksum } = await digest(call, content, algorithm);
  requireWriteConditions(call.headers, requireBucket(call).objects.get(key));
  const modified = wholeSeconds(call.now);
  call.store.commit({
    op: 'put',
    bucket: bucket.start.name,
    object: {
      ...attributes,
      key,
      size: source.object.size,
      modified,
      etag: md5,
      content,
      ...(checksum && { checksum }),
    },
  });
  return {
    status: 200,
    headers: { 'x-amz-server-side-encryption': attributes.encryption },
    xml: xmlDocument(
      'CopyObjectResult',
      leaf('LastModified', isoTime(modified)),
      leaf('ETag', quoted(md5)),
      checksum ? leaf(`Checksum${checksum.algorithm}`, checksum.value) : '',
      leaf('ChecksumType', checksum?.type),
    ),
  };
}

function copiedAttributes(
  call: Call,
  { bucket, key: sourceKey, object }: CopySource,
  key: string,
): ObjectAttributes {
  const directive = call.headers['x-amz-metadata-directive'] ?? 'COPY';
  if (directive !== 'COPY' && directive !== 'REPLACE') {
    throw new S3Error('InvalidArgument', {
      message: 'Unknown metadata directive.',
      details: {
        ArgumentName: 'x-amz-metadata-directive',
        ArgumentValue: directive,
      },
    });
  }
  const sent = readAttributes(call, requireBucket(call));
  const changes = ['x-amz-storage-class', 'x-amz-server-side-encryption'].some(
    (name) => call.headers[name] !== undefined,
  );
  const toItself = bucket === call.target.bucket && sourceKey === key;
  if (toItself && directive === 'COPY' && !changes) {
    throw new S3Error('InvalidRequest', {
      message:
        "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    });
  }
  const { tagging: sentTags, ...rest } = sent;
  const tagging = replacesTags(call) ? sentTags : object.tagging;
  const tags = tagging === undefined ? {} : { tagging };
  if (directive === 'REPLACE') return { ...rest, ...tags };
  const { headers, metadata } = object;
  return { ...rest, headers, metadata, ...tags };
}

function replacesTags(call: Call): boolean {
  const directive = call.headers['x-amz-tagging-directive'] ?? 'COPY';
  if (directive === 'COPY' || directive === 'REPLACE') return directive === 'REPLACE';
  throw new S3Error('InvalidArgument', {
    message: 'Unknown tagging directive.',
    details: {
      ArgumentName: 'x-amz-tagging-directive',
      ArgumentValue: directive,
    },
  });
}

/** `PUT /bucket/key?partNumber=&uploadId=` with `x-amz-copy-source` */
export async function uploadPartCopy(call: Call): Promise<Reply> {
  const upload = requireUpload(call, requireBucket(call));
  const number = requirePartNumber(call);
  const source = requireSource(call);
  const { size } = source.object;
  const { start, end } = copyRange(call.headers['x-amz-copy-source-range'], size);
  if (end - start > call.limits.maxPutBytes) {
    throw new S3Error('EntityTooLarge', {
      details: { ProposedSize: end - start, MaxSizeAllowed: call.limits.maxPutBytes },
    });
  }
  const content = sliceContent(source.object.content, start, end);
  return holding(call, content, async () => {
    const { md5, checksum } = await digest(call, content, upload.start.algorithm);
    const modified = wholeSeconds(call.now);
    commitPart(call, {
      number,
      size: end - start,
      etag: md5,
      modified,
      content,
      ...(checksum && { checksum: checksum.value }),
    });
    return {
      status: 200,
      xml: xmlDocument(
        'CopyPartResult',
        leaf('LastModified', isoTime(modified)),
        leaf('ETag', quoted(md5)),
        checksum ? leaf(`Checksum${checksum.algorithm}`, checksum.value) : '',
      ),
    };
  });
}

function copyRange(
  header: string | undefined,
  size: number,
): { readonly start: number; readonly end: number } {
  if (header === undefined) return { start: 0, end: size };
  const match = /^bytes=(\d{1,15})-(\d{1,15})$/.exec(header);
  const start = Number(match?.[1]);
  const last = Number(match?.[2]);
  if (!match || last < start) {
    throw new S3Error('InvalidArgument', {
      message:
        'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy',
      details: { ArgumentName: 'x-amz-copy-source-range', ArgumentValue: header },
    });
  }
  if (last >= size) {
    throw new S3Error('InvalidArgument', {
      message: `Range specified is not valid for source object of size: ${size}`,
      details: { ArgumentName: 'x-amz-copy-source-range', ArgumentValue: header },
    });
  }
  return { start, end: last + 1 };
}

function requireSource(call: Call): CopySource {
  const header = call.headers['x-amz-copy-source'] ?? '';
  const mark = header.lastIndexOf('?versionId=');
  if (mark >= 0 && header.slice(mark) !== '?versionId=null') {
    throw new S3Error('NotImplemented', { details: { Header: 'x-amz-copy-source' } });
  }
  const encoded = mark < 0 ? header : header.slice(0, mark);
  const path = percentDecode(encoded).toString('utf8').replace(/^\//, '');
  const slash = path.indexOf('/');
  if (slash <= 0 || slash === path.length - 1) {
    throw new S3Error('InvalidArgument', {
      message:
        'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
      details: { ArgumentName: 'x-amz-copy-source', ArgumentValue: header },
    });
  }
  const name = path.slice(0, slash);
  const key = path.slice(slash + 1);
  authorizeSource(call, name, key);
  const object = requireObject(call, requireBucket(call, name), key);
  const conditions = readConditions(call.headers, 'x-amz-copy-source-');
  const verdict = judgeRead(conditions, object);
  if (verdict.kind === 'failed') {
    throw preconditionFailed(`x-amz-copy-source-${verdict.condition}`);
  }
  // A copy has no 304: these conditions fail outright.
  if (verdict.kind === 'notModified') {
    throw preconditionFailed('x-amz-copy-source-If-None-Match');
  }
  requireNotArchived(object);
  return { bucket: name, key, object };
}

/** Hashes content that is shared, not copied; S3 gives a copy its own MD5. */
async function digest(
  call: Call,
  content: Content,
  algorithm: ChecksumAlgorithm | undefined,
): Promise<{ readonly md5: string; readonly checksum: ObjectChecksum | undefined }> {
  const { contents } = call.store;
  const md5 = createHash('md5');
  const checksum = algorithm && createChecksum(algorithm);
  for await (const chunk of contents.read(content)) {
    md5.update(chunk);
    checksum?.update(chunk);
  }
  return {
    md5: md5.digest('hex'),
    checksum:
      algorithm && checksum
        ? { algorithm, value: checksum.digest().toString('base64'), type: 'FULL_OBJECT' }
        : undefined,
  };
}
