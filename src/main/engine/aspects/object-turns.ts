import { orAborted } from '../listing/or-aborted.ts';
import type { ObjectRef } from '../s3/s3-connection.ts';

/**
 * Changes of one object's settings, one after the other. A rewrite of headers gives the
 * new object the ACL and the tags that it has read before: what somebody changed of them
 * meanwhile would be undone, and what was just closed be open again.
 */
export class ObjectTurns {
  readonly #last = new Map<string, Promise<void>>();

  /** Runs `work` when all before it on this object are over. Throws `transfer.cancelled`. */
  async take<T>(
    { bucket, key }: ObjectRef,
    signal: AbortSignal | undefined,
    work: () => Promise<T>,
  ): Promise<T> {
    // One bucket may be open over two connections.
    const name = `${bucket}/${key}`;
    const before = this.#last.get(name);
    const { promise, resolve } = Promise.withResolvers<void>();
    // Who gives up waiting lets nobody past those before.
    const mine = before === undefined ? promise : before.then(() => promise);
    this.#last.set(name, mine);
    try {
      if (before !== undefined) await (signal ? orAborted(before, signal) : before);
      return await work();
    } finally {
      resolve();
      void mine.then(() => {
        if (this.#last.get(name) === mine) this.#last.delete(name);
        return undefined;
      });
    }
  }
}
