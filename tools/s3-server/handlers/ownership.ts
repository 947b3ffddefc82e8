import { S3Error } from '../errors.ts';
import { type AccessSetting, canonicalId, grantsInForce } from '../store/acl.ts';
import { OWNERSHIPS, type Ownership } from '../store/settings.ts';
import { branch, child, childText, leaf, xmlDocument } from '../xml.ts';
import { type Call, type Reply, requireBucket } from './call.ts';
import { commitSetting, receiveDocument } from './settings.ts';

/**
 * Reads `x-amz-object-ownership`.
 *
 * @throws S3Error `InvalidArgument`
 */
export function readOwnership(header: string | undefined): Ownership | undefined {
  if (header === undefined) return undefined;
  const found = OWNERSHIPS.find((name) => name === header);
  if (found) return found;
  throw new S3Error('InvalidArgument', {
    message: 'Invalid x-amz-object-ownership header',
    details: { ArgumentName: 'x-amz-object-ownership', ArgumentValue: header },
  });
}

/**
 * Checks that a bucket's list lets its lists be switched off.
 *
 * @throws S3Error `InvalidBucketAclWithObjectOwnership` when it lets others in
 */
export function requireOwnershipOf(
  ownership: Ownership | undefined,
  access: AccessSetting,
  account: string,
): void {
  if (ownership !== 'BucketOwnerEnforced') return;
  const own = canonicalId(account);
  const shared = grantsInForce(access, account).some(
    ({ grantee }) => grantee.kind === 'group' || grantee.id !== own,
  );
  if (shared) throw new S3Error('InvalidBucketAclWithObjectOwnership');
}

/** `GET /bucket?ownershipControls` */
export function getOwnership(call: Call): Reply {
  const { settings, start } = requireBucket(call);
  if (settings.ownership === undefined) {
    throw new S3Error('OwnershipControlsNotFoundError', {
      details: { BucketName: start.name },
    });
  }
  return {
    status: 200,
    xml: xmlDocument(
      'OwnershipControls',
      branch('Rule', leaf('ObjectOwnership', settings.ownership)),
    ),
  };
}

/** `PUT /bucket?ownershipControls` */
export async function putOwnership(call: Call): Promise<Reply> {
  const root = await receiveDocument(call, 'OwnershipControls');
  const bucket = requireBucket(call);
  const rule = child(root, 'Rule');
  const said = rule && childText(rule, 'ObjectOwnership')?.trim();
  const ownership = OWNERSHIPS.find((name) => name === said);
  if (!ownership || root.children.length !== 1) throw new S3Error('MalformedXML');
  requireOwnershipOf(ownership, bucket.access, bucket.start.account);
  commitSetting(call, bucket, 'ownership', ownership);
  return { status: 200 };
}

/** `DELETE /bucket?ownershipControls` */
export function deleteOwnership(call: Call): Reply {
  commitSetting(call, requireBucket(call), 'ownership', undefined);
  return { status: 204 };
}
