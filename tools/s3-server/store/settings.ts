/** A rule of a bucket's CORS configuration, as it was put. */
export interface CorsRule {
  readonly id?: string;
  readonly allowedOrigins: readonly string[];
  readonly allowedMethods: readonly string[];
  readonly allowedHeaders: readonly string[];
  readonly exposeHeaders: readonly string[];
  readonly maxAgeSeconds?: number;
}

/** Who owns what others write, and whether access control lists count. */
export const OWNERSHIPS = [
  'BucketOwnerEnforced',
  'BucketOwnerPreferred',
  'ObjectWriter',
] as const;

/** A bucket's object ownership. */
export type Ownership = (typeof OWNERSHIPS)[number];

/** What a bucket refuses to have public. */
export interface PublicAccessBlock {
  readonly blockPublicAcls: boolean;
  readonly ignorePublicAcls: boolean;
  readonly blockPublicPolicy: boolean;
  readonly restrictPublicBuckets: boolean;
}

/** A tag of a bucket. */
export interface BucketTag {
  readonly name: string;
  readonly value: string;
}

/** Sub-resources of a bucket that are there only once somebody put them. */
export interface BucketSettings {
  readonly cors?: readonly CorsRule[];
  /** The policy's JSON, byte for byte; valid. */
  readonly policy?: string;
  readonly publicAccessBlock?: PublicAccessBlock;
  readonly ownership?: Ownership;
  readonly tags?: readonly BucketTag[];
}
