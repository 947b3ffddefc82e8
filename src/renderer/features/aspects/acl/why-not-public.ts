import type { Exposure } from '../../../../shared/domain/exposure.ts';

/** Why something its ACL makes public is not, as far as can be told. */
export function whyNotPublic(exposure: Exposure): string {
  const { verdict, block, ownership, aclIsPublic } = exposure;
  if (verdict === 'public-accounts') {
    return 'Its list lets in everyone with an account at this service, but nobody without.';
  }
  if (ownership === 'BucketOwnerEnforced') {
    return 'ACLs are switched off for this bucket (Object Ownership is “Bucket owner enforced”), so the list means nothing. Make it public with a bucket policy, or switch ACLs on.';
  }
  if (block?.ignorePublicAcls === true) {
    return 'The bucket’s public access block has “Ignore public ACLs” switched on: what ACLs give to everyone counts for nothing. The bucket’s owner can switch it off.';
  }
  if (block?.blockPublicAcls === true && aclIsPublic === false) {
    return 'The bucket’s public access block has “Block public ACLs” switched on: the server does not take what would make something public.';
  }
  if (block?.restrictPublicBuckets === true) {
    return 'The bucket’s public access block has “Restrict public buckets” switched on: only the owner’s own accounts get in.';
  }
  if (aclIsPublic === false) {
    return 'The server took the change, but its list does not give everyone leave to read.';
  }
  return 'The list is public, so something else is in the way: a bucket policy that denies it, a block for the whole account, or encryption with a key of a key service, which strangers cannot use.';
}
