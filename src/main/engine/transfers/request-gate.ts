import { AppError } from '../../../shared/errors/app-error.ts';
import { LONGEST_PAUSE_MS } from '../database/row-filter.ts';
import { type Clock, sleep } from './clock.ts';
import { CongestionWindow } from './congestion-window.ts';
import { askedPause, isOffline } from './retry-policy.ts';
import { Semaphore } from './semaphore.ts';

/** Slowest pace: one request in so many ms. */
const MAX_GAP_MS = 4_000;
const FIRST_GAP_MS = 20;
/** Requests with so many bytes or more leave room for the others. */
const LARGE_BYTES = 1_024 * 1_024;
/** First and longest pause between looks whether the server is back. */
const FIRST_PROBE_MS = 1_000;
const MAX_PROBE_MS = 30_000;

/** What a gate is made of. */
export interface RequestGateOptions {
  /** Most requests at once. */
  readonly requests: number;
  /** Bytes of request bodies at once, shared by all connections. */
  readonly bytes: Semaphore;
  readonly clock: Clock;
  /** From 0 up to 1. */
  readonly random: () => number;
  /** The server answers again. */
  readonly onReopen: () => void;
  /** Called right before each request that changes something. */
  readonly onSend?: () => void;
}

/**
 * One connection's door: how many requests at once, how fast after "slow down", and
 * whether the server can be reached.
 */
export class RequestGate {
  readonly #options: RequestGateOptions;
  readonly #window: CongestionWindow;
  readonly #slots: Semaphore;
  readonly #largeSlots: Semaphore;
  #gapMs = 0;
  #nextAt = 0;
  #probeMs = 0;
  #downUntil = 0;

  constructor(options: RequestGateOptions) {
    this.#options = options;
    this.#window = new CongestionWindow(options.requests);
    this.#slots = new Semaphore(options.requests);
    this.#largeSlots = new Semaphore(largeOf(options.requests));
  }

  /** Whether the last try could not reach the server. */
  get isDown(): boolean {
    return this.#probeMs > 0;
  }

  /** Until when nothing should be tried, ms since 1970. 0: try at will. */
  get downUntil(): number {
    return this.#meant(this.#downUntil);
  }

  /** How many requests may be under way now. */
  get width(): number {
    return this.#window.size;
  }

  setRequests(requests: number): void {
    this.#window.setLimit(requests);
    this.#resize();
  }

  /** Forgets that the server was out of reach. */
  reopen(): void {
    if (this.#probeMs === 0) return;
    this.#probeMs = 0;
    this.#downUntil = 0;
    this.#options.onReopen();
  }

  /** Notes that the server cannot be reached; returns when to look again, `least` ms on. */
  goDown(least = FIRST_PROBE_MS): number {
    const now = this.#options.clock.now();
    if (this.downUntil > now) return this.#downUntil;
    this.#probeMs = Math.max(least, Math.min(MAX_PROBE_MS, this.#probeMs * 2));
    this.#downUntil = now + this.#probeMs;
    return this.#downUntil;
  }

  /**
   * Runs a request that carries `bytes` when its turn has come. `reads`: it changes
   * nothing, and what is done with its answer is journaled by whoever does it.
   */
  async request<T>(
    bytes: number,
    signal: AbortSignal,
    work: () => Promise<T>,
    kind: 'changes' | 'reads' = 'changes',
  ): Promise<T> {
    const large = bytes >= LARGE_BYTES;
    let round = this.#window.round;
    /** Slots and bytes it has by now, in this order. */
    let held = 0;
    try {
      // The slot first: who waits for one must not keep bytes from other connections. None
      // of these is waited for where there is room: that costs each of thousands of files.
      const largeSlot = large ? this.#largeSlots.enter(1, signal) : undefined;
      if (largeSlot !== undefined) await largeSlot;
      held = 1;
      const slot = this.#slots.enter(1, signal);
      if (slot !== undefined) await slot;
      held = 2;
      const room = this.#options.bytes.enter(bytes, signal);
      if (room !== undefined) await room;
      held = 3;
      const pause = this.#pace(signal);
      if (pause !== undefined) await pause;
      if (kind === 'changes') this.#options.onSend?.();
      round = this.#window.round;
      const result = await work();
      this.#gapMs = this.#gapMs < FIRST_GAP_MS ? 0 : this.#gapMs * 0.9;
      this.#window.grow();
      this.#resize();
      this.reopen();
      return result;
    } catch (error) {
      if (error instanceof AppError) this.#learn(error, round);
      throw error;
    } finally {
      if (large && held >= 1) this.#largeSlots.leave(1);
      if (held >= 2) this.#slots.leave(1);
      if (held >= 3) this.#options.bytes.leave(bytes);
    }
  }

  /** A time that was noted; 0 once it is so far ahead that the clock was set back since. */
  #meant(time: number): number {
    return time > this.#options.clock.now() + LONGEST_PAUSE_MS ? 0 : time;
  }

  #resize(): void {
    const { size } = this.#window;
    this.#slots.setLimit(size);
    this.#largeSlots.setLimit(largeOf(size));
  }

  #learn(error: AppError, round: number): void {
    if (error.retry === 'paced') {
      if (this.#window.slowDown(round)) {
        this.#gapMs = Math.min(MAX_GAP_MS, this.#gapMs * 2 || FIRST_GAP_MS);
        this.#resize();
      }
      const asked = askedPause(error);
      // The server asked this connection for a rest, not only this request.
      if (asked > 0) {
        this.#nextAt = Math.max(this.#nextAt, this.#options.clock.now() + asked);
      }
    } else if (error.provider?.httpStatus !== undefined && !isOffline(error)) {
      this.reopen();
    }
  }

  #pace(signal: AbortSignal): Promise<void> | undefined {
    const now = this.#options.clock.now();
    this.#nextAt = this.#meant(this.#nextAt);
    if (this.#gapMs === 0 && this.#nextAt <= now) return undefined;
    const at = Math.max(now, this.#nextAt);
    // Not in step with others who were told to slow down at the same moment.
    this.#nextAt = at + this.#gapMs * (0.5 + this.#options.random());
    return at > now ? sleep(at - now, signal) : undefined;
  }
}

/** Large ones leave a quarter: small ones never wait for the end of a large part. */
function largeOf(requests: number): number {
  return Math.max(1, Math.floor(requests * 0.75));
}
