import {
  DeleteBucketTaggingCommand,
  DeleteObjectTaggingCommand,
  GetBucketTaggingCommand,
  GetObjectTaggingCommand,
  type GetObjectTaggingOutput,
  PutBucketTaggingCommand,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3';
import type { Tag } from '../../../shared/domain/aspects.ts';
import { withContentMd5 } from '../s3/command-headers.ts';
import type { Requester } from '../s3/requester.ts';
import type { Cancellable } from '../s3/s3-connection.ts';
import type { BucketOrObject } from './aspect-calls.ts';
import { orWhenAbsent } from './when-absent.ts';

/** Ceph's older name is the second. */
const NO_TAGS = ['NoSuchTagSet', 'NoSuchTagSetError'];

/** GetBucketTagging, GetObjectTagging. */
export async function readTags(
  requester: Requester,
  input: BucketOrObject & Cancellable,
): Promise<readonly Tag[]> {
  const { bucket, key } = input;
  const output = await orWhenAbsent<GetObjectTaggingOutput>({ TagSet: [] }, NO_TAGS, () =>
    requester.run<GetObjectTaggingOutput>(planOf(input), (client, options) =>
      key === null
        ? client.send(new GetBucketTaggingCommand({ Bucket: bucket }), options)
        : client.send(new GetObjectTaggingCommand({ Bucket: bucket, Key: key }), options),
    ),
  );
  return (output.TagSet ?? []).map((tag) => ({
    key: tag.Key ?? '',
    value: tag.Value ?? '',
  }));
}

/** PutBucketTagging, PutObjectTagging, or the deletion of all tags when there are none. */
export async function writeTags(
  requester: Requester,
  input: BucketOrObject & { readonly tags: readonly Tag[] } & Cancellable,
): Promise<void> {
  const { bucket: Bucket, key, tags } = input;
  const TagSet = tags.map((tag) => ({ Key: tag.key, Value: tag.value }));
  const Tagging = { TagSet };
  await requester.run<object>(planOf(input), (client, options) => {
    if (key === null) {
      return tags.length === 0
        ? client.send(new DeleteBucketTaggingCommand({ Bucket }), options)
        : client.send(
            withContentMd5(new PutBucketTaggingCommand({ Bucket, Tagging })),
            options,
          );
    }
    return tags.length === 0
      ? client.send(new DeleteObjectTaggingCommand({ Bucket, Key: key }), options)
      : client.send(
          withContentMd5(new PutObjectTaggingCommand({ Bucket, Key: key, Tagging })),
          options,
        );
  });
}

function planOf({ bucket, key, signal }: BucketOrObject & Cancellable) {
  return { bucket, ...(key === null ? {} : { key }), signal, attempts: 3 } as const;
}
