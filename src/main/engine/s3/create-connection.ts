import type { EngineConnection } from '../../../shared/contract/engine.ts';
import { readUploadRules } from '../../../shared/domain/upload-rules.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { AspectCalls } from '../aspects/aspect-calls.ts';
import { optionsFor, presign } from '../aspects/presign.ts';
import type { Bandwidth } from '../bandwidth/bandwidth.ts';
import type { FactBook } from '../checksums/server-facts.ts';
import { createHotCalls } from '../lean/lean-connection.ts';
import type { RequestSink } from '../requests/request-log.ts';
import { createRequester } from './requester.ts';
import type { S3Connection } from './s3-connection.ts';
import type { SdkCalls } from './sdk-calls.ts';
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
  let calls: SdkCalls | null = null;
  const load = async (): Promise<SdkCalls> => {
    const { createSdkCalls } = await import('./sdk-calls.ts');
    calls ??= createSdkCalls(requester);
    return calls;
  };
  let aspects: AspectCalls | null = null;
  const now = options.now ?? Date.now;
  const sdk: S3Connection = {
    connectionId: config.connectionId,
    draft: config.draft,
    rules: readUploadRules(config.draft.advanced),
    secure: requester.secure,
    quirks: () => requester.quirks,
    urls: (ref) => urlsOf(requester.route(ref.bucket), ref),
    async aspects() {
      const { createAspectCalls } = await import('../aspects/create-aspect-calls.ts');
      aspects ??= createAspectCalls(requester);
      return aspects;
    },
    async signLinks({ bucket, keys, options: link }) {
      const { signature } = config.draft;
      if (signature === 'anonymous' || config.credentials === null) {
        throw new AppError('link.no-keys');
      }
      const input = {
        credentials: config.credentials,
        version: signature === 'v2' ? 'v2' : 'v4',
        route: requester.route(bucket),
        time: await requester.runLean(
          { bucket, attempts: 1 },
          async (lead) => now() + lead,
        ),
      } as const;
      return keys.map((key) =>
        presign({ bucket, key }, { ...input, options: optionsFor(key, link) }),
      );
    },
    dropSockets: () => requester.dropSockets(),
    destroy: () => requester.destroy(),
    listBuckets: async (input) => (await load()).listBuckets(input),
    createBucket: async (input) => (await load()).createBucket(input),
    deleteBucket: async (input) => (await load()).deleteBucket(input),
    listPage: async (input) => (await load()).listPage(input),
    headObject: async (input) => (await load()).headObject(input),
    partLayout: async (input) => (await load()).partLayout(input),
    details: async (input) => (await load()).details(input),
    putObject: async (input) => (await load()).putObject(input),
    getObject: async (input) => (await load()).getObject(input),
    createUpload: async (input) => (await load()).createUpload(input),
    uploadPart: async (input) => (await load()).uploadPart(input),
    listUploads: async (input) => (await load()).listUploads(input),
    listParts: async (input) => (await load()).listParts(input),
    completeUpload: async (input) => (await load()).completeUpload(input),
    abortUpload: async (input) => (await load()).abortUpload(input),
    copySource: async (input) => (await load()).copySource(input),
    grants: async (input) => (await load()).grants(input),
    tags: async (input) => (await load()).tags(input),
    putTags: async (input) => (await load()).putTags(input),
    copyObject: async (input) => (await load()).copyObject(input),
    copyPart: async (input) => (await load()).copyPart(input),
    deleteObject: async (input) => (await load()).deleteObject(input),
    deleteObjects: async (input) => (await load()).deleteObjects(input),
  };
  if (!(options.lean ?? process.env['DIPPER_LEAN'] !== '0')) return sdk;
  const { credentials } = config;
  const { onFallback, requestLog } = options;
  const environment = process.env;
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
