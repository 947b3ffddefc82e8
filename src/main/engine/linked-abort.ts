/**
 * A controller that also aborts when one of `parents` does. Unlike `AbortSignal.any` it
 * holds its parents' listeners itself: a composite signal may be collected as garbage
 * while a long request still relies on it.
 */
export class LinkedAbort implements Disposable {
  readonly #controller = new AbortController();
  readonly #parents: readonly AbortSignal[];
  readonly #onAbort = (): void => this.#controller.abort();

  constructor(...parents: readonly AbortSignal[]) {
    this.#parents = parents;
    for (const parent of parents) {
      if (parent.aborted) this.#controller.abort();
      else parent.addEventListener('abort', this.#onAbort, { once: true });
    }
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  abort(): void {
    this.#controller.abort();
  }

  /** Lets go of the parents. */
  [Symbol.dispose](): void {
    for (const parent of this.#parents) {
      parent.removeEventListener('abort', this.#onAbort);
    }
  }
}
