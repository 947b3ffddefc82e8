import type { ConnectionDraft } from '../../../shared/domain/bookmark.ts';
import type { NewObject } from '../s3/s3-connection.ts';
import type { ConditionFields } from '../s3/write-conditions.ts';
import type { Header } from './signer.ts';

/** Headers every new object gets, whether put or uploaded in parts; without traits. */
export function newObjectHeaders(
  draft: Pick<ConnectionDraft, 'uploadAcl'>,
  object: NewObject,
): Header[] {
  const { cacheControl, storageClass, acl, encryption, kmsKeyId } = object.headers ?? {};
  const headers: Header[] = Object.entries(object.metadata).map(([name, value]) => [
    `x-amz-meta-${name.toLowerCase()}`,
    value,
  ]);
  if (object.contentType !== '') headers.push(['content-type', object.contentType]);
  const ownAcl = acl || draft.uploadAcl;
  if (ownAcl !== 'none') headers.push(['x-amz-acl', ownAcl]);
  if (cacheControl) headers.push(['cache-control', cacheControl]);
  if (storageClass) headers.push(['x-amz-storage-class', storageClass]);
  if (encryption) headers.push(['x-amz-server-side-encryption', encryption]);
  if (encryption === 'aws:kms' && kmsKeyId) {
    headers.push(['x-amz-server-side-encryption-aws-kms-key-id', kmsKeyId]);
  }
  return headers;
}

/** On which a write's success depends. */
export function conditionHeaders({ IfMatch, IfNoneMatch }: ConditionFields): Header[] {
  const headers: Header[] = [];
  if (IfMatch !== undefined) headers.push(['if-match', IfMatch]);
  if (IfNoneMatch !== undefined) headers.push(['if-none-match', IfNoneMatch]);
  return headers;
}
