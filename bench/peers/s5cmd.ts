import { join } from 'node:path';
import { assertNever } from '../../src/shared/lib/assert-never.ts';
import { linesOf, type Peer, type Task, versionIn } from './peer.ts';

/** s5cmd with its settings as they come but for parts of 16 MiB, 8 at once. */
export const s5cmdPeer: Peer = {
  name: 's5cmd',
  program: 's5cmd',
  versionArgs: ['version'],
  version: versionIn,
  command(program, task, setting) {
    return {
      argv: [
        program,
        '--endpoint-url',
        setting.endpoint,
        // A list's names are printed as information.
        ...(task.kind === 'list' ? [] : ['--log', 'error']),
        ...args(task, setting.bucket),
      ],
      env: {
        AWS_ACCESS_KEY_ID: setting.accessKeyId,
        AWS_SECRET_ACCESS_KEY: setting.secretAccessKey,
        AWS_REGION: 'us-east-1',
        AWS_CA_BUNDLE: setting.caFile,
        AWS_CONFIG_FILE: join(setting.folder, 'none'),
        AWS_SHARED_CREDENTIALS_FILE: join(setting.folder, 'none'),
        AWS_EC2_METADATA_DISABLED: 'true',
      },
      files: {},
    };
  },
  // Date, time, size, name.
  listed: (output) =>
    linesOf(output).flatMap(
      (line) => /^\S+ \S+\s+\d+\s+(?<name>.*)$/.exec(line)?.[1] ?? [],
    ),
  downloadTier: () => 'none',
};

function args(task: Task, bucket: string): readonly string[] {
  const url = (path: string): string => `s3://${bucket}/${path}`;
  const parts = ['--concurrency=8', '--part-size=16'];
  switch (task.kind) {
    case 'put':
      return ['cp', ...parts, task.file, url(task.key)];
    case 'get':
      return ['cp', ...parts, url(task.key), task.file];
    case 'put-folder':
      return ['cp', ...parts, `${task.folder}/`, url(task.prefix)];
    case 'get-folder':
      return ['cp', ...parts, url(`${task.prefix}*`), `${task.folder}/`];
    case 'list':
      return ['ls', url(task.prefix)];
    case 'delete':
      return ['rm', url(`${task.prefix}*`)];
    default:
      return assertNever(task);
  }
}
