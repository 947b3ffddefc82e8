import { MIB } from '../../../shared/domain/part-plan.ts';

/** From this size on a download comes in several ranges at once. */
export const RANGED_THRESHOLD = 32 * MIB;
