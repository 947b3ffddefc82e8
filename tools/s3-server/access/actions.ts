import type { Operation } from '../operations.ts';
import type { AclPermission } from '../store/acl.ts';

/** What an operation needs, in the words of policies and of access control lists. */
export interface Requirement {
  /** An IAM action. */
  readonly action: string;
  /** Whether the action is on the bucket or on an object in it. */
  readonly on: 'bucket' | 'object';
  /**
   * The permission that gives it by a list, and whose list; undefined: none does.
   * https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#permissions
   */
  readonly list?: {
    readonly of: 'bucket' | 'object';
    readonly permission: AclPermission;
  };
}

function onBucket(action: string, permission?: AclPermission): Requirement {
  const name = `s3:${action}`;
  if (permission === undefined) return { action: name, on: 'bucket' };
  return { action: name, on: 'bucket', list: { of: 'bucket', permission } };
}

function onObject(action: string, permission?: AclPermission): Requirement {
  const name = `s3:${action}`;
  if (permission === undefined) return { action: name, on: 'object' };
  return { action: name, on: 'object', list: { of: 'object', permission } };
}

/** Writing is judged by the bucket's list: the object may not exist yet. */
function write(action: string): Requirement {
  return {
    action: `s3:${action}`,
    on: 'object',
    list: { of: 'bucket', permission: 'WRITE' },
  };
}

/** What each operation needs. */
export const REQUIREMENTS: Readonly<Record<Operation, Requirement>> = {
  ListBuckets: onBucket('ListAllMyBuckets'),
  CreateBucket: onBucket('CreateBucket'),
  HeadBucket: onBucket('ListBucket', 'READ'),
  DeleteBucket: onBucket('DeleteBucket'),
  GetBucketLocation: onBucket('GetBucketLocation'),
  GetBucketAcl: onBucket('GetBucketAcl', 'READ_ACP'),
  PutBucketAcl: onBucket('PutBucketAcl', 'WRITE_ACP'),
  GetBucketCors: onBucket('GetBucketCORS'),
  PutBucketCors: onBucket('PutBucketCORS'),
  DeleteBucketCors: onBucket('PutBucketCORS'),
  GetBucketOwnershipControls: onBucket('GetBucketOwnershipControls'),
  PutBucketOwnershipControls: onBucket('PutBucketOwnershipControls'),
  DeleteBucketOwnershipControls: onBucket('PutBucketOwnershipControls'),
  GetBucketPolicy: onBucket('GetBucketPolicy'),
  PutBucketPolicy: onBucket('PutBucketPolicy'),
  DeleteBucketPolicy: onBucket('DeleteBucketPolicy'),
  GetBucketPolicyStatus: onBucket('GetBucketPolicyStatus'),
  GetBucketTagging: onBucket('GetBucketTagging'),
  PutBucketTagging: onBucket('PutBucketTagging'),
  DeleteBucketTagging: onBucket('PutBucketTagging'),
  GetPublicAccessBlock: onBucket('GetBucketPublicAccessBlock'),
  PutPublicAccessBlock: onBucket('PutBucketPublicAccessBlock'),
  DeletePublicAccessBlock: onBucket('PutBucketPublicAccessBlock'),
  // Never judged: a preflight asks what a page may do, not what a user may.
  OptionsObject: onBucket('GetBucketCORS'),
  ListObjects: onBucket('ListBucket', 'READ'),
  ListObjectsV2: onBucket('ListBucket', 'READ'),
  ListMultipartUploads: onBucket('ListBucketMultipartUploads', 'READ'),
  // Each key of a batch is judged by itself as DeleteObject.
  DeleteObjects: write('DeleteObject'),
  PutObject: write('PutObject'),
  CopyObject: write('PutObject'),
  GetObject: onObject('GetObject', 'READ'),
  HeadObject: onObject('GetObject', 'READ'),
  DeleteObject: write('DeleteObject'),
  GetObjectAcl: onObject('GetObjectAcl', 'READ_ACP'),
  PutObjectAcl: onObject('PutObjectAcl', 'WRITE_ACP'),
  GetObjectTagging: onObject('GetObjectTagging'),
  PutObjectTagging: onObject('PutObjectTagging'),
  DeleteObjectTagging: onObject('DeleteObjectTagging'),
  CreateMultipartUpload: write('PutObject'),
  UploadPart: write('PutObject'),
  UploadPartCopy: write('PutObject'),
  ListParts: write('ListMultipartUploadParts'),
  CompleteMultipartUpload: write('PutObject'),
  AbortMultipartUpload: write('AbortMultipartUpload'),
};
