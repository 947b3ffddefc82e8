import type { UnfinishedWork } from '../../shared/contract/app.ts';

/** Work, or the end of some: somebody paused or cancelled it. */
export type UnansweredWork = UnfinishedWork | 'order';

/** What the engine is asked to do and has not noted down yet: it would be lost by quitting. */
export interface Unanswered {
  /** `null`: the engine has it all. */
  readonly what: UnansweredWork | null;
  /** Gives what `call` gives; until then there is `what`. */
  during<T>(what: UnansweredWork, call: Promise<T>): Promise<T>;
}

/**
 * Makes an empty list. An engine answers within milliseconds, but not one that hangs or is
 * being started again, and whoever asked for something then need not see that in the window.
 */
export function createUnanswered(): Unanswered {
  const open = new Set<{ readonly what: UnansweredWork }>();
  return {
    get what() {
      const [first] = open;
      return first?.what ?? null;
    },
    async during(what, call) {
      const entry = { what };
      open.add(entry);
      try {
        return await call;
      } finally {
        open.delete(entry);
      }
    },
  };
}
