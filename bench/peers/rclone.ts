import { join } from 'node:path';
import { assertNever } from '../../src/shared/lib/assert-never.ts';
import { linesOf, type Peer, type Task, versionIn } from './peer.ts';

/**
 * rclone with 16 transfers at once and parts of 16 MiB, 8 at once (its own 4 transfers and
 * 5 MiB parts are slower), and without its questions before and after a copy: the others
 * do not ask either.
 */
export const rclonePeer: Peer = {
  name: 'rclone',
  program: 'rclone',
  versionArgs: ['version'],
  version: versionIn,
  command(program, task, setting) {
    return {
      argv: [
        program,
        '--ca-cert',
        setting.caFile,
        '--transfers=16',
        '--checkers=16',
        '--s3-chunk-size=16M',
        '--s3-upload-cutoff=16M',
        '--s3-upload-concurrency=8',
        '--s3-no-head',
        ...args(task, setting.bucket),
      ],
      env: {
        RCLONE_CONFIG: join(setting.folder, 'rclone.conf'),
        RCLONE_CONFIG_BENCH_TYPE: 's3',
        RCLONE_CONFIG_BENCH_PROVIDER: 'Other',
        RCLONE_CONFIG_BENCH_ENDPOINT: setting.endpoint,
        RCLONE_CONFIG_BENCH_REGION: 'us-east-1',
        RCLONE_CONFIG_BENCH_ACCESS_KEY_ID: setting.accessKeyId,
        RCLONE_CONFIG_BENCH_SECRET_ACCESS_KEY: setting.secretAccessKey,
        RCLONE_CONFIG_BENCH_FORCE_PATH_STYLE: 'true',
        RCLONE_CONFIG_BENCH_NO_CHECK_BUCKET: 'true',
      },
      files: { [join(setting.folder, 'rclone.conf')]: '' },
    };
  },
  listed: linesOf,
  // It compares the MD5 where the ETag is one.
  downloadTier: (etag) => (etag === 'md5' ? 'md5' : 'none'),
};

function args(task: Task, bucket: string): readonly string[] {
  const at = (path: string): string => `bench:${bucket}/${path}`;
  switch (task.kind) {
    case 'put':
      return ['copyto', '--no-check-dest', task.file, at(task.key)];
    case 'get':
      return ['copyto', '--no-check-dest', at(task.key), task.file];
    case 'put-folder':
      return ['copy', '--no-check-dest', task.folder, at(task.prefix)];
    case 'get-folder':
      return ['copy', '--no-check-dest', at(task.prefix), task.folder];
    case 'list':
      return ['lsf', '--files-only', at(task.prefix)];
    case 'delete':
      return ['delete', at(task.prefix)];
    default:
      return assertNever(task);
  }
}
