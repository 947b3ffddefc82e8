import { type ChecksumAlgorithm, checksumHeader } from '../auth/checksums.ts';
import type { ReceivedBody } from '../auth/request-body.ts';
import { S3Error } from '../errors.ts';
import type { Content } from '../store/content.ts';
import { branch, child, childText, leaf, readXml, xmlDocument } from '../xml.ts';
import { readAttributes } from './attributes.ts';
import { mayDelete } from './authorize.ts';
import {
  type Call,
  quoted,
  type Reply,
  requireBucket,
  requireKey,
  wholeSeconds,
} from './call.ts';
import { requireWriteConditions } from './conditions.ts';

const MAX_DELETE_DOCUMENT = 2 * 1024 * 1024;
const MAX_DELETE_KEYS = 1000;

/** A body received onto the disk. */
interface ReceivedContent extends ReceivedBody {
  readonly content: Content;
}

/**
 * Streams a request's body to the disk. On any failure nothing is left behind; on
 * success the content is the caller's to commit or release.
 *
 * @throws S3Error `EntityTooLarge`, or as {@link RequestBody.receive}
 */
export async function receiveContent(
  call: Call,
  algorithm?: ChecksumAlgorithm,
): Promise<ReceivedContent> {
  const length = call.body.declaredLength();
  if (length > call.limits.maxPutBytes) {
    throw new S3Error('EntityTooLarge', {
      details: { ProposedSize: length, MaxSizeAllowed: call.limits.maxPutBytes },
    });
  }
  const writer = call.store.contents.create();
  let received: ReceivedBody;
  let content: Content;
  try {
    let offset = 0;
    received = await call.body.receive(
      async (chunk) => {
        const stored = call.spoil ? call.spoil(chunk, offset) : chunk;
        offset += chunk.length;
        await writer.write(stored);
      },
      algorithm ? { algorithm } : {},
    );
    content = await writer.finish();
  } catch (error) {
    await writer.discard();
    throw error;
  }
  return { ...received, content };
}

/** `PUT /bucket/key` */
export async function putObject(call: Call): Promise<Reply> {
  const key = requireKey(call);
  const bucket = requireBucket(call);
  const attributes = readAttributes(call, bucket);
  // Twice: early to spare the body, and once more when nobody can come between.
  requireWriteConditions(call.headers, bucket.objects.get(key));
  const received = await receiveContent(call);
  const { checksum, md5, size, content } = received;
  try {
    requireWriteConditions(call.headers, requireBucket(call).objects.get(key));
    call.store.commit({
      op: 'put',
      bucket: bucket.start.name,
      object: {
        ...attributes,
        key,
        size,
        modified: wholeSeconds(call.now),
        etag: md5.toString('hex'),
        content,
        ...(checksum && {
          checksum: {
            algorithm: checksum.algorithm,
            value: checksum.value.toString('base64'),
            type: 'FULL_OBJECT' as const,
          },
        }),
      },
    });
  } catch (error) {
    call.store.contents.release(content);
    throw error;
  }
  return {
    status: 200,
    headers: {
      etag: quoted(md5.toString('hex')),
      'x-amz-server-side-encryption': attributes.encryption,
      ...(checksum && {
        [checksumHeader(checksum.algorithm)]: checksum.value.toString('base64'),
        'x-amz-checksum-type': 'FULL_OBJECT',
      }),
    },
  };
}

/** `DELETE /bucket/key` */
export function deleteObject(call: Call): Reply {
  const key = requireKey(call);
  const bucket = requireBucket(call);
  if (call.headers['if-match'] !== undefined) {
    requireWriteConditions(
      { 'if-match': call.headers['if-match'] },
      bucket.objects.get(key),
    );
  }
  if (bucket.objects.has(key)) {
    call.store.commit({ op: 'delete', bucket: bucket.start.name, key });
  }
  return { status: 204 };
}

/** `POST /bucket?delete` */
export async function deleteObjects(call: Call): Promise<Reply> {
  const bucket = requireBucket(call);
  if (call.headers['content-md5'] === undefined && !call.body.declaredAlgorithm()) {
    throw new S3Error('InvalidRequest', {
      message:
        'Missing required header for this request: Content-MD5 OR x-amz-checksum-*',
    });
  }
  const root = readXml(await call.body.text(MAX_DELETE_DOCUMENT));
  const objects = root.children.filter(({ name }) => name === 'Object');
  if (
    root.name !== 'Delete' ||
    objects.length === 0 ||
    objects.length > MAX_DELETE_KEYS
  ) {
    throw new S3Error('MalformedXML');
  }
  const quiet = childText(root, 'Quiet') === 'true';
  const keys = objects.map((object) => {
    const key = childText(object, 'Key');
    if (key === undefined || key === '') throw new S3Error('MalformedXML');
    if (child(object, 'VersionId') && childText(object, 'VersionId') !== 'null') {
      throw new S3Error('NotImplemented', { details: { Element: 'VersionId' } });
    }
    return key;
  });
  const results = keys.map((key) => {
    if (!mayDelete(call, bucket, key)) {
      return branch(
        'Error',
        leaf('Key', key),
        leaf('Code', 'AccessDenied'),
        leaf('Message', 'Access Denied'),
      );
    }
    if (bucket.objects.has(key)) {
      call.store.commit({ op: 'delete', bucket: bucket.start.name, key });
    }
    return quiet ? '' : branch('Deleted', leaf('Key', key));
  });
  return { status: 200, xml: xmlDocument('DeleteResult', ...results) };
}
