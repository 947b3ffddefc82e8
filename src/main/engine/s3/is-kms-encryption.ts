/**
 * Whether an object's `x-amz-server-side-encryption` names a key of KMS (`aws:kms`,
 * `aws:kms:dsse`): then its ETag is no MD5 of its content.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html
 */
export function isKmsEncryption(encryption: string | null | undefined): boolean {
  return encryption?.startsWith('aws:') === true;
}
