import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { S3Server } from '../../../../tools/s3-server/index.ts';
import {
  type EngineCalls,
  type EngineTopics,
  engineContract,
} from '../../../shared/contract/engine.ts';
import type { ConnectionDraft } from '../../../shared/domain/bookmark.ts';
import type { ConnectionId } from '../../../shared/domain/ids.ts';
import { type ContractClient, connectContract } from '../../rpc/connect-contract.ts';
import { openS3Target, type S3Target } from './s3-target.ts';

/** The engine of another process. */
export type EngineClient = ContractClient<EngineCalls, EngineTopics>;

/** Starts the engine in a process of its own; its journal is the file `database`. */
export function forkEngine(database: string): {
  readonly child: ChildProcess;
  readonly engine: EngineClient;
} {
  const child = fork(
    path.join(import.meta.dirname, '..', 'process.ts'),
    [`--database=${database}`],
    { serialization: 'advanced', stdio: 'inherit' },
  );
  const engine = connectContract(engineContract, {
    post: (message) => child.send(message as object),
    onMessage: (listener) => child.on('message', listener),
    onClose: (listener) => child.once('exit', listener),
  });
  return { child, engine };
}

/** Our own server with a bucket, and an engine that can be killed and started again. */
export interface CrashBench {
  readonly target: S3Target;
  readonly server: S3Server;
  readonly bucket: string;
  /** Empty; the journal is made in it. */
  readonly folder: string;
  /** Starts the engine on what the journal has. It knows no connection yet. */
  start(): EngineClient;
  /** Opens a connection to the server. */
  configure(
    engine: EngineClient,
    connectionId: ConnectionId,
    changes?: Partial<ConnectionDraft>,
  ): Promise<void>;
  /** Kills the engine as the kernel does when memory is short: no last word, no flush. */
  kill(): Promise<void>;
  close(): Promise<void>;
}

/** Opens one; `skip` leaves the test out that runs where another server was given. */
export async function openCrashBench(skip: () => never): Promise<CrashBench> {
  const target = await openS3Target();
  const { server } = target;
  if (server === null) {
    await target.close();
    return skip();
  }
  const bucket = await target.makeBucket();
  const folder = await mkdtemp(path.join(tmpdir(), 'dipper-crash-'));
  let running: ChildProcess | undefined;

  async function kill(): Promise<void> {
    const child = running;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) {
      return;
    }
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  return {
    target,
    server,
    bucket,
    folder,
    start() {
      const { child, engine } = forkEngine(path.join(folder, 'transfers.db'));
      running = child;
      return engine;
    },
    configure: (engine, connectionId, changes) =>
      engine.call('engine.configure', {
        connectionId,
        draft: target.draft(changes),
        credentials: target.full,
      }),
    kill,
    async close() {
      await kill();
      await target.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
