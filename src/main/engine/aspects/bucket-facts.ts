import {
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyStatusCommand,
  GetPublicAccessBlockCommand,
} from '@aws-sdk/client-s3';
import type { PublicAccessBlock } from '../../../shared/domain/exposure.ts';
import type { Requester } from '../s3/requester.ts';
import type { Cancellable } from '../s3/s3-connection.ts';
import type { BucketRef } from './aspect-calls.ts';
import { orWhenAbsent } from './when-absent.ts';

/** GetBucketOwnershipControls. https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html */
export function ownership(
  requester: Requester,
  { bucket, signal }: BucketRef & Cancellable,
): Promise<string> {
  return orWhenAbsent('', ['OwnershipControlsNotFoundError'], async () => {
    const output = await requester.run(
      { bucket, signal, attempts: 3 },
      (client, options) =>
        client.send(new GetBucketOwnershipControlsCommand({ Bucket: bucket }), options),
    );
    return output.OwnershipControls?.Rules?.[0]?.ObjectOwnership ?? '';
  });
}

const NO_BLOCK: PublicAccessBlock = {
  blockPublicAcls: false,
  ignorePublicAcls: false,
  blockPublicPolicy: false,
  restrictPublicBuckets: false,
};

/** GetPublicAccessBlock. https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html */
export function accessBlock(
  requester: Requester,
  { bucket, signal }: BucketRef & Cancellable,
): Promise<PublicAccessBlock> {
  return orWhenAbsent(NO_BLOCK, ['NoSuchPublicAccessBlockConfiguration'], async () => {
    const output = await requester.run(
      { bucket, signal, attempts: 3 },
      (client, options) =>
        client.send(new GetPublicAccessBlockCommand({ Bucket: bucket }), options),
    );
    const said = output.PublicAccessBlockConfiguration ?? {};
    return {
      blockPublicAcls: said.BlockPublicAcls ?? false,
      ignorePublicAcls: said.IgnorePublicAcls ?? false,
      blockPublicPolicy: said.BlockPublicPolicy ?? false,
      restrictPublicBuckets: said.RestrictPublicBuckets ?? false,
    };
  });
}

/** GetBucketPolicyStatus. https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketPolicyStatus.html */
export function policyIsPublic(
  requester: Requester,
  { bucket, signal }: BucketRef & Cancellable,
): Promise<boolean> {
  return orWhenAbsent(false, ['NoSuchBucketPolicy'], async () => {
    const output = await requester.run(
      { bucket, signal, attempts: 3 },
      (client, options) =>
        client.send(new GetBucketPolicyStatusCommand({ Bucket: bucket }), options),
    );
    return output.PolicyStatus?.IsPublic ?? false;
  });
}
