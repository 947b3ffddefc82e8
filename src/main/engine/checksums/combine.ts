import { CRC_KINDS, type CrcKind, type CrcName } from './crc-tables.ts';

/** A part's CRC in network byte order and how many bytes it is over. */
export interface PartCrc {
  readonly value: Uint8Array;
  readonly length: number;
}

/**
 * The CRC of parts put together, from their CRCs alone, in the order given. For uploads in
 * parts whose server states one checksum of the whole object (`ChecksumType: FULL_OBJECT`).
 * The arithmetic is zlib's crc32_combine: moving a CRC on by n zero bytes is multiplying it
 * by x^(8n) modulo the polynomial.
 */
export function combineCrcs(name: CrcName, parts: readonly PartCrc[]): Buffer {
  const kind: CrcKind = CRC_KINDS[name];
  const bytes = kind.width / 8;
  // Parts have one length but the last: its power is computed once.
  const powers = new Map<number, bigint>();
  let total = 0n;
  for (const { value, length } of parts) {
    let power = powers.get(length);
    if (power === undefined) {
      power = zeroBytes(kind, length);
      powers.set(length, power);
    }
    total = multiply(kind, power, total) ^ readBigInt(value);
  }
  const out = Buffer.alloc(bytes);
  for (let at = bytes - 1; at >= 0; at -= 1) {
    out[at] = Number(total & 0xffn);
    total >>= 8n;
  }
  return out;
}

/** x^(8 · length) modulo the polynomial, reflected: the highest bit is x^0. */
function zeroBytes(kind: CrcKind, length: number): bigint {
  const one = 1n << BigInt(kind.width - 1);
  let result = one;
  // x^8, then its squares.
  let square = one >> 8n;
  for (let left = length; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = multiply(kind, square, result);
    square = multiply(kind, square, square);
  }
  return result;
}

function multiply({ width, polynomial }: CrcKind, a: bigint, b: bigint): bigint {
  let product = 0n;
  let shifted = b;
  for (let bit = 1n << BigInt(width - 1); bit > 0n; bit >>= 1n) {
    if (a & bit) product ^= shifted;
    shifted = shifted & 1n ? (shifted >> 1n) ^ polynomial : shifted >> 1n;
  }
  return product;
}

function readBigInt(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return value;
}
