import type { Readable } from 'node:stream';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { StatedSum } from '../checksums/choose.ts';
import type { ObjectBody, SaveTarget } from '../s3/s3-connection.ts';
import { BodyStream } from './body-stream.ts';
import { NOWHERE } from './bytes-sink.ts';
import type { BodySink, Flow } from './lane.ts';
import { Saving } from './saving.ts';
import { SLAB_BYTES, type SlabPool } from './slabs.ts';

/** Up to this length a body is taken at once, before anybody asks for it. */
const KEPT_BYTES = SLAB_BYTES;

/** What the head of an answer told. */
export type ObjectFacts = Pick<
  ObjectBody,
  'length' | 'totalSize' | 'etag' | 'modified' | 'metadata' | 'checksums'
>;

/** Options of {@link LeanBody}. */
export interface LeanBodyOptions {
  readonly facts: ObjectFacts;
  readonly flow: Flow;
  readonly slabs: SlabPool;
  /** Errors of the connection, for whoever reads. */
  readonly map: (error: unknown) => AppError;
}

/**
 * The body of an answer, for whoever comes to take it: as a stream, into a file, or as
 * bytes. A small one is collected at once and sets its connection free; of a long one a
 * first bit is kept and the connection waits.
 *
 * A class, not an object written out with a getter: V8 gives each of those a shape of its
 * own, which keeps alive all that its functions see until the next full collection.
 */
export class LeanBody implements BodySink, ObjectBody {
  readonly length: number;
  readonly totalSize: number;
  readonly etag: string;
  readonly modified: number | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly checksums: readonly StatedSum[] | undefined;
  readonly #options: LeanBodyOptions;
  /** What came before the taker, without gaps. */
  #early: Buffer[] = [];
  #taker: BodySink | null = null;
  #stream: BodyStream | null = null;
  #complete = false;
  #error: AppError | null = null;

  constructor(options: LeanBodyOptions) {
    this.#options = options;
    const { facts } = options;
    this.length = facts.length;
    this.totalSize = facts.totalSize;
    this.etag = facts.etag;
    this.modified = facts.modified;
    this.metadata = facts.metadata;
    this.checksums = facts.checksums;
  }

  room(): Buffer | null {
    return this.#taker?.room() ?? null;
  }

  write(bytes: Buffer): boolean {
    if (this.#taker !== null) return this.#taker.write(bytes);
    // The lane uses its buffer again.
    this.#early.push(Buffer.from(bytes));
    return this.length <= KEPT_BYTES;
  }

  end(): void {
    this.#complete = true;
    this.#taker?.end();
  }

  fail(error: unknown): void {
    this.#error = this.#options.map(error);
    this.#taker?.fail(this.#error);
  }

  /** To be read instead of {@link saveTo} or {@link bytes}; the same at every call. */
  get stream(): Readable {
    if (this.#stream === null) {
      const { flow } = this.#options;
      const stream = new BodyStream(this.length, {
        resume: () => flow.resume(),
        cancel: () => {
          if (!this.#complete && this.#error === null) flow.cancel();
        },
      });
      this.#stream = stream;
      this.#handOver(stream);
    }
    return this.#stream;
  }

  /** See `ObjectBody.saveTo`. */
  async saveTo(target: SaveTarget): Promise<void> {
    const { flow, slabs } = this.#options;
    const saving = new Saving({ target, slabs, flow, length: this.length });
    this.#handOver(saving);
    await saving.done;
  }

  /** See `ObjectBody.bytes`. */
  async bytes(): Promise<Buffer> {
    const { length } = this;
    const [only] = this.#early;
    if (this.#complete && this.#taker === null && only?.length === length) {
      this.#taker = NOWHERE;
      return only;
    }
    const bytes = Buffer.allocUnsafe(length);
    const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
    let filled = 0;
    this.#handOver({
      room: () => null,
      write(some) {
        filled += some.copy(bytes, filled);
        return true;
      },
      end: () => resolve(bytes),
      fail: reject,
    });
    return promise;
  }

  /** See `ObjectBody.discard`. */
  discard(): void {
    if (this.#stream !== null) this.#stream.destroy();
    else if (!this.#complete && this.#error === null) this.#options.flow.cancel();
    this.#early = [];
  }

  #handOver(taker: BodySink): void {
    if (this.#taker !== null)
      throw new AppError('internal', { params: { body: 'used' } });
    this.#taker = taker;
    const early = this.#early;
    this.#early = [];
    for (const bytes of early) taker.write(bytes);
    if (this.#error !== null) taker.fail(this.#error);
    else if (this.#complete) taker.end();
    // A stream says itself when it wants more.
    else if (taker !== this.#stream) this.#options.flow.resume();
  }
}
