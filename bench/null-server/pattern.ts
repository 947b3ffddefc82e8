import { createHash } from 'node:crypto';

/** Length of the pattern: no power of two, so that bytes at a wrong offset differ. */
const PERIOD = 8 * 1024 * 1024 + 4_093;

/**
 * The endless bytes that generated objects and source files are cut from. Each key starts
 * at a place of its own: swapped files and shifted ranges do not compare equal.
 */
export class Pattern {
  readonly #bytes: Buffer;

  constructor() {
    const words = new Uint32Array(Math.ceil(PERIOD / 4));
    let state = 0x9e3779b9;
    for (let index = 0; index < words.length; index++) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      words[index] = state;
    }
    this.#bytes = Buffer.from(words.buffer, 0, PERIOD);
  }

  /**
   * Up to `length` bytes of the content of `key` from `offset` on; fewer where the pattern
   * starts over. The bytes are shared: do not write to them.
   */
  slice(key: string, offset: number, length: number): Buffer {
    const from = (hashOf(key) + offset) % PERIOD;
    return this.#bytes.subarray(from, Math.min(PERIOD, from + length));
  }

  /** The content of `key` from `start` on, `length` bytes in shared pieces. */
  *pieces(key: string, start: number, length: number): Generator<Buffer> {
    for (let done = 0; done < length; ) {
      const piece = this.slice(key, start + done, length - done);
      yield piece;
      done += piece.length;
    }
  }

  /**
   * The ETag S3 gives the content without quotes: its MD5, or with `partSize` (bytes) that
   * of an upload in parts.
   */
  etag(key: string, size: number, partSize: number | null): string {
    const md5 = (start: number, length: number): Buffer => {
      const hash = createHash('md5');
      for (const piece of this.pieces(key, start, length)) hash.update(piece);
      return hash.digest();
    };
    if (partSize === null) return md5(0, size).toString('hex');
    const parts: Buffer[] = [];
    for (let start = 0; start < size; start += partSize) {
      parts.push(md5(start, Math.min(partSize, size - start)));
    }
    const all = createHash('md5').update(Buffer.concat(parts)).digest('hex');
    return `${all}-${parts.length}`;
  }
}

/** FNV-1a over the key's code units. */
function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index++) {
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash;
}
