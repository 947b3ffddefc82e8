import type { HeadObjectOutput } from '@aws-sdk/client-s3';
import { bareEtag } from './etag.ts';
import { head } from './get-object.ts';
import type { CopySource, ObjectTraits } from './object-traits.ts';
import type { Requester } from './requester.ts';
import type { Cancellable, ObjectRef } from './s3-connection.ts';

/** HeadObject with all that a copy is to keep. ACL and tags are asked for by themselves. */
export async function readCopySource(
  requester: Requester,
  input: ObjectRef & Cancellable,
): Promise<CopySource> {
  const output = await head(requester, input);
  return {
    head: {
      size: output.ContentLength ?? 0,
      etag: bareEtag(output.ETag),
      versionId: output.VersionId ?? null,
      modified: output.LastModified?.getTime() ?? null,
      metadata: output.Metadata ?? {},
    },
    contentType: output.ContentType ?? '',
    traits: traitsOf(output),
    locked: Boolean(output.ObjectLockMode ?? output.ObjectLockLegalHoldStatus),
  };
}

/** Class, encryption, content headers and redirect of an object. */
export function traitsOf(output: HeadObjectOutput): ObjectTraits {
  const {
    ContentEncoding: contentEncoding,
    ContentLanguage: contentLanguage,
    ContentDisposition: contentDisposition,
    CacheControl: cacheControl,
    ExpiresString: expires,
    WebsiteRedirectLocation: websiteRedirect,
    StorageClass: storageClass,
    ServerSideEncryption: encryption,
    SSEKMSKeyId: kmsKeyId,
    BucketKeyEnabled: bucketKey,
  } = output;
  return {
    ...(contentEncoding ? { contentEncoding } : {}),
    ...(contentLanguage ? { contentLanguage } : {}),
    ...(contentDisposition ? { contentDisposition } : {}),
    ...(cacheControl ? { cacheControl } : {}),
    ...(expires ? { expires } : {}),
    ...(websiteRedirect ? { websiteRedirect } : {}),
    ...(storageClass && storageClass !== 'STANDARD' ? { storageClass } : {}),
    ...(encryption ? { encryption } : {}),
    ...(kmsKeyId ? { kmsKeyId } : {}),
    ...(bucketKey ? { bucketKey } : {}),
  };
}
