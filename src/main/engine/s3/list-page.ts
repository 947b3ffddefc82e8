import { ListObjectsCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { AppError } from '../../../shared/errors/app-error.ts';
import { decodeListed } from './decode-listed.ts';
import { bareEtag } from './etag.ts';
import { type ListCursor, readCursor, withoutFolderOf } from './list-cursor.ts';
import { lastName } from './name-order.ts';
import type { Requester, RequestPlan } from './requester.ts';
import type { ListPageInput, RemotePage } from './s3-connection.ts';

/** What both versions of the call answer, as far as we use it. */
interface RawPage {
  readonly Contents?:
    | readonly {
        readonly Key?: string | undefined;
        readonly Size?: number | undefined;
        readonly LastModified?: Date | undefined;
        readonly ETag?: string | undefined;
        readonly StorageClass?: string | undefined;
      }[]
    | undefined;
  readonly CommonPrefixes?:
    | readonly { readonly Prefix?: string | undefined }[]
    | undefined;
  readonly EncodingType?: string | undefined;
  readonly IsTruncated?: boolean | undefined;
}

/** Codes by which servers say that they do not know ListObjectsV2. */
const NO_V2: ReadonlySet<string> = new Set(['provider.unsupported']);

/**
 * Lists pages with ListObjectsV2 and falls back to V1 for good when the server does not
 * know it or answers in V1's terms. Cursors name their version: a listing that changes
 * versions half-way starts over at the same key.
 */
export function createPageLister(
  requester: Requester,
): (input: ListPageInput) => Promise<RemotePage> {
  let version = requester.quirks.listVersion;

  return async (input) => {
    const cursor = readCursor(input.cursor);
    if (cursor.kind === 'marker' || version === 1)
      return listV1(requester, input, cursor);
    try {
      const page = await listV2(requester, input, cursor);
      if (page !== null) return page;
    } catch (error) {
      const unknown = error instanceof AppError && NO_V2.has(error.code);
      // Only a first page can change horses without losing its place.
      if (!unknown || input.cursor !== null) throw error;
      const page = await listV1(requester, input, cursor);
      version = 1;
      return page;
    }
    version = 1;
    return listV1(requester, input, cursor);
  };
}

/** `null`: truncated without a token, so the server understood V1. */
async function listV2(
  requester: Requester,
  input: ListPageInput,
  cursor: ListCursor,
): Promise<RemotePage | null> {
  const output = await requester.run(planOf(input), (client, options) =>
    client.send(
      new ListObjectsV2Command({
        ...commonInput(requester, input),
        ...startOfV2(cursor),
      }),
      options,
    ),
  );
  const token = output.NextContinuationToken;
  if (output.IsTruncated === true && !token) {
    if (input.cursor === null && output.KeyCount === undefined) return null;
    throw malformed('no-token');
  }
  const next = output.IsTruncated === true && token ? `2:${token}` : null;
  return toPage(output, input, next);
}

function startOfV2(cursor: ListCursor) {
  if (cursor.kind === 'start') return {};
  return cursor.kind === 'after'
    ? { StartAfter: cursor.value }
    : { ContinuationToken: cursor.value };
}

async function listV1(
  requester: Requester,
  input: ListPageInput,
  cursor: ListCursor,
): Promise<RemotePage> {
  const output = await requester.run(planOf(input), (client, options) =>
    client.send(
      new ListObjectsCommand({
        ...commonInput(requester, input),
        ...(cursor.kind === 'start' || cursor.value === ''
          ? {}
          : { Marker: cursor.value }),
      }),
      options,
    ),
  );
  const page = toPage(output, input, null);
  if (output.IsTruncated !== true) return page;
  const decode = decoderOf(output);
  // Without a delimiter servers send no NextMarker: the last name is the marker.
  const marker = output.NextMarker ? decode(output.NextMarker) : (lastName(page) ?? '');
  if (marker === '') throw malformed('no-token');
  return toPage(output, input, `1:${marker}`);
}

function planOf(input: ListPageInput): RequestPlan {
  return { bucket: input.bucket, signal: input.signal, attempts: 3 };
}

function commonInput(requester: Requester, input: ListPageInput) {
  return {
    Bucket: input.bucket,
    ...(input.prefix === '' ? {} : { Prefix: input.prefix }),
    ...(input.delimiter === '' ? {} : { Delimiter: input.delimiter }),
    ...(input.maxKeys === undefined ? {} : { MaxKeys: input.maxKeys }),
    // XML 1.0 cannot carry most control characters; keys may hold them.
    ...(requester.quirks.urlEncodeListings ? { EncodingType: 'url' as const } : {}),
  };
}

function toPage(
  output: RawPage,
  input: ListPageInput,
  cursor: string | null,
): RemotePage {
  // Such a server would have us list the same page for ever.
  if (cursor !== null && cursor === input.cursor) throw malformed('same-token');
  const decode = decoderOf(output);
  const contents = output.Contents ?? [];
  const page = {
    prefixes: (output.CommonPrefixes ?? []).map(({ Prefix }) => decode(required(Prefix))),
    keys: contents.map(({ Key }) => decode(required(Key))),
    sizes: Float64Array.from(contents, ({ Size }) => Size ?? 0),
    modified: Float64Array.from(
      contents,
      ({ LastModified }) => LastModified?.getTime() ?? Number.NaN,
    ),
    etags: contents.map(({ ETag }) => bareEtag(ETag)),
    storageClasses: contents.map(({ StorageClass }) => StorageClass ?? 'STANDARD'),
    cursor,
  };
  return withoutFolderOf(page, input.cursor);
}

/** Only what says it is encoded is decoded; servers that ignored the wish do not say so. */
function decoderOf(output: RawPage): (text: string) => string {
  return output.EncodingType === 'url' ? decodeListed : (text) => text;
}

function required(text: string | undefined): string {
  if (text === undefined) throw malformed('no-key');
  return text;
}

function malformed(reason: string): AppError {
  return new AppError('provider.malformed-response', { params: { reason } });
}
