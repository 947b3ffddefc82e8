import { AppError } from '../../../shared/errors/app-error.ts';
import { Lane } from './lane.ts';

/** The connections of one bookmark, over all its hosts. */
export interface Lanes {
  /**
   * An idle lane to `origin`, or a new one; waits while all are busy. `fresh`: a new one.
   * Rejects with the error of connecting, or `transfer.cancelled`.
   */
  acquire(origin: URL, fresh: boolean, signal: AbortSignal | undefined): Promise<Lane>;
  /** Takes back a lane that was acquired and not used. */
  giveBack(lane: Lane): void;
  /** Ends every lane; later requests open new ones. */
  dropAll(): void;
  destroy(): void;
}

/** Options of {@link createLanes}. */
export interface LanesOptions {
  readonly maxSockets: number;
  readonly connectTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly caCertificate: string;
}

interface Waiter {
  readonly origin: string;
  readonly fresh: boolean;
  /** `null`: there is room for another lane now. */
  readonly take: (lane: Lane | null) => void;
}

/** No connections yet. */
export function createLanes(options: LanesOptions): Lanes {
  const origins = new Map<Lane, string>();
  const idle: Lane[] = [];
  const waiting: Waiter[] = [];
  const sessions = new Map<string, Buffer>();
  let destroyed = false;

  function onIdle(lane: Lane): void {
    const origin = origins.get(lane);
    const index = waiting.findIndex((one) => one.origin === origin && !one.fresh);
    const [next] = index === -1 ? [] : waiting.splice(index, 1);
    if (next !== undefined) {
      next.take(lane);
      return;
    }
    idle.push(lane);
    // Somebody who wants another host may have its place.
    if (waiting.length > 0) idle.shift()?.destroy();
  }

  function onGone(lane: Lane): void {
    origins.delete(lane);
    const index = idle.indexOf(lane);
    if (index !== -1) idle.splice(index, 1);
    waiting.shift()?.take(null);
  }

  function takeIdle(origin: string): Lane | undefined {
    for (let index = idle.length - 1; index >= 0; index -= 1) {
      const lane = idle[index];
      if (lane === undefined || origins.get(lane) !== origin) continue;
      idle.splice(index, 1);
      if (performance.now() - (lane.idleSince ?? 0) < lane.keepAliveMs) return lane;
      lane.destroy();
      index = Math.min(index, idle.length);
    }
    return undefined;
  }

  function open(origin: URL, signal: AbortSignal | undefined): Promise<Lane> {
    const { connectTimeoutMs, requestTimeoutMs, caCertificate } = options;
    const secure = origin.protocol === 'https:';
    return new Promise((resolve, reject) => {
      const lane = new Lane(
        {
          secure,
          host: origin.hostname.replace(/^\[|\]$/g, ''),
          port: Number(origin.port) || (secure ? 443 : 80),
          connectTimeoutMs,
          idleTimeoutMs: requestTimeoutMs,
          caCertificate,
          session: sessions.get(origin.host),
          onSession: (session) => sessions.set(origin.host, session),
          onIdle,
          onGone,
        },
        (error) => {
          signal?.removeEventListener('abort', abort);
          if (error === null) resolve(lane);
          else reject(error);
        },
      );
      origins.set(lane, origin.origin);
      const abort = (): void => {
        lane.destroy();
        reject(new AppError('transfer.cancelled'));
      };
      signal?.addEventListener('abort', abort, { once: true });
    });
  }

  function wait(
    origin: string,
    fresh: boolean,
    signal: AbortSignal | undefined,
  ): Promise<Lane | null> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        origin,
        fresh,
        take(lane) {
          signal?.removeEventListener('abort', abort);
          resolve(lane);
        },
      };
      const abort = (): void => {
        const index = waiting.indexOf(waiter);
        if (index !== -1) waiting.splice(index, 1);
        reject(new AppError('transfer.cancelled'));
      };
      signal?.addEventListener('abort', abort, { once: true });
      waiting.push(waiter);
    });
  }

  async function acquire(
    origin: URL,
    fresh: boolean,
    signal: AbortSignal | undefined,
  ): Promise<Lane> {
    for (;;) {
      if (signal?.aborted) throw new AppError('transfer.cancelled');
      if (destroyed) {
        throw Object.assign(new Error('closed'), { code: 'ECONNABORTED' });
      }
      const lane = fresh ? undefined : takeIdle(origin.origin);
      if (lane !== undefined) return lane;
      if (origins.size >= options.maxSockets) idle.shift()?.destroy();
      if (origins.size < options.maxSockets) return open(origin, signal);
      const given = await wait(origin.origin, fresh, signal);
      if (given !== null) return given;
    }
  }

  function dropAll(): void {
    for (const lane of Array.from(origins.keys())) lane.destroy();
  }

  return {
    acquire,
    giveBack: (lane) => {
      if (!lane.destroyed) onIdle(lane);
    },
    dropAll,
    destroy() {
      destroyed = true;
      dropAll();
      for (const waiter of waiting.splice(0)) waiter.take(null);
    },
  };
}
