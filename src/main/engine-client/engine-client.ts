import type { PayloadOf, RequestOf, ResponseOf } from '../../shared/contract/define.ts';
import {
  type EngineCalls,
  type EngineTopics,
  engineContract,
  STORAGE_EXIT_CODE,
} from '../../shared/contract/engine.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { Logger } from '../logging/logger.ts';
import type { EngineHandle, EngineLauncher } from '../platform/engine-launcher.ts';
import type { Clock } from '../platform/system.ts';
import { type ContractClient, connectContract } from '../rpc/connect-contract.ts';
import { CRASH_WINDOW_MS, restartDelay, STORAGE_RETRY_MS } from './restart-policy.ts';

/** How long the engine has to stop by itself, ms. */
export const STOP_MS = 5_000;

/** How long an ended process may take to be gone, ms. */
const EXIT_MS = 1_000;

/** One running engine. */
export type EngineLine = ContractClient<EngineCalls, EngineTopics>;

/** The transfer engine as the rest of main sees it: one that is always there. */
export interface EngineClient {
  /** Starts the process now rather than at the first call. */
  start(): void;
  /**
   * Asks the engine; waits while it is being (re)started. Rejects with `engine.gone` when
   * it died during the call or too often before. One that could not write its queue is
   * tried again until it can.
   */
  call<N extends keyof EngineCalls>(
    name: N,
    request: RequestOf<EngineCalls, N>,
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<ResponseOf<EngineCalls, N>>;
  /** Hears a topic of this engine and of all that follow it. */
  subscribe<N extends keyof EngineTopics>(
    topic: N,
    listener: (payload: PayloadOf<EngineTopics, N>) => void,
  ): void;
  /** Asks it to stop, waits at most {@link STOP_MS}, then ends it. No restart follows. */
  stop(): Promise<void>;
}

interface Session {
  readonly handle: EngineHandle;
  readonly line: EngineLine;
}

/** Makes a client that starts, watches and restarts the engine. */
export function createEngineClient(options: {
  readonly launcher: EngineLauncher;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Runs on each new engine before any other call reaches it. */
  readonly prepare: (line: EngineLine) => Promise<void>;
  /** The engine died too often; it is tried again a minute later. */
  readonly onGivenUp: () => void;
}): EngineClient {
  const { launcher, clock, logger, prepare, onGivenUp } = options;
  const subscriptions: ((line: EngineLine) => void)[] = [];
  const stopping = new AbortController();
  let crashes: number[] = [];
  let session: Promise<Session> | null = null;
  let current: EngineHandle | null = null;

  async function launch(): Promise<Session> {
    const handle = launcher.launch();
    current = handle;
    const line = connectContract(engineContract, handle.port);
    for (const subscribe of subscriptions) subscribe(line);
    void watch(handle, line);
    try {
      await prepare(line);
    } catch (error) {
      // Alive but without its connections it is of no use: it is started anew.
      handle.kill();
      throw error;
    }
    logger.info('engine started', { pid: handle.pid });
    return { handle, line };
  }

  async function watch(handle: EngineHandle, line: EngineLine): Promise<void> {
    const code = await handle.exited;
    line.close();
    if (current === handle) current = null;
    if (stopping.signal.aborted) return;
    const now = clock.now();
    const noStorage = code === STORAGE_EXIT_CODE;
    // It ended on purpose, and nothing but patience helps.
    if (!noStorage) {
      crashes = [...crashes.filter((time) => now - time < CRASH_WINDOW_MS), now];
    }
    const delay = noStorage ? STORAGE_RETRY_MS : restartDelay(crashes, now);
    logger.error('engine exited', { code, restartIn: delay });
    if (delay === null) {
      session = null;
      onGivenUp();
      await clock.sleep(CRASH_WINDOW_MS, { signal: stopping.signal });
      if (session === null && !stopping.signal.aborted) begin(0);
      return;
    }
    begin(delay);
  }

  function begin(delay: number): void {
    const next = clock.sleep(delay, { signal: stopping.signal }).then(() => {
      if (stopping.signal.aborted) throw new AppError('engine.gone');
      return launch();
    });
    session = next;
    next.catch((error: unknown) => {
      if (!stopping.signal.aborted) logger.error('engine did not start', { error });
      // A process that never came up has no exit to restart after.
      if (session === next && current === null) session = null;
    });
  }

  async function ready(): Promise<Session> {
    if (stopping.signal.aborted) throw new AppError('engine.gone');
    if (session === null) {
      if (restartDelay(crashes, clock.now()) === null) throw new AppError('engine.gone');
      begin(0);
    }
    return session ?? Promise.reject(new AppError('engine.gone'));
  }

  return {
    start() {
      if (session === null) begin(0);
    },
    async call(name, request, callOptions) {
      const { line } = await ready();
      return line.call(name, request, callOptions);
    },
    subscribe(topic, listener) {
      function subscribe(line: EngineLine): void {
        line.subscribe(topic, listener);
      }
      subscriptions.push(subscribe);
    },
    async stop() {
      const running = session;
      stopping.abort();
      const handle = current;
      if (running === null || handle === null) return;
      const asked = running
        // Once it answers, its database is closed and nothing is lost by ending it.
        .then(({ line }) => line.call('engine.stop', undefined))
        .catch((error: unknown) => logger.warn('engine did not stop', { error }));
      const tooLong = new AbortController();
      await Promise.race([asked, clock.sleep(STOP_MS, { signal: tooLong.signal })]);
      tooLong.abort();
      handle.kill();
      await Promise.race([handle.exited, clock.sleep(EXIT_MS)]);
    },
  };
}
