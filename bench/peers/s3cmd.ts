import { join } from 'node:path';
import { assertNever } from '../../src/shared/lib/assert-never.ts';
import { linesOf, type Peer, type Task, versionIn } from './peer.ts';

/** s3cmd with its settings as they come: one file after the other, parts of 15 MiB. */
export const s3cmdPeer: Peer = {
  name: 's3cmd',
  program: 's3cmd',
  versionArgs: ['--version'],
  version: versionIn,
  command(program, task, setting) {
    const config = join(setting.folder, 's3cmd.conf');
    const { host, protocol } = new URL(setting.endpoint);
    return {
      argv: [program, '--config', config, '--no-progress', ...args(task, setting.bucket)],
      env: {},
      files: {
        [config]: [
          '[default]',
          `access_key = ${setting.accessKeyId}`,
          `secret_key = ${setting.secretAccessKey}`,
          `host_base = ${host}`,
          // The same host for every bucket: the bucket goes into the path.
          `host_bucket = ${host}`,
          `use_https = ${protocol === 'https:' ? 'True' : 'False'}`,
          `ca_certs_file = ${setting.caFile}`,
          'bucket_location = us-east-1',
          'guess_mime_type = False',
          '',
        ].join('\n'),
      },
    };
  },
  // Date, time, size, address.
  listed: (output, { bucket }) =>
    linesOf(output).flatMap((line) => {
      const address = /^\S+ \S+\s+\d+\s+(?<address>s3:\/\/.*)$/.exec(line)?.[1];
      return address?.slice(`s3://${bucket}/`.length) ?? [];
    }),
  downloadTier: (etag) => (etag === 'md5' ? 'md5' : 'none'),
};

function args(task: Task, bucket: string): readonly string[] {
  const url = (path: string): string => `s3://${bucket}/${path}`;
  switch (task.kind) {
    case 'put':
      return ['--quiet', 'put', task.file, url(task.key)];
    case 'get':
      return ['--quiet', '--force', 'get', url(task.key), task.file];
    case 'put-folder':
      return ['--quiet', '--recursive', 'put', `${task.folder}/`, url(task.prefix)];
    case 'get-folder':
      return [
        '--quiet',
        '--force',
        '--recursive',
        'get',
        url(task.prefix),
        `${task.folder}/`,
      ];
    case 'list':
      return ['ls', url(task.prefix)];
    case 'delete':
      return ['--quiet', '--recursive', '--force', 'del', url(task.prefix)];
    default:
      return assertNever(task);
  }
}
