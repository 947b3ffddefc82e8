import { isIP } from 'node:net';
import type { Credentials } from '../../../shared/contract/engine.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { createDiskPace } from '../files/disk-pace.ts';
import { logLean } from '../requests/log-lean.ts';
import type { RequestSink } from '../requests/request-log.ts';
import { isHostLabel } from '../s3/addressing.ts';
import type { Requester } from '../s3/requester.ts';
import type {
  DeleteFailure,
  NewObject,
  PutObjectInput,
  RemotePage,
  S3Connection,
  UploadPartInput,
} from '../s3/s3-connection.ts';
import { createLeanClient } from './client.ts';
import type { LeanContext } from './context.ts';
import { type DeleteBatch, deleteBatch } from './delete-objects.ts';
import { getObject } from './get-object.ts';
import { UnsupportedAnswer } from './http-reader.ts';
import { listPage } from './list-page.ts';
import { completeUpload, createUpload, listUploads } from './multipart.ts';
import { usesProxy } from './proxy.ts';
import { putObject, uploadPart } from './put-object.ts';
import { type LeanSettings, leanSettings } from './settings.ts';
import { createSlabPool } from './slabs.ts';
import { createSmallFileReader } from './small-file.ts';

/** Unused slabs a connection keeps. */
const KEPT_SLABS = 16;
/** After so many answers that only the SDK could read, a call is left to it. */
const MAX_ODD = 3;
/** Keys of one batch. */
const BATCH_KEYS = 1_000;

/** What the lean path does, of {@link S3Connection}. */
export type HotCalls = Pick<
  S3Connection,
  | 'putObject'
  | 'uploadPart'
  | 'getObject'
  | 'listPage'
  | 'deleteObjects'
  | 'createUpload'
  | 'completeUpload'
  | 'listUploads'
  | 'aspects'
  | 'dropSockets'
  | 'destroy'
>;

/** Options of {@link createHotCalls}. */
export interface HotCallsOptions {
  readonly requester: Requester;
  readonly credentials: Credentials | null;
  readonly now: () => number;
  /** The same calls over the SDK: the reference, and for all that is unusual. */
  readonly sdk: HotCalls;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Hears once per reason why requests go the SDK's way. */
  readonly onFallback?: ((reason: string) => void) | undefined;
  /** Hears of every request. */
  readonly requestLog?: RequestSink | undefined;
}

/**
 * The calls that make up nearly all traffic, over HTTP/1.1 of our own. Whatever it does
 * not speak goes to the SDK: by connection, by request, or after an odd answer.
 */
