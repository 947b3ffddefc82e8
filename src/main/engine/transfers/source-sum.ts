import { createHash, type Hash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** Parts that wait for one before them; more would fill the memory. */
const MAX_EARLY = 2;

/** How an ETag sums up content. */
export interface EtagFormula {
  /**
   * Bytes of all parts but the last, whose MD5 sums the ETag is the MD5 of; `null`: it is
   * the MD5 of the whole.
   */
  readonly partSize: number | null;
}

/** The ETag of bytes that come in order. */
class EtagOfBytes {
  readonly #partSize: number;
  readonly #plain: boolean;
  readonly #sums: Buffer[] = [];
  #hash: Hash = createHash('md5');
  #inPart = 0;

  constructor({ partSize }: EtagFormula) {
    this.#plain = partSize === null;
    this.#partSize = partSize ?? Number.POSITIVE_INFINITY;
  }

  update(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; ) {
      const length = Math.min(bytes.length - at, this.#partSize - this.#inPart);
      this.#hash.update(bytes.subarray(at, at + length));
      at += length;
      this.#inPart += length;
      if (this.#inPart === this.#partSize) this.#endPart();
    }
  }

  digest(): string {
    if (this.#plain) return this.#hash.digest('hex');
    if (this.#inPart > 0) this.#endPart();
    const all = createHash('md5').update(Buffer.concat(this.#sums)).digest('hex');
    return `${all}-${this.#sums.length}`;
  }

  #endPart(): void {
    this.#sums.push(this.#hash.digest());
    this.#hash = createHash('md5');
    this.#inPart = 0;
  }
}

/** The ETag that `bytes` have by a formula. */
export function etagOf(bytes: Buffer, formula: EtagFormula): string {
  const etag = new EtagOfBytes(formula);
  etag.update(bytes);
  return etag.digest();
}

/**
 * The ETag of content whose pieces come in any order, each as it was sent on. What comes
 * out of order by more than a few pieces ends the sum rather than fill the memory. So does
 * a gap, and a piece that comes again with other bytes: nobody knows which of them stayed.
 */
export class SourceSum {
  readonly #etag: EtagOfBytes;
  readonly #early = new Map<number, Buffer>();
  readonly #seen = new Map<number, number>();
  #next = 1;
  #bytes = 0;
  #given = false;

  constructor(formula: EtagFormula) {
    this.#etag = new EtagOfBytes(formula);
  }

  /** Pieces are numbered from 1. */
  add(number: number, bytes: Buffer): void {
    if (this.#given) return;
    const check = crc32(bytes);
    const before = this.#seen.get(number);
    this.#seen.set(number, check);
    if (before !== undefined) {
      if (before !== check) this.#giveUp();
      return;
    }
    this.#early.set(number, bytes);
    for (;;) {
      const due = this.#early.get(this.#next);
      if (due === undefined) break;
      this.#early.delete(this.#next);
      this.#etag.update(due);
      this.#bytes += due.length;
      this.#next += 1;
    }
    if (this.#early.size > MAX_EARLY) this.#giveUp();
  }

  /** `null`: not all of `size` bytes were seen in order. */
  digest(size: number): string | null {
    return this.#bytes === size && !this.#given ? this.#etag.digest() : null;
  }

  #giveUp(): void {
    this.#early.clear();
    this.#given = true;
  }
}
