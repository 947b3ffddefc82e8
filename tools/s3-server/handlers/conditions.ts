import { S3Error } from '../errors.ts';
import type { StoredObject } from '../store/model.ts';

/** Conditional headers of a request, or the `x-amz-copy-source-` ones. */
interface Conditions {
  readonly ifMatch: string | undefined;
  readonly ifNoneMatch: string | undefined;
  readonly ifModifiedSince: number | undefined;
  readonly ifUnmodifiedSince: number | undefined;
}

/** Reads the conditional headers whose names begin with `prefix`. */
export function readConditions(
  headers: Readonly<Record<string, string>>,
  prefix = '',
): Conditions {
  return {
    ifMatch: headers[`${prefix}if-match`],
    ifNoneMatch: headers[`${prefix}if-none-match`],
    ifModifiedSince: httpTime(headers[`${prefix}if-modified-since`]),
    ifUnmodifiedSince: httpTime(headers[`${prefix}if-unmodified-since`]),
  };
}

function httpTime(text: string | undefined): number | undefined {
  const time = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}

/** How conditions turn out; `failed` names the header that did. */
type ConditionResult =
  | { readonly kind: 'holds' }
  | { readonly kind: 'notModified' }
  | { readonly kind: 'failed'; readonly condition: string };

/**
 * Judges the conditions of a read. If-Match outweighs If-Unmodified-Since and
 * If-None-Match outweighs If-Modified-Since ("GetObject", Amazon S3 API reference).
 */
export function judgeRead(
  conditions: Conditions,
  object: Pick<StoredObject, 'etag' | 'modified'>,
): ConditionResult {
  const { ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince } = conditions;
  if (ifMatch !== undefined) {
    if (!namesEtag(ifMatch, object.etag))
      return { kind: 'failed', condition: 'If-Match' };
  } else if (ifUnmodifiedSince !== undefined && object.modified > ifUnmodifiedSince) {
    return { kind: 'failed', condition: 'If-Unmodified-Since' };
  }
  if (ifNoneMatch !== undefined) {
    return namesEtag(ifNoneMatch, object.etag) ? { kind: 'notModified' } : HOLDS;
  }
  if (ifModifiedSince !== undefined && object.modified <= ifModifiedSince) {
    return { kind: 'notModified' };
  }
  return HOLDS;
}

const HOLDS = { kind: 'holds' } as const;

function namesEtag(list: string, etag: string): boolean {
  return list
    .split(',')
    .map((item) => item.trim().replace(/^(?:W\/)?"(.*)"$/, '$1'))
    .some((item) => item === '*' || item === etag);
}

/**
 * Judges the conditions of a write against what is there now.
 *
 * @throws S3Error `PreconditionFailed`; `NoSuchKey` for If-Match on nothing;
 *   `NotImplemented` for If-None-Match with anything but `*`
 */
export function requireWriteConditions(
  headers: Readonly<Record<string, string>>,
  current: StoredObject | undefined,
): void {
  const ifNoneMatch = headers['if-none-match'];
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*') {
    throw new S3Error('NotImplemented', { details: { Header: 'If-None-Match' } });
  }
  if (ifNoneMatch !== undefined && current) throw preconditionFailed('If-None-Match');
  const ifMatch = headers['if-match'];
  if (ifMatch === undefined) return;
  if (!current) throw new S3Error('NoSuchKey');
  if (!namesEtag(ifMatch, current.etag)) throw preconditionFailed('If-Match');
}

/** The refusal that names the condition. */
export function preconditionFailed(condition: string): S3Error {
  return new S3Error('PreconditionFailed', { details: { Condition: condition } });
}
