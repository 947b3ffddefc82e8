type State = 'size' | 'data' | 'data-end' | 'trailer' | 'done';

/** Longest line of framing, bytes. */
const MAX_LINE = 4_096;

/**
 * Takes the framing off a chunked body. HTTP's chunks and those of `aws-chunked` have the
 * same grammar: the latter put a signature after the size.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
export class ChunkDecoder {
  readonly #onData: (bytes: Buffer) => void;
  readonly #onTrailer: (line: string) => void;
  #state: State = 'size';
  #left = 0;
  #line = '';

  constructor(
    onData: (bytes: Buffer) => void,
    onTrailer: (line: string) => void = () => {},
  ) {
    this.#onData = onData;
    this.#onTrailer = onTrailer;
  }

  /** Whether the last chunk and its trailers have come. */
  get done(): boolean {
    return this.#state === 'done';
  }

  /** Takes bytes; returns how many belong to this body. Throws on broken framing. */
  feed(bytes: Buffer): number {
    let at = 0;
    while (at < bytes.length && this.#state !== 'done') {
      if (this.#state === 'data') {
        const end = Math.min(bytes.length, at + this.#left);
        this.#onData(bytes.subarray(at, end));
        this.#left -= end - at;
        at = end;
        if (this.#left === 0) this.#state = 'data-end';
        continue;
      }
      const newline = bytes.indexOf(10, at);
      const end = newline === -1 ? bytes.length : newline + 1;
      this.#line += bytes.toString('latin1', at, end);
      at = end;
      if (this.#line.length > MAX_LINE) throw new Error('A chunk has no end of line.');
      if (newline !== -1) {
        const line = this.#line.trimEnd();
        this.#line = '';
        this.#take(line);
      }
    }
    return at;
  }

  #take(line: string): void {
    if (this.#state === 'size') {
      const size = Number.parseInt(line, 16);
      if (!/^[0-9a-f]+\s*(?:;.*)?$/i.test(line)) throw new Error('A chunk has no size.');
      this.#left = size;
      this.#state = size === 0 ? 'trailer' : 'data';
    } else if (this.#state === 'data-end') {
      if (line !== '') throw new Error('A chunk is longer than it says.');
      this.#state = 'size';
    } else if (line === '') {
      this.#state = 'done';
    } else {
      this.#onTrailer(line);
    }
  }
}
