/** A region or zone a provider offers. */
export interface ProviderRegion {
  readonly id: string;
  /** Where that is, in plain words. */
  readonly name: string;
  /** For regions outside the provider's usual pattern. */
  readonly endpoint?: string;
}

/** How a provider's regions are chosen. */
export type ProviderRegions =
  /** One of these; the first is offered first. */
  | { readonly kind: 'list'; readonly items: readonly ProviderRegion[] }
  /** Always this one. */
  | { readonly kind: 'fixed'; readonly value: string }
  /** Whatever the server's owner set; `value` where nothing is typed. */
  | { readonly kind: 'free'; readonly value: string };

/** A value the endpoint template needs besides the region. */
export interface ProviderField {
  /** Name in the template, `{accountId}`. */
  readonly id: string;
  readonly label: string;
  /** Where to find it. */
  readonly help: string;
}

/** Where a server departs from Amazon S3. Absent means the cautious default. */
export interface ProviderQuirks {
  /** Where the bucket's name goes unless the bookmark says otherwise. */
  readonly addressing?: 'path' | 'virtual-host';
  /**
   * Whether requests carry checksum headers the operation does not demand.
   * https://docs.aws.amazon.com/sdkref/latest/guide/feature-dataintegrity.html
   */
  readonly checksums?: 'when-supported' | 'when-required';
  /** Whether ETags of plain and multipart uploads follow from MD5. */
  readonly etag?: 'md5' | 'opaque';
  /** First listing call to try. */
  readonly listVersion?: 1 | 2;
  /** Ask for percent-encoded keys, without which XML cannot carry control characters. */
  readonly urlEncodeListings?: boolean;
  /** What protects the body of a batch delete. */
  readonly multiDelete?: 'checksum' | 'md5';
  readonly maxParts?: number;
  readonly minPartSizeMiB?: number;
  /** Largest object, GiB. */
  readonly maxObjectGiB?: number;
  readonly signature?: 'v4' | 'v2';
  /**
   * Writes say what their target must be (`If-None-Match: *`, `If-Match`). Servers that
   * answer that they do not know the headers are asked without them from then on.
   */
  readonly conditionalPut?: boolean;
  /** `If-Match` on writes has its ETag in quotes, as HTTP wants it. */
  readonly quotedIfMatch?: boolean;
  /** All parts of an upload but the last must have one size. */
  readonly equalParts?: boolean;
  /**
   * Bodies sent as aws-chunked with a checksum behind them are decoded.
   * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
   */
  readonly trailers?: boolean;
  /** Uploads in parts may have one CRC of the whole (`ChecksumType: FULL_OBJECT`). */
  readonly fullObjectChecksums?: boolean;
}

/** Quirks with every default filled in. */
export type ResolvedQuirks = Required<ProviderQuirks>;

/** A provider as data: what the connection dialog offers and what the engine heeds. */
export interface ProviderProfile {
  readonly id: string;
  readonly name: string;
  /** Template with `{region}` and `{fieldId}`; empty: the user types it. */
  readonly endpoint: string;
  readonly fields: readonly ProviderField[];
  readonly regions: ProviderRegions;
  /** One line: which keys and which path the provider gives out. */
  readonly help: string;
  /** The provider's page about keys; empty when there is none. */
  readonly helpUrl: string;
  /** Something to know before storing anything there. */
  readonly warning?: string;
  readonly quirks: ProviderQuirks;
}

/** What any S3 server copes with: the ground that profiles depart from. */
export const DEFAULT_QUIRKS: ResolvedQuirks = {
  // Own servers seldom have a wildcard name and certificate.
  addressing: 'path',
  // Unasked checksums break many servers since the SDKs of 2025.
  checksums: 'when-required',
  etag: 'md5',
  listVersion: 2,
  urlEncodeListings: true,
  // Older servers demand Content-MD5 and know no other checksum.
  multiDelete: 'md5',
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
  maxParts: 10_000,
  minPartSizeMiB: 5,
  // What Amazon allowed for 15 years, and others still do.
  maxObjectGiB: 5_120,
  signature: 'v4',
  // Servers that do not know the headers ignore them or answer 501 or 400, once.
  conditionalPut: true,
  quotedIfMatch: true,
  // Costs nothing and lets every server recompute ETags.
  equalParts: true,
  // Servers that do not know them store the framing as content, or answer 411 or 501.
  trailers: false,
  fullObjectChecksums: false,
};

/** The quirks of a profile, defaults filled in. */
export function resolveQuirks(profile: ProviderProfile): ResolvedQuirks {
  return { ...DEFAULT_QUIRKS, ...profile.quirks };
}
