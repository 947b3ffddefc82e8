/** Seconds after which an old speed counts half. */
const HALF_LIFE_S = 3;
/** Before so many ms no speed is known well enough to tell the time left. */
const ETA_AFTER_MS = 2_000;

/** Speed as an exponential moving average of bytes per second. */
export class SpeedMeter {
  #startedAt: number;
  #sampledAt: number;
  #sampledBytes: number;
  #speed = 0;

  constructor(now: number, bytes: number) {
    this.#startedAt = now;
    this.#sampledAt = now;
    this.#sampledBytes = bytes;
  }

  /** Bytes per second at the last sample. */
  get speed(): number {
    return this.#speed;
  }

  /** Takes a sample of how many bytes are done at `now`, ms since 1970. */
  sample(now: number, bytes: number): number {
    const seconds = (now - this.#sampledAt) / 1_000;
    if (seconds < 0.05) return this.#speed;
    const rate = Math.max(0, bytes - this.#sampledBytes) / seconds;
    const age = (now - this.#startedAt) / 1_000;
    // Young meters average over their life; otherwise they would creep up from zero.
    const weight = Math.max(
      1 - 0.5 ** (seconds / HALF_LIFE_S),
      Math.min(1, seconds / age),
    );
    this.#speed += weight * (rate - this.#speed);
    this.#sampledAt = now;
    this.#sampledBytes = bytes;
    return this.#speed;
  }

  /** Seconds for `bytes` more; `null` while it cannot be told. */
  secondsFor(bytes: number, now: number): number | null {
    if (now - this.#startedAt < ETA_AFTER_MS || this.#speed < 1) return null;
    return Math.max(0, bytes) / this.#speed;
  }
}

/**
 * Speed of many transfers together, by bytes and by files: thousands of small files take
 * their time whatever they weigh.
 */
export class WorkMeter {
  readonly #bytes: SpeedMeter;
  readonly #files: SpeedMeter;

  constructor(now: number, bytes: number, files: number) {
    this.#bytes = new SpeedMeter(now, bytes);
    this.#files = new SpeedMeter(now, files);
  }

  /** Takes a sample of what is done at `now`, ms since 1970; bytes per second. */
  sample(now: number, bytes: number, files: number): number {
    this.#files.sample(now, files);
    return this.#bytes.sample(now, bytes);
  }

  /** Seconds for so much more; `null` while it cannot be told. */
  secondsFor(bytes: number, files: number, now: number): number | null {
    const byBytes = this.#bytes.secondsFor(bytes, now);
    const byFiles = this.#files.secondsFor(files, now);
    return byBytes === null ? byFiles : Math.max(byBytes, byFiles ?? 0);
  }
}

/** Live progress of one running transfer. */
export class TransferMeter {
  readonly #speed: SpeedMeter;
  /** Bytes acknowledged and in flight. */
  bytes: number;
  /** Bytes when the window was last told. */
  told: number;

  constructor(now: number, bytes: number) {
    this.#speed = new SpeedMeter(now, bytes);
    this.bytes = bytes;
    this.told = bytes;
  }

  get speed(): number {
    return this.#speed.speed;
  }

  sample(now: number): void {
    this.#speed.sample(now, this.bytes);
  }

  /**
   * Counts the bytes of one request. `undo` takes back what a failed one had reported:
   * bytes in flight are not bytes done.
   */
  request(): { readonly onProgress: (bytes: number) => void; readonly undo: () => void } {
    let reported = 0;
    return {
      onProgress: (bytes) => {
        reported += bytes;
        this.bytes += bytes;
      },
      undo: () => {
        this.bytes -= reported;
        reported = 0;
      },
    };
  }
}
