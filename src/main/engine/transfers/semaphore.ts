import { AppError } from '../../../shared/errors/app-error.ts';

interface Waiter {
  readonly weight: number;
  readonly grant: () => void;
}

/**
 * Lets holders in as long as their weights fit a limit that may change at any time. First
 * come, first served. A weight above the limit is let in alone rather than never.
 */
export class Semaphore {
  #limit: number;
  #held = 0;
  readonly #waiters = new Set<Waiter>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** What is held now. */
  get held(): number {
    return this.#held;
  }

  /** Changes the limit; holders keep what they have. */
  setLimit(limit: number): void {
    this.#limit = limit;
    this.#admit();
  }

  /** Waits for room and returns the release. Throws `transfer.cancelled` on abort. */
  async acquire(weight: number, signal: AbortSignal): Promise<() => void> {
    if (signal.aborted) throw new AppError('transfer.cancelled');
    if (this.#waiters.size > 0 || !this.#fits(weight)) {
      await this.#wait(weight, signal);
    } else {
      this.#held += weight;
    }
    let released = false;
    return () => {
      if (released) return;
      released = true;
      this.#held -= weight;
      this.#admit();
    };
  }

  #fits(weight: number): boolean {
    return this.#held === 0 || this.#held + weight <= this.#limit;
  }

  #wait(weight: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        weight,
        grant: () => {
          signal.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      const onAbort = (): void => {
        this.#waiters.delete(waiter);
        reject(new AppError('transfer.cancelled'));
        this.#admit();
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiters.add(waiter);
    });
  }

  #admit(): void {
    for (const waiter of this.#waiters) {
      if (!this.#fits(waiter.weight)) return;
      this.#waiters.delete(waiter);
      this.#held += waiter.weight;
      waiter.grant();
    }
  }
}
