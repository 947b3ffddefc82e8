import { createHash, hash } from 'node:crypto';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { AspectCalls } from '../aspects/aspect-calls.ts';
import { orWhenAbsent } from '../aspects/when-absent.ts';
import { malformed } from '../s3/answer-document.ts';
import type { Cancellable, ObjectRef } from '../s3/s3-connection.ts';
import { bodiless } from './bodiless.ts';
import { collect } from './bytes-sink.ts';
import type { LeanContext } from './context.ts';
import { copyOntoItself, readHeaders, selfCopyHeaders } from './header-calls.ts';
import { UnsupportedAnswer } from './http-reader.ts';
import {
  aclDocument,
  readAclDocument,
  readTagsDocument,
  tagsDocument,
} from './setting-documents.ts';
import type { Header } from './signer.ts';

/** No list of grants or tags is longer, bytes. */
const MAX_DOCUMENT = 1024 * 1024;

/** After so many answers that only the SDK can read, copies are left to it. */
const MAX_ODD = 3;

/** The calls that bulk changes make for each of thousands of objects. */
export type LeanSettings = Pick<
  AspectCalls,
  | 'readAcl'
  | 'writeAcl'
  | 'writeCannedAcl'
  | 'readTags'
  | 'writeTags'
  | 'readHeaders'
  | 'rewriteHeaders'
>;

/** Whether a call for this object can go this way, and what to do where it cannot. */
export type LeanChoice = <T>(
  ref: ObjectRef,
  lean: () => Promise<T>,
  reference: () => Promise<T>,
) => Promise<T>;

/**
 * ACLs, tags and headers of objects; those of buckets, and whatever is unusual, go to
 * `reference`.
 */
export function leanSettings(
  context: LeanContext,
  reference: LeanSettings,
  choose: LeanChoice,
): LeanSettings {
  /** Answers to copies that could not be read: they are not asked for twice. */
  let oddCopies = 0;
  const settings: LeanSettings = {
    readAcl(input) {
      const { key } = input;
      if (key === null) return reference.readAcl(input);
      return choose(
        { ...input, key },
        async () => readAclDocument(await get(context, { ...input, key }, 'acl=')),
        () => reference.readAcl(input),
      );
    },
    writeAcl(input) {
      const { key, acl } = input;
      const document = key === null ? null : aclDocument(acl);
      if (key === null || document === null) return reference.writeAcl(input);
      return choose(
        { ...input, key },
        () => put(context, { ...input, key }, { query: 'acl=', document, headers: [] }),
        () => reference.writeAcl(input),
      );
    },
    writeCannedAcl(input) {
      const { key, canned } = input;
      if (key === null || !/^[a-z-]+$/.test(canned)) {
        return reference.writeCannedAcl(input);
      }
      const headers: Header[] = [['x-amz-acl', canned]];
      return choose(
        { ...input, key },
        () => put(context, { ...input, key }, { query: 'acl=', document: null, headers }),
        () => reference.writeCannedAcl(input),
      );
    },
    readTags(input) {
      const { key } = input;
      if (key === null) return reference.readTags(input);
      return choose(
        { ...input, key },
        () =>
          // Ceph's older name is the second.
          orWhenAbsent([], ['NoSuchTagSet', 'NoSuchTagSetError'], async () =>
            readTagsDocument(await get(context, { ...input, key }, 'tagging=')),
          ),
        () => reference.readTags(input),
      );
    },
    writeTags(input) {
      const { key, tags } = input;
      const document = tags.length === 0 ? null : tagsDocument(tags);
      if (key === null || document === null) return reference.writeTags(input);
      const what = { query: 'tagging=', document, headers: [] };
      return choose(
        { ...input, key },
        () => put(context, { ...input, key }, what),
        () => reference.writeTags(input),
      );
    },
    readHeaders: (input) =>
      choose(
        input,
        async () => {
          try {
            return await readHeaders(context, input);
          } catch (error) {
            if (!isRefused(error)) throw error;
            return reference.readHeaders(input);
          }
        },
        () => reference.readHeaders(input),
      ),
    rewriteHeaders: (input) =>
      reference.rewriteHeaders({
        ...input,
        ways: (sdk) => ({
          readTags: settings.readTags,
          writeTags: settings.writeTags,
          copy(copy) {
            const headers = oddCopies < MAX_ODD ? selfCopyHeaders(copy) : null;
            if (headers === null) return sdk.copy(copy);
            return choose(
              copy,
              () =>
                copyOntoItself(context, copy, headers).catch((error: unknown) => {
                  if (!isOdd(error)) throw error;
                  oddCopies += 1;
                  throw malformed('copy');
                }),
              () => sdk.copy(copy),
            );
          },
        }),
      }),
  };
  return settings;
}

/** A refusal without a body says little, and another way may be the right one. */
function isRefused(error: unknown): boolean {
  const status = error instanceof AppError ? error.provider?.httpStatus : undefined;
  return status !== undefined && status >= 300 && status < 500;
}

function isOdd(error: unknown): boolean {
  const cause = error instanceof AppError ? error.cause : error;
  return cause instanceof UnsupportedAnswer;
}

/** A sub-resource's document. */
async function get(
  context: LeanContext,
  ref: ObjectRef & Cancellable,
  query: string,
): Promise<string> {
  const { requester, client } = context;
  const { bucket, key, signal } = ref;
  const plan = { bucket, key, signal, attempts: 3 } as const;
  const { bytes, error } = await requester.runLean(plan, (clockOffset) =>
    client.send(
      bodiless(context, ref, { method: 'GET', query, headers: [], clockOffset }),
      (_head, flow) => collect(MAX_DOCUMENT, flow),
    ),
  );
  // The object itself came.
  if (error instanceof RangeError) throw new UnsupportedAnswer('length');
  if (error !== null) throw error;
  return bytes.toString('utf8');
}

async function put(
  context: LeanContext,
  { bucket, key, signal }: ObjectRef & Cancellable,
  what: {
    readonly query: string;
    readonly document: string | null;
    readonly headers: readonly Header[];
  },
): Promise<void> {
  const { requester, client } = context;
  const body = Buffer.from(what.document ?? '', 'utf8');
  const headers: Header[] = [...what.headers];
  if (what.document !== null) {
    headers.push(['content-type', 'application/xml']);
    // What every server takes, and older ones demand.
    headers.push(['content-md5', createHash('md5').update(body).digest('base64')]);
  }
  const sha256 = hash('sha256', body);
  const plan = { bucket, key, signal, attempts: 3 } as const;
  const { error } = await requester.runLean(plan, (clockOffset) =>
    client.send(
      {
        method: 'PUT',
        route: requester.route(bucket),
        bucket,
        key,
        query: what.query,
        headers,
        sha256,
        clockOffset,
        signal,
        repeatable: true,
        length: body.length,
        body: () => Promise.resolve(body),
      },
      (_head, flow) => collect(MAX_DOCUMENT, flow),
    ),
  );
  if (error !== null && !(error instanceof RangeError)) throw error;
}
