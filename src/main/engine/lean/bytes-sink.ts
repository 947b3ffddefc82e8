import type { BodySink, Flow } from './lane.ts';

/** A body that was collected, as far as it came. */
export interface Collected {
  readonly bytes: Buffer;
  /** `null`: all of it came. `RangeError`: it was longer than the limit. */
  readonly error: unknown;
}

/** Collects a whole body of at most `limit` bytes. The result never rejects. */
export function collect(
  limit: number,
  flow: Flow,
): { readonly sink: BodySink; readonly result: Promise<Collected> } {
  const { promise, resolve } = Promise.withResolvers<Collected>();
  return { sink: new BytesSink(limit, flow, resolve), result: promise };
}

/** For a body that is empty, or that nobody wants any more. */
export const NOWHERE: BodySink = {
  room: () => null,
  write: () => true,
  end: () => undefined,
  fail: () => undefined,
};

class BytesSink implements BodySink {
  readonly #parts: Buffer[] = [];
  readonly #limit: number;
  readonly #flow: Flow;
  readonly #done: (collected: Collected) => void;
  #size = 0;

  constructor(limit: number, flow: Flow, done: (collected: Collected) => void) {
    this.#limit = limit;
    this.#flow = flow;
    this.#done = done;
  }

  room(): null {
    return null;
  }

  write(bytes: Buffer): boolean {
    this.#size += bytes.length;
    if (this.#size <= this.#limit) {
      this.#parts.push(Buffer.from(bytes));
    } else {
      this.fail(new RangeError('Too long'));
      this.#flow.cancel();
    }
    return true;
  }

  end(): void {
    this.fail(null);
  }

  fail(error: unknown): void {
    this.#done({ bytes: Buffer.concat(this.#parts), error });
  }
}
