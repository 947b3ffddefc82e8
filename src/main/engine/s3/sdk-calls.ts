import { putTags, readGrants, readTags } from './access-list.ts';
import { createBucket, deleteBucket, listBuckets } from './buckets.ts';
import { copyObject, copyPart } from './copy-object.ts';
import { readCopySource } from './copy-source.ts';
import { createBatchDeleter, deleteObject } from './delete-objects.ts';
import { getObject, headObject, objectDetails, partLayout } from './get-object.ts';
import { createPageLister } from './list-page.ts';
import { listUploads } from './list-uploads.ts';
import { abortUpload, completeUpload, createUpload, listParts } from './multipart.ts';
import { putObject, uploadPart } from './put-object.ts';
import type { Requester } from './requester.ts';
import type { S3Connection } from './s3-connection.ts';

/** What a connection asks over the SDK. */
export type SdkCalls = Omit<
  S3Connection,
  | 'connectionId'
  | 'draft'
  | 'rules'
  | 'secure'
  | 'quirks'
  | 'urls'
  | 'aspects'
  | 'signLinks'
  | 'dropSockets'
  | 'destroy'
>;

/**
 * All calls over @aws-sdk/client-s3. Only ever imported when the first of them is made: the
 * SDK takes 30 MiB and 80 ms to load.
 */
export function createSdkCalls(requester: Requester): SdkCalls {
  return {
    listBuckets: (input) => listBuckets(requester, input),
    createBucket: (input) => createBucket(requester, input),
    deleteBucket: (input) => deleteBucket(requester, input),
    listPage: createPageLister(requester),
    headObject: (input) => headObject(requester, input),
    partLayout: (input) => partLayout(requester, input),
    details: (input) => objectDetails(requester, input),
    putObject: (input) => putObject(requester, input),
    getObject: (input) => getObject(requester, input),
    createUpload: (input) => createUpload(requester, input),
    uploadPart: (input) => uploadPart(requester, input),
    listUploads: (input) => listUploads(requester, input),
    listParts: (input) => listParts(requester, input),
    completeUpload: (input) => completeUpload(requester, input),
    abortUpload: (input) => abortUpload(requester, input),
    copySource: (input) => readCopySource(requester, input),
    grants: (input) => readGrants(requester, input),
    tags: (input) => readTags(requester, input),
    putTags: (input) => putTags(requester, input),
    copyObject: (input) => copyObject(requester, input),
    copyPart: (input) => copyPart(requester, input),
    deleteObject: (input) => deleteObject(requester, input),
    deleteObjects: createBatchDeleter(requester),
  };
}
