import { MIB, type PartLimits, S3_LIMITS } from '../domain/part-plan.ts';
import type { ResolvedQuirks } from './profile.ts';

/** What a provider allows uploads in parts, by its profile. */
export function partLimitsOf(
  quirks: Pick<ResolvedQuirks, 'maxParts' | 'minPartSizeMiB' | 'maxObjectGiB'>,
): PartLimits {
  return {
    ...S3_LIMITS,
    minPartSize: quirks.minPartSizeMiB * MIB,
    maxParts: quirks.maxParts,
    maxObjectSize: quirks.maxObjectGiB * 1_024 * MIB,
  };
}
