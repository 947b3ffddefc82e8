import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type ContractClient,
  connectContract,
} from '../../src/main/rpc/connect-contract.ts';
import {
  type EngineCalls,
  type EngineTopics,
  engineContract,
} from '../../src/shared/contract/engine.ts';
import type { GroupFinished } from '../../src/shared/contract/transfers.ts';
import {
  AdvancedSettings,
  type ConnectionDraft,
} from '../../src/shared/domain/bookmark.ts';
import type { ConnectionId, GroupId } from '../../src/shared/domain/ids.ts';
import { Settings } from '../../src/shared/domain/settings.ts';
import { forkPinned } from '../measure/fork-pinned.ts';
import { readPeakMiB, readTimes } from '../measure/proc.ts';

/** The connection of every run. */
export const CONNECTION = 'bench' as ConnectionId;

/** What an engine is started with. */
export interface EngineOptions {
  /** The built engine, `out/main/engine.js` or a copy of its folder. */
  readonly script: string;
  /** Where its database goes, in a folder of its own. */
  readonly scratch: string;
  readonly cpus: string | null;
}

/** What the engine connects to. */
export interface EngineTarget {
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** PEM. */
  readonly certificate: string;
  /** Profile that decides about checksums: `generic` sends MD5, `aws` CRC32. */
  readonly providerId: 'generic' | 'aws';
}

/** What the engine used so far. */
export interface EngineUse {
  readonly cpuS: number;
  readonly rssMiB: number;
}

/** Dipper's engine in its own process, as the app starts it. */
export interface RunningEngine extends AsyncDisposable {
  readonly client: ContractClient<EngineCalls, EngineTopics>;
  /** User and system seconds of the engine process, and its peak memory. */
  use(): EngineUse;
  /** Waits for a group's end, also one that came before the question. */
  finished(groupId: GroupId): Promise<GroupFinished>;
}

/** Starts the engine and connects it. Rejects when it does not come up. */
export async function startEngine(
  options: EngineOptions,
  target: EngineTarget,
): Promise<RunningEngine> {
  const folder = await mkdtemp(join(options.scratch, 'engine-'));
  const child = forkPinned(
    options.script,
    [`--database=${join(folder, 'transfers.db')}`],
    { cpus: options.cpus, env: process.env },
  );
  const gone = once(child, 'exit');
  const client = connectContract(engineContract, {
    post: (message) => child.send(message as object),
    onMessage: (listener) => child.on('message', listener),
    onClose: (listener) => child.once('exit', listener),
  });
  const groups = new Map<GroupId, PromiseWithResolvers<GroupFinished>>();
  function group(id: GroupId): PromiseWithResolvers<GroupFinished> {
    let waiting = groups.get(id);
    if (waiting === undefined) {
      waiting = Promise.withResolvers();
      groups.set(id, waiting);
    }
    return waiting;
  }
  client.subscribe('transfers.groupFinished', (event) =>
    group(event.groupId).resolve(event),
  );
  const ended = gone.then(() => {
    throw new Error('The engine ended in the middle of its work.');
  });
  ended.catch(() => {});
  const engine: RunningEngine = {
    client,
    use: () => ({
      cpuS: readTimes(child.pid ?? -1)?.ownS ?? Number.NaN,
      rssMiB: readPeakMiB(child.pid ?? -1),
    }),
    finished: (groupId) => Promise.race([group(groupId).promise, ended]),
    async [Symbol.asyncDispose]() {
      if (child.connected) {
        await client.call('engine.stop', undefined).catch(() => {});
        child.disconnect();
      }
      await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
  const usual = Settings.parse({});
  const { maxTransfers, smallTransfers, partsPerTransfer, requestsPerConnection } = usual;
  await client.call('engine.setLimits', {
    maxTransfers,
    smallTransfers,
    partsPerTransfer,
    requestsPerConnection,
  });
  await client.call('engine.configure', {
    connectionId: CONNECTION,
    draft: draftFor(target),
    credentials: {
      accessKeyId: target.accessKeyId,
      secretAccessKey: target.secretAccessKey,
      sessionToken: '',
    },
  });
  return engine;
}

/** The bookmark of a bench: everything as the app proposes it, path-style. */
export function draftFor(target: EngineTarget): ConnectionDraft {
  return {
    providerId: target.providerId,
    nickname: 'Bench',
    endpoint: target.endpoint,
    accessKeyId: target.accessKeyId,
    root: '',
    region: 'us-east-1',
    signature: 'v4',
    addressing: 'path',
    uploadAcl: 'none',
    advanced: {
      ...AdvancedSettings.parse({}),
      caCertificate: target.endpoint.startsWith('https:') ? target.certificate : '',
    },
  };
}
