import { join } from 'node:path';
import { assertNever } from '../../src/shared/lib/assert-never.ts';
import { linesOf, type Peer, type Task } from './peer.ts';

/**
 * The AWS command line. With its settings as they come: 10 requests at once, parts of
 * 8 MiB. `crt` asks for the C library underneath, which only some builds have.
 */
export function awsPeer(client: 'classic' | 'crt'): Peer {
  return {
    name: client === 'crt' ? 'aws-crt' : 'aws',
    program: 'aws',
    versionArgs: ['--version'],
    version: (output) => /aws-cli\/(?<version>\S+)/.exec(output)?.[1] ?? 'unknown',
    command(program, task, setting) {
      const config = join(setting.folder, 'aws.config');
      return {
        argv: [
          program,
          '--endpoint-url',
          setting.endpoint,
          's3',
          ...args(task, setting.bucket),
        ],
        env: {
          AWS_CONFIG_FILE: config,
          AWS_SHARED_CREDENTIALS_FILE: join(setting.folder, 'none'),
          AWS_ACCESS_KEY_ID: setting.accessKeyId,
          AWS_SECRET_ACCESS_KEY: setting.secretAccessKey,
          AWS_CA_BUNDLE: setting.caFile,
          AWS_EC2_METADATA_DISABLED: 'true',
          AWS_PAGER: '',
        },
        files: {
          [config]: `[default]\nregion = us-east-1\ns3 =\n  addressing_style = path\n  preferred_transfer_client = ${client === 'crt' ? 'crt' : 'default'}\n`,
        },
      };
    },
    // Date, time, size, name.
    listed: (output) =>
      linesOf(output).flatMap(
        (line) => /^\S+ \S+ +\d+ (?<name>.*)$/.exec(line)?.[1] ?? [],
      ),
    downloadTier: () => 'none',
  };
}

function args(task: Task, bucket: string): readonly string[] {
  const url = (path: string): string => `s3://${bucket}/${path}`;
  const quiet = '--only-show-errors';
  switch (task.kind) {
    case 'put':
      return ['cp', quiet, task.file, url(task.key)];
    case 'get':
      return ['cp', quiet, url(task.key), task.file];
    case 'put-folder':
      return ['cp', quiet, '--recursive', task.folder, url(task.prefix)];
    case 'get-folder':
      return ['cp', quiet, '--recursive', url(task.prefix), task.folder];
    case 'list':
      return ['ls', url(task.prefix)];
    case 'delete':
      return ['rm', quiet, '--recursive', url(task.prefix)];
    default:
      return assertNever(task);
  }
}
