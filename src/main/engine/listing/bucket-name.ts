import { AppError } from '../../../shared/errors/app-error.ts';

/** A rule a new bucket's name broke, as `params.rule` of `bucket.name-invalid`. */
export type BucketNameRule =
  | 'length'
  | 'characters'
  | 'ends'
  | 'dots'
  | 'address'
  | 'reserved';

/**
 * The first rule a name breaks, `null` when it is fine. For new buckets only: old ones may
 * be called anything. https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
export function brokenBucketRule(name: string): BucketNameRule | null {
  if (name.length < 3 || name.length > 63) return 'length';
  if (!/^[a-z0-9.-]+$/.test(name)) return 'characters';
  if (!/^[a-z0-9]/.test(name) || !/[a-z0-9]$/.test(name)) return 'ends';
  if (/\.\.|\.-|-\./.test(name)) return 'dots';
  if (/^\d+\.\d+\.\d+\.\d+$/.test(name)) return 'address';
  return /^(?:xn--|sthree-|amzn-s3-demo-)|(?:-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(
    name,
  )
    ? 'reserved'
    : null;
}

/** Throws `bucket.name-invalid` with the rule. */
export function assertBucketName(name: string): void {
  const rule = brokenBucketRule(name);
  if (rule === null) return;
  throw new AppError('bucket.name-invalid', { params: { bucket: name, rule } });
}
