import { z } from 'zod';

/** A bucket of a listing. */
export const BucketEntry = z.strictObject({
  name: z.string(),
  /** ms since 1970; `null`: the server did not say, or the bucket was added by name. */
  createdAt: z.number().nullable(),
  /** Added by name or from the bookmark's path rather than listed by the server. */
  added: z.boolean(),
});
export type BucketEntry = z.infer<typeof BucketEntry>;

/**
 * A page of a folder listing in columns: four arrays cross processes ten times faster
 * than a thousand objects. Keys and prefixes are whole, decoded and opaque.
 */
export const ListingPage = z.strictObject({
  /** Common prefixes, each ending in the delimiter. */
  prefixes: z.array(z.string()),
  keys: z.array(z.string()),
  /** Bytes, one per key. */
  sizes: z.instanceof(Float64Array),
  /** ms since 1970, one per key; NaN when the server did not say. */
  modified: z.instanceof(Float64Array),
  /** Storage classes of this page; `classIndex` points into it. */
  classes: z.array(z.string()),
  classIndex: z.instanceof(Uint8Array),
  /** Hand back to get the next page; `null` ends the listing. */
  cursor: z.string().nullable(),
});
export type ListingPage = z.infer<typeof ListingPage>;

/** One selected thing: an object, or a folder (a prefix ending in `/`). */
export const RemoteItem = z.strictObject({
  /** Object key, or prefix when `folder`. */
  key: z.string().min(1).max(1024),
  folder: z.boolean(),
});
export type RemoteItem = z.infer<typeof RemoteItem>;

/** What HEAD tells about an object. https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html */
export const ObjectDetails = z.strictObject({
  key: z.string(),
  /** Bytes. */
  size: z.number(),
  modified: z.number().nullable(),
  etag: z.string(),
  versionId: z.string().nullable(),
  storageClass: z.string(),
  /** HTTP headers as shown, such as `Content-Type`. */
  headers: z.array(z.strictObject({ name: z.string(), value: z.string() })),
  /** User metadata without the `x-amz-meta-` prefix. */
  metadata: z.array(z.strictObject({ name: z.string(), value: z.string() })),
  /** Checksums the server keeps, such as `CRC64NVME`. */
  checksums: z.array(z.strictObject({ name: z.string(), value: z.string() })),
  encryption: z.string().nullable(),
});
export type ObjectDetails = z.infer<typeof ObjectDetails>;

/** The addresses of an object or folder. */
export const RemoteUrls = z.strictObject({
  /** `s3://bucket/key`. */
  s3: z.string(),
  /** Plain URL in the style this connection uses. */
  https: z.string(),
  pathStyle: z.string(),
  virtualHost: z.string().nullable(),
});
export type RemoteUrls = z.infer<typeof RemoteUrls>;

/** What lies under a selection. */
export const CountResult = z.strictObject({
  objects: z.int(),
  bytes: z.number(),
  /** `false`: stopped early, there are more. */
  complete: z.boolean(),
});
export type CountResult = z.infer<typeof CountResult>;
