import {
  DeleteBucketCorsCommand,
  GetBucketCorsCommand,
  type GetBucketCorsOutput,
  PutBucketCorsCommand,
} from '@aws-sdk/client-s3';
import type { CorsRule } from '../../../shared/domain/aspects.ts';
import { withContentMd5 } from '../s3/command-headers.ts';
import type { Requester } from '../s3/requester.ts';
import type { Cancellable } from '../s3/s3-connection.ts';
import type { BucketRef } from './aspect-calls.ts';
import { orWhenAbsent } from './when-absent.ts';

/** GetBucketCors. https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketCors.html */
export async function readCors(
  requester: Requester,
  { bucket, signal }: BucketRef & Cancellable,
): Promise<readonly CorsRule[]> {
  const none: GetBucketCorsOutput = { CORSRules: [] };
  const output = await orWhenAbsent(none, ['NoSuchCORSConfiguration'], () =>
    requester.run<GetBucketCorsOutput>(
      { bucket, signal, attempts: 3 },
      (client, options) =>
        client.send(new GetBucketCorsCommand({ Bucket: bucket }), options),
    ),
  );
  return (output.CORSRules ?? []).map((rule) => ({
    id: rule.ID ?? '',
    origins: rule.AllowedOrigins ?? [],
    methods: rule.AllowedMethods ?? [],
    headers: rule.AllowedHeaders ?? [],
    exposed: rule.ExposeHeaders ?? [],
    maxAge: rule.MaxAgeSeconds ?? null,
  }));
}

/** PutBucketCors, or DeleteBucketCors when there are no rules. */
export async function writeCors(
  requester: Requester,
  input: BucketRef & { readonly rules: readonly CorsRule[] } & Cancellable,
): Promise<void> {
  const { bucket, rules, signal } = input;
  await requester.run<object>({ bucket, signal, attempts: 3 }, (client, options) =>
    rules.length === 0
      ? client.send(new DeleteBucketCorsCommand({ Bucket: bucket }), options)
      : client.send(
          withContentMd5(
            new PutBucketCorsCommand({
              Bucket: bucket,
              CORSConfiguration: { CORSRules: rules.map(sdkRule) },
            }),
          ),
          options,
        ),
  );
}

function sdkRule(rule: CorsRule) {
  return {
    ...(rule.id === '' ? {} : { ID: rule.id }),
    AllowedOrigins: [...rule.origins],
    AllowedMethods: [...rule.methods],
    ...(rule.headers.length === 0 ? {} : { AllowedHeaders: [...rule.headers] }),
    ...(rule.exposed.length === 0 ? {} : { ExposeHeaders: [...rule.exposed] }),
    ...(rule.maxAge === null ? {} : { MaxAgeSeconds: rule.maxAge }),
  };
}
