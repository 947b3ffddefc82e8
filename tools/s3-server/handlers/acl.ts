import type { Accounts } from '../access/accounts.ts';
import {
  bucketList,
  type List,
  objectList,
  ownerEnforced,
  requireList,
} from '../access/lists.ts';
import { S3Error } from '../errors.ts';
import {
  ACL_GROUPS,
  type AccessSetting,
  type AclPermission,
  ANONYMOUS,
  BUCKET_ACLS,
  canonicalId,
  type Grant,
  type Grantee,
  OBJECT_ACLS,
  PERMISSIONS,
} from '../store/acl.ts';
import { type Bucket, changedObject } from '../store/model.ts';
import { accountOf } from '../users.ts';
import {
  branch,
  child,
  childText,
  leaf,
  readXml,
  type XmlNode,
  xmlDocument,
} from '../xml.ts';
import {
  type Call,
  type Reply,
  requireBucket,
  requireKey,
  requireObject,
} from './call.ts';
import { owner } from './owner.ts';

const MAX_DOCUMENT_BYTES = 64 * 1024;
const MAX_GRANTS = 100;

const GRANT_HEADERS: Readonly<Record<string, AclPermission>> = {
  'x-amz-grant-full-control': 'FULL_CONTROL',
  'x-amz-grant-read': 'READ',
  'x-amz-grant-write': 'WRITE',
  'x-amz-grant-read-acp': 'READ_ACP',
  'x-amz-grant-write-acp': 'WRITE_ACP',
};

/**
 * Reads who may do what from a request's headers.
 *
 * @param canned the names of canned lists that go with the resource
 * @throws S3Error `InvalidArgument`, `UnresolvableGrantByEmailAddress`, or
 *   `InvalidRequest` for both kinds at once
 */
export function readAccess(
  { headers, accounts }: Pick<Call, 'headers' | 'accounts'>,
  canned: ReadonlySet<string>,
): AccessSetting {
  const acl = headers['x-amz-acl'];
  if (acl !== undefined && !canned.has(acl)) {
    throw invalid('x-amz-acl', acl);
  }
  const grants = Object.entries(GRANT_HEADERS).flatMap(([name, permission]) =>
    readGrantees(name, headers[name], accounts).map((grantee) => ({
      grantee,
      permission,
    })),
  );
  if (acl !== undefined && grants.length > 0) {
    throw new S3Error('InvalidRequest', {
      message: 'Specifying both Canned ACLs and Header Grants is not allowed',
    });
  }
  if (grants.length > MAX_GRANTS) throw malformed();
  if (acl !== undefined) return { acl };
  return grants.length === 0 ? {} : { grants };
}

/** `id="…", uri="…", emailAddress="…"` */
function readGrantees(
  name: string,
  value: string | undefined,
  accounts: Accounts,
): readonly Grantee[] {
  if (value === undefined) return [];
  return value.split(',').map((part) => {
    const match = /^\s*(id|uri|emailAddress)\s*=\s*"?([^"]*)"?\s*$/.exec(part);
    const [, kind, text = ''] = match ?? [];
    if (kind === 'id') return account(name, text, accounts);
    if (kind === 'uri') return group(name, text);
    if (kind === 'emailAddress') return byEmail(text, accounts);
    throw invalid(name, value);
  });
}

function account(name: string, id: string, accounts: Accounts): Grantee {
  if (accounts.nameOf(id) !== undefined) return { kind: 'account', id };
  throw new S3Error('InvalidArgument', {
    message: 'Invalid id',
    details: { ArgumentName: name, ArgumentValue: id },
  });
}

function byEmail(email: string, accounts: Accounts): Grantee {
  const id = accounts.idOfEmail(email);
  if (id !== undefined) return { kind: 'account', id };
  throw new S3Error('UnresolvableGrantByEmailAddress', {
    details: { EmailAddress: email },
  });
}

function group(name: string, uri: string): Grantee {
  const known: readonly string[] = Object.values(ACL_GROUPS);
  if (known.includes(uri)) return { kind: 'group', uri };
  throw new S3Error('InvalidArgument', {
    message: 'Invalid group uri',
    details: { ArgumentName: name, ArgumentValue: uri },
  });
}

/**
 * What a request says of the access to the object it makes, and who will own it.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
 *
 * @throws S3Error as {@link readAccess} and {@link requireList} do
 */
