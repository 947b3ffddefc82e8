import { Readable } from 'node:stream';
import type { BodySink, Flow } from './lane.ts';
import { SLAB_BYTES } from './slabs.ts';

/** Less room than this in a slab is not worth a read. */
const MIN_ROOM = 16 * 1024;

/** A body as a stream. Its reader keeps what it was given: no slab is used twice. */
export class BodyStream extends Readable implements BodySink {
  readonly #length: number;
  readonly #flow: Flow;
  #received = 0;
  #slab: Buffer | null = null;
  /** Bytes of the slab that hold data. */
  #filled = 0;

  constructor(length: number, flow: Flow) {
    super({ highWaterMark: SLAB_BYTES });
    this.#length = length;
    this.#flow = flow;
    // An error before anybody reads waits for who will; it must not end the engine.
    this.on('error', () => undefined);
  }

  room(): Buffer | null {
    const left = this.#length - this.#received;
    // For the last few bytes the lane's own buffer will do.
    if (left < MIN_ROOM) return null;
    if (this.#slab === null || this.#slab.length - this.#filled < MIN_ROOM) {
      this.#slab = Buffer.allocUnsafeSlow(Math.min(SLAB_BYTES, left));
      this.#filled = 0;
    }
    return this.#slab.subarray(this.#filled);
  }

  write(bytes: Buffer): boolean {
    this.#received += bytes.length;
    if (bytes.buffer !== this.#slab?.buffer) return this.push(Buffer.from(bytes));
    this.#filled += bytes.length;
    return this.push(bytes);
  }

  end(): void {
    this.#slab = null;
    this.push(null);
  }

  fail(error: unknown): void {
    this.destroy(error as Error);
  }

  override _read(): void {
    this.#flow.resume();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#slab = null;
    this.#flow.cancel();
    callback(error);
  }
}
