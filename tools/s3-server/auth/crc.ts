import { crc32 } from 'node:zlib';

/** A CRC with the parameters S3 uses: reflected, all-ones start and final inversion. */
interface CrcKind {
  /** Bits of the result: 32 or 64. */
  readonly width: number;
  /** The polynomial in reflected form. */
  readonly polynomial: bigint;
}

/** The CRCs of the S3 API. */
export const CRC_KINDS = {
  CRC32: { width: 32, polynomial: 0xedb88320n },
  CRC32C: { width: 32, polynomial: 0x82f63b78n },
  CRC64NVME: { width: 64, polynomial: 0x9a6c9329ac4bc9b5n },
} as const satisfies Record<string, CrcKind>;

/** An incremental checksum. */
export interface Checksum {
  update(bytes: Uint8Array): void;
  /** The value in network byte order. Call once. */
  digest(): Buffer;
}

/** Starts a CRC of the given name. */
export function createCrc(name: keyof typeof CRC_KINDS): Checksum {
  if (name === 'CRC32') return new NativeCrc32();
  return name === 'CRC32C' ? new TableCrc32(crc32cTable()) : new Crc64(crc64Tables());
}

class NativeCrc32 implements Checksum {
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

class TableCrc32 implements Checksum {
  readonly #table: Uint32Array;
  #value = 0xffffffff;

  constructor(table: Uint32Array) {
    this.#table = table;
  }

  update(bytes: Uint8Array): void {
    const table = this.#table;
    let value = this.#value;
    for (let index = 0; index < bytes.length; index += 1) {
      value = (value >>> 8) ^ (table[(value ^ (bytes[index] ?? 0)) & 0xff] ?? 0);
    }
    this.#value = value;
  }

  digest(): Buffer {
    const out = Buffer.alloc(4);
    out.writeUInt32BE((this.#value ^ 0xffffffff) >>> 0);
    return out;
  }
}

interface Crc64Tables {
  readonly high: Uint32Array;
  readonly low: Uint32Array;
}

class Crc64 implements Checksum {
  readonly #tables: Crc64Tables;
  #high = 0xffffffff;
  #low = 0xffffffff;

  constructor(tables: Crc64Tables) {
    this.#tables = tables;
  }

  update(bytes: Uint8Array): void {
    const { high: highTable, low: lowTable } = this.#tables;
    let high = this.#high;
    let low = this.#low;
    for (let index = 0; index < bytes.length; index += 1) {
      const at = (low ^ (bytes[index] ?? 0)) & 0xff;
      low = ((low >>> 8) | (high << 24)) ^ (lowTable[at] ?? 0);
      high = (high >>> 8) ^ (highTable[at] ?? 0);
    }
    this.#high = high;
    this.#low = low;
  }

  digest(): Buffer {
    const out = Buffer.alloc(8);
    out.writeUInt32BE((this.#high ^ 0xffffffff) >>> 0, 0);
    out.writeUInt32BE((this.#low ^ 0xffffffff) >>> 0, 4);
    return out;
  }
}

function tableEntry(index: number, polynomial: bigint): bigint {
  let value = BigInt(index);
  for (let bit = 0; bit < 8; bit += 1) {
    value = value & 1n ? (value >> 1n) ^ polynomial : value >> 1n;
  }
  return value;
}

const crc32cTable = once(() =>
  Uint32Array.from({ length: 256 }, (_, index) =>
    Number(tableEntry(index, CRC_KINDS.CRC32C.polynomial)),
  ),
);

const crc64Tables = once((): Crc64Tables => {
  const entries = Array.from({ length: 256 }, (_, index) =>
    tableEntry(index, CRC_KINDS.CRC64NVME.polynomial),
  );
  return {
    high: Uint32Array.from(entries, (entry) => Number(entry >> 32n)),
    low: Uint32Array.from(entries, (entry) => Number(entry & 0xffffffffn)),
  };
});

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

/**
 * The CRC of A followed by B from their CRCs and B's length in bytes.
 *
 * Appending n bytes multiplies A's CRC by x^(8n) modulo the polynomial (the method of
 * zlib's `crc32_combine`).
 */
export function combineCrc(
  kind: CrcKind,
  a: Uint8Array,
  b: Uint8Array,
  bLength: number,
): Buffer {
  const first = BigInt(`0x${Buffer.from(a).toString('hex')}`);
  const second = BigInt(`0x${Buffer.from(b).toString('hex')}`);
  const shifted = multiply(kind, powerOfX(kind, bLength), first);
  const hex = (shifted ^ second).toString(16).padStart(kind.width / 4, '0');
  return Buffer.from(hex, 'hex');
}

function multiply(kind: CrcKind, a: bigint, b: bigint): bigint {
  let product = 0n;
  let factor = b;
  for (let bit = BigInt(kind.width - 1); bit >= 0n; bit -= 1n) {
    if ((a >> bit) & 1n) product ^= factor;
    factor = factor & 1n ? (factor >> 1n) ^ kind.polynomial : factor >> 1n;
  }
  return product;
}

/** x^(8 * bytes) modulo the polynomial, reflected. */
function powerOfX(kind: CrcKind, bytes: number): bigint {
  let result = 1n << BigInt(kind.width - 1);
  let square = 1n << BigInt(kind.width - 9);
  for (let rest = BigInt(bytes); rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = multiply(kind, square, result);
    square = multiply(kind, square, square);
  }
  return result;
}
