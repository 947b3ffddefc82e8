import {
  DeleteBucketTaggingCommand,
  GetBucketTaggingCommand,
  PutBucketTaggingCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { differs, outcomeOf, refusal, useTarget } from './target.ts';

const target = useTarget();

type Pairs = readonly (readonly [name: string, value: string])[];

function put(Bucket: string, pairs: Pairs) {
  const TagSet = pairs.map(([name, Value]) => ({ Key: name, Value }));
  const command = new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } });
  return target().client().send(command);
}

async function tagsOf(Bucket: string): Promise<Pairs> {
  const command = new GetBucketTaggingCommand({ Bucket });
  const { TagSet = [] } = await target().client().send(command);
  return TagSet.map((tag) => [tag.Key ?? '', tag.Value ?? ''] as const);
}

function many(length: number): Pairs {
  return Array.from({ length }, (_, index) => [`k${index}`, 'v'] as const);
}

describe('tags of a bucket', () => {
  it('are put, replaced and deleted', async () => {
    const Bucket = await target().bucket();
    const none = { code: 'NoSuchTagSet', status: 404 };
    expect(await refusal(tagsOf(Bucket))).toEqual(none);
    await put(Bucket, [
      ['Cost centre', '12/äö'],
      ['empty', ''],
    ]);
    expect(new Map(await tagsOf(Bucket))).toEqual(
      new Map([
        ['Cost centre', '12/äö'],
        ['empty', ''],
      ]),
    );
    await put(Bucket, [['new', '1']]);
    expect(await tagsOf(Bucket)).toEqual([['new', '1']]);
    await target().client().send(new DeleteBucketTaggingCommand({ Bucket }));
    expect(await refusal(tagsOf(Bucket))).toEqual(none);
  });

  it('are at most fifty', async () => {
    const Bucket = await target().bucket();
    await put(Bucket, many(50));
    expect(await tagsOf(Bucket)).toHaveLength(50);
    expect(await refusal(put(Bucket, many(51)))).toMatchObject({ status: 400 });
    expect(await tagsOf(Bucket)).toHaveLength(50);
  });

  it('have limits for both halves', async () => {
    const Bucket = await target().bucket();
    const [name, value] = ['n'.repeat(128), 'v'.repeat(256)];
    const long = { code: 'InvalidTag', status: 400 };
    await put(Bucket, [['n', value]]);
    expect(await refusal(put(Bucket, [[`${name}n`, 'v']]))).toEqual(long);
    expect(await refusal(put(Bucket, [['n', `${value}v`]]))).toEqual(long);
  });

  differs(
    'have rules for their names',
    'AWS: InvalidTag for other characters, aws: and doubles; radosgw takes them all',
    async () => {
      const Bucket = await target().bucket();
      return [
        await outcomeOf(put(Bucket, [['a&b', 'v']])),
        await outcomeOf(put(Bucket, [['a', 'v?']])),
        await outcomeOf(put(Bucket, [['aws:a', 'v']])),
        await outcomeOf(
          put(Bucket, [
            ['a', '1'],
            ['a', '2'],
          ]),
        ),
      ];
    },
    {
      aws: ['InvalidTag', 'InvalidTag', 'InvalidTag', 'InvalidTag'],
      radosgw: [200, 200, 200, 200],
    },
  );
});
