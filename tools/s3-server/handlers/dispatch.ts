import type { Operation } from '../operations.ts';
import { getAcl, putAcl } from './acl.ts';
import {
  deleteBucketTagging,
  getBucketTagging,
  putBucketTagging,
} from './bucket-tagging.ts';
import {
  createBucket,
  deleteBucket,
  getBucketLocation,
  headBucket,
  listBuckets,
} from './buckets.ts';
import type { Call, Reply } from './call.ts';
import { completeMultipartUpload } from './complete-upload.ts';
import { copyObject, uploadPartCopy } from './copy.ts';
import { deleteCors, getCors, preflight, putCors } from './cors.ts';
import { listObjects, listObjectsV2 } from './list-objects.ts';
import { listMultipartUploads, listParts } from './list-uploads.ts';
import { abortMultipartUpload, createMultipartUpload, uploadPart } from './multipart.ts';
import { deleteOwnership, getOwnership, putOwnership } from './ownership.ts';
import { deletePolicy, getPolicy, getPolicyStatus, putPolicy } from './policy.ts';
import {
  deletePublicAccessBlock,
  getPublicAccessBlock,
  putPublicAccessBlock,
} from './public-access.ts';
import { readObject } from './read-object.ts';
import { deleteObjectTagging, getObjectTagging, putObjectTagging } from './tagging.ts';
import { deleteObject, deleteObjects, putObject } from './write-object.ts';

type Handler = (call: Call) => Reply | Promise<Reply>;

/** Handlers that read the request's body themselves. */
const WITH_BODY: ReadonlySet<Operation> = new Set<Operation>([
  'CreateBucket',
  'DeleteObjects',
  'PutBucketAcl',
  'PutBucketCors',
  'PutBucketOwnershipControls',
  'PutBucketPolicy',
  'PutBucketTagging',
  'PutPublicAccessBlock',
  'PutObject',
  'PutObjectAcl',
  'PutObjectTagging',
  'UploadPart',
  'CompleteMultipartUpload',
]);

const HANDLERS: Readonly<Record<Operation, Handler>> = {
  ListBuckets: listBuckets,
  CreateBucket: createBucket,
  HeadBucket: headBucket,
  DeleteBucket: deleteBucket,
  GetBucketLocation: getBucketLocation,
  GetBucketAcl: getAcl,
  PutBucketAcl: putAcl,
  GetBucketCors: getCors,
  PutBucketCors: putCors,
  DeleteBucketCors: deleteCors,
  GetBucketOwnershipControls: getOwnership,
  PutBucketOwnershipControls: putOwnership,
  DeleteBucketOwnershipControls: deleteOwnership,
  GetBucketPolicy: getPolicy,
  PutBucketPolicy: putPolicy,
  DeleteBucketPolicy: deletePolicy,
  GetBucketPolicyStatus: getPolicyStatus,
  GetBucketTagging: getBucketTagging,
  PutBucketTagging: putBucketTagging,
  DeleteBucketTagging: deleteBucketTagging,
  GetPublicAccessBlock: getPublicAccessBlock,
  PutPublicAccessBlock: putPublicAccessBlock,
  DeletePublicAccessBlock: deletePublicAccessBlock,
  OptionsObject: preflight,
  ListObjects: listObjects,
  ListObjectsV2: listObjectsV2,
  ListMultipartUploads: listMultipartUploads,
  DeleteObjects: deleteObjects,
  PutObject: putObject,
  CopyObject: copyObject,
  GetObject: readObject,
  HeadObject: readObject,
  DeleteObject: deleteObject,
  GetObjectAcl: getAcl,
  PutObjectAcl: putAcl,
  GetObjectTagging: getObjectTagging,
  PutObjectTagging: putObjectTagging,
  DeleteObjectTagging: deleteObjectTagging,
  CreateMultipartUpload: createMultipartUpload,
  UploadPart: uploadPart,
  UploadPartCopy: uploadPartCopy,
  ListParts: listParts,
  CompleteMultipartUpload: completeMultipartUpload,
  AbortMultipartUpload: abortMultipartUpload,
};

/**
 * Does what a call asks.
 *
 * @throws S3Error
 */
export async function dispatch(call: Call): Promise<Reply> {
  if (!WITH_BODY.has(call.operation)) {
    // No body, or one that only has to be what was signed.
    await call.body.receive(() => undefined, { bodyChecksum: false });
  }
  return HANDLERS[call.operation](call);
}
