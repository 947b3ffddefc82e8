import {
  type BucketLocationConstraint,
  CreateBucketCommand,
  DeleteBucketCommand,
  ListBucketsCommand,
} from '@aws-sdk/client-s3';
import type { BucketEntry } from '../../../shared/domain/listing.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { Requester } from './requester.ts';
import type { Cancellable } from './s3-connection.ts';

/** ListBuckets, all pages. */
export async function listBuckets(
  requester: Requester,
  { signal }: Cancellable,
): Promise<readonly BucketEntry[]> {
  const buckets: BucketEntry[] = [];
  for (let token = ''; ; ) {
    const output = await requester.run({ signal, attempts: 3 }, (client, options) =>
      client.send(
        new ListBucketsCommand(token === '' ? {} : { ContinuationToken: token }),
        options,
      ),
    );
    for (const { Name, CreationDate } of output.Buckets ?? []) {
      if (Name === undefined) continue;
      buckets.push({
        name: Name,
        createdAt: CreationDate?.getTime() ?? null,
        added: false,
      });
    }
    const next = output.ContinuationToken ?? '';
    if (next === '' || next === token) return buckets;
    token = next;
  }
}

/**
 * CreateBucket. `us-east-1` must not be named; servers with one zone of their own (Ceph's
 * `default`) refuse every name, so a refused one is left out.
 */
export async function createBucket(
  requester: Requester,
  input: { readonly bucket: string; readonly region: string } & Cancellable,
): Promise<void> {
  const { bucket, signal } = input;
  const region = input.region || requester.route(undefined).region;
  const create = (constraint: string) =>
    requester.run({ bucket, signal, attempts: 1, region }, (client, options) =>
      client.send(
        new CreateBucketCommand({
          Bucket: bucket,
          ...(constraint === ''
            ? {}
            : {
                CreateBucketConfiguration: {
                  LocationConstraint: constraint as BucketLocationConstraint,
                },
              }),
        }),
        options,
      ),
    );
  const constraint = region === 'us-east-1' || region === 'auto' ? '' : region;
  try {
    await create(constraint);
  } catch (error) {
    const refused =
      constraint !== '' &&
      error instanceof AppError &&
      error.provider?.service === 'InvalidLocationConstraint';
    if (!refused) throw error;
    await create('');
  }
}

/** DeleteBucket. `bucket.not-empty` when it is not. */
export async function deleteBucket(
  requester: Requester,
  { bucket, signal }: { readonly bucket: string } & Cancellable,
): Promise<void> {
  await requester.run({ bucket, signal, attempts: 1 }, (client, options) =>
    client.send(new DeleteBucketCommand({ Bucket: bucket }), options),
  );
}
