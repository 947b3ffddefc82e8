import { ReadCredit } from '../bandwidth/read-credit.ts';
import type { Flowing } from '../bandwidth/throttle.ts';
import type { BodySink, BodySource, Flow } from './lane.ts';

/** What comes although nothing was asked for goes in here, bytes. */
const LEAST_ROOM = 4 * 1_024;
/** Where small bodies are read to while there is a limit, bytes. */
const OWN_ROOM = 16 * 1_024;

interface Slab {
  readonly bytes: Buffer;
  /** Where the next piece begins. */
  at: number;
  /** Pieces that somebody holds. */
  pieces: number;
}

/** A body that is sent no faster than its connection may send. */
export class PacedSource implements BodySource {
  readonly length: number;
  readonly #inner: BodySource;
  readonly #flow: Flowing;
  readonly #signal: AbortSignal | undefined;
  readonly #slabs = new Map<ArrayBufferLike, Slab>();
  #slab: Slab | null = null;
  #isHeld = false;

  constructor(inner: BodySource, flow: Flowing, signal: AbortSignal | undefined) {
    this.length = inner.length;
    this.#inner = inner;
    this.#flow = flow;
    this.#signal = signal;
  }

  /** It waits for leave, which says nothing about the server. */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  async next(): Promise<Buffer | null> {
    if (this.#slab === null) {
      const bytes = await this.#inner.next();
      if (bytes === null || !this.#flow.isLimited) return bytes;
      this.#slab = { bytes, at: 0, pieces: 0 };
      this.#slabs.set(bytes.buffer, this.#slab);
    }
    const slab = this.#slab;
    const left = slab.bytes.length - slab.at;
    this.#isHeld = true;
    try {
      const given = await this.#flow.some(left, this.#signal);
      const piece = slab.bytes.subarray(slab.at, slab.at + given);
      slab.at += piece.length;
      slab.pieces += 1;
      if (slab.at === slab.bytes.length) this.#slab = null;
      return piece;
    } finally {
      this.#isHeld = false;
    }
  }

  sent(count: number): void {
    this.#inner.sent(count);
  }

  release(bytes: Buffer): void {
    const slab = this.#slabs.get(bytes.buffer);
    if (slab === undefined) {
      this.#inner.release(bytes);
      return;
    }
    slab.pieces -= 1;
    if (slab.pieces === 0 && slab !== this.#slab) this.#giveBack(slab);
  }

  async close(): Promise<void> {
    const slab = this.#slab;
    this.#slab = null;
    if (slab !== null && slab.pieces === 0) this.#giveBack(slab);
    await this.#inner.close();
  }

  #giveBack(slab: Slab): void {
    this.#slabs.delete(slab.bytes.buffer);
    this.#inner.release(slab.bytes);
  }
}

/** Takes a body no faster than its connection may: it stops the lane in between. */
export class PacedSink implements BodySink {
  readonly #credit: ReadCredit;
  readonly #lane: Flow;
  #inner: BodySink | null = null;
  #innerPaused = false;
  #own: Buffer | null = null;

  /** `bytes`: leave that was had before the answer came. */
  constructor(lane: Flow, flow: Flowing, bytes: number, signal: AbortSignal | undefined) {
    this.#lane = lane;
    this.#credit = new ReadCredit(flow, bytes, signal, () => {
      if (!this.#innerPaused) lane.resume();
    });
  }

  /** What the body's taker may do to the lane. */
  get flow(): Flow {
    return {
      resume: () => {
        this.#innerPaused = false;
        if (!this.#credit.isWaiting) this.#lane.resume();
      },
      cancel: () => this.#lane.cancel(),
    };
  }

  /** Passes the body on to its taker. */
  into(inner: BodySink): BodySink {
    this.#inner = inner;
    return this;
  }

  room(): Buffer | null {
    const room = this.#inner?.room() ?? null;
    const most = Math.max(LEAST_ROOM, this.#credit.bytes);
    if (room !== null) return room.length <= most ? room : room.subarray(0, most);
    if (most === Number.POSITIVE_INFINITY) return null;
    this.#own ??= Buffer.allocUnsafeSlow(OWN_ROOM);
    return this.#own.subarray(0, Math.min(OWN_ROOM, most));
  }

  write(bytes: Buffer): boolean {
    if (this.#inner?.write(bytes) === false) this.#innerPaused = true;
    return this.#credit.spend(bytes.length) && !this.#innerPaused;
  }

  end(): void {
    this.#credit.end();
    this.#inner?.end();
  }

  fail(error: unknown): void {
    this.#credit.end();
    this.#inner?.fail(error);
  }
}
