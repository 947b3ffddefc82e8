/** By what "slow down" divides the requests in flight. */
const SHRINK = 2;

/**
 * How many requests a server is sent at once: fewer by half when it says "slow down", one
 * more for each round that goes well, as TCP does it.
 * https://www.rfc-editor.org/rfc/rfc5681#section-3.1
 */
export class CongestionWindow {
  #limit: number;
  #size: number;
  #round = 0;

  constructor(limit: number) {
    this.#limit = limit;
    this.#size = limit;
  }

  /** Requests at once, at least 1. */
  get size(): number {
    return Math.max(1, Math.floor(this.#size));
  }

  /** To be handed to {@link slowDown} by requests that begin now. */
  get round(): number {
    return this.#round;
  }

  /** Most requests at once, whatever the server bears. */
  setLimit(limit: number): void {
    // What was never told to slow down takes the new limit at once.
    this.#size = this.#size >= this.#limit ? limit : Math.min(this.#size, limit);
    this.#limit = limit;
  }

  /** A request came through. */
  grow(): void {
    this.#size = Math.min(this.#limit, this.#size + 1 / this.#size);
  }

  /**
   * The server refused a request for its haste. Requests of one round are refused
   * together: only the first of them counts. Returns whether it did.
   */
  slowDown(round: number): boolean {
    if (round !== this.#round) return false;
    this.#round += 1;
    this.#size = Math.max(1, this.#size / SHRINK);
    return true;
  }
}
