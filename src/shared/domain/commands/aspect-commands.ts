import { assertNever } from '../../lib/assert-never.ts';
import { encodeValue } from '../../lib/encode-words.ts';
import type { Acl, Aspect, Grant, ObjectHeaders, Tag } from '../aspects.ts';
import { printCorsJson } from '../cors/print-json.ts';
import { printCorsXml } from '../cors/print-xml.ts';
import { awsLine } from './aws-line.ts';
import { awsKeeps, type KeptByCopy, mayLoseTags, s3cmdKeeps } from './kept-by-copy.ts';
import { commandLine, fileCommand, inTurn, intoFile, option } from './quote.ts';
import { type CommandServer, type CommandTool, start, type Words } from './tools.ts';

/** A bucket, or an object of it. */
export interface CommandTarget {
  readonly bucket: string;
  /** `null`: the bucket itself. */
  readonly key: string | null;
}

/** What an editor is about to send, and what is there. */
export interface CommandChange {
  readonly before: Aspect;
  readonly change: Aspect;
  /** Of an object whose headers change; absent: not known, and not kept. */
  readonly kept?: KeptByCopy | undefined;
}

/** Groups of an ACL as S3 names them. https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html */
export const GROUPS = {
  AllUsers: 'http://acs.amazonaws.com/groups/global/AllUsers',
  AuthenticatedUsers: 'http://acs.amazonaws.com/groups/global/AuthenticatedUsers',
  LogDelivery: 'http://acs.amazonaws.com/groups/s3/LogDelivery',
} as const;

const HEADER_NAMES = [
  ['contentType', 'Content-Type'],
  ['contentDisposition', 'Content-Disposition'],
  ['cacheControl', 'Cache-Control'],
  ['contentEncoding', 'Content-Encoding'],
  ['contentLanguage', 'Content-Language'],
  ['expires', 'Expires'],
] as const;

/** The command that sets what an editor is about to send; `null`: the tool cannot. */
export function aspectCommand(
  tool: CommandTool,
  target: CommandTarget,
  change: CommandChange,
  server: CommandServer,
): string | null {
  if (tool === 'aws') return awsCommand(target, change, server);
  if (tool === 's3cmd') return s3cmdCommand(target, change, server);
  return null;
}

/** Where the list of an object waits for the copy to be made. */
const ACL_FILE = 'acl.json';

/** https://docs.aws.amazon.com/cli/latest/reference/s3api/ */
function awsCommand(
  target: CommandTarget,
  { change, kept }: CommandChange,
  server: CommandServer,
) {
  const { bucket, key } = target;
  const kind = key === null ? 'bucket' : 'object';
  const where = key === null ? [] : [option('--key'), key];
  const api = (command: string, ...rest: Words): string =>
    awsLine(
      [
        ...start('aws', server),
        option(`s3api ${command} --bucket`),
        bucket,
        ...where,
        ...rest,
      ],
      server.shell,
    );
  switch (change.aspect) {
    case 'acl':
      return api(
        `put-${kind}-acl`,
        option('--access-control-policy'),
        JSON.stringify(policyOf(change.value)),
      );
    case 'cors':
      if (change.value.length === 0) return api('delete-bucket-cors');
      return api(
        'put-bucket-cors',
        option('--cors-configuration'),
        printCorsJson(change.value).trimEnd(),
      );
    case 'tags':
      if (change.value.length === 0) return api(`delete-${kind}-tagging`);
      return api(`put-${kind}-tagging`, option('--tagging'), tagSet(change.value));
    case 'headers':
      return awsRewrite(api, target, change.value, kept, server);
    default:
      return assertNever(change);
  }
}

/**
 * A copy has the account's default list: what it had is put back. The program encodes the
 * key by itself, whatever its manual says.
 */
function awsRewrite(
  api: (command: string, ...rest: Words) => string,
  { bucket, key }: CommandTarget,
  headers: ObjectHeaders,
  kept: KeptByCopy | undefined,
  server: CommandServer,
): string {
  const { hasAcl = true, tags = [] } = kept ?? {};
  const { shell } = server;
  const read = api('get-object-acl', option('--output json'));
  const copy = api(
    'copy-object',
    option('--copy-source'),
    `${bucket}/${key ?? ''}`,
    option('--metadata-directive REPLACE'),
    ...awsHeaders(headers),
    ...awsKeeps(kept),
  );
  const acl = api(
    'put-object-acl',
    option('--access-control-policy'),
    `file://${ACL_FILE}`,
  );
  const tagging = api('put-object-tagging', option('--tagging'), tagSet(tags));
  const commands = [
    ...(hasAcl ? [intoFile(ACL_FILE, read, shell)] : []),
    copy,
    ...(hasAcl ? [acl] : []),
    ...(tags.length > 0 && mayLoseTags(server) ? [tagging] : []),
  ];
  return inTurn(commands, shell);
}

