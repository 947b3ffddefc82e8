import { AppError } from '../../../shared/errors/app-error.ts';

/**
 * A signal that aborts `ms` after its parent does, or, without a parent, `ms` from now:
 * time for an answer that is on its way.
 */
export class Patience implements Disposable {
  readonly #controller = new AbortController();
  readonly #parent: AbortSignal | undefined;
  readonly #ms: number;
  #timer: NodeJS.Timeout | undefined;
  readonly #begin = (): void => {
    this.#timer = setTimeout(() => {
      this.#controller.abort(new AppError('transfer.cancelled'));
    }, this.#ms);
  };

  constructor(parent: AbortSignal | undefined, ms: number) {
    this.#parent = parent;
    this.#ms = ms;
    if (parent === undefined || parent.aborted) this.#begin();
    else parent.addEventListener('abort', this.#begin, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#parent?.removeEventListener('abort', this.#begin);
  }
}
