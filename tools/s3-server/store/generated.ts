import { createHash } from 'node:crypto';

const PERIOD = 65_536;

/** Makes the bytes of seeded objects; keeps the patterns of a few seeds. */
export class GeneratedBytes {
  readonly #patterns = new Map<string, Buffer>();

  /** The bytes `[offset, offset + length)` of the endless stream a seed names. */
  read(seed: string, offset: number, length: number): Buffer {
    const pattern = this.#pattern(seed);
    const out = Buffer.allocUnsafe(length);
    let written = 0;
    while (written < length) {
      const at = offset + written;
      const within = at % PERIOD;
      const count = Math.min(PERIOD - within, length - written);
      pattern.copy(out, written, within, within + count);
      stamp(out, written, within, count, Math.floor(at / PERIOD));
      written += count;
    }
    return out;
  }

  #pattern(seed: string): Buffer {
    const known = this.#patterns.get(seed);
    if (known) return known;
    const made = makePattern(seed);
    if (this.#patterns.size >= 16) {
      const oldest = this.#patterns.keys().next().value;
      if (oldest !== undefined) this.#patterns.delete(oldest);
    }
    this.#patterns.set(seed, made);
    return made;
  }
}

/**
 * Writes the number of the block over its first 8 bytes, so that no two blocks of one
 * object are equal and a misplaced range cannot go unseen.
 */
function stamp(
  out: Buffer,
  at: number,
  within: number,
  count: number,
  block: number,
): void {
  if (within >= 8) return;
  const mark = Buffer.alloc(8);
  mark.writeBigUInt64BE(BigInt(block));
  mark.copy(out, at, within, Math.min(8, within + count));
}

function makePattern(seed: string): Buffer {
  const out = Buffer.allocUnsafe(PERIOD);
  const digest = createHash('sha256').update(seed).digest();
  let a = digest.readInt32LE(0);
  let b = digest.readInt32LE(4);
  let c = digest.readInt32LE(8);
  let d = digest.readInt32LE(12) | 1;
  for (let at = 0; at < PERIOD; at += 4) {
    // xorshift128 (Marsaglia 2003).
    const t = a ^ (a << 11);
    a = b;
    b = c;
    c = d;
    d = d ^ (d >>> 19) ^ t ^ (t >>> 8);
    out.writeInt32LE(d, at);
  }
  return out;
}

/** The bytes of a seeded object without a body; `seed` is its bucket, `/` and its key. */
export function generatedBytes(seed: string, offset: number, length: number): Buffer {
  return new GeneratedBytes().read(seed, offset, length);
}
