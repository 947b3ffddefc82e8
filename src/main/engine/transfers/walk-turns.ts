import { AppError } from '../../../shared/errors/app-error.ts';

/** Folders that are walked at once. */
const WALKS_AT_ONCE = 4;
/** When nothing was found for so long, one more may begin, milliseconds. */
const PATIENCE_MS = 1_000;

/**
 * The turns of groups whose folders are walked. Each walk holds what it has read of its
 * folder, and a hundred at once end no sooner than one after the other. A disk that does
 * not answer, or a walk that waits because enough is queued, must not keep the others
 * waiting: when none finds anything, one more begins.
 */
export class WalkTurns {
  readonly #atOnce: number;
  readonly #patienceMs: number;
  readonly #waiting = new Set<() => void>();
  #busy = 0;
  #stirred = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(atOnce = WALKS_AT_ONCE, patienceMs = PATIENCE_MS) {
    this.#atOnce = atOnce;
    this.#patienceMs = patienceMs;
  }

  /** Waits for a turn; returns what ends it. Throws `transfer.cancelled`. */
  async take(signal: AbortSignal): Promise<() => void> {
    if (signal.aborted) throw new AppError('transfer.cancelled');
    if (this.#busy >= this.#atOnce) await this.#wait(signal);
    else this.#busy += 1;
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      this.#busy -= 1;
      if (this.#busy < this.#atOnce) this.#admit();
    };
  }

  /** Some walk found something. */
  stir(): void {
    this.#stirred = true;
  }

  /** The one that waited the longest begins. */
  #admit(): void {
    const [begin] = this.#waiting;
    if (begin === undefined) return;
    this.#busy += 1;
    begin();
  }

  #wait(signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const leave = (): void => {
      signal.removeEventListener('abort', onAbort);
      this.#waiting.delete(begin);
      if (this.#waiting.size === 0) this.#stopWatch();
    };
    const begin = (): void => {
      leave();
      resolve();
    };
    const onAbort = (): void => {
      leave();
      reject(new AppError('transfer.cancelled'));
    };
    signal.addEventListener('abort', onAbort, { once: true });
    this.#waiting.add(begin);
    this.#timer ??= setInterval(() => {
      if (!this.#stirred) this.#admit();
      this.#stirred = false;
    }, this.#patienceMs);
    return promise;
  }

  #stopWatch(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
