import { S3Error } from './errors.ts';
import type { RequestTarget } from './request-target.ts';

/** The S3 operations this server knows, by their API names. */
export const OPERATIONS = [
  'ListBuckets',
  'CreateBucket',
  'HeadBucket',
  'DeleteBucket',
  'GetBucketLocation',
  'GetBucketAcl',
  'PutBucketAcl',
  'ListObjects',
  'ListObjectsV2',
  'ListMultipartUploads',
  'DeleteObjects',
  'PutObject',
  'CopyObject',
  'GetObject',
  'HeadObject',
  'DeleteObject',
  'GetObjectAcl',
  'PutObjectAcl',
  'GetObjectTagging',
  'PutObjectTagging',
  'DeleteObjectTagging',
  'CreateMultipartUpload',
  'UploadPart',
  'UploadPartCopy',
  'ListParts',
  'CompleteMultipartUpload',
  'AbortMultipartUpload',
] as const;

/** An S3 operation this server knows. */
export type Operation = (typeof OPERATIONS)[number];

/** Sub-resources of the S3 API that belong to other operations. */
const UNSUPPORTED = new Set([
  'accelerate',
  'analytics',
  'attributes',
  'cors',
  'encryption',
  'intelligent-tiering',
  'inventory',
  'legal-hold',
  'lifecycle',
  'logging',
  'metadataConfiguration',
  'metadataTable',
  'metrics',
  'notification',
  'object-lock',
  'ownershipControls',
  'policy',
  'policyStatus',
  'publicAccessBlock',
  'replication',
  'requestPayment',
  'restore',
  'retention',
  'select',
  'session',
  'torrent',
  'versionId',
  'versioning',
  'versions',
  'website',
]);

/** Valueless parameters that mean something here. */
const SUPPORTED = new Set([
  'acl',
  'location',
  'uploads',
  'uploadId',
  'delete',
  'tagging',
]);

/**
 * Names the operation a request asks for.
 *
 * @throws S3Error `NotImplemented` for a sub-resource this server lacks,
 *   `MethodNotAllowed` for a method that does not go with the resource
 */
export function resolveOperation(
  method: string,
  target: RequestTarget,
  hasCopySource: boolean,
): Operation {
  refuseUnsupported(target);
  const { query } = target;
  const found =
    target.bucket === undefined
      ? serviceOperation(method)
      : target.key === undefined
        ? bucketOperation(method, target)
        : objectOperation(method, query.has('uploadId'), target, hasCopySource);
  if (found) return found;
  throw new S3Error('MethodNotAllowed', {
    details: { Method: method, ResourceType: target.key ? 'OBJECT' : 'BUCKET' },
  });
}

function refuseUnsupported(target: RequestTarget): void {
  for (const { name, value } of target.query.parameters) {
    // The real "null" version is what an unversioned bucket holds.
    if (name === 'versionId' && value === 'null') continue;
    const unknown = value === undefined && !SUPPORTED.has(name);
    if (UNSUPPORTED.has(name) || unknown) {
      throw notImplemented(name);
    }
  }
}

function notImplemented(name: string): S3Error {
  return new S3Error('NotImplemented', {
    message: `This server does not implement the sub-resource "${name}".`,
    details: { SubResource: name },
  });
}

function serviceOperation(method: string): Operation | undefined {
  return method === 'GET' ? 'ListBuckets' : undefined;
}

function bucketOperation(method: string, target: RequestTarget): Operation | undefined {
  const { query } = target;
  if (query.has('tagging')) throw notImplemented('tagging');
  if (query.has('acl')) {
    if (method === 'GET') return 'GetBucketAcl';
    return method === 'PUT' ? 'PutBucketAcl' : undefined;
  }
  switch (method) {
    case 'GET':
      if (query.has('location')) return 'GetBucketLocation';
      if (query.has('uploads')) return 'ListMultipartUploads';
      return query.get('list-type') === '2' ? 'ListObjectsV2' : 'ListObjects';
    case 'PUT':
      return 'CreateBucket';
    case 'HEAD':
      return 'HeadBucket';
    case 'DELETE':
      return 'DeleteBucket';
    case 'POST':
      if (query.has('delete')) return 'DeleteObjects';
      return undefined;
    default:
      return undefined;
  }
}

function objectOperation(
  method: string,
  hasUploadId: boolean,
  target: RequestTarget,
  hasCopySource: boolean,
): Operation | undefined {
  if (target.query.has('acl')) {
    if (method === 'GET') return 'GetObjectAcl';
    return method === 'PUT' ? 'PutObjectAcl' : undefined;
  }
  if (target.query.has('tagging')) {
    if (method === 'GET') return 'GetObjectTagging';
    if (method === 'PUT') return 'PutObjectTagging';
    return method === 'DELETE' ? 'DeleteObjectTagging' : undefined;
  }
  switch (method) {
    case 'GET':
      return hasUploadId ? 'ListParts' : 'GetObject';
    case 'HEAD':
      return 'HeadObject';
    case 'PUT':
      if (hasUploadId || target.query.has('partNumber')) {
        return hasCopySource ? 'UploadPartCopy' : 'UploadPart';
      }
      return hasCopySource ? 'CopyObject' : 'PutObject';
    case 'DELETE':
      return hasUploadId ? 'AbortMultipartUpload' : 'DeleteObject';
    case 'POST':
      if (target.query.has('uploads')) return 'CreateMultipartUpload';
      return hasUploadId ? 'CompleteMultipartUpload' : undefined;
    default:
      return undefined;
  }
}
