import { createHash } from 'node:crypto';
import { S3Error } from '../errors.ts';
import { type Checksum, createCrc } from './crc.ts';

/** The checksum algorithms of the S3 API, in AWS's spelling. */
export const CHECKSUM_ALGORITHMS = [
  'CRC32',
  'CRC32C',
  'CRC64NVME',
  'SHA1',
  'SHA256',
] as const;

/** A checksum algorithm of the S3 API. */
export type ChecksumAlgorithm = (typeof CHECKSUM_ALGORITHMS)[number];

/** Bytes of each algorithm's result. */
const LENGTHS: Readonly<Record<ChecksumAlgorithm, number>> = {
  CRC32: 4,
  CRC32C: 4,
  CRC64NVME: 8,
  SHA1: 20,
  SHA256: 32,
};

/** How a multipart object's checksum comes about. */
export type ChecksumType = 'COMPOSITE' | 'FULL_OBJECT';

/** A checksum of stored bytes; `value` is base64, with `-parts` when composite. */
export interface ObjectChecksum {
  readonly algorithm: ChecksumAlgorithm;
  readonly value: string;
  readonly type: ChecksumType;
}

/** Starts a checksum. */
export function createChecksum(algorithm: ChecksumAlgorithm): Checksum {
  if (algorithm !== 'SHA1' && algorithm !== 'SHA256') return createCrc(algorithm);
  const hash = createHash(algorithm.toLowerCase());
  return {
    update: (bytes) => {
      hash.update(bytes);
    },
    digest: () => hash.digest(),
  };
}

/** The header (or trailer) that carries an algorithm's value. */
export function checksumHeader(algorithm: ChecksumAlgorithm): string {
  return `x-amz-checksum-${algorithm.toLowerCase()}`;
}

/** The algorithm of a checksum header's name, if it is one. */
export function algorithmOfHeader(name: string): ChecksumAlgorithm | undefined {
  return CHECKSUM_ALGORITHMS.find((algorithm) => checksumHeader(algorithm) === name);
}

/**
 * Reads an algorithm's name as a client sends it.
 *
 * @throws S3Error `InvalidRequest` when it is none of S3's
 */
export function parseAlgorithm(name: string): ChecksumAlgorithm {
  const found = CHECKSUM_ALGORITHMS.find((algorithm) => algorithm === name.toUpperCase());
  if (found) return found;
  throw new S3Error('InvalidRequest', {
    message:
      'Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]',
  });
}

/** Whether a base64 value has the right form and length for its algorithm. */
export function isChecksumValue(algorithm: ChecksumAlgorithm, value: string): boolean {
  const bytes = Buffer.from(value, 'base64');
  return bytes.length === LENGTHS[algorithm] && bytes.toString('base64') === value;
}
