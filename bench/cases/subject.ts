import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startEngine } from '../dipper/engine.ts';
import { runEngineTask } from '../dipper/run-task.ts';
import { runMeasured } from '../measure/run-measured.ts';
import type { NullServerProcess } from '../null-server/launch.ts';
import type { FoundPeer } from '../peers/find-peers.ts';
import type { Task } from '../peers/peer.ts';
import { type BenchCase, BUCKET } from './cases.ts';

/** How a run went. */
export interface SubjectRun {
  readonly wallS: number;
  readonly cpuS: number;
  readonly rssMiB: number;
  /** Keys or names of a list. */
  readonly names: readonly string[];
  /** How a download was checked. */
  readonly downloadTier: string;
}

/** A tool under measurement. */
export interface Subject {
  readonly name: string;
  readonly version: string;
  /** Dipper itself. */
  readonly own: boolean;
  /** Whether it has anything of its own to show in this case. */
  readonly takesPart: (benchCase: BenchCase) => boolean;
  /** What its requests must call themselves; `null`: anything. */
  readonly agent: RegExp | null;
  /** Does the task; throws when it says it failed. */
  readonly run: (task: Task, benchCase: BenchCase, tls: boolean) => Promise<SubjectRun>;
}

/** What every subject needs. */
export interface SubjectSetting {
  readonly server: NullServerProcess;
  /** A folder for configuration and databases. */
  readonly scratch: string;
  /** PEM. */
  readonly certificate: string;
  readonly caFile: string;
  /** CPUs for the tools; `null`: any. */
  readonly cpus: string | null;
  /** PATH for the tools. */
  readonly path: string;
}

const KEYS = {
  accessKeyId: 'BENCHKEY',
  secretAccessKey: 'bench/secret/key',
} as const;

/** Dipper's engine, a fresh one for every run. `sums`: what its profile sends along. */
export function createEngineSubject(
  setting: SubjectSetting,
  script: string,
  version: string,
  sums: 'md5' | 'crc',
): Subject {
  const { server, scratch, cpus, certificate } = setting;
  return {
    name: sums === 'md5' ? 'dipper' : 'dipper-crc',
    version,
    own: true,
    agent: null,
    takesPart: ({ direction }) => sums === 'md5' || direction === 'up',
    async run(task, benchCase, tls) {
      await using engine = await startEngine(
        { script, scratch, cpus },
        {
          ...KEYS,
          endpoint: server.endpoint(tls),
          certificate,
          providerId: sums === 'md5' ? 'generic' : 'aws',
        },
      );
      const run = await runEngineTask(engine, BUCKET, task);
      const checked = benchCase.direction === 'down' ? run.integrity : '';
      return {
        ...run,
        downloadTier: checked === 'size' || checked === '' ? 'none' : checked,
      };
    },
  };
}

/** A peer, started anew for every run. */
export function createPeerSubject(setting: SubjectSetting, found: FoundPeer): Subject {
  const { server, scratch, cpus, caFile, path } = setting;
  const { peer, program, version } = found;
  const crt = peer.name === 'aws-crt';
  return {
    name: peer.name,
    version,
    own: false,
    agent: crt ? /crt/i : null,
    // Lists and deletes are the same code with and without CRT.
    takesPart: ({ direction }) => !crt || direction !== 'other',
    async run(task, benchCase, tls) {
      const folder = join(scratch, `peer-${peer.name}`);
      await mkdir(folder, { recursive: true });
      const place = {
        endpoint: server.endpoint(tls),
        bucket: BUCKET,
        ...KEYS,
        caFile,
        folder,
      };
      const { argv, env, files } = peer.command(program, task, place);
      for (const [name, text] of Object.entries(files)) await writeFile(name, text);
      if (task.kind === 'get-folder') await mkdir(task.folder, { recursive: true });
      const run = await runMeasured({
        argv,
        cpus,
        // Nothing of the person's own settings: proxies and bundles change figures.
        env: { PATH: path, HOME: folder, LANG: 'C.UTF-8', TMPDIR: folder, ...env },
      });
      if (run.code !== 0) {
        const why = run.stderr.trim().split('\n').at(-1) ?? '';
        throw new Error(`exit code ${run.code}: ${why.slice(0, 200)}`);
      }
      return {
        ...run,
        names: task.kind === 'list' ? peer.listed(run.stdout, place) : [],
        downloadTier:
          benchCase.direction === 'down' ? peer.downloadTier(benchCase.etag) : 'none',
      };
    },
  };
}
