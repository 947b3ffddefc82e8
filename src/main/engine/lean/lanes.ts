import { AppError } from '../../../shared/errors/app-error.ts';
import type { SocketPlaces } from '../s3/socket-places.ts';
import { AbortWatch } from './abort-watch.ts';
import { Lane } from './lane.ts';

/** A lane that nobody used for so long is not used again, ms. */
const IDLE_LIMIT_MS = 60_000;

/** Where a connection leads. */
export interface Origin {
  /** As `URL.origin`: what tells one from another. */
  readonly name: string;
  readonly secure: boolean;
  /** Name or address, IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  /** For the header `host`. */
  readonly authority: string;
}

/** The origin of a URL of http or https. */
export function toOrigin(url: URL): Origin {
  const secure = url.protocol === 'https:';
  return {
    name: url.origin,
    secure,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || (secure ? 443 : 80),
    authority: url.host,
  };
}

/** The connections of one bookmark, over all its hosts. */
export interface Lanes {
  /** An idle lane to `origin`, where there is one and nobody need be waited for. */
  acquireNow(origin: Origin, signal: AbortSignal | undefined): Lane | undefined;
  /**
   * An idle lane to `origin`, or a new one; waits while all are busy. `fresh`: a new one.
   * Rejects with the error of connecting, or `transfer.cancelled`.
   */
  acquire(origin: Origin, fresh: boolean, signal: AbortSignal | undefined): Promise<Lane>;
  /** Takes back a lane that was acquired and not used. */
  giveBack(lane: Lane): void;
  /** Ends every lane; later requests open new ones. */
  dropAll(): void;
  destroy(): void;
}

/** Options of {@link createLanes}. */
export interface LanesOptions {
  /** Sockets there may be. */
  readonly places: SocketPlaces;
  readonly connectTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly caCertificate: string;
}

/** No connections yet. */
export function createLanes(options: LanesOptions): Lanes {
  const { places } = options;
  const origins = new Map<Lane, string>();
  const idle: Lane[] = [];
  const aborts = new AbortWatch();
  const sessions = new Map<string, Buffer>();
  let destroyed = false;
  places.addIdle({
    count: () => idle.length,
    closeOne: () => {
      const lane = idle.shift();
      lane?.destroy();
      return lane !== undefined;
    },
  });

  function onIdle(lane: Lane): void {
    idle.push(lane);
    giveBack(lane);
  }

  function onGone(lane: Lane): void {
    origins.delete(lane);
    const index = idle.indexOf(lane);
    if (index !== -1) idle.splice(index, 1);
    giveBack(lane);
  }

  function takeIdle(origin: string): Lane | undefined {
    for (let index = idle.length - 1; index >= 0; index -= 1) {
      const lane = idle[index];
      if (lane === undefined || origins.get(lane) !== origin) continue;
      idle.splice(index, 1);
      const limit = Math.min(lane.keepAliveMs, IDLE_LIMIT_MS);
      if (performance.now() - (lane.idleSince ?? 0) < limit) return lane;
      lane.destroy();
      index = Math.min(index, idle.length);
    }
    return undefined;
  }

  function open(origin: Origin, signal: AbortSignal | undefined): Promise<Lane> {
    const { connectTimeoutMs, requestTimeoutMs, caCertificate } = options;
    const { name, secure, host, port } = origin;
    return new Promise((resolve, reject) => {
      const lane = new Lane(
        {
          secure,
          host,
          port,
          connectTimeoutMs,
          idleTimeoutMs: requestTimeoutMs,
          caCertificate,
          session: sessions.get(name),
          aborts,
          onSession: (session) => sessions.set(name, session),
          onIdle,
          onGone,
        },
        (error) => {
          signal?.removeEventListener('abort', abort);
          if (error === null) resolve(lane);
          else reject(error);
        },
      );
      origins.set(lane, name);
      const abort = (): void => {
        lane.destroy();
        reject(new AppError('transfer.cancelled'));
      };
      signal?.addEventListener('abort', abort, { once: true });
    });
  }

  function acquireNow(origin: Origin, signal: AbortSignal | undefined): Lane | undefined {
    if (destroyed || signal?.aborted) return undefined;
    const release = places.takeNow();
    if (release === undefined) return undefined;
    const lane = takeIdle(origin.name);
    if (lane === undefined || lane.destroyed) {
      release();
      return undefined;
    }
    lane.release = release;
    return lane;
  }

  async function acquire(
    origin: Origin,
    fresh: boolean,
    signal: AbortSignal | undefined,
  ): Promise<Lane> {
    const release = await places.take(signal);
    try {
      if (destroyed) {
        throw Object.assign(new Error('closed'), { code: 'ECONNABORTED' });
      }
      let lane = fresh ? undefined : takeIdle(origin.name);
      if (lane === undefined) {
        places.makeRoom();
        lane = await open(origin, signal);
      }
      // It may be gone in the moment it was there: then nobody else gives the place back.
      if (lane.destroyed) release();
      else lane.release = release;
      return lane;
    } catch (error) {
      release();
      throw error;
    }
  }

  function dropAll(): void {
    for (const lane of Array.from(origins.keys())) lane.destroy();
  }

  return {
    acquireNow,
    acquire,
    giveBack: (lane) => {
      if (!lane.destroyed) onIdle(lane);
    },
    dropAll,
    destroy() {
      destroyed = true;
      dropAll();
    },
  };
}

function giveBack(lane: Lane): void {
  const { release } = lane;
  lane.release = null;
  release?.();
}
