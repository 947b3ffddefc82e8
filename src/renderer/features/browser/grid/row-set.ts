/** An immutable set of row ids as bits: a million selected rows are 125 KB. */
export class RowSet {
  static readonly empty = new RowSet(new Uint32Array(0), 0);

  readonly #words: Uint32Array;
  /** Rows in the set. */
  readonly size: number;

  private constructor(words: Uint32Array, size: number) {
    this.#words = words;
    this.size = size;
  }

  static of(rows: Iterable<number>): RowSet {
    return RowSet.empty.with(rows);
  }

  has(row: number): boolean {
    return row >= 0 && (((this.#words[row >>> 5] ?? 0) >>> (row & 31)) & 1) === 1;
  }

  /** This set and `rows`. */
  with(rows: Iterable<number>): RowSet {
    let words = this.#words.slice();
    let { size } = this;
    for (const row of rows) {
      const word = row >>> 5;
      if (word >= words.length) {
        const larger = new Uint32Array(Math.max(word + 1, words.length * 2));
        larger.set(words);
        words = larger;
      }
      const bit = 1 << (row & 31);
      const before = words[word] as number;
      if ((before & bit) === 0) {
        words[word] = before | bit;
        size += 1;
      }
    }
    return new RowSet(words, size);
  }

  /** This set without one row. */
  without(row: number): RowSet {
    if (!this.has(row)) return this;
    const words = this.#words.slice();
    words[row >>> 5] = (words[row >>> 5] as number) & ~(1 << (row & 31));
    return new RowSet(words, this.size - 1);
  }

  /** Rows in ascending order of id. */
  *[Symbol.iterator](): Generator<number, void, void> {
    for (let word = 0; word < this.#words.length; word += 1) {
      let bits = this.#words[word] as number;
      while (bits !== 0) {
        const low = bits & -bits;
        yield word * 32 + (31 - Math.clz32(low));
        bits ^= low;
      }
    }
  }
}
