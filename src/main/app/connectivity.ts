import type { TransferTotals } from '../../shared/domain/transfer.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { EngineClient, EngineLine } from '../engine-client/engine-client.ts';
import type { Logger } from '../logging/logger.ts';
import type { SystemState } from '../platform/desktop.ts';
import type { Clock } from '../platform/system.ts';

/** Between two looks at the network while something is to be transferred, ms. */
const LOOK_MS = 2_000;

/** Tells the engine when the network goes and comes, and when the computer has slept. */
export interface Connectivity {
  /** Looks at once, as when the window heard of a change. */
  check(): void;
  /** Looks again and again as long as these totals have something to move. */
  watch(totals: Pick<TransferTotals, 'queued' | 'running' | 'waiting'>): void;
  /** Tells a new engine how things stand. */
  tell(line: Pick<EngineLine, 'call'>): Promise<void>;
  /** Looks no more. */
  stop(): void;
}

/** Makes the watch. Nothing is asked of the system before the engine is there. */
export function createConnectivity(options: {
  readonly state: SystemState;
  readonly clock: Clock;
  readonly engine: () => EngineClient;
  readonly logger: Logger;
}): Connectivity {
  const { state, clock, engine, logger } = options;
  const stopped = new AbortController();
  let told = true;
  let wanted = false;
  let looking = false;

  function failed(error: unknown): void {
    // A new engine is told how things stand before anything else.
    if (error instanceof AppError && error.code === 'engine.gone') return;
    logger.warn('engine missed a change of the network', { error });
  }

  function check(): void {
    const online = state.isOnline();
    if (online === told || stopped.signal.aborted) return;
    told = online;
    logger.info(online ? 'network is back' : 'network is gone');
    engine().call('engine.setOnline', { online }).catch(failed);
  }

  async function look(): Promise<void> {
    looking = wanted && !stopped.signal.aborted;
    if (!looking) return;
    check();
    await clock.sleep(LOOK_MS, { signal: stopped.signal });
    void look();
  }

  state.onResume(() => {
    if (stopped.signal.aborted) return;
    logger.info('computer woke up');
    check();
    engine().call('engine.resumed', undefined).catch(failed);
  });

  return {
    check,
    watch({ queued, running, waiting }) {
      wanted = queued + running + waiting > 0;
      if (wanted && !looking) void look();
    },
    async tell(line) {
      told = state.isOnline();
      await line.call('engine.setOnline', { online: told });
    },
    stop: () => stopped.abort(),
  };
}
