import type { Hash } from 'node:crypto';
import { write as writeAt } from 'node:fs';
import { Readable } from 'node:stream';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { BodySink, Flow } from './lane.ts';
import { SLAB_BYTES, type SlabPool } from './slabs.ts';

/** Less room than this in a slab is not worth a read. */
const MIN_ROOM = 16 * 1024;
/** Slabs on their way to the disk per body; then the lane waits. */
const MAX_WRITES = 2;

/** Where a body is saved. */
export interface SaveTarget {
  /** Open for writing. Stays open. */
  readonly fd: number;
  /** Offset in the file of the body's first byte. */
  readonly position: number;
  /** Sees every byte in order. */
  readonly hash?: Hash | undefined;
  /** Hears of bytes once they are written. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
}

/** Options of {@link ObjectStream}. */
export interface ObjectStreamOptions {
  readonly length: number;
  readonly flow: Flow;
  readonly slabs: SlabPool;
  /** Errors of the connection, for whoever reads. */
  readonly map: (error: unknown) => AppError;
}

/**
 * The body of an answer, to be read as a stream or saved to a file. Saving reads from the
 * socket right into slabs that are then written where they belong; nothing is copied.
 */
export class ObjectStream extends Readable implements BodySink {
  readonly #options: ObjectStreamOptions;
  #received = 0;
  #slab: Buffer | null = null;
  /** Bytes of the slab that hold data. */
  #filled = 0;
  #wanted = false;
  #complete = false;
  #early: Buffer[] = [];
  #save: Saving | null = null;

  constructor(options: ObjectStreamOptions) {
    super({ highWaterMark: SLAB_BYTES });
    this.#options = options;
    // An error before anybody reads waits for who will; it must not end the engine.
    this.on('error', () => undefined);
  }

  room(): Buffer | null {
    const left = this.#options.length - this.#received;
    // Before anybody reads, and for the last few bytes, the lane's own buffer will do.
    if (this.#save === null && (!this.#wanted || left < MIN_ROOM)) return null;
    if (left === 0) return null;
    let slab = this.#slab;
    if (slab === null || slab.length - this.#filled < Math.min(MIN_ROOM, left)) {
      this.#flush();
      slab = this.#newSlab(left);
      this.#slab = slab;
      this.#filled = 0;
    }
    return slab.subarray(this.#filled);
  }

  write(bytes: Buffer): boolean {
    this.#received += bytes.length;
    if (bytes.buffer === this.#slab?.buffer) {
      this.#filled += bytes.length;
      if (this.#save !== null) return this.#advance();
      return this.push(bytes);
    }
    // The lane's own buffer, which it will use again.
    if (this.#save !== null) {
      this.#copyIn(bytes);
      return this.#advance();
    }
    const copy = Buffer.from(bytes);
    if (this.#wanted) return this.push(copy);
    this.#early.push(copy);
    return false;
  }

  end(): void {
    this.#complete = true;
    if (this.#save !== null) {
      this.#flush();
      this.#save.end();
    } else if (this.#wanted) {
      this.#slab = null;
      this.push(null);
    }
  }

  fail(error: unknown): void {
    const mapped = this.#options.map(error);
    this.#complete = true;
    if (this.#save !== null) this.#save.fail(mapped);
    else this.destroy(mapped);
  }

  /**
   * Writes the whole body and resolves when it is written. In place of reading the stream.
   * Rejects with the connection's `AppError` or the error of the file system.
   */
  async saveTo(target: SaveTarget): Promise<void> {
    if (this.#wanted || this.#save !== null || this.destroyed) {
      throw this.errored ?? new AppError('internal', { params: { body: 'used' } });
    }
    const { flow, slabs } = this.#options;
    const saving = new Saving(target, slabs, flow);
    this.#save = saving;
    const early = this.#early;
    this.#early = [];
    for (const bytes of early) this.#copyIn(bytes);
    if (this.#complete) {
      this.#flush();
      saving.end();
    } else {
      flow.resume();
    }
    try {
      await saving.done;
    } finally {
      this.#slab = null;
      this.destroy();
    }
  }

  override _read(): void {
    if (!this.#wanted) {
      this.#wanted = true;
      for (const bytes of this.#early) this.push(bytes);
      this.#early = [];
      if (this.#complete) this.push(null);
    }
    this.#options.flow.resume();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    if (!this.#complete) this.#options.flow.cancel();
    this.#save?.fail(error ?? new AppError('transfer.cancelled'));
    this.#early = [];
    callback(error);
  }

  #newSlab(left: number): Buffer {
    // A stream's reader keeps what it was given; only saved slabs come back.
    if (this.#save !== null) return this.#options.slabs.take();
    return Buffer.allocUnsafeSlow(Math.min(SLAB_BYTES, left));
  }

  #copyIn(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; ) {
      if (this.#slab === null || this.#filled === this.#slab.length) {
        this.#flush();
        this.#slab = this.#options.slabs.take();
        this.#filled = 0;
      }
      const count = bytes.copy(this.#slab, this.#filled, at);
      at += count;
      this.#filled += count;
    }
  }

  /** Writes a full slab. Returns whether more may come. */
  #advance(): boolean {
    const slab = this.#slab;
    if (slab !== null && slab.length - this.#filled < MIN_ROOM) this.#flush();
    return (this.#save?.writing ?? 0) < MAX_WRITES;
  }

  #flush(): void {
    const slab = this.#slab;
    this.#slab = null;
    if (slab === null || this.#save === null) return;
    if (this.#filled === 0) this.#options.slabs.give(slab);
    else this.#save.add(slab, this.#filled);
    this.#filled = 0;
  }
}

/** Positional writes of slabs, in any order of completion. */
class Saving {
  readonly done: Promise<void>;
  writing = 0;
  readonly #target: SaveTarget;
  readonly #slabs: SlabPool;
  readonly #flow: Flow;
  #position: number;
  #ended = false;
  #error: unknown = null;
  #settle: () => void = () => undefined;

  constructor(target: SaveTarget, slabs: SlabPool, flow: Flow) {
    this.#target = target;
    this.#slabs = slabs;
    this.#flow = flow;
    this.#position = target.position;
    this.done = new Promise((resolve, reject) => {
      this.#settle = () => {
        // The file must not be closed under a write that is under way.
        if (this.writing > 0) return;
        if (this.#error !== null) reject(this.#error);
        else if (this.#ended) resolve();
      };
    });
  }

  add(slab: Buffer, length: number): void {
    if (this.#error !== null) {
      this.#slabs.give(slab);
      return;
    }
    this.#target.hash?.update(slab.subarray(0, length));
    const position = this.#position;
    this.#position += length;
    this.writing += 1;
    this.#write(slab, 0, length, position);
  }

  end(): void {
    this.#ended = true;
    this.#settle();
  }

  fail(error: unknown): void {
    this.#error ??= error;
    this.#settle();
  }

  #write(slab: Buffer, from: number, to: number, position: number): void {
    writeAt(this.#target.fd, slab, from, to - from, position, (error, written) => {
      if (error === null) this.#target.onProgress?.(written);
      if (error === null && from + written < to) {
        this.#write(slab, from + written, to, position + written);
        return;
      }
      this.writing -= 1;
      this.#slabs.give(slab);
      if (error !== null) {
        this.fail(error);
        this.#flow.cancel();
        return;
      }
      this.#settle();
      if (this.writing < MAX_WRITES) this.#flow.resume();
    });
  }
}
