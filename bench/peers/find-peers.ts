import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { awsPeer } from './aws.ts';
import type { Peer } from './peer.ts';
import { rclonePeer } from './rclone.ts';
import { s3cmdPeer } from './s3cmd.ts';
import { s5cmdPeer } from './s5cmd.ts';

/** A peer that is on this machine. */
export interface FoundPeer {
  readonly peer: Peer;
  /** Whole path. */
  readonly program: string;
  readonly version: string;
}

/** Every peer the bench knows. */
export const PEERS: readonly Peer[] = [
  awsPeer('classic'),
  awsPeer('crt'),
  rclonePeer,
  s5cmdPeer,
  s3cmdPeer,
];

/** Looks for the peers on PATH. One that cannot tell its version is not taken. */
export async function findPeers(path: string): Promise<readonly FoundPeer[]> {
  const found = await Promise.all(PEERS.map((peer) => findPeer(peer, path)));
  return found.filter((peer) => peer !== null);
}

async function findPeer(peer: Peer, path: string): Promise<FoundPeer | null> {
  const program = await findProgram(peer.program, path);
  if (program === null) return null;
  try {
    const { stdout, stderr } = await promisify(execFile)(program, [...peer.versionArgs]);
    return { peer, program, version: peer.version(`${stdout}\n${stderr}`) };
  } catch {
    return null;
  }
}

/** Where a program is; `null` when it is not on `path`. */
export async function findProgram(name: string, path: string): Promise<string | null> {
  for (const folder of path.split(delimiter)) {
    const file = join(folder, name);
    try {
      await access(file, constants.X_OK);
      return file;
    } catch {
      // Not in this folder.
    }
  }
  return null;
}
