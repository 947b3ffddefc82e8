import { AppError } from '../../../shared/errors/app-error.ts';

/** Sockets that lie idle on one path to the server. */
export interface IdleSockets {
  count(): number;
  /** Closes one. `false`: there is none. */
  closeOne(): boolean;
}

/**
 * The places for one connection's sockets, over the lean path and the SDK together. A
 * request takes its place before it is signed, because a signature grows old: nothing ever
 * waits for a socket inside the SDK. First come, first served.
 */
export class SocketPlaces {
  readonly #limit: number;
  readonly #idle: IdleSockets[] = [];
  readonly #waiting = new Set<() => void>();
  #busy = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Requests that have a place. */
  get busy(): number {
    return this.#busy;
  }

  /** Names sockets that may be closed for others. */
  addIdle(sockets: IdleSockets): void {
    this.#idle.push(sockets);
  }

  /** Takes a place if one is free; returns what gives it back. */
  takeNow(): (() => void) | undefined {
    if (this.#busy >= this.#limit) return undefined;
    this.#busy += 1;
    return this.#giver();
  }

  /** Waits for a place; returns what gives it back. Throws `transfer.cancelled`. */
  async take(signal: AbortSignal | undefined): Promise<() => void> {
    if (signal?.aborted) throw new AppError('transfer.cancelled');
    const now = this.takeNow();
    if (now !== undefined) return now;
    await this.#wait(signal);
    const give = this.#giver();
    // Whoever gave the place up may have done so for the same abort.
    if (!signal?.aborted) return give;
    give();
    throw new AppError('transfer.cancelled');
  }

  #giver(): () => void {
    let given = false;
    return () => {
      if (given) return;
      given = true;
      this.#give();
    };
  }

  /** Called before a socket is opened for a request that has a place. */
  makeRoom(): void {
    while (this.#open() > this.#limit) {
      if (!this.#idle.some((sockets) => sockets.closeOne())) return;
    }
  }

  #open(): number {
    return this.#idle.reduce((sum, sockets) => sum + sockets.count(), this.#busy);
  }

  #wait(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const go = (): void => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      };
      const onAbort = (): void => {
        this.#waiting.delete(go);
        reject(new AppError('transfer.cancelled'));
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#waiting.add(go);
    });
  }

  #give(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#busy -= 1;
      return;
    }
    // The place changes hands.
    this.#waiting.delete(next);
    next();
  }
}
