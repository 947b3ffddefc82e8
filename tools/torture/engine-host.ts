import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type ContractClient,
  connectContract,
} from '../../src/main/rpc/connect-contract.ts';
import type { RequestOf, ResponseOf } from '../../src/shared/contract/define.ts';
import {
  type EngineCalls,
  type EngineConnection,
  type EngineTopics,
  engineContract,
} from '../../src/shared/contract/engine.ts';
import type { GroupId } from '../../src/shared/domain/ids.ts';
import { AppError } from '../../src/shared/errors/app-error.ts';

/** The engine's entry in the sources; `--engine` names a built one. */
export const ENGINE_SOURCE = resolve(
  import.meta.dirname,
  '../../src/main/engine/process.ts',
);

/** Options of {@link EngineHost}. */
export interface EngineHostOptions {
  readonly entry: string;
  /** Folder of the queue's database. */
  readonly folder: string;
  /** What every new engine is told first. */
  readonly connections: () => readonly EngineConnection[];
  /** It ended although nobody killed it. */
  readonly onCrash: (evidence: string) => void;
  /** It did not stop when it was told to. */
  readonly onHang: () => void;
  /** What it logs as an error. */
  readonly log: (line: string) => void;
}

/** How long it may take to stop in order, ms. */
const STOP_MS = 30_000;
/** Breakdowns in a row after which there is no sense in another try. */
const MOST_BREAKDOWNS = 5;

/** The engine in its own process, killed and started again at will over one database. */
export class EngineHost {
  /** Groups that an engine called finished. */
  readonly finished = new Set<GroupId>();
  kills = 0;
  readonly #options: EngineHostOptions;
  #child: ChildProcess | undefined;
  #line: Promise<ContractClient<EngineCalls, EngineTopics>> | undefined;
  #ending = false;
  #breakdowns = 0;
  #stderr = '';

  constructor(options: EngineHostOptions) {
    this.#options = options;
  }

  start(): void {
    const { entry, folder } = this.#options;
    const child = fork(entry, [`--database=${join(folder, 'transfers.db')}`], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#stderr = '';
    child.stderr?.on('data', (data: Buffer) => {
      this.#stderr = (this.#stderr + data.toString()).slice(-4_000);
    });
    child.once('exit', (code, signal) => {
      if (this.#child !== child || this.#ending) return;
      this.#options.onCrash(`exit ${code ?? signal}: ${this.#stderr}`);
      this.#breakdowns += 1;
      if (this.#breakdowns < MOST_BREAKDOWNS) this.start();
      else this.#line = Promise.reject(new Error('The engine breaks down every time'));
      this.#line?.catch(() => undefined);
    });
    this.#child = child;
    this.#line = this.#prepare(child);
    this.#line.catch(() => undefined);
  }

  /**
   * Asks the engine. Where it dies meanwhile the next one is asked, so only for what may
   * be asked twice, or while nobody kills.
   */
  async call<N extends keyof EngineCalls>(
    name: N,
    request: RequestOf<EngineCalls, N>,
  ): Promise<ResponseOf<EngineCalls, N>> {
    for (;;) {
      try {
        const line = await this.#line;
        if (line === undefined) throw new Error('the engine is not started');
        return await line.call(name, request);
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'engine.gone') throw error;
        if (this.#ending) throw error;
        await delay(50);
      }
    }
  }

  /** Tells the engine its connections anew. */
  async configure(): Promise<void> {
    for (const connection of this.#options.connections()) {
      await this.call('engine.configure', connection);
    }
  }

  /** `kill -9` and, after `pauseMs`, the next one over the same database. */
  async kill(pauseMs: number): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    this.#child = undefined;
    this.kills += 1;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    await delay(pauseMs);
    this.start();
  }

  /** Stops in order, as quitting does, and starts the next one over the same database. */
  async restart(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    const line = await this.#line?.catch(() => undefined);
    // Who asks from now on is answered by the next one.
    const next = Promise.withResolvers<ContractClient<EngineCalls, EngineTopics>>();
    next.promise.catch(() => undefined);
    this.#line = next.promise;
    this.#child = undefined;
    const gone = once(child, 'exit');
    const timer = setTimeout(() => {
      this.#options.onHang();
      child.kill('SIGKILL');
    }, STOP_MS);
    await line?.call('engine.stop', undefined).catch(() => undefined);
    if (child.connected) child.disconnect();
    await gone;
    clearTimeout(timer);
    this.start();
    if (this.#line !== undefined) next.resolve(this.#line);
  }

  /** Stops in order, or ends the process when it does not within half a minute. */
  async stop(): Promise<'stopped' | 'hung'> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null) return 'stopped';
    const gone = once(child, 'exit');
    const orderly = this.call('engine.stop', undefined).then(() => child.disconnect());
    this.#ending = true;
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await Promise.race([orderly.catch(() => undefined), gone]);
    await gone;
    clearTimeout(timer);
    return child.signalCode === null ? 'stopped' : 'hung';
  }

  /** Ends whatever runs, at once. */
  abandon(): void {
    this.#ending = true;
    this.#child?.kill('SIGKILL');
  }

  async #prepare(
    child: ChildProcess,
  ): Promise<ContractClient<EngineCalls, EngineTopics>> {
    const line = connectContract(engineContract, {
      post: (message) => {
        if (child.connected) child.send(message as object, () => undefined);
      },
      onMessage: (listener) => {
        child.on('message', listener);
      },
      onClose: (listener) => {
        child.once('exit', listener);
      },
    });
    line.subscribe('transfers.groupFinished', ({ groupId, failed }) => {
      if (failed === 0) this.finished.add(groupId);
    });
    line.subscribe('engine.log', ({ level, message, details }) => {
      if (level !== 'error') return;
      this.#options.log(`the engine says: ${message} ${JSON.stringify(details)}`);
    });
    const limits = { maxTransfers: 8, smallTransfers: 16, partsPerTransfer: 4 };
    await line.call('engine.setLimits', limits);
    for (const connection of this.#options.connections()) {
      await line.call('engine.configure', connection);
    }
    this.#breakdowns = 0;
    return line;
  }
}