export function newObjectAccess(
  call: Call,
  bucket: Bucket,
): AccessSetting & { readonly owner?: string } {
  const access = readAccess(call, OBJECT_ACLS);
  requireList(bucket, access);
  if (ownerEnforced(bucket)) return {};
  const writer = call.user ? accountOf(call.user) : ANONYMOUS;
  const given =
    bucket.settings.ownership === 'BucketOwnerPreferred' &&
    access.acl === 'bucket-owner-full-control';
  return given || writer === bucket.start.account ? access : { ...access, owner: writer };
}

/** `GET /bucket?acl` and `GET /bucket/key?acl` */
export function getAcl(call: Call): Reply {
  const list = listOf(call);
  return {
    status: 200,
    xml: xmlDocument(
      'AccessControlPolicy',
      owner('Owner', list.owner),
      branch(
        'AccessControlList',
        ...list.grants.map((grant) => grantXml(grant, call.accounts)),
      ),
    ),
  };
}

function listOf(call: Call): List {
  const bucket = requireBucket(call);
  if (call.operation === 'GetBucketAcl' || call.operation === 'PutBucketAcl') {
    return bucketList(bucket);
  }
  return objectList(bucket, requireObject(call, bucket, requireKey(call)));
}

function grantXml({ grantee, permission }: Grant, accounts: Accounts): string {
  const xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';
  const inner =
    grantee.kind === 'group'
      ? `<Grantee ${xsi} xsi:type="Group">${leaf('URI', grantee.uri)}</Grantee>`
      : `<Grantee ${xsi} xsi:type="CanonicalUser">${leaf('ID', grantee.id)}${leaf(
          'DisplayName',
          accounts.nameOf(grantee.id),
        )}</Grantee>`;
  return branch('Grant', inner, leaf('Permission', permission));
}

/** `PUT /bucket?acl` and `PUT /bucket/key?acl`: by headers or a document. */
export async function putAcl(call: Call): Promise<Reply> {
  const text = await call.body.text(MAX_DOCUMENT_BYTES);
  const bucket = requireBucket(call);
  const { name } = bucket.start;
  const list = listOf(call);
  const onBucket = call.operation === 'PutBucketAcl';
  const sent = readAccess(call, onBucket ? BUCKET_ACLS : OBJECT_ACLS);
  const byHeaders = sent.acl !== undefined || sent.grants !== undefined;
  if (byHeaders && text !== '') throw new S3Error('UnexpectedContent');
  if (!byHeaders && text === '') throw new S3Error('MissingSecurityHeader');
  const access = byHeaders ? sent : readList(text, list.owner, call.accounts);
  requireList(bucket, access);
  // With lists off, the one that is taken says what holds anyway.
  if (ownerEnforced(bucket)) return { status: 200 };
  if (onBucket) {
    call.store.commit({ op: 'bucketAccess', bucket: name, access });
    return { status: 200 };
  }
  const object = requireObject(call, bucket, requireKey(call));
  const { acl: _acl, grants: _grants, ...rest } = changedObject(object);
  call.store.commit({ op: 'put', bucket: name, object: { ...rest, ...access } });
  return { status: 200 };
}

function readList(text: string, owning: string, accounts: Accounts): AccessSetting {
  const root = readDocument(text);
  const list = child(root, 'AccessControlList');
  const said = child(root, 'Owner');
  if (root.name !== 'AccessControlPolicy' || !list || !said) throw malformed();
  // An owner cannot be changed by a list.
  if (childText(said, 'ID') !== canonicalId(owning)) throw new S3Error('AccessDenied');
  const grants = list.children.map((node) => readGrant(node, accounts));
  if (grants.length > MAX_GRANTS) throw malformed();
  return { grants };
}

function readDocument(text: string): XmlNode {
  try {
    return readXml(text);
  } catch (error) {
    throw error instanceof S3Error ? malformed() : error;
  }
}

function readGrant(node: XmlNode, accounts: Accounts): Grant {
  const grantee = child(node, 'Grantee');
  const permission = PERMISSIONS.find((name) => name === childText(node, 'Permission'));
  if (node.name !== 'Grant' || grantee === undefined || permission === undefined) {
    throw malformed();
  }
  const uri = childText(grantee, 'URI')?.trim();
  if (uri !== undefined) return { grantee: group('Group/URI', uri), permission };
  const email = childText(grantee, 'EmailAddress')?.trim();
  if (email !== undefined) return { grantee: byEmail(email, accounts), permission };
  const id = childText(grantee, 'ID')?.trim();
  if (id === undefined) throw malformed();
  return { grantee: account('CanonicalUser/ID', id, accounts), permission };
}

function malformed(): S3Error {
  return new S3Error('MalformedACLError');
}

function invalid(name: string, value: string): S3Error {
  return new S3Error('InvalidArgument', {
    details: { ArgumentName: name, ArgumentValue: value },
  });
}
