import { S3Error } from '../errors.ts';
import {
  ACL_GROUPS,
  type AccessSetting,
  type AclPermission,
  CANNED_ACLS,
  canonicalId,
  type Grant,
  type Grantee,
  grantsInForce,
  PERMISSIONS,
} from '../store/acl.ts';
import { changedObject } from '../store/model.ts';
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
 * @throws S3Error `InvalidArgument`, or `InvalidRequest` for both kinds at once
 */
export function readAccess(headers: Readonly<Record<string, string>>): AccessSetting {
  const acl = headers['x-amz-acl'];
  if (acl !== undefined && !CANNED_ACLS.has(acl)) {
    throw invalid('x-amz-acl', acl);
  }
  const grants = Object.entries(GRANT_HEADERS).flatMap(([name, permission]) =>
    readGrantees(name, headers[name]).map((grantee) => ({ grantee, permission })),
  );
  if (acl !== undefined && grants.length > 0) {
    throw new S3Error('InvalidRequest', {
      message: 'Specifying both Canned ACLs and Header Grants is not allowed',
    });
  }
  if (acl !== undefined) return { acl };
  return grants.length === 0 ? {} : { grants };
}

/** `id="…", uri="…"` */
function readGrantees(name: string, value: string | undefined): readonly Grantee[] {
  if (value === undefined) return [];
  return value.split(',').map((part) => {
    const match = /^\s*(id|uri|emailAddress)\s*=\s*"?([^"]*)"?\s*$/.exec(part);
    const [, kind, text = ''] = match ?? [];
    if (kind === 'id') return account(name, text);
    if (kind === 'uri') return group(name, text);
    throw invalid(name, value);
  });
}

function account(name: string, id: string): Grantee {
  if (/^[0-9a-f]{64}$/.test(id)) return { kind: 'account', id };
  throw new S3Error('InvalidArgument', {
    message: 'Invalid id',
    details: { ArgumentName: name, ArgumentValue: id },
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

/** `GET /bucket?acl` and `GET /bucket/key?acl` */
export function getAcl(call: Call): Reply {
  const bucket = requireBucket(call);
  const { account: owning } = bucket.start;
  const setting =
    call.operation === 'GetBucketAcl'
      ? bucket.access
      : requireObject(call, bucket, requireKey(call));
  return {
    status: 200,
    xml: xmlDocument(
      'AccessControlPolicy',
      owner('Owner', owning),
      branch(
        'AccessControlList',
        ...grantsInForce(setting, owning).map((grant) => grantXml(grant, owning)),
      ),
    ),
  };
}

function grantXml({ grantee, permission }: Grant, owning: string): string {
  const xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';
  const inner =
    grantee.kind === 'group'
      ? `<Grantee ${xsi} xsi:type="Group">${leaf('URI', grantee.uri)}</Grantee>`
      : `<Grantee ${xsi} xsi:type="CanonicalUser">${leaf('ID', grantee.id)}${leaf(
          'DisplayName',
          grantee.id === canonicalId(owning) ? owning : undefined,
        )}</Grantee>`;
  return branch('Grant', inner, leaf('Permission', permission));
}

/** `PUT /bucket?acl` and `PUT /bucket/key?acl`: by headers or a document. */
export async function putAcl(call: Call): Promise<Reply> {
  const text = await call.body.text(MAX_DOCUMENT_BYTES);
  const bucket = requireBucket(call);
  const { name, account: owning } = bucket.start;
  const sent = readAccess(call.headers);
  const byHeaders = sent.acl !== undefined || sent.grants !== undefined;
  if (byHeaders && text !== '') throw new S3Error('UnexpectedContent');
  if (!byHeaders && text === '') throw new S3Error('MissingSecurityHeader');
  const access = byHeaders ? sent : { grants: readPolicy(text, owning) };
  if (call.operation === 'PutBucketAcl') {
    call.store.commit({ op: 'bucketAccess', bucket: name, access });
    return { status: 200 };
  }
  const key = requireKey(call);
  const object = requireObject(call, bucket, key);
  const { acl: _acl, grants: _grants, ...rest } = changedObject(object);
  call.store.commit({ op: 'put', bucket: name, object: { ...rest, ...access } });
  return { status: 200 };
}

function readPolicy(text: string, owning: string): readonly Grant[] {
  const root = readXml(text);
  const list = child(root, 'AccessControlList');
  if (root.name !== 'AccessControlPolicy' || list === undefined) throw malformed();
  const said = child(root, 'Owner');
  if (said !== undefined && childText(said, 'ID') !== canonicalId(owning)) {
    throw new S3Error('AccessDenied');
  }
  const grants = list.children.map(readGrant);
  if (grants.length > MAX_GRANTS) throw malformed();
  return grants;
}

function readGrant(node: XmlNode): Grant {
  const grantee = child(node, 'Grantee');
  const permission = PERMISSIONS.find((name) => name === childText(node, 'Permission'));
  if (node.name !== 'Grant' || grantee === undefined || permission === undefined) {
    throw malformed();
  }
  const uri = childText(grantee, 'URI')?.trim();
  if (uri !== undefined) return { grantee: group('URI', uri), permission };
  const id = childText(grantee, 'ID')?.trim();
  if (id === undefined) throw malformed();
  return { grantee: account('CanonicalUser/ID', id), permission };
}

function malformed(): S3Error {
  return new S3Error('MalformedACLError');
}

function invalid(name: string, value: string): S3Error {
  return new S3Error('InvalidArgument', {
    details: { ArgumentName: name, ArgumentValue: value },
  });
}
