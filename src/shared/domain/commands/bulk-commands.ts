import { assertNever } from '../../lib/assert-never.ts';
import { encodeValue } from '../../lib/encode-words.ts';
import type { BulkChange, Grant } from '../aspects.ts';
import type { RemoteItem } from '../listing.ts';
import { GROUPS } from './aspect-commands.ts';
import { awsLine } from './aws-line.ts';
import { commandLine, option } from './quote.ts';
import { type CommandServer, type CommandTool, start, type Words } from './tools.ts';

/** Most commands at once: nobody pastes more lines. */
const MOST_COMMANDS = 1_000;

/** Objects that are changed together. */
export interface BulkTarget {
  readonly bucket: string;
  /** `null`: all the bucket holds. */
  readonly items: readonly RemoteItem[] | null;
}

/** Why a tool cannot do a change of many objects. */
export type NoBulkCommand =
  /** It has nothing of the kind. */
  | 'no-such-thing'
  /** It changes one object at a time: folders would have to be listed first. */
  | 'no-folders'
  /** It replaces the whole list, the whole set or all headers, of each object. */
  | 'replaces-all'
  /** It cannot do this one. */
  | 'cannot'
  /** It takes a name for a pattern. */
  | 'pattern'
  | 'too-many';

/** How the command differs from what Dipper does. */
export type BulkCommandNote =
  /** What single users were given stays. */
  | 'keeps-users'
  /** Copies have the standard class; Ceph drops tags with headers that are replaced. */
  | 'standard-class'
  /** Who has full control keeps all of it. */
  | 'keeps-full-control';

/** The commands for a change of many objects, one line each. */
export type BulkCommand =
  | { readonly text: string; readonly note: BulkCommandNote | null }
  | { readonly reason: NoBulkCommand };

/** What comes after the program, and where the place goes. */
interface Template {
  readonly words: Words;
  readonly note: BulkCommandNote | null;
}

type Answer = Template | { readonly reason: NoBulkCommand };

/** The commands of a tool that do a change of many objects, or why there are none. */
export function bulkCommand(
  tool: CommandTool,
  target: BulkTarget,
  change: BulkChange,
  server: CommandServer,
): BulkCommand {
  const items = target.items ?? [{ key: '', folder: true }];
  if (tool === 'aws') return awsCommands(target.bucket, items, change, server);
  if (tool === 's3cmd') return s3cmdCommands(target.bucket, items, change, server);
  return { reason: 'no-such-thing' };
}

/** https://docs.aws.amazon.com/cli/latest/reference/s3api/: one object at a time. */
function awsCommands(
  bucket: string,
  items: readonly RemoteItem[],
  change: BulkChange,
  server: CommandServer,
): BulkCommand {
  const answer = awsTemplate(change);
  if ('reason' in answer) return answer;
  if (items.some(({ folder }) => folder)) return { reason: 'no-folders' };
  if (items.length > MOST_COMMANDS) return { reason: 'too-many' };
  const [command, ...rest] = answer.words;
  const lines = items.map(({ key }) =>
    awsLine(
      [
        ...start('aws', server),
        option('s3api'),
        ...(command === undefined ? [] : [command]),
        option('--bucket'),
        bucket,
        option('--key'),
        key,
        ...rest,
      ],
      server.shell,
    ),
  );
  return { text: lines.join('\n'), note: null };
}

function awsTemplate(change: BulkChange): Answer {
  switch (change.aspect) {
    case 'acl':
      if (change.canned === null) return { reason: 'replaces-all' };
      return {
        words: [option('put-object-acl'), option('--acl'), change.canned],
        note: null,
      };
    case 'tags':
      if (!change.replace) return { reason: 'replaces-all' };
      if (change.set.length === 0) {
        return { words: [option('delete-object-tagging')], note: null };
      }
      return {
        words: [
          option('put-object-tagging'),
          option('--tagging'),
          JSON.stringify({
            TagSet: change.set.map(({ key, value }) => ({ Key: key, Value: value })),
          }),
        ],
        note: null,
      };
    case 'headers':
      return { reason: 'replaces-all' };
    default:
      return assertNever(change);
  }
}

