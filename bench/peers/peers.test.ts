import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { awsPeer } from './aws.ts';
import { findPeers, PEERS } from './find-peers.ts';
import type { PeerSetting, Task } from './peer.ts';
import { rclonePeer } from './rclone.ts';
import { s3cmdPeer } from './s3cmd.ts';
import { s5cmdPeer } from './s5cmd.ts';

const setting: PeerSetting = {
  endpoint: 'https://127.0.0.1:9443',
  bucket: 'bench',
  accessKeyId: 'id',
  secretAccessKey: 'very secret',
  caFile: '/t/ca.pem',
  folder: '/t',
};
const up: Task = { kind: 'put-folder', folder: '/src', prefix: 'p/' };

test('no secret is on a command line', () => {
  for (const peer of PEERS) {
    expect(peer.command('x', up, setting).argv.join(' ')).not.toContain('very secret');
  }
});

test.each(PEERS)(
  '$name trusts the certificate and does not turn the check off',
  (peer) => {
    const { argv, env, files } = peer.command('x', up, setting);
    const all = JSON.stringify([argv, env, files]);
    expect(all).toContain('/t/ca.pem');
    expect(all).not.toMatch(/no-verify|no-check-cert|insecure/);
  },
);

test('uploading a folder is each one’s own words', () => {
  const peers = [awsPeer('crt'), rclonePeer, s5cmdPeer, s3cmdPeer];
  const words = peers.map((peer) => {
    const { argv } = peer.command('x', up, setting);
    return argv.slice(-4).join(' ');
  });
  expect(words).toEqual([
    '--only-show-errors --recursive /src s3://bench/p/',
    'copy --no-check-dest /src bench:bench/p/',
    '--concurrency=8 --part-size=16 /src/ s3://bench/p/',
    '--recursive put /src/ s3://bench/p/',
  ]);
});

test('the two kinds of aws differ in their configuration only', () => {
  const [classic, crt] = (['classic', 'crt'] as const).map((kind) =>
    awsPeer(kind).command('aws', up, setting),
  );
  expect(classic?.argv).toEqual(crt?.argv);
  expect(Object.values(crt?.files ?? {}).join()).toContain(
    'preferred_transfer_client = crt',
  );
});

test('names are read from each one’s list', () => {
  const aws = '2026-01-01 00:00:00       1234 a b\n                           PRE sub/\n';
  const s5 = '2026/01/01 00:00:00              1234  a b\n                DIR  sub/\n';
  const s3 = '2026-01-01 00:00         1234  s3://bench/p/a b\n';
  expect([
    awsPeer('classic').listed(aws, setting),
    s5cmdPeer.listed(s5, setting),
    s3cmdPeer.listed(s3, setting),
    rclonePeer.listed('a b\n', setting),
  ]).toEqual([['a b'], ['a b'], ['p/a b'], ['a b']]);
});

test('a peer is found where PATH says, with its version', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'dipper-bench-'));
  try {
    await writeFile(join(folder, 's5cmd'), '#!/bin/sh\necho v2.3.0-991c9fb\n');
    await chmod(join(folder, 's5cmd'), 0o755);
    await writeFile(join(folder, 'rclone'), '#!/bin/sh\nexit 1\n');
    await chmod(join(folder, 'rclone'), 0o755);
    const found = await findPeers(`${folder}/none:${folder}`);
    expect(found).toEqual([
      { peer: s5cmdPeer, program: join(folder, 's5cmd'), version: '2.3.0-991c9fb' },
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