function tagSet(tags: readonly Tag[]): string {
  return JSON.stringify({
    TagSet: tags.map(({ key, value }) => ({ Key: key, Value: value })),
  });
}

function awsHeaders(headers: ObjectHeaders): Words {
  const set = HEADER_NAMES.flatMap(([field, name]) =>
    headers[field] === '' ? [] : [option(`--${name.toLowerCase()}`), headers[field]],
  );
  const metadata = Object.fromEntries(
    headers.metadata.map(({ name, value }) => [name, encodeValue(value)]),
  );
  if (headers.metadata.length === 0) return set;
  return [...set, option('--metadata'), JSON.stringify(metadata)];
}

function policyOf({ owner, grants }: Acl) {
  return {
    Owner: { ID: owner.id },
    Grants: grants.map(({ grantee, permission }) => ({
      Grantee: granteeOf(grantee),
      Permission: permission,
    })),
  };
}

function granteeOf(grantee: Grant['grantee']) {
  switch (grantee.kind) {
    case 'user':
      return { Type: 'CanonicalUser', ID: grantee.id };
    case 'email':
      return { Type: 'AmazonCustomerByEmail', EmailAddress: grantee.email };
    case 'group':
      return { Type: 'Group', URI: GROUPS[grantee.group] };
    default:
      return assertNever(grantee);
  }
}

/**
 * https://s3tools.org/usage. Its `--acl-grant` adds; the rest of an ACL stays. Commands for
 * tags came with 2.4; older ones do not know them, and do nothing.
 */
function s3cmdCommand(
  { bucket, key }: CommandTarget,
  { before, change, kept }: CommandChange,
  server: CommandServer,
): string | null {
  const place = `s3://${bucket}${key === null ? '' : `/${key}`}`;
  const run = (command: string, ...rest: Words): string =>
    commandLine([...start('s3cmd', server), option(command), ...rest], server.shell);
  switch (change.aspect) {
    case 'acl': {
      const grants = s3cmdGrants(change.value);
      return grants === null ? null : run('setacl', ...grants, place);
    }
    case 'cors':
      if (change.value.length === 0) return run('delcors', place);
      return [
        fileCommand('cors.xml', printCorsXml(change.value).trimEnd(), server.shell),
        run('setcors cors.xml', place),
      ].join('\n');
    case 'tags':
      if (change.value.length === 0) return run('deltagging', place);
      return taggable(change.value)
        ? run('settagging', place, change.value.map(tagText).join('&'))
        : null;
    case 'headers':
      return run(
        'modify',
        ...s3cmdKeeps(kept),
        ...removedHeaders(before, change.value),
        ...HEADER_NAMES.flatMap(([field, name]) => addHeader(change.value[field], name)),
        ...change.value.metadata.flatMap(({ name, value }) =>
          addHeader(encodeValue(value), `x-amz-meta-${name}`),
        ),
        place,
      );
    default:
      return assertNever(change);
  }
}

/** It keeps what it is not told to remove. */
function removedHeaders(before: Aspect, { metadata, ...headers }: ObjectHeaders): Words {
  if (before.aspect !== 'headers') return [];
  const kept = new Set(metadata.map(({ name }) => name));
  const gone = [
    ...HEADER_NAMES.filter(
      ([field]) => before.value[field] !== '' && headers[field] === '',
    ),
    ...before.value.metadata
      .filter(({ name }) => !kept.has(name))
      .map(({ name }) => ['metadata', `x-amz-meta-${name}`] as const),
  ];
  return gone.flatMap(([, name]) => [option('--remove-header'), name]);
}

function addHeader(value: string, name: string): Words {
  return value === '' ? [] : [option('--add-header'), `${name}:${value}`];
}

/** Its own names for permissions; `null`: something it cannot give. */
function s3cmdGrants({ owner, grants }: Acl): Words | null {
  const others = grants.filter(
    ({ grantee }) => grantee.kind !== 'user' || grantee.id !== owner.id,
  );
  const isPublic = others.some(({ grantee }) => grantee.kind === 'group');
  // It adds to what is there, and takes away from everyone only when it is told to.
  const words: (string | { readonly raw: string })[] = isPublic
    ? []
    : [option('--acl-private')];
  for (const { grantee, permission } of others) {
    const everybody = grantee.kind === 'group' && grantee.group === 'AllUsers';
    if (everybody && permission === 'READ') words.push(option('--acl-public'));
    else if (grantee.kind === 'group') return null;
    else {
      const who = grantee.kind === 'user' ? grantee.id : grantee.email;
      words.push(option('--acl-grant'), `${permission.toLowerCase()}:${who}`);
    }
  }
  return words;
}

/** It splits the text at these and takes them for nothing else. */
function taggable(tags: readonly Tag[]): boolean {
  return tags.every(({ key, value }) => !/[&=]/.test(key + value));
}

function tagText({ key, value }: Tag): string {
  return `${key}=${value}`;
}
