/** A bucket holds what comes in so many ms: pauses in the traffic save up no more. */
const CAPACITY_MS = 250;
/** One helping at most lasts so long, so that many share a thin line evenly, ms. */
const HELPING_MS = 50;
/** Smaller helpings would cost more than they move, bytes. */
const MIN_HELPING = 1_024;

/**
 * Bytes at a rate. It knows no timers: the caller says what time it is, in ms of a clock
 * that never goes back.
 */
export class TokenBucket {
  /** Bytes per ms; 0: no limit. */
  #rate = 0;
  /** Below 0: a debt, for what came unasked. */
  #tokens = 0;
  #at: number;

  constructor(now: number) {
    this.#at = now;
  }

  /** Whether there is no limit. */
  get isOpen(): boolean {
    return this.#rate === 0;
  }

  /** Another rate, bytes per second; 0: no limit. What is due is forgiven. */
  setRate(bytesPerSecond: number, now: number): void {
    this.#rate = bytesPerSecond / 1_000;
    this.#tokens = 0;
    this.#at = now;
  }

  /**
   * Takes up to `wanted` bytes: one helping, or, for who is `alone`, all there is. 0: not
   * yet.
   */
  take(wanted: number, now: number, alone: boolean): number {
    if (this.isOpen) return wanted;
    this.#fill(now);
    const helping = Math.min(wanted, this.#helping());
    if (this.#tokens < helping) return 0;
    const taken = alone ? Math.min(wanted, Math.floor(this.#tokens)) : helping;
    this.#tokens -= taken;
    return taken;
  }

  /** Takes bytes that have moved already, or, below 0, gives back what was not used. */
  charge(bytes: number, now: number): void {
    if (this.isOpen) return;
    this.#fill(now);
    this.#tokens = Math.min(this.#capacity(), this.#tokens - bytes);
  }

  /** How long until {@link take} gives something, ms, rounded up. */
  wait(wanted: number, now: number): number {
    if (this.isOpen) return 0;
    this.#fill(now);
    const missing = Math.min(wanted, this.#helping()) - this.#tokens;
    return Math.max(0, Math.ceil(missing / this.#rate));
  }

  #fill(now: number): void {
    const passed = Math.max(0, now - this.#at);
    this.#at = now;
    this.#tokens = Math.min(this.#capacity(), this.#tokens + passed * this.#rate);
  }

  #helping(): number {
    return Math.max(MIN_HELPING, Math.round(this.#rate * HELPING_MS));
  }

  #capacity(): number {
    return Math.max(MIN_HELPING, this.#rate * CAPACITY_MS);
  }
}
