import { crc32 } from 'node:zlib';
import {
  CRC_KINDS,
  type CrcName,
  type SlicedTables,
  slicedTables,
} from './crc-tables.ts';

/** A sum that grows with the bytes it is fed. */
export interface RunningSum {
  update(bytes: Uint8Array): void;
  /** The value, CRCs in network byte order as in the headers. Call once. */
  digest(): Buffer;
}

/** Makes CRCs; keeps the tables they share. */
export interface CrcMaker {
  start(name: CrcName): RunningSum;
}

/** A maker without any table yet. CRC32 is native; the others are for checking. */
export function createCrcMaker(): CrcMaker {
  const tables = new Map<CrcName, SlicedTables>();
  return {
    start(name) {
      if (name === 'crc32') return new NativeCrc32();
      let known = tables.get(name);
      if (known === undefined) {
        known = slicedTables(CRC_KINDS[name]);
        tables.set(name, known);
      }
      return name === 'crc32c' ? new Crc32c(known.low) : new Crc64(known);
    },
  };
}

class NativeCrc32 implements RunningSum {
  #value = 0;

  update(bytes: Uint8Array): void {
    this.#value = crc32(bytes, this.#value);
  }

  digest(): Buffer {
    const out = Buffer.alloc(4);
    out.writeUInt32BE(this.#value);
    return out;
  }
}

class Crc32c implements RunningSum {
  readonly #tables: Int32Array;
  #value = -1;

  constructor(tables: Int32Array) {
    this.#tables = tables;
  }

  update(bytes: Uint8Array): void {
    const t = this.#tables as unknown as number[];
    const b = bytes as unknown as number[];
    const { length } = bytes;
    let value = this.#value;
    let at = 0;
    for (const end = length - 7; at < end; at += 8) {
      value ^= b[at]! | (b[at + 1]! << 8) | (b[at + 2]! << 16) | (b[at + 3]! << 24);
      value =
        t[1_792 + (value & 0xff)]! ^
        t[1_536 + ((value >>> 8) & 0xff)]! ^
        t[1_280 + ((value >>> 16) & 0xff)]! ^
        t[1_024 + (value >>> 24)]! ^
        t[768 + b[at + 4]!]! ^
        t[512 + b[at + 5]!]! ^
        t[256 + b[at + 6]!]! ^
        t[b[at + 7]!]!;
    }
    for (; at < length; at += 1) value = (value >>> 8) ^ t[(value ^ b[at]!) & 0xff]!;
    this.#value = value;
  }

  digest(): Buffer {
    const out = Buffer.alloc(4);
    out.writeInt32BE(~this.#value);
    return out;
  }
}

class Crc64 implements RunningSum {
  readonly #tables: SlicedTables;
  #low = -1;
  #high = -1;

  constructor(tables: SlicedTables) {
    this.#tables = tables;
  }

  update(bytes: Uint8Array): void {
    const l = this.#tables.low as unknown as number[];
    const h = this.#tables.high as unknown as number[];
    const b = bytes as unknown as number[];
    const { length } = bytes;
    let low = this.#low;
    let high = this.#high;
    let at = 0;
    for (const end = length - 7; at < end; at += 8) {
      low ^= b[at]! | (b[at + 1]! << 8) | (b[at + 2]! << 16) | (b[at + 3]! << 24);
      high ^= b[at + 4]! | (b[at + 5]! << 8) | (b[at + 6]! << 16) | (b[at + 7]! << 24);
      const i0 = 1_792 + (low & 0xff);
      const i1 = 1_536 + ((low >>> 8) & 0xff);
      const i2 = 1_280 + ((low >>> 16) & 0xff);
      const i3 = 1_024 + (low >>> 24);
      const i4 = 768 + (high & 0xff);
      const i5 = 512 + ((high >>> 8) & 0xff);
      const i6 = 256 + ((high >>> 16) & 0xff);
      const i7 = high >>> 24;
      low = l[i0]! ^ l[i1]! ^ l[i2]! ^ l[i3]! ^ l[i4]! ^ l[i5]! ^ l[i6]! ^ l[i7]!;
      high = h[i0]! ^ h[i1]! ^ h[i2]! ^ h[i3]! ^ h[i4]! ^ h[i5]! ^ h[i6]! ^ h[i7]!;
    }
    for (; at < length; at += 1) {
      const index = (low ^ b[at]!) & 0xff;
      low = ((low >>> 8) | (high << 24)) ^ l[index]!;
      high = (high >>> 8) ^ h[index]!;
    }
    this.#low = low;
    this.#high = high;
  }

  digest(): Buffer {
    const out = Buffer.alloc(8);
    out.writeInt32BE(~this.#high, 0);
    out.writeInt32BE(~this.#low, 4);
    return out;
  }
}
