import type { Flowing } from './throttle.ts';

/** Asked for at a time, bytes: what one read from a socket brings. */
const ASK_BYTES = 64 * 1_024;

/**
 * Leave to read a body, asked for ahead of the bytes. What came without leave is a debt
 * that later leave pays first.
 */
export class ReadCredit {
  readonly #flow: Flowing;
  readonly #signal: AbortSignal | undefined;
  readonly #goOn: () => void;
  #bytes: number;
  #waiting = false;
  #ended = false;

  /** `bytes`: had before; `goOn` is called when reading may go on after a pause. */
  constructor(
    flow: Flowing,
    bytes: number,
    signal: AbortSignal | undefined,
    goOn: () => void,
  ) {
    this.#flow = flow;
    this.#bytes = bytes;
    this.#signal = signal;
    this.#goOn = goOn;
  }

  /** Nothing should be read now. */
  get isWaiting(): boolean {
    return this.#waiting;
  }

  /** Bytes that may be read. */
  get bytes(): number {
    return this.#flow.isLimited ? Math.max(0, this.#bytes) : Number.POSITIVE_INFINITY;
  }

  /** Bytes came. Returns whether more may; if not, `goOn` follows. */
  spend(bytes: number): boolean {
    if (!this.#flow.isLimited && !this.#waiting) {
      this.#bytes = 0;
      return true;
    }
    this.#bytes -= bytes;
    if (this.#waiting) return false;
    while (this.#bytes <= 0) {
      const given = this.#flow.some(ASK_BYTES - this.#bytes, this.#signal);
      if (typeof given !== 'number') {
        this.#waiting = true;
        void this.#wait(given);
        return false;
      }
      this.#bytes += given;
    }
    return true;
  }

  /** No more bytes come: what is left is given back, what is owed is charged. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#flow.isLimited) this.#flow.charge(-this.#bytes);
    this.#bytes = 0;
  }

  async #wait(first: Promise<number>): Promise<void> {
    try {
      for (let next: number | Promise<number> = first; ; ) {
        const given = await next;
        if (this.#ended) {
          this.#flow.charge(-given);
          return;
        }
        this.#bytes += given;
        if (this.#bytes > 0) break;
        next = this.#flow.some(ASK_BYTES - this.#bytes, this.#signal);
      }
    } catch {
      // Aborted: whoever aborts also ends what is read.
      return;
    }
    this.#waiting = false;
    this.#goOn();
  }
}
