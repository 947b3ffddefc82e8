import { AppError } from '../../../shared/errors/app-error.ts';
import { TokenBucket } from './token-bucket.ts';

/** One direction of a connection's traffic, as those who move bytes see it. */
export interface Flowing {
  /** There is a limit now. Without one all calls return at once. */
  readonly isLimited: boolean;
  /** KiB per second; infinite: no limit. */
  readonly limit: number;
  /**
   * Waits for leave to move up to `wanted` bytes; gives how many, at least 1. Rejects with
   * `transfer.cancelled` once the signal aborts.
   */
  some(wanted: number, signal: AbortSignal | undefined): number | Promise<number>;
  /** The same for all of them: small bodies are sent in one piece. */
  whole(bytes: number, signal: AbortSignal | undefined): Promise<void> | undefined;
  /** Bytes that moved without leave; below 0: that did not move with it. */
  charge(bytes: number): void;
}

interface Waiter {
  /** What is still wanted. */
  bytes: number;
  /** All of it, in order of arrival. Else a helping is enough. */
  readonly whole: boolean;
  readonly done: (bytes: number) => void;
}

/** What one kind missed while it asked for nothing is not made up for beyond this. */
const MAX_AHEAD = 256 * 1_024;

/**
 * Shares out a rate. Those who stream take helpings in turn; whole bodies are served one
 * after the other; when both wait, each kind gets half, so that small files never wait for
 * large ones. Aborting, and another rate, take effect at once.
 */
export class Throttle implements Flowing {
  readonly #now: () => number;
  readonly #bucket: TokenBucket;
  readonly #streams = new Set<Waiter>();
  readonly #bodies = new Set<Waiter>();
  /** Bytes by which whole bodies are ahead of streams, or behind. */
  #ahead = 0;
  #timer: NodeJS.Timeout | undefined;
  #kibs = 0;

  /** `now` in ms, never going back. */
  constructor(now: () => number) {
    this.#now = now;
    this.#bucket = new TokenBucket(now());
  }

  get isLimited(): boolean {
    return !this.#bucket.isOpen;
  }

  get limit(): number {
    return this.#kibs === 0 ? Number.POSITIVE_INFINITY : this.#kibs;
  }

  /** Another limit, KiB per second; 0: none. Counts for what waits, too. */
  setLimit(kibs: number): void {
    this.#kibs = kibs;
    this.#bucket.setRate(kibs * 1_024, this.#now());
    this.#serve();
  }

  some(wanted: number, signal: AbortSignal | undefined): number | Promise<number> {
    if (this.#bucket.isOpen) return wanted;
    if (this.#streams.size + this.#bodies.size === 0) {
      const taken = this.#bucket.take(wanted, this.#now(), true);
      if (taken > 0) return taken;
    }
    return this.#wait(wanted, false, signal);
  }

  whole(bytes: number, signal: AbortSignal | undefined): Promise<void> | undefined {
    if (this.#bucket.isOpen || bytes <= 0) return undefined;
    return this.#wait(bytes, true, signal).then(() => undefined);
  }

  charge(bytes: number): void {
    this.#bucket.charge(bytes, this.#now());
  }

  #wait(bytes: number, whole: boolean, signal: AbortSignal | undefined): Promise<number> {
    if (signal?.aborted) return Promise.reject(new AppError('transfer.cancelled'));
    return new Promise((resolve, reject) => {
      const queue = whole ? this.#bodies : this.#streams;
      const waiter: Waiter = {
        bytes,
        whole,
        done: (given) => {
          signal?.removeEventListener('abort', onAbort);
          resolve(given);
        },
      };
      const onAbort = (): void => {
        queue.delete(waiter);
        // What it had collected is for the others.
        if (whole) this.charge(waiter.bytes - bytes);
        reject(new AppError('transfer.cancelled'));
        this.#serve();
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      queue.add(waiter);
      this.#serve();
    });
  }

  /** Gives what there is, and comes back when there is more. */
  #serve(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (;;) {
      const waiter = this.#next();
      if (waiter === undefined) return;
      const now = this.#now();
      const alone = this.#streams.size + this.#bodies.size === 1;
      const taken = this.#bucket.take(waiter.bytes, now, alone);
      if (taken === 0) {
        const ms = Math.max(1, this.#bucket.wait(waiter.bytes, now));
        this.#timer = setTimeout(() => this.#serve(), ms);
        return;
      }
      this.#give(waiter, taken);
    }
  }

  #next(): Waiter | undefined {
    const [body] = this.#bodies;
    const [stream] = this.#streams;
    return this.#ahead <= 0 ? (body ?? stream) : (stream ?? body);
  }

  #give(waiter: Waiter, taken: number): void {
    const ahead = this.#ahead + (waiter.whole ? taken : -taken);
    this.#ahead = Math.max(-MAX_AHEAD, Math.min(MAX_AHEAD, ahead));
    if (!waiter.whole) {
      this.#streams.delete(waiter);
      waiter.done(taken);
      return;
    }
    waiter.bytes -= taken;
    if (waiter.bytes > 0) return;
    this.#bodies.delete(waiter);
    waiter.done(taken);
  }
}

/** Both limits hold: first a connection's own, then that of all connections. */
export class ThrottlePair implements Flowing {
  readonly #own: Throttle;
  readonly #all: Throttle;

  constructor(own: Throttle, all: Throttle) {
    this.#own = own;
    this.#all = all;
  }

  get isLimited(): boolean {
    return this.#own.isLimited || this.#all.isLimited;
  }

  get limit(): number {
    return Math.min(this.#own.limit, this.#all.limit);
  }

  some(wanted: number, signal: AbortSignal | undefined): number | Promise<number> {
    const own = this.#own.some(wanted, signal);
    return typeof own === 'number'
      ? this.#rest(own, signal)
      : own.then((bytes) => this.#rest(bytes, signal));
  }

  whole(bytes: number, signal: AbortSignal | undefined): Promise<void> | undefined {
    const own = this.#own.whole(bytes, signal);
    return own === undefined
      ? this.#all.whole(bytes, signal)
      : own.then(() => this.#all.whole(bytes, signal));
  }

  charge(bytes: number): void {
    this.#own.charge(bytes);
    this.#all.charge(bytes);
  }

  #rest(bytes: number, signal: AbortSignal | undefined): number | Promise<number> {
    const all = this.#all.some(bytes, signal);
    if (typeof all === 'number') return this.#giveBack(bytes, all);
    return all.then((given) => this.#giveBack(bytes, given));
  }

  #giveBack(taken: number, given: number): number {
    if (given < taken) this.#own.charge(given - taken);
    return given;
  }
}
