import { CopyObjectCommand, type HeadObjectOutput } from '@aws-sdk/client-s3';
import type { ObjectHeaders } from '../../../shared/domain/aspects.ts';
import { withHeader } from '../s3/command-headers.ts';
import { selfCopyFields } from '../s3/copy-object.ts';
import { bareEtag } from '../s3/etag.ts';
import { keptApart } from '../s3/object-traits.ts';
import type { Requester } from '../s3/requester.ts';
import type { MadeObject, SelfCopy } from './aspect-calls.ts';

/**
 * CopyObject of an object onto itself over the SDK, sent once. Throws `precondition.failed`
 * where it is another object by now.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
 */
export async function copyOntoItself(
  requester: Requester,
  copy: SelfCopy,
): Promise<MadeObject> {
  const { bucket, key, etag, headers, metadata, traits, lockedBy, signal } = copy;
  const output = await requester.run(
    { bucket, key, signal, attempts: 1 },
    (client, options) => {
      const command = new CopyObjectCommand({
        ...selfCopyFields({ bucket, key }, etag),
        ...contentFields(headers),
        Metadata: metadata,
        ...keptApart(traits),
        ...lockFields(lockedBy),
      });
      const { expires } = headers;
      return client.send(
        withHeader(command, 'expires', expires === '' ? null : expires),
        options,
      );
    },
  );
  return {
    etag: bareEtag(output.CopyObjectResult?.ETag),
    versionId: output.VersionId ?? null,
  };
}

function contentFields(headers: ObjectHeaders) {
  return {
    ...(headers.contentType === '' ? {} : { ContentType: headers.contentType }),
    ...(headers.contentDisposition === ''
      ? {}
      : { ContentDisposition: headers.contentDisposition }),
    ...(headers.cacheControl === '' ? {} : { CacheControl: headers.cacheControl }),
    ...(headers.contentEncoding === ''
      ? {}
      : { ContentEncoding: headers.contentEncoding }),
    ...(headers.contentLanguage === ''
      ? {}
      : { ContentLanguage: headers.contentLanguage }),
  };
}

/** A new version has the bucket's own lock unless it is given one. */
export function lockFields(now: HeadObjectOutput) {
  const { ObjectLockMode, ObjectLockRetainUntilDate, ObjectLockLegalHoldStatus } = now;
  return {
    ...(ObjectLockMode && ObjectLockRetainUntilDate
      ? { ObjectLockMode, ObjectLockRetainUntilDate }
      : {}),
    ...(ObjectLockLegalHoldStatus ? { ObjectLockLegalHoldStatus } : {}),
  };
}
