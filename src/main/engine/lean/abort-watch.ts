/** Whoever is to hear of an abort. */
export interface Abortable {
  onAbort(): void;
}

/**
 * Tells of aborts through one listener for each signal, kept as long as the signal is:
 * adding and removing one for every request costs more than signing it.
 */
export class AbortWatch {
  readonly #watched = new WeakMap<AbortSignal, Set<Abortable>>();

  /** `watcher` hears of the next abort of `signal`, until it is deleted. */
  add(signal: AbortSignal, watcher: Abortable): void {
    let watchers = this.#watched.get(signal);
    if (watchers === undefined) {
      const fresh = new Set<Abortable>();
      signal.addEventListener(
        'abort',
        () => {
          // Each leaves the set as it hears of it.
          for (const each of fresh) each.onAbort();
        },
        { once: true },
      );
      this.#watched.set(signal, fresh);
      watchers = fresh;
    }
    watchers.add(watcher);
  }

  delete(signal: AbortSignal, watcher: Abortable): void {
    this.#watched.get(signal)?.delete(watcher);
  }
}