/** https://s3tools.org/usage: `setacl` and `modify` take folders with `--recursive`. */
function s3cmdCommands(
  bucket: string,
  items: readonly RemoteItem[],
  change: BulkChange,
  server: CommandServer,
): BulkCommand {
  const answer = s3cmdTemplate(change);
  if ('reason' in answer) return answer;
  const folders = items.some(({ folder }) => folder);
  if (change.aspect === 'tags' && folders) return { reason: 'no-folders' };
  // It has no way to escape them in the names of single objects.
  if (items.some(({ key, folder }) => !folder && /[*?]/.test(key))) {
    return { reason: 'pattern' };
  }
  if (items.length > MOST_COMMANDS) return { reason: 'too-many' };
  const lines = items.map(({ key, folder }) =>
    commandLine(
      [
        ...start('s3cmd', server),
        ...answer.words.slice(0, 1),
        ...(folder ? [option('--recursive')] : []),
        ...answer.words.slice(1, change.aspect === 'tags' ? 1 : undefined),
        `s3://${bucket}/${key}`,
        // Tags are named after the object.
        ...(change.aspect === 'tags' ? answer.words.slice(1) : []),
      ],
      server.shell,
    ),
  );
  return { text: lines.join('\n'), note: answer.note };
}

function s3cmdTemplate(change: BulkChange): Answer {
  switch (change.aspect) {
    case 'acl':
      return change.canned === null
        ? s3cmdGrants(change.add, change.remove)
        : s3cmdPreset(change.canned);
    case 'tags': {
      if (!change.replace) return { reason: 'replaces-all' };
      if (change.set.length === 0) return { words: [option('deltagging')], note: null };
      // It splits the text at these and takes them for nothing else.
      if (change.set.some(({ key, value }) => /[&=]/.test(key + value))) {
        return { reason: 'cannot' };
      }
      const text = change.set.map(({ key, value }) => `${key}=${value}`).join('&');
      return { words: [option('settagging'), text], note: null };
    }
    case 'headers':
      return s3cmdHeaders(change);
    default:
      return assertNever(change);
  }
}

/** Its presets add to a list or take strangers out of it; the rest of the list stays. */
function s3cmdPreset(
  canned: NonNullable<Extract<BulkChange, { readonly aspect: 'acl' }>['canned']>,
): Answer {
  const setacl = option('setacl');
  const note = 'keeps-users';
  switch (canned) {
    case 'private':
      return { words: [setacl, option('--acl-private')], note };
    case 'public-read':
      return { words: [setacl, option('--acl-public')], note };
    default:
      return { reason: 'cannot' };
  }
}

function s3cmdGrants(add: readonly Grant[], remove: readonly Grant[]): Answer {
  const words: Words = [
    option('setacl'),
    ...add.flatMap((grant) => [option('--acl-grant'), grantText(grant)]),
    ...remove.flatMap((grant) => [option('--acl-revoke'), grantText(grant)]),
  ];
  const partly = remove.some(({ permission }) => permission !== 'FULL_CONTROL');
  return { words, note: partly ? 'keeps-full-control' : null };
}

/** It knows groups by their addresses. */
function grantText({ grantee, permission }: Grant): string {
  const who =
    grantee.kind === 'user'
      ? grantee.id
      : grantee.kind === 'email'
        ? grantee.email
        : GROUPS[grantee.group];
  return `${permission.toLowerCase()}:${who}`;
}

/** `modify` copies each object onto itself, with what is not named as it was. */
function s3cmdHeaders(
  change: Extract<BulkChange, { readonly aspect: 'headers' }>,
): Answer {
  // It would have to know which metadata there is, and which type a name stands for.
  if (change.replaceMetadata || change.typeByExtension) return { reason: 'cannot' };
  const set = [
    ...Object.entries(change.set),
    ...Object.entries(change.setMetadata).map(
      ([name, value]) => [`x-amz-meta-${name}`, encodeValue(value)] as const,
    ),
  ];
  const removed = change.removeMetadata.map((name) => `x-amz-meta-${name}`);
  return {
    words: [
      option('modify'),
      ...set.flatMap(([name, value]) =>
        value === ''
          ? [option('--remove-header'), name]
          : [option('--add-header'), `${name}:${value}`],
      ),
      ...removed.flatMap((name) => [option('--remove-header'), name]),
    ],
    note: 'standard-class',
  };
}
