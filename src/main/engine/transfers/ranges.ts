import { MIB, planParts, S3_LIMITS } from '../../../shared/domain/part-plan.ts';

/** From this size on a download comes in several ranges at once. */
export const RANGED_THRESHOLD = 32 * MIB;

/** What is there can be fetched, however large: limits are those of uploads. */
const NO_LIMITS = {
  ...S3_LIMITS,
  maxObjectSize: Number.MAX_SAFE_INTEGER,
  maxPartSize: Number.MAX_SAFE_INTEGER,
};

/** Bytes of each range of a download but the last. */
export function rangeSize(size: number): number {
  return planParts(size, 0, NO_LIMITS).partSize;
}
