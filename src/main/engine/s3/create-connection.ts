import type { EngineConnection } from '../../../shared/contract/engine.ts';
import type { Bandwidth } from '../bandwidth/bandwidth.ts';
import type { FactBook } from '../checksums/server-facts.ts';
import { createHotCalls } from '../lean/lean-connection.ts';
import type { RequestSink } from '../requests/request-log.ts';
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
import { createRequester } from './requester.ts';
import type { S3Connection } from './s3-connection.ts';
import { urlsOf } from './urls.ts';

/** Options of {@link createS3Connection}. */
export interface S3ConnectionOptions {
  /** Wall clock, ms since 1970. */
  readonly now?: (() => number) | undefined;
  /** Called when a server named another region than we asked with. */
  readonly onRegion?: ((bucket: string | undefined, region: string) => void) | undefined;
  /** Whether the hot calls take the lean path. Default: yes, unless `DIPPER_LEAN` is 0. */
  readonly lean?: boolean | undefined;
  /** Called once per reason why hot calls go over the SDK. */
  readonly onFallback?: ((reason: string) => void) | undefined;
  /** What endpoints taught before; default: a book of its own. */
  readonly facts?: FactBook | undefined;
  /** Limits; default: none. */
  readonly bandwidth?: Bandwidth | undefined;
  /** Hears of every request. */
  readonly requestLog?: RequestSink | undefined;
}

/** A connection over @aws-sdk/client-s3. Sends nothing yet. Throws `input.endpoint`. */
export function createS3Connection(
  config: EngineConnection,
  options: S3ConnectionOptions = {},
): S3Connection {
  const requester = createRequester({
    draft: config.draft,
    credentials: config.credentials,
    now: options.now ?? Date.now,
    onRegion: options.onRegion,
    facts: options.facts,
    requestLog: options.requestLog,
    traffic: options.bandwidth?.of(config.connectionId),
  });
  const sdk: S3Connection = {
    connectionId: config.connectionId,
    draft: config.draft,
    quirks: () => requester.quirks,
    listBuckets: (input) => listBuckets(requester, input),
    createBucket: (input) => createBucket(requester, input),
    deleteBucket: (input) => deleteBucket(requester, input),
    listPage: createPageLister(requester),
    headObject: (input) => headObject(requester, input),
    partLayout: (input) => partLayout(requester, input),
    details: (input) => objectDetails(requester, input),
    urls: (ref) => urlsOf(requester.route(ref.bucket), ref),
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
    dropSockets: () => requester.dropSockets(),
    destroy: () => requester.destroy(),
  };
  if (!(options.lean ?? process.env['DIPPER_LEAN'] !== '0')) return sdk;
  const { credentials } = config;
  const { onFallback, requestLog } = options;
  const environment = process.env;
  const now = options.now ?? Date.now;
  return {
    ...sdk,
    ...createHotCalls({
      requester,
      credentials,
      now,
      sdk,
      environment,
      onFallback,
      requestLog,
    }),
  };
}
