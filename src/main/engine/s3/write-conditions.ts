import { AppError } from '../../../shared/errors/app-error.ts';
import { quotedEtag } from './etag.ts';
import type { Requester } from './requester.ts';
import type { ObjectRef } from './s3-connection.ts';

/** On which state of its target a write depends; nothing: on none. */
export interface WriteCondition {
  /** Refuse with `conflict.exists` when the key exists (`If-None-Match: *`). */
  readonly onlyIfAbsent?: boolean | undefined;
  /** Refuse with `conflict.exists` unless the object still has this ETag (`If-Match`). */
  readonly onlyIfEtag?: string | undefined;
}

type ConditionalWrite = ObjectRef &
  WriteCondition & { readonly signal?: AbortSignal | undefined };

/** The headers of a condition, as the SDK names them. */
export interface ConditionFields {
  readonly IfNoneMatch?: string;
  readonly IfMatch?: string;
}

/** Conditions a server turned out not to know; kept as long as its connection. */
export interface UnknownConditions {
  absent: boolean;
  etag: boolean;
}

/**
 * Sends a write with its condition, where the server may know it: where it answers that it
 * does not, the write goes without, and so does every later one of the connection. Throws
 * `conflict.exists` where the target is not as it was to be.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export function withCondition<T>(
  requester: Requester,
  input: ConditionalWrite,
  send: (fields: ConditionFields) => Promise<T>,
): Promise<T> {
  const fields = fieldsOf(requester, input);
  const { IfMatch, IfNoneMatch } = fields;
  if (IfMatch === undefined && IfNoneMatch === undefined) return send({});
  return send(fields).catch((error: unknown) =>
    afterRefusal(
      requester,
      input,
      IfMatch === undefined ? 'absent' : 'etag',
      send,
      error,
    ),
  );
}

async function afterRefusal<T>(
  requester: Requester,
  input: ConditionalWrite,
  kind: 'absent' | 'etag',
  send: (fields: ConditionFields) => Promise<T>,
  error: unknown,
): Promise<T> {
  if (!(error instanceof AppError)) throw error;
  if (isUnknown(error)) {
    const result = await send({});
    // It was the condition and nothing else.
    requester.unknownConditions[kind] = true;
    return result;
  }
  const failed = error.code === 'precondition.failed';
  const gone = kind === 'etag' && error.code === 'object.not-found';
  if (!failed && !gone) throw error;
  if (failed && kind === 'etag' && (await isUnchanged(requester, input))) {
    // It compares in a way of its own and would refuse for ever.
    requester.unknownConditions.etag = true;
    return await send({});
  }
  const { bucket, key } = input;
  throw new AppError('conflict.exists', {
    params: { bucket, key },
    provider: error.provider,
    cause: error,
  });
}

function fieldsOf(requester: Requester, condition: WriteCondition): ConditionFields {
  const { quirks, unknownConditions } = requester;
  if (!quirks.conditionalPut) return {};
  const { onlyIfEtag, onlyIfAbsent } = condition;
  if (onlyIfEtag !== undefined && onlyIfEtag !== '') {
    if (unknownConditions.etag) return {};
    return { IfMatch: quirks.quotedIfMatch ? quotedEtag(onlyIfEtag) : onlyIfEtag };
  }
  return onlyIfAbsent === true && !unknownConditions.absent ? { IfNoneMatch: '*' } : {};
}

/** Whether a refusal may be about the header. Its own reasons come with other codes. */
function isUnknown(error: AppError): boolean {
  const status = error.provider?.httpStatus;
  return error.code === 'provider.unsupported' && (status === 501 || status === 400);
}

async function isUnchanged(
  requester: Requester,
  input: ConditionalWrite,
): Promise<boolean> {
  const { bucket, key, signal, onlyIfEtag } = input;
  try {
    // It needs the SDK, which most writes do without.
    const { headObject } = await import('./get-object.ts');
    return (await headObject(requester, { bucket, key, signal })).etag === onlyIfEtag;
  } catch (error) {
    if (error instanceof AppError && error.code === 'transfer.cancelled') throw error;
    return false;
  }
}