export function createHotCalls(options: HotCallsOptions): HotCalls {
  const { requester, credentials, now, sdk, environment } = options;
  const { draft, quirks } = requester;
  const told = new Set<string>();
  /** How often the SDK read an answer that was too odd for us, by call. */
  const odd = new Map<keyof HotCalls, number>();
  let settings: LeanSettings | null = null;
  /** The server does not know ListObjectsV2. */
  let onlyV1 = false;

  function tell(reason: string): void {
    if (told.has(reason)) return;
    told.add(reason);
    options.onFallback?.(reason);
  }

  if (draft.signature === 'v2' || usesProxy(draft.endpoint, environment)) {
    tell(draft.signature === 'v2' ? 'signature' : 'proxy');
    return sdk;
  }
  const { requestLog } = options;
  const unlogged = createLeanClient({
    draft,
    credentials,
    now,
    traffic: requester.traffic,
    places: requester.places,
  });
  const client = requestLog === undefined ? unlogged : logLean(unlogged, requestLog, now);
  const disk = createDiskPace(() => performance.now());
  const context: LeanContext = {
    requester,
    client,
    slabs: createSlabPool(KEPT_SLABS),
    smallFiles: createSmallFileReader(disk),
    disk,
  };

  function speaks(call: keyof HotCalls, bucket: string, key: string): boolean {
    if ((odd.get(call) ?? 0) >= MAX_ODD) return false;
    const { pathStyle, endpoint } = requester.route(bucket);
    const strange =
      !/^[A-Za-z0-9][A-Za-z0-9._-]{1,254}$/.test(bucket) ||
      // Directory buckets, access points and Outposts have addresses of their own.
      /--(?:x|op|ol|table)-s3$/.test(bucket) ||
      (!pathStyle && (!isHostLabel(bucket) || isAddress(endpoint)));
    if (strange) tell('bucket');
    const loose = !key.isWellFormed();
    if (loose) tell('key');
    return !strange && !loose;
  }

  function attempt<T>(
    call: keyof HotCalls,
    lean: () => Promise<T>,
    reference: () => Promise<T>,
  ): Promise<T> {
    return lean().catch(async (error: unknown) => {
      const reason = unsupported(error);
      if (reason === null) throw error;
      tell(`${call}: ${reason}`);
      const result = await reference();
      odd.set(call, (odd.get(call) ?? 0) + 1);
      return result;
    });
  }

  /** For what must not be done twice: an odd answer leaves later calls to the SDK. */
  async function once<T>(call: keyof HotCalls, lean: () => Promise<T>): Promise<T> {
    try {
      return await lean();
    } catch (error) {
      const reason = unsupported(error);
      if (reason !== null) {
        tell(`${call}: ${reason}`);
        odd.set(call, MAX_ODD);
      }
      throw asMalformed(error);
    }
  }

  function plainHeaders(input: NewObject & Pick<PutObjectInput, 'onlyIfEtag'>): boolean {
    const { traits, metadata, headers, contentType, onlyIfEtag } = input;
    // Copies between connections are no hot calls.
    if (traits !== undefined && Object.keys(traits).length > 0) return false;
    const plain =
      isPlain(contentType) &&
      (onlyIfEtag === undefined || isPlain(onlyIfEtag)) &&
      (headers === undefined || Object.values(headers).every(isPlain)) &&
      Object.keys(metadata).every((name) => /^[\w.-]+$/.test(name)) &&
      Object.values(metadata).every(isPlain);
    if (!plain) tell('metadata');
    return plain;
  }

  return {
    putObject(input: PutObjectInput) {
      const { bucket, key } = input;
      const able = key !== '' && speaks('putObject', bucket, key) && plainHeaders(input);
      if (!able) return sdk.putObject(input);
      return attempt(
        'putObject',
        () => putObject(context, input),
        () => sdk.putObject(input),
      );
    },
    uploadPart(input: UploadPartInput) {
      const { bucket, key } = input;
      if (key === '' || !speaks('uploadPart', bucket, key)) return sdk.uploadPart(input);
      return attempt(
        'uploadPart',
        () => uploadPart(context, input),
        () => sdk.uploadPart(input),
      );
    },
    getObject(input) {
      const { bucket, key } = input;
      if (key === '' || !speaks('getObject', bucket, key)) return sdk.getObject(input);
      return attempt(
        'getObject',
        () => getObject(context, input),
        () => sdk.getObject(input),
      );
    },
    listPage(input) {
      const able =
        speaks('listPage', input.bucket, input.prefix) &&
        quirks.listVersion === 2 &&
        !(input.cursor?.startsWith('1:') ?? false);
      if (!able) return sdk.listPage(input);
      // Version 1 from the start; a page in the middle of version 2 stays there.
      const listV1 = (): Promise<RemotePage> => sdk.listPage({ ...input, cursor: '1:' });
      if (onlyV1 && input.cursor === null) return listV1();
      return attempt(
        'listPage',
        async () => {
          try {
            const page = await listPage(context, input);
            if (page !== null) return page;
          } catch (error) {
            if (input.cursor !== null || !isUnsupported(error)) throw error;
          }
          const page = await listV1();
          tell('listPage: version 1');
          onlyV1 = true;
          return page;
        },
        () => sdk.listPage(input),
      );
    },
    async deleteObjects(input: DeleteBatch) {
      const { bucket, keys } = input;
      const able =
        speaks('deleteObjects', bucket, '') &&
        keys.length <= BATCH_KEYS &&
        keys.length > 0 &&
        keys.every((key) => key.isWellFormed() && !UNWRITABLE.test(key));
      if (!able) return sdk.deleteObjects(input);
      try {
        return await deleteBatch(context, input);
      } catch (error) {
        // Another protection of the body, or one by one.
        const other = isUnsupported(error) || isDenied(error);
        if (!other) throw asMalformed(error);
        const failures: readonly DeleteFailure[] = await sdk.deleteObjects(input);
        tell('deleteObjects: refused');
        // What it does not know it will not learn.
        if (isUnsupported(error)) odd.set('deleteObjects', MAX_ODD);
        return failures;
      }
    },
    createUpload(input) {
      const { bucket, key } = input;
      const able =
        key !== '' && speaks('createUpload', bucket, key) && plainHeaders(input);
      if (!able) return sdk.createUpload(input);
      return once('createUpload', () => createUpload(context, input));
    },
    completeUpload(input) {
      const { bucket, key, onlyIfEtag = '' } = input;
      const able =
        key !== '' && speaks('completeUpload', bucket, key) && isPlain(onlyIfEtag);
      if (!able) return sdk.completeUpload(input);
      return once('completeUpload', () => completeUpload(context, input));
    },
    listUploads(input) {
      const { bucket, key } = input;
      const able =
        key !== '' && speaks('listUploads', bucket, key) && !UNWRITABLE.test(key);
      if (!able) return sdk.listUploads(input);
      return attempt(
        'listUploads',
        () => listUploads(context, input),
        () => sdk.listUploads(input),
      );
    },
    async aspects() {
      const reference = await sdk.aspects();
      settings ??= leanSettings(context, reference, (ref, lean, other) => {
        const able = ref.key !== '' && speaks('aspects', ref.bucket, ref.key);
        return able ? attempt('aspects', lean, other) : other();
      });
      return { ...reference, ...settings };
    },
    dropSockets() {
      client.dropSockets();
      sdk.dropSockets();
    },
    destroy() {
      client.destroy();
      sdk.destroy();
    },
  };
}

/**
 * Characters that XML 1.0 cannot hold, or that parsers change.
 * https://www.w3.org/TR/xml/#charsets
 */
// oxlint-disable-next-line no-control-regex -- control characters are the point
const UNWRITABLE = /[\u0000-\u0008\u000b-\u001f\ufffe\uffff]/;

/** Whether a value goes as it is: visible ASCII with single blanks in between. */
function isPlain(value: string): boolean {
  return value === '' || /^[!-~]+(?: [!-~]+)*$/.test(value);
}

/** Names below an address do not exist. */
function isAddress(endpoint: string): boolean {
  return isIP(new URL(endpoint).hostname.replace(/^\[|\]$/g, '')) !== 0;
}

function isUnsupported(error: unknown): boolean {
  return error instanceof AppError && error.code === 'provider.unsupported';
}

function isDenied(error: unknown): boolean {
  return error instanceof AppError && error.code === 'access.denied';
}

/** What was odd about an answer, or `null`: nothing was. */
function unsupported(error: unknown): string | null {
  if (error instanceof UnsupportedAnswer) return error.message;
  const cause = error instanceof AppError ? error.cause : undefined;
  return cause instanceof UnsupportedAnswer ? cause.message : null;
}

function asMalformed(error: unknown): unknown {
  const reason = unsupported(error);
  if (reason === null) return error;
  return new AppError('provider.malformed-response', {
    params: { reason },
    cause: error,
  });
}
