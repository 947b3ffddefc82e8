const BLOCK_SIZE = 1024;

/**
 * Compares two keys by their UTF-8 bytes, the order of S3's listings.
 *
 * UTF-8 order is code point order; UTF-16 order (that of `<`) differs where a
 * surrogate pair meets a character from U+E000 on.
 */
export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const x = a.charCodeAt(index);
    const y = b.charCodeAt(index);
    if (x !== y) return x >= 0xd800 && y >= 0xd800 ? rank(x) - rank(y) : x - y;
  }
  return a.length - b.length;
}

function rank(unit: number): number {
  return unit >= 0xe000 ? unit - 0x800 : unit + 0x2000;
}

/**
 * A set of keys in UTF-8 byte order.
 *
 * Blocks of about a thousand keys keep inserting and deleting cheap at a million keys;
 * finding a place is a binary search over blocks, then within one.
 */
export class SortedKeys {
  #blocks: string[][] = [];
  #size = 0;

  /** How many keys there are. */
  get size(): number {
    return this.#size;
  }

  /** Adds a key that is not there yet. */
  insert(key: string): void {
    const last = this.#blocks.length - 1;
    const found = this.#locate((candidate) => compareKeys(candidate, key) < 0);
    const at = Math.min(found.block, last);
    const block = this.#blocks[at];
    this.#size += 1;
    if (!block) {
      this.#blocks.push([key]);
      return;
    }
    block.splice(found.block > last ? block.length : found.index, 0, key);
    if (block.length > 2 * BLOCK_SIZE) {
      this.#blocks.splice(at + 1, 0, block.splice(BLOCK_SIZE));
    }
  }

  /** Removes a key that is there. */
  delete(key: string): void {
    const found = this.#locate((candidate) => compareKeys(candidate, key) < 0);
    const block = this.#blocks[found.block];
    if (block?.[found.index] !== key) return;
    block.splice(found.index, 1);
    if (block.length === 0) this.#blocks.splice(found.block, 1);
    this.#size -= 1;
  }

  /** Adds many new keys at once: one sort and one rebuild. */
  insertMany(keys: readonly string[]): void {
    if (keys.length < 64) {
      for (const key of keys) this.insert(key);
      return;
    }
    const all = this.#blocks.flat();
    const tail = all.at(-1);
    const sorted = sortKeys(keys);
    const first = sorted[0];
    const appends =
      tail === undefined || (first !== undefined && compareKeys(tail, first) < 0);
    for (const key of sorted) all.push(key);
    const merged = appends ? all : sortKeys(all);
    this.#blocks = [];
    for (let at = 0; at < merged.length; at += BLOCK_SIZE) {
      this.#blocks.push(merged.slice(at, at + BLOCK_SIZE));
    }
    this.#size = merged.length;
  }

  /**
   * A cursor at the first key for which `before` is false. `before` must be true for
   * some leading run of the order and false from there on. Valid until the next change.
   */
  seek(before: (key: string) => boolean): KeyCursor {
    const found = this.#locate(before);
    return new KeyCursor(this.#blocks, found.block, found.index);
  }

  #locate(before: (key: string) => boolean): { block: number; index: number } {
    const block = partition(this.#blocks.length, (at) => {
      const last = this.#blocks[at]?.at(-1);
      return last !== undefined && before(last);
    });
    const keys = this.#blocks[block] ?? [];
    const index = partition(keys.length, (at) => before(keys[at] ?? ''));
    return { block, index };
  }
}

/** A place in the order that moves forward. */
class KeyCursor {
  readonly #blocks: readonly (readonly string[])[];
  #block: number;
  #index: number;

  constructor(blocks: readonly (readonly string[])[], block: number, index: number) {
    this.#blocks = blocks;
    this.#block = block;
    this.#index = index;
  }

  /** The key here, or undefined past the end. */
  get key(): string | undefined {
    return this.#blocks[this.#block]?.[this.#index];
  }

  /** Steps to the next key. */
  advance(): void {
    this.#index += 1;
    if (this.#index >= (this.#blocks[this.#block]?.length ?? 0)) {
      this.#block += 1;
      this.#index = 0;
    }
  }
}

function partition(length: number, before: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (before(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function sortKeys(keys: readonly string[]): string[] {
  let ordered = true;
  let plain = true;
  let previous: string | undefined;
  for (const key of keys) {
    if (ordered && previous !== undefined && compareKeys(previous, key) >= 0) {
      ordered = false;
    }
    if (plain && /[\uD800-\uFFFF]/.test(key)) plain = false;
    previous = key;
  }
  if (ordered) return [...keys];
  // The engine's own UTF-16 sort is several times faster and equal for such keys.
  return plain ? [...keys].sort() : [...keys].sort(compareKeys);
}
