import { assertNever } from '../../lib/assert-never.ts';
import type { RemoteItem } from '../listing.ts';
import { commandLine, option, quoted, type Shell } from './quote.ts';
import { type CommandServer, type CommandTool, rclonePlace, start } from './tools.ts';

/** What a command is to do with what is selected. */
export type SelectionAction = 'download' | 'list' | 'delete';

/** What is selected: in a bucket, or the bucket itself where nothing is. */
export interface Selection {
  readonly bucket: string;
  readonly items: readonly RemoteItem[];
}

/**
 * The commands, one line for each selected thing. `null`: the tool would take a name for a
 * pattern, and do it to others, too.
 */
export function selectionCommands(
  tool: CommandTool,
  action: SelectionAction,
  { bucket, items }: Selection,
  server: CommandServer,
): string | null {
  const things = items.length === 0 ? [{ key: '', folder: true }] : items;
  if (things.some((item) => isPatternTo(tool, item))) return null;
  return things
    .map((item) => {
      const command = commandLine(
        wordsFor(tool, action, bucket, item, server),
        server.shell,
      );
      // The others make the folder they download into.
      return tool === 's3cmd' && action === 'download' && item.folder
        ? inNewFolder(localName(bucket, item.key, true), command, server.shell)
        : command;
    })
    .join('\n');
}

function inNewFolder(folder: string, command: string, shell: Shell): string {
  const name = quoted(folder, shell);
  return shell === 'posix'
    ? `mkdir -p ${name} && ${command}`
    : `New-Item -ItemType Directory -Force ${name} | Out-Null; ${command}`;
}

/**
 * `*` and `?` in names: s5cmd takes folders' for wildcards (`--raw` is for single objects),
 * s3cmd those of single objects. Neither has a way to escape them.
 */
function isPatternTo(tool: CommandTool, { key, folder }: RemoteItem): boolean {
  const wild = /[*?]/.test(key);
  return wild && ((tool === 's5cmd' && folder) || (tool === 's3cmd' && !folder));
}

function wordsFor(
  tool: CommandTool,
  action: SelectionAction,
  bucket: string,
  item: RemoteItem,
  server: CommandServer,
) {
  switch (tool) {
    case 'aws':
      return awsWords(action, bucket, item, server);
    case 's3cmd':
      return s3cmdWords(action, bucket, item, server);
    case 's5cmd':
      return s5cmdWords(action, bucket, item, server);
    case 'rclone':
      return rcloneWords(action, bucket, item, server);
    default:
      return assertNever(tool);
  }
}

function awsWords(
  action: SelectionAction,
  bucket: string,
  { key, folder }: RemoteItem,
  server: CommandServer,
) {
  const place = `s3://${bucket}/${key}`;
  const all = folder ? [option('--recursive')] : [];
  const base = [...start('aws', server), option('s3')];
  if (action === 'list') return [...base, option('ls'), place, ...all];
  if (action === 'delete') return [...base, option('rm'), place, ...all];
  return [...base, option('cp'), place, localName(bucket, key, folder), ...all];
}

function s3cmdWords(
  action: SelectionAction,
  bucket: string,
  { key, folder }: RemoteItem,
  server: CommandServer,
) {
  const place = `s3://${bucket}/${key}`;
  const all = folder ? [option('--recursive')] : [];
  const base = start('s3cmd', server);
  if (action === 'list') return [...base, option('ls'), ...all, place];
  if (action === 'delete') return [...base, option('del'), ...all, place];
  return [...base, option('get'), ...all, place, localName(bucket, key, folder)];
}

/** s5cmd takes `*` and `?` for wildcards unless told otherwise. */
function s5cmdWords(
  action: SelectionAction,
  bucket: string,
  { key, folder }: RemoteItem,
  server: CommandServer,
) {
  const name = `s3://${bucket}/${key}`;
  const place = folder ? `${name}*` : name;
  const raw = folder ? [] : [option('--raw')];
  const base = start('s5cmd', server);
  if (action === 'list') return [...base, option('ls'), place];
  if (action === 'delete') return [...base, option('rm'), ...raw, place];
  return [...base, option('cp'), ...raw, place, localName(bucket, key, folder)];
}

function rcloneWords(
  action: SelectionAction,
  bucket: string,
  { key, folder }: RemoteItem,
  server: CommandServer,
) {
  const place = rclonePlace(server, bucket, folder ? key.replace(/\/$/, '') : key);
  if (action === 'list') return [option('rclone lsl'), place];
  if (action === 'delete') {
    return [option(folder ? 'rclone delete' : 'rclone deletefile'), place];
  }
  const target = localName(bucket, key, folder);
  return [option(folder ? 'rclone copy' : 'rclone copyto'), place, target];
}

/** Where a download goes: beside the shell, under the thing's own name. */
function localName(bucket: string, key: string, folder: boolean): string {
  const bare = key.replace(/\/+$/, '');
  const name = bare.slice(bare.lastIndexOf('/') + 1) || bucket;
  return folder ? `./${name}/` : `./${name}`;
}
