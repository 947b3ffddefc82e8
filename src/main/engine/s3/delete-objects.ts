import { DeleteObjectCommand, DeleteObjectsCommand } from '@aws-sdk/client-s3';
import { AppError } from '../../../shared/errors/app-error.ts';
import { withContentMd5 } from './command-headers.ts';
import { mapError } from './map-error.ts';
import type { Requester } from './requester.ts';
import type { Cancellable, DeleteFailure, DeleteObjectInput } from './s3-connection.ts';
import { ServiceFailure } from './service-failure.ts';
import { withCondition } from './write-conditions.ts';

/** Keys of one batch. https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
const BATCH_KEYS = 1_000;
/** Single deletes at a time where there is no batch. */
const SINGLE_PARALLEL = 8;

type BatchInput = {
  readonly bucket: string;
  readonly keys: readonly string[];
} & Cancellable;
type Protection = 'md5' | 'checksum';

/**
 * DeleteObject. A key that is not there is deleted already. Rejects with `object.changed`
 * when it no longer has the ETag it was to have, or is gone where one was asked for.
 */
export async function deleteObject(
  requester: Requester,
  input: DeleteObjectInput,
): Promise<void> {
  const { bucket, key, signal, ifMatch } = input;
  const target = { bucket, key, signal, onlyIfEtag: ifMatch };
  try {
    await withCondition(requester, target, ({ IfMatch }) =>
      requester.run({ bucket, key, signal, attempts: 3 }, (client, options) =>
        client.send(
          new DeleteObjectCommand({
            Bucket: bucket,
            Key: key,
            ...(IfMatch === undefined ? {} : { IfMatch }),
          }),
          options,
        ),
      ),
    );
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code === 'conflict.exists') {
      throw new AppError('object.changed', {
        params: { bucket, key },
        provider: error.provider,
        cause: error,
      });
    }
    if (error.code !== 'object.not-found') throw error;
  }
}

/**
 * Deletes keys in one batch. What protects the batch's body is found out once per
 * connection: first as the profile says, then the other way, then never again a batch.
 */
export function createBatchDeleter(
  requester: Requester,
): (input: BatchInput) => Promise<readonly DeleteFailure[]> {
  const first = requester.quirks.multiDelete;
  const second: Protection = first === 'md5' ? 'checksum' : 'md5';
  let ways: readonly Protection[] = [first, second];

  return async (input) => {
    if (input.keys.length === 0) return [];
    if (input.keys.length > BATCH_KEYS) {
      throw new AppError('input.invalid', { params: { field: 'keys' } });
    }
    // XML 1.0 has no way to write these; such keys go one by one.
    const plain = input.keys.filter((key) => !unwritable(key));
    const odd = input.keys.filter(unwritable);
    const failures = odd.length === 0 ? [] : await deleteSingly(requester, input, odd);
    if (plain.length === 0) return failures;
    for (const way of ways) {
      try {
        const failed = await deleteBatch(requester, { ...input, keys: plain }, way);
        ways = [way];
        return [...failures, ...failed];
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        // A whole batch may be denied to those who may delete each of its keys.
        if (error.code === 'access.denied') break;
        if (error.code !== 'provider.unsupported') throw error;
        ways = ways.filter((other) => other !== way);
      }
    }
    return [...failures, ...(await deleteSingly(requester, input, plain))];
  };
}

async function deleteBatch(
  requester: Requester,
  input: BatchInput,
  way: Protection,
): Promise<readonly DeleteFailure[]> {
  const { bucket, keys, signal } = input;
  const output = await requester.run(
    { bucket, signal, attempts: 3 },
    (client, options) => {
      const command = new DeleteObjectsCommand({
        Bucket: bucket,
        Delete: { Quiet: true, Objects: keys.map((key) => ({ Key: key })) },
      });
      if (way === 'md5') withContentMd5(command);
      return client.send(command, options);
    },
  );
  return (output.Errors ?? []).flatMap(({ Key, Code, Message }) => {
    if (Key === undefined || Code === 'NoSuchKey') return [];
    const body = `<Error><Code>${Code ?? ''}</Code></Error>`;
    const failure = new ServiceFailure(statusOf(Code), {}, body);
    const error = mapError(failure, {
      host: requester.route(bucket).endpoint,
      bucket,
      key: Key,
    });
    const provider = { ...error.provider, ...(Message ? { message: Message } : {}) };
    return [
      { key: Key, error: new AppError(error.code, { params: error.params, provider }) },
    ];
  });
}

async function deleteSingly(
  requester: Requester,
  input: BatchInput,
  keys: readonly string[],
): Promise<readonly DeleteFailure[]> {
  const { bucket, signal } = input;
  const failures: DeleteFailure[] = [];
  const waiting = keys.values();
  async function work(): Promise<void> {
    for (const key of waiting) {
      try {
        await deleteObject(requester, { bucket, key, signal });
      } catch (error) {
        if (signal?.aborted) throw error;
        failures.push({ key, error: error as AppError });
      }
    }
  }
  await Promise.all(Array.from({ length: SINGLE_PARALLEL }, work));
  return failures;
}

function statusOf(code: string | undefined): number {
  return code === 'InternalError' ? 500 : 403;
}

/**
 * Characters that XML 1.0 cannot hold, or that parsers change: controls, and a carriage
 * return, which becomes a line feed. https://www.w3.org/TR/xml/#charsets
 */
export function unwritable(key: string): boolean {
  // oxlint-disable-next-line no-control-regex -- control characters are the point
  return /[\u0000-\u0008\u000b\u000c\u000d\u000e-\u001f\ufffe\uffff]/.test(key);
}
