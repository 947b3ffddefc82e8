import { write as writeAt, writeSync } from 'node:fs';
import type { SaveTarget } from '../s3/s3-connection.ts';
import type { BodySink, Flow } from './lane.ts';
import type { SlabPool } from './slabs.ts';

/** Less room than this in a slab is not worth a read. */
const MIN_ROOM = 16 * 1024;
/** Slabs on their way to the disk or waiting for it per body; then the lane waits. */
const MAX_WRITES = 2;

/** Options of {@link Saving}. */
export interface SavingOptions {
  readonly target: SaveTarget;
  readonly slabs: SlabPool;
  readonly flow: Flow;
  readonly length: number;
}

/** A slab that waits until what comes before it is written. */
interface Waiting {
  readonly slab: Buffer;
  readonly length: number;
  readonly position: number;
}

/**
 * Writes a body to a file. The socket reads right into slabs, which are then written and
 * used again; nothing is copied. One write follows the other: whoever goes on with the file
 * of a process that died takes its length for what was written.
 */
export class Saving implements BodySink {
  /** Resolves when all is written; rejects once nothing writes to the file any more. */
  readonly done: Promise<void>;
  readonly #options: SavingOptions;
  #received = 0;
  #slab: Buffer | null = null;
  /** Bytes of the slab that hold data. */
  #filled = 0;
  #position: number;
  #writing = 0;
  #waiting: Waiting[] = [];
  #ended = false;
  #error: unknown = null;
  #settle: () => void = () => undefined;

  constructor(options: SavingOptions) {
    this.#options = options;
    this.#position = options.target.position;
    this.done = new Promise((resolve, reject) => {
      this.#settle = () => {
        // The file must not be closed under a write that is under way.
        if (this.#writing > 0) return;
        if (this.#error !== null) reject(this.#error);
        else if (this.#ended) resolve();
      };
    });
  }

  room(): Buffer | null {
    const left = this.#options.length - this.#received;
    if (left === 0 || this.#error !== null) return null;
    const slab = this.#slab;
    if (slab !== null && slab.length - this.#filled >= Math.min(MIN_ROOM, left)) {
      return slab.subarray(this.#filled);
    }
    this.#flush();
    return this.#error === null ? this.#take() : null;
  }

  write(bytes: Buffer): boolean {
    this.#received += bytes.length;
    // After a pause, bytes may land in the lane's own buffer, which was chosen before us.
    if (bytes.buffer === this.#slab?.buffer) this.#filled += bytes.length;
    else this.#copyIn(bytes);
    const slab = this.#slab;
    if (slab !== null && slab.length - this.#filled < MIN_ROOM) this.#flush();
    return this.#writing < MAX_WRITES;
  }

  end(): void {
    this.#flush();
    this.#release();
    this.#ended = true;
    this.#settle();
  }

  fail(error: unknown): void {
    // What came may be gone on with.
    this.#flush();
    this.#release();
    this.#error ??= error;
    this.#settle();
  }

  #take(): Buffer {
    this.#slab ??= this.#options.slabs.take();
    this.#filled = 0;
    return this.#slab;
  }

  #release(): void {
    if (this.#slab !== null) this.#options.slabs.give(this.#slab);
    this.#slab = null;
  }

  #copyIn(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; ) {
      let slab = this.#slab ?? this.#take();
      if (this.#filled === slab.length) {
        this.#flush();
        slab = this.#take();
      }
      const count = bytes.copy(slab, this.#filled, at);
      at += count;
      this.#filled += count;
    }
  }

  /** Writes what the slab holds. After a synchronous write the slab is kept. */
  #flush(): void {
    const slab = this.#slab;
    const length = this.#filled;
    if (slab === null || length === 0) return;
    this.#filled = 0;
    if (this.#error !== null) return;
    const { hash, pace } = this.#options.target;
    hash?.update(slab.subarray(0, length));
    const position = this.#position;
    this.#position += length;
    if (pace?.quick === true && this.#writing === 0) {
      this.#writeNow(slab, length, position);
      return;
    }
    this.#slab = null;
    this.#writing += 1;
    if (this.#writing > 1) this.#waiting.push({ slab, length, position });
    else this.#writeLater(slab, 0, length, position, performance.now());
  }

  #writeNow(slab: Buffer, length: number, position: number): void {
    const { fd, pace, onProgress } = this.#options.target;
    try {
      pace?.now(() => {
        for (let done = 0; done < length; ) {
          done += writeSync(fd, slab, done, length - done, position + done);
        }
      });
    } catch (error) {
      this.#break(error);
      return;
    }
    onProgress?.(length);
  }

  #writeLater(
    slab: Buffer,
    from: number,
    to: number,
    position: number,
    start: number,
  ): void {
    const { fd, onProgress, pace } = this.#options.target;
    writeAt(fd, slab, from, to - from, position, (error, written) => {
      if (error === null) {
        onProgress?.(written);
        if (from + written < to) {
          this.#writeLater(slab, from + written, to, position + written, start);
          return;
        }
      }
      pace?.took(performance.now() - start);
      this.#writing -= 1;
      this.#options.slabs.give(slab);
      if (error !== null) {
        this.#break(error);
        return;
      }
      const next = this.#waiting.shift();
      if (next !== undefined) {
        this.#writeLater(next.slab, 0, next.length, next.position, performance.now());
      }
      this.#settle();
      if (this.#writing < MAX_WRITES) this.#options.flow.resume();
    });
  }

  #break(error: unknown): void {
    // Nothing may be written behind what is missing now.
    this.#error ??= error;
    for (const { slab } of this.#waiting) this.#options.slabs.give(slab);
    this.#writing -= this.#waiting.length;
    this.#waiting = [];
    this.fail(error);
    this.#options.flow.cancel();
  }
}
