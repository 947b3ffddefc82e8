import type { HeadObjectOutput } from '@aws-sdk/client-s3';
import type { HeaderState, MadeObject, SelfCopy } from '../aspects/aspect-calls.ts';
import { headerState } from '../aspects/header-state.ts';
import { checkDocument, malformed } from '../s3/answer-document.ts';
import { bareEtag, quotedEtag } from '../s3/etag.ts';
import { isKmsEncryption } from '../s3/is-kms-encryption.ts';
import type { Grants } from '../s3/object-traits.ts';
import type { Cancellable, ObjectRef } from '../s3/s3-connection.ts';
import { bodiless } from './bodiless.ts';
import { collect } from './bytes-sink.ts';
import type { LeanContext } from './context.ts';
import { parseHttpDate } from './http-date.ts';
import type { ResponseHead } from './http-reader.ts';
import { encodePath } from './percent.ts';
import { EMPTY_SHA256, type Header } from './signer.ts';
import { decodeText } from './xml-text.ts';

const META = 'x-amz-meta-';
/** An answer to a copy is a date and an ETag, behind as many blanks as it took minutes. */
const MAX_ANSWER_BYTES = 1024 * 1024;

/**
 * HeadObject as a rewrite of headers needs it. Its refusals have no body, so that they say
 * little: whoever gets one asks the SDK's way.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
 */
export function readHeaders(
  context: LeanContext,
  ref: ObjectRef & Cancellable,
): Promise<HeaderState> {
  const { requester, client } = context;
  const { bucket, key, signal } = ref;
  return requester.runLean({ bucket, key, signal, attempts: 3 }, (clockOffset) =>
    client.send(
      bodiless(context, ref, { method: 'HEAD', query: '', headers: [], clockOffset }),
      (head, flow) => {
        const { sink, result } = collect(0, flow);
        return { sink, result: result.then(() => headerState(outputOf(head))) };
      },
    ),
  );
}

/** A copy of an object onto itself as headers; `null`: not all of them go as they are. */
export function selfCopyHeaders(copy: SelfCopy): Header[] | null {
  const { headers, metadata, traits, lockedBy } = copy;
  const { storageClass, encryption, kmsKeyId, websiteRedirect, bucketKey } = traits;
  const {
    ObjectLockMode: mode,
    ObjectLockRetainUntilDate: until,
    ObjectLockLegalHoldStatus: hold,
  } = lockedBy;
  const kms = isKmsEncryption(encryption);
  const fields: readonly (readonly [string, string | undefined])[] = [
    ['content-type', headers.contentType],
    ['content-disposition', headers.contentDisposition],
    ['cache-control', headers.cacheControl],
    ['content-encoding', headers.contentEncoding],
    ['content-language', headers.contentLanguage],
    ['expires', headers.expires],
    ['x-amz-website-redirect-location', websiteRedirect],
    ['x-amz-storage-class', storageClass],
    ['x-amz-server-side-encryption', encryption],
    ['x-amz-server-side-encryption-aws-kms-key-id', kms ? kmsKeyId : undefined],
    ['x-amz-server-side-encryption-bucket-key-enabled', bucketKey ? 'true' : undefined],
    ['x-amz-object-lock-mode', until ? mode : undefined],
    [
      'x-amz-object-lock-retain-until-date',
      // As the SDK writes it: without parts of seconds where there are none.
      mode ? until?.toISOString().replace('.000Z', 'Z') : undefined,
    ],
    ['x-amz-object-lock-legal-hold', hold],
    ...grantHeaders(traits.grants),
  ];
  const all: Header[] = [
    ['x-amz-copy-source', `${copy.bucket}/${encodePath(copy.key)}`],
    ['x-amz-metadata-directive', 'REPLACE'],
  ];
  if (copy.etag !== '') {
    all.push(['x-amz-copy-source-if-match', quotedEtag(copy.etag)]);
  }
  for (const [name, value] of fields) {
    if (value !== undefined && value !== '') all.push([name, value]);
  }
  for (const [name, value] of Object.entries(metadata)) {
    all.push([META + name.toLowerCase(), value]);
  }
  const names = new Set(all.map(([name]) => name));
  const plain =
    names.size === all.length &&
    all.every(([name, value]) => /^[\w.-]+$/.test(name) && PLAIN.test(value));
  return plain ? all : null;
}

/** Visible ASCII with single blanks in between: signed as it is sent. */
const PLAIN = /^(?:[!-~]+(?: [!-~]+)*)?$/;

