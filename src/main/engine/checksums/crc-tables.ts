/** A reflected CRC with all-ones start and final inversion, as the S3 API uses them. */
export interface CrcKind {
  /** Bits of the result. */
  readonly width: 32 | 64;
  /** The polynomial in reflected form. */
  readonly polynomial: bigint;
}

/**
 * The CRCs of the S3 API.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
 */
export const CRC_KINDS = {
  crc32: { width: 32, polynomial: 0xedb88320n },
  crc32c: { width: 32, polynomial: 0x82f63b78n },
  crc64nvme: { width: 64, polynomial: 0x9a6c9329ac4bc9b5n },
} as const satisfies Record<string, CrcKind>;

/** Name of a CRC of {@link CRC_KINDS}. */
export type CrcName = keyof typeof CRC_KINDS;

/** Eight tables of 256 entries in one row, in halves of 32 bits. */
export interface SlicedTables {
  readonly low: Int32Array;
  /** All zero for 32 bits. */
  readonly high: Int32Array;
}

/** Tables for eight bytes a step ("slicing by 8"): table k is k zero bytes further. */
export function slicedTables({ polynomial }: CrcKind): SlicedTables {
  const low = new Int32Array(2_048);
  const high = new Int32Array(2_048);
  const first: bigint[] = [];
  for (let index = 0; index < 256; index += 1) {
    let value = BigInt(index);
    for (let bit = 0; bit < 8; bit += 1) {
      value = value & 1n ? (value >> 1n) ^ polynomial : value >> 1n;
    }
    first.push(value);
  }
  let before = first;
  for (let table = 0; table < 8; table += 1) {
    if (table > 0) {
      before = before.map(
        (value) => (first[Number(value & 0xffn)] ?? 0n) ^ (value >> 8n),
      );
    }
    for (const [index, value] of before.entries()) {
      low[table * 256 + index] = Number(BigInt.asIntN(32, value));
      high[table * 256 + index] = Number(BigInt.asIntN(32, value >> 32n));
    }
  }
  return { low, high };
}
