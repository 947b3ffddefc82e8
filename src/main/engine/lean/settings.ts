import { createHash, hash } from 'node:crypto';
import type { AspectCalls } from '../aspects/aspect-calls.ts';
import { orWhenAbsent } from '../aspects/when-absent.ts';
import type { Cancellable, ObjectRef } from '../s3/s3-connection.ts';
import { collect } from './bytes-sink.ts';
import type { LeanContext } from './context.ts';
import { UnsupportedAnswer } from './http-reader.ts';
import {
  aclDocument,
  readAclDocument,
  readTagsDocument,
  tagsDocument,
} from './setting-documents.ts';
import { EMPTY_SHA256, type Header } from './signer.ts';

/** No list of grants or tags is longer, bytes. */
const MAX_DOCUMENT = 1024 * 1024;

/** The calls that bulk changes make for each of thousands of objects. */
export type LeanSettings = Pick<
  AspectCalls,
  'readAcl' | 'writeAcl' | 'writeCannedAcl' | 'readTags' | 'writeTags'
>;

/** Whether a call for this object can go this way, and what to do where it cannot. */
export type LeanChoice = <T>(
  ref: ObjectRef,
  lean: () => Promise<T>,
  reference: () => Promise<T>,
) => Promise<T>;

/**
 * ACLs and tags of objects; those of buckets, and whatever is unusual, go to `reference`.
 */
export function leanSettings(
  context: LeanContext,
  reference: LeanSettings,
  choose: LeanChoice,
): LeanSettings {
  return {
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
  };
}

/** A sub-resource's document. */
async function get(
  context: LeanContext,
  { bucket, key, signal }: ObjectRef & Cancellable,
  query: string,
): Promise<string> {
  const { requester, client } = context;
  const plan = { bucket, key, signal, attempts: 3 } as const;
  const { bytes, error } = await requester.runLean(plan, (clockOffset) =>
    client.send(
      {
        method: 'GET',
        route: requester.route(bucket),
        bucket,
        key,
        query,
        headers: [],
        sha256: EMPTY_SHA256,
        clockOffset,
        signal,
        repeatable: true,
        length: null,
        body: null,
      },
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
