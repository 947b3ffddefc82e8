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

  /**
   * Enters where there is room and nobody waits; else returns a promise of having entered,
   * which rejects with `transfer.cancelled` on abort. Throws that when it has aborted.
   */
  enter(weight: number, signal: AbortSignal): Promise<void> | undefined {
    if (signal.aborted) throw new AppError('transfer.cancelled');
    if (this.#waiters.size > 0 || !this.#fits(weight)) return this.#wait(weight, signal);
    this.#held += weight;
    return undefined;
  }

  /** Gives back what was entered with. */
  leave(weight: number): void {
    this.#held -= weight;
    this.#admit();
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
    if (this.#waiters.size === 0) return;
    for (const waiter of this.#waiters) {
      if (!this.#fits(waiter.weight)) return;
      this.#waiters.delete(waiter);
      this.#held += waiter.weight;
      waiter.grant();
    }
  }
}
