import { AppError } from '../../../shared/errors/app-error.ts';
import { type Clock, sleep } from './clock.ts';
import { askedPause, isOffline } from './retry-policy.ts';
import { Semaphore } from './semaphore.ts';

/** Slowest pace: one request in so many ms. */
const MAX_GAP_MS = 4_000;
const FIRST_GAP_MS = 20;
/** First and longest pause between looks whether the server is back. */
const FIRST_PROBE_MS = 1_000;
const MAX_PROBE_MS = 30_000;

/**
 * One connection's door: how many requests at once, how fast after "slow down", and
 * whether the server can be reached.
 */
export class RequestGate {
  readonly #slots: Semaphore;
  readonly #bytes: Semaphore;
  readonly #clock: Clock;
  readonly #onReopen: () => void;
  readonly #onSend: () => void;
  #gapMs = 0;
  #nextAt = 0;
  #probeMs = 0;
  #downUntil = 0;

  /**
   * `bytes` is shared by all connections; `onReopen`: the server answers again; `onSend`
   * is called right before each request.
   */
  constructor(
    requests: number,
    bytes: Semaphore,
    clock: Clock,
    onReopen: () => void,
    onSend: () => void = () => undefined,
  ) {
    this.#slots = new Semaphore(requests);
    this.#bytes = bytes;
    this.#clock = clock;
    this.#onReopen = onReopen;
    this.#onSend = onSend;
  }

  /** Whether the last try could not reach the server. */
  get isDown(): boolean {
    return this.#probeMs > 0;
  }

  /** Until when nothing should be tried, ms since 1970. 0: try at will. */
  get downUntil(): number {
    return this.#downUntil;
  }

  setRequests(requests: number): void {
    this.#slots.setLimit(requests);
  }

  /** Forgets that the server was out of reach. */
  reopen(): void {
    if (this.#probeMs === 0) return;
    this.#probeMs = 0;
    this.#downUntil = 0;
    this.#onReopen();
  }

  /** Notes that the server cannot be reached; returns when to look again. */
  goDown(): number {
    const now = this.#clock.now();
    if (this.#downUntil > now) return this.#downUntil;
    this.#probeMs = Math.min(MAX_PROBE_MS, this.#probeMs * 2 || FIRST_PROBE_MS);
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
    const releaseBytes = await this.#bytes.acquire(bytes, signal);
    try {
      const releaseSlot = await this.#slots.acquire(1, signal);
      try {
        await this.#pace(signal);
        if (kind === 'changes') this.#onSend();
        const result = await work();
        this.#gapMs = this.#gapMs < FIRST_GAP_MS ? 0 : this.#gapMs * 0.9;
        this.reopen();
        return result;
      } finally {
        releaseSlot();
      }
    } catch (error) {
      if (error instanceof AppError) this.#learn(error);
      throw error;
    } finally {
      releaseBytes();
    }
  }

  #learn(error: AppError): void {
    if (error.retry === 'paced') {
      this.#gapMs = Math.min(MAX_GAP_MS, this.#gapMs * 2 || FIRST_GAP_MS);
      const asked = askedPause(error);
      // The server asked this connection for a rest, not only this request.
      if (asked > 0) this.#nextAt = Math.max(this.#nextAt, this.#clock.now() + asked);
    } else if (error.provider?.httpStatus !== undefined && !isOffline(error)) {
      this.reopen();
    }
  }

  async #pace(signal: AbortSignal): Promise<void> {
    if (this.#gapMs === 0) return;
    const now = this.#clock.now();
    const at = Math.max(now, this.#nextAt);
    this.#nextAt = at + this.#gapMs;
    if (at > now) await sleep(at - now, signal);
  }
}
