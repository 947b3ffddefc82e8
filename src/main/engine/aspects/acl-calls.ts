import {
  type BucketCannedACL,
  GetBucketAclCommand,
  type GetBucketAclOutput,
  GetObjectAclCommand,
  type ObjectCannedACL,
  PutBucketAclCommand,
  PutObjectAclCommand,
  type Grant as SdkGrant,
} from '@aws-sdk/client-s3';
import type { Acl, Grant } from '../../../shared/domain/aspects.ts';
import { withContentMd5 } from '../s3/command-headers.ts';
import type { Requester } from '../s3/requester.ts';
import type { Cancellable } from '../s3/s3-connection.ts';
import type { BucketOrObject } from './aspect-calls.ts';
import { granteeOf, writtenGrantee } from './grantees.ts';

/** GetBucketAcl, GetObjectAcl. */
export async function readAcl(
  requester: Requester,
  input: BucketOrObject & Cancellable,
): Promise<Acl> {
  const { bucket, key, signal } = input;
  return aclOf(
    await requester.run<GetBucketAclOutput>(
      planOf({ bucket, key, signal }),
      (client, options) =>
        key === null
          ? client.send(new GetBucketAclCommand({ Bucket: bucket }), options)
          : client.send(new GetObjectAclCommand({ Bucket: bucket, Key: key }), options),
    ),
  );
}

/** PutBucketAcl, PutObjectAcl with a document. */
export async function writeAcl(
  requester: Requester,
  input: BucketOrObject & { readonly acl: Acl } & Cancellable,
): Promise<void> {
  const { bucket, key, acl } = input;
  const AccessControlPolicy = {
    Owner: { ID: acl.owner.id },
    Grants: acl.grants.map(sdkGrant),
  };
  await requester.run<object>(planOf(input), (client, options) =>
    key === null
      ? client.send(
          withContentMd5(
            new PutBucketAclCommand({ Bucket: bucket, AccessControlPolicy }),
          ),
          options,
        )
      : client.send(
          withContentMd5(
            new PutObjectAclCommand({ Bucket: bucket, Key: key, AccessControlPolicy }),
          ),
          options,
        ),
  );
}

/** PutBucketAcl, PutObjectAcl with a header. */
export async function writeCannedAcl(
  requester: Requester,
  input: BucketOrObject & { readonly canned: string } & Cancellable,
): Promise<void> {
  const { bucket, key, canned } = input;
  await requester.run<object>(planOf(input), (client, options) =>
    key === null
      ? client.send(
          new PutBucketAclCommand({ Bucket: bucket, ACL: canned as BucketCannedACL }),
          options,
        )
      : client.send(
          new PutObjectAclCommand({
            Bucket: bucket,
            Key: key,
            ACL: canned as ObjectCannedACL,
          }),
          options,
        ),
  );
}

function planOf({ bucket, key, signal }: BucketOrObject & Cancellable) {
  return { bucket, ...(key === null ? {} : { key }), signal, attempts: 3 } as const;
}

function aclOf(output: GetBucketAclOutput): Acl {
  const owner = { id: output.Owner?.ID ?? '', name: output.Owner?.DisplayName ?? '' };
  return { owner, grants: (output.Grants ?? []).flatMap(grantOf) };
}

function grantOf({ Grantee: grantee, Permission: permission }: SdkGrant): Grant[] {
  if (grantee === undefined || permission === undefined) return [];
  return [{ grantee: granteeOf(grantee), permission }];
}

function sdkGrant({ grantee, permission }: Grant): SdkGrant {
  return { Grantee: writtenGrantee(grantee), Permission: permission };
}
