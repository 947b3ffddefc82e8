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
  'GetBucketCors',
  'PutBucketCors',
  'DeleteBucketCors',
  'GetBucketOwnershipControls',
  'PutBucketOwnershipControls',
  'DeleteBucketOwnershipControls',
  'GetBucketPolicy',
  'PutBucketPolicy',
  'DeleteBucketPolicy',
  'GetBucketPolicyStatus',
  'GetBucketTagging',
  'PutBucketTagging',
  'DeleteBucketTagging',
  'GetPublicAccessBlock',
  'PutPublicAccessBlock',
  'DeletePublicAccessBlock',
  'OptionsObject',
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

type ByMethod = Readonly<Partial<Record<string, Operation>>>;

/** Sub-resources of a bucket that have no other parameters. */
const OF_BUCKETS: Readonly<Record<string, ByMethod>> = {
  acl: { GET: 'GetBucketAcl', PUT: 'PutBucketAcl' },
  cors: { GET: 'GetBucketCors', PUT: 'PutBucketCors', DELETE: 'DeleteBucketCors' },
  location: { GET: 'GetBucketLocation' },
  ownershipControls: {
    GET: 'GetBucketOwnershipControls',
    PUT: 'PutBucketOwnershipControls',
    DELETE: 'DeleteBucketOwnershipControls',
  },
  policy: {
    GET: 'GetBucketPolicy',
    PUT: 'PutBucketPolicy',
    DELETE: 'DeleteBucketPolicy',
  },
  policyStatus: { GET: 'GetBucketPolicyStatus' },
  publicAccessBlock: {
    GET: 'GetPublicAccessBlock',
    PUT: 'PutPublicAccessBlock',
    DELETE: 'DeletePublicAccessBlock',
  },
  tagging: {
    GET: 'GetBucketTagging',
    PUT: 'PutBucketTagging',
    DELETE: 'DeleteBucketTagging',
  },
};

/** Sub-resources of an object that have no other parameters. */
const OF_OBJECTS: Readonly<Record<string, ByMethod>> = {
  acl: { GET: 'GetObjectAcl', PUT: 'PutObjectAcl' },
  tagging: {
    GET: 'GetObjectTagging',
    PUT: 'PutObjectTagging',
    DELETE: 'DeleteObjectTagging',
  },
};

/** Valueless parameters that mean something here. */
const SUPPORTED = new Set([...Object.keys(OF_BUCKETS), 'uploads', 'uploadId', 'delete']);

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
  // A browser asks before any request, whatever is in its query.
  if (method === 'OPTIONS' && target.bucket !== undefined) return 'OptionsObject';
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

/** The refusal of a sub-resource. */
export function notImplemented(name: string): S3Error {
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
  const sub = Object.keys(OF_BUCKETS).find((name) => query.has(name));
  if (sub !== undefined) return OF_BUCKETS[sub]?.[method];
  switch (method) {
    case 'GET':
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
  const { query } = target;
  const sub = Object.keys(OF_OBJECTS).find((name) => query.has(name));
  if (sub !== undefined) return OF_OBJECTS[sub]?.[method];
  const foreign = Object.keys(OF_BUCKETS).find((name) => query.has(name));
  if (foreign !== undefined) throw notImplemented(foreign);
  switch (method) {
    case 'GET':
      return hasUploadId ? 'ListParts' : 'GetObject';
    case 'HEAD':
      return 'HeadObject';
    case 'PUT':
      if (hasUploadId || query.has('partNumber')) {
        return hasCopySource ? 'UploadPartCopy' : 'UploadPart';
      }
      return hasCopySource ? 'CopyObject' : 'PutObject';
    case 'DELETE':
      return hasUploadId ? 'AbortMultipartUpload' : 'DeleteObject';
    case 'POST':
      if (query.has('uploads')) return 'CreateMultipartUpload';
      return hasUploadId ? 'CompleteMultipartUpload' : undefined;
    default:
      return undefined;
  }
}
