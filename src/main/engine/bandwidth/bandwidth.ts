import {
  type BandwidthSettings,
  LimitSchedule,
  type LimitsInForce,
  limitsAt,
  localTime,
} from '../../../shared/domain/bandwidth.ts';
import type { AdvancedSettings } from '../../../shared/domain/bookmark.ts';
import type { ConnectionId } from '../../../shared/domain/ids.ts';
import { type Flowing, Throttle, ThrottlePair } from './throttle.ts';

/** Between two looks at the timetable, ms. Its times are whole minutes. */
const LOOK_MS = 5_000;

/** The two directions of a connection. */
export interface Traffic {
  readonly up: Flowing;
  readonly down: Flowing;
}

/** Limits of one connection. KiB per second, 0: none. */
export type ConnectionLimits = Pick<
  AdvancedSettings,
  'uploadLimitKiBs' | 'downloadLimitKiBs'
>;

/** Bandwidth limits for all connections and for each, by the timetable. */
export interface Bandwidth {
  /** The limits for all that hold now. */
  readonly inForce: LimitsInForce;
  setLimits(settings: BandwidthSettings): void;
  /** A connection's own limits; counts for what it moves already. */
  setConnection(connectionId: ConnectionId, limits: ConnectionLimits): void;
  /** The traffic of a connection, the same object for as long as this lives. */
  of(connectionId: ConnectionId): Traffic;
  stop(): void;
}

/** Options of {@link createBandwidth}. */
export interface BandwidthOptions {
  /** Wall clock, ms since 1970, for the timetable. */
  readonly now: () => number;
  /** ms, never going back. */
  readonly monotonic: () => number;
  /** The limits in force are others now. */
  readonly onChange: () => void;
}

interface Throttles {
  readonly up: Throttle;
  readonly down: Throttle;
  readonly traffic: Traffic;
}

const UNLIMITED: BandwidthSettings = {
  uploadLimitKiBs: 0,
  downloadLimitKiBs: 0,
  limitSchedule: LimitSchedule.parse({}),
};

/** No limits yet. */
export function createBandwidth(options: BandwidthOptions): Bandwidth {
  const { now, monotonic, onChange } = options;
  const up = new Throttle(monotonic);
  const down = new Throttle(monotonic);
  const connections = new Map<ConnectionId, Throttles>();
  let settings = UNLIMITED;
  let inForce = limitsAt(settings, localTime(now()));
  let timer: NodeJS.Timeout | undefined;

  function throttlesOf(connectionId: ConnectionId): Throttles {
    let throttles = connections.get(connectionId);
    if (throttles === undefined) {
      const own = { up: new Throttle(monotonic), down: new Throttle(monotonic) };
      const traffic = {
        up: new ThrottlePair(own.up, up),
        down: new ThrottlePair(own.down, down),
      };
      throttles = { ...own, traffic };
      connections.set(connectionId, throttles);
    }
    return throttles;
  }

  function look(): void {
    const next = limitsAt(settings, localTime(now()));
    const before = inForce;
    inForce = next;
    // A limit that stays must not begin anew: that would forgive its debts.
    if (next.uploadKiBs !== before.uploadKiBs) up.setLimit(next.uploadKiBs);
    if (next.downloadKiBs !== before.downloadKiBs) down.setLimit(next.downloadKiBs);
    const changed =
      next.uploadKiBs !== before.uploadKiBs ||
      next.downloadKiBs !== before.downloadKiBs ||
      next.scheduled !== before.scheduled;
    if (changed) onChange();
  }

  return {
    get inForce() {
      return inForce;
    },
    setLimits(next) {
      settings = next;
      clearInterval(timer);
      timer = undefined;
      if (next.limitSchedule.enabled) {
        timer = setInterval(look, LOOK_MS);
        timer.unref();
      }
      look();
    },
    setConnection(connectionId, limits) {
      const throttles = throttlesOf(connectionId);
      throttles.up.setLimit(limits.uploadLimitKiBs);
      throttles.down.setLimit(limits.downloadLimitKiBs);
    },
    of: (connectionId) => throttlesOf(connectionId).traffic,
    stop: () => clearInterval(timer),
  };
}
