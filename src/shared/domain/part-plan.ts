import { AppError } from '../errors/app-error.ts';

/** Bytes of a mebibyte. */
export const MIB = 1024 * 1024;

/** From this size on an upload goes in parts. */
export const MULTIPART_THRESHOLD = 16 * MIB;

/** What a service allows. Sizes in bytes. */
export interface PartLimits {
  /** Smallest part but the last. */
  readonly minPartSize: number;
  /** Largest part. */
  readonly maxPartSize: number;
  /** Most parts of one upload. */
  readonly maxParts: number;
  /** Largest object. */
  readonly maxObjectSize: number;
}

/** The limits of S3: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
export const S3_LIMITS: PartLimits = {
  minPartSize: 5 * MIB,
  maxPartSize: 5 * 1024 * MIB,
  maxParts: 10_000,
  maxObjectSize: 5 * 1024 * 1024 * MIB,
};

/** How a file is cut. Every part has `partSize` bytes but the last, which has the rest. */
export interface PartPlan {
  readonly partSize: number;
  readonly partCount: number;
}

/**
 * Chooses the parts for `size` bytes: `preferred` (0: 16 MiB) if the limits allow it,
 * else the next larger whole MiB that does. Throws `transfer.too-large` for a file that
 * no part size can carry, with `size` and `limit` in bytes.
 */
export function planParts(
  size: number,
  preferred = 0,
  limits: PartLimits = S3_LIMITS,
): PartPlan {
  const largest = Math.min(limits.maxObjectSize, limits.maxPartSize * limits.maxParts);
  if (size > largest) {
    throw new AppError('transfer.too-large', { params: { size, limit: largest } });
  }
  const wanted = Math.max(
    preferred > 0 ? preferred : MULTIPART_THRESHOLD,
    limits.minPartSize,
    Math.ceil(size / limits.maxParts),
  );
  const rounded = Math.ceil(wanted / MIB) * MIB;
  const partSize = Math.min(rounded, limits.maxPartSize);
  return { partSize, partCount: Math.max(1, Math.ceil(size / partSize)) };
}

/** Where a part lies in the file. `number` counts from 1. */
export function partRange(
  number: number,
  plan: PartPlan,
  size: number,
): { readonly start: number; readonly length: number } {
  const start = (number - 1) * plan.partSize;
  return { start, length: Math.min(plan.partSize, size - start) };
}