function grantHeaders(
  grants: Grants | undefined,
): readonly (readonly [string, string | undefined])[] {
  if (grants === undefined) return [];
  if (grants.kind === 'canned') return [['x-amz-acl', grants.acl]];
  const { FULL_CONTROL, READ, READ_ACP, WRITE_ACP } = grants.grantees;
  return [
    ['x-amz-grant-full-control', FULL_CONTROL],
    ['x-amz-grant-read', READ],
    ['x-amz-grant-read-acp', READ_ACP],
    ['x-amz-grant-write-acp', WRITE_ACP],
  ];
}

/**
 * CopyObject of an object onto itself, sent once. `headers`: see {@link selfCopyHeaders}.
 * Throws `precondition.failed` where it is another object by now.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
 */
export function copyOntoItself(
  { requester, client }: LeanContext,
  { bucket, key, signal }: SelfCopy,
  headers: readonly Header[],
): Promise<MadeObject> {
  return requester.runLean({ bucket, key, signal, attempts: 1 }, async (clockOffset) => {
    const { bytes, error, head } = await client.send(
      {
        method: 'PUT',
        route: requester.route(bucket),
        bucket,
        key,
        query: '',
        headers: [...headers],
        sha256: EMPTY_SHA256,
        clockOffset,
        signal,
        // Twice is not once: the second finds another ETag where the first was in parts.
        repeatable: false,
        length: 0,
        body: () => Promise.resolve(Buffer.alloc(0)),
      },
      (answer, flow) => {
        const { sink, result } = collect(MAX_ANSWER_BYTES, flow);
        return { sink, result: result.then((came) => ({ ...came, head: answer })) };
      },
    );
    if (error instanceof RangeError) throw malformed('too-long');
    if (error !== null) throw error;
    const text = checkDocument(bytes.toString('utf8'), 'CopyObjectResult', head.headers);
    const etag = /<(?:\w+:)?ETag(?:\s[^<>]*)?>([^<]*)</.exec(text)?.[1] ?? '';
    return {
      etag: bareEtag(decodeText(etag).trim()),
      versionId: head.headers['x-amz-version-id'] ?? null,
    };
  });
}

/** The answer as the SDK gives it, as far as a rewrite of headers looks at it. */
function outputOf({ headers }: ResponseHead): HeadObjectOutput {
  const until = headers['x-amz-object-lock-retain-until-date'];
  const bucketKey = headers['x-amz-server-side-encryption-bucket-key-enabled'];
  const modified = parseHttpDate(headers['last-modified'] ?? '');
  const Metadata: Record<string, string> = {};
  for (const name in headers) {
    if (name.startsWith(META)) Metadata[name.slice(META.length)] = headers[name] ?? '';
  }
  return given({
    ContentType: headers['content-type'],
    ContentDisposition: headers['content-disposition'],
    CacheControl: headers['cache-control'],
    ContentEncoding: headers['content-encoding'],
    ContentLanguage: headers['content-language'],
    ExpiresString: headers['expires'],
    // That of the body a GET would bring.
    ContentLength: numberOf(headers['content-length']),
    ETag: headers['etag'],
    LastModified: Number.isNaN(modified) ? undefined : new Date(modified),
    VersionId: headers['x-amz-version-id'],
    Metadata,
    MissingMeta: numberOf(headers['x-amz-missing-meta']),
    TagCount: numberOf(headers['x-amz-tagging-count']),
    WebsiteRedirectLocation: headers['x-amz-website-redirect-location'],
    StorageClass: headers['x-amz-storage-class'] as HeadObjectOutput['StorageClass'],
    ServerSideEncryption: headers[
      'x-amz-server-side-encryption'
    ] as HeadObjectOutput['ServerSideEncryption'],
    SSEKMSKeyId: headers['x-amz-server-side-encryption-aws-kms-key-id'],
    SSECustomerAlgorithm: headers['x-amz-server-side-encryption-customer-algorithm'],
    BucketKeyEnabled: bucketKey === undefined ? undefined : bucketKey === 'true',
    ObjectLockMode: headers[
      'x-amz-object-lock-mode'
    ] as HeadObjectOutput['ObjectLockMode'],
    ObjectLockRetainUntilDate: until === undefined ? undefined : new Date(until),
    ObjectLockLegalHoldStatus: headers[
      'x-amz-object-lock-legal-hold'
    ] as HeadObjectOutput['ObjectLockLegalHoldStatus'],
  });
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}

function given(
  output: {
    readonly [Name in keyof HeadObjectOutput]?: HeadObjectOutput[Name] | undefined;
  },
): HeadObjectOutput {
  const fields = Object.entries(output).filter(([, value]) => value !== undefined);
  return Object.fromEntries(fields);
}
