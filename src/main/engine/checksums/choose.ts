import type { ResolvedQuirks } from '../../../shared/providers/profile.ts';
import type { EffectiveQuirks } from './server-facts.ts';

/** Checksums the S3 API knows, as this engine names them. */
export const SUM_NAMES = ['crc32', 'crc32c', 'crc64nvme', 'sha256', 'sha1'] as const;
export type SumName = (typeof SUM_NAMES)[number];

/** How a connection sends. */
export interface SendingConditions {
  /** Over https. */
  readonly secure: boolean;
  readonly signature: 'v4' | 'v4-unsigned-payload' | 'v2' | 'anonymous';
}

/** What vouches for the bytes of an upload, and how its answer is held against them. */
export interface UploadProtection {
  /** `x-amz-checksum-crc32`, the one sum with native code at memory speed; or none. */
  readonly checksum: 'crc32' | null;
  /** For uploads in parts: one checksum of the whole, or one of the parts' checksums. */
  readonly type: 'full-object' | 'composite' | null;
  /** The checksum may follow the body (aws-chunked), so that it is read only once. */
  readonly trailer: boolean;
  readonly contentMd5: boolean;
  /** The payload's hash is part of the signature. */
  readonly sha256: boolean;
}

/** Chooses how an upload is protected. Every upload carries at least one sum. */
export function chooseUpload(
  quirks: Pick<ResolvedQuirks, 'checksums' | 'trailers' | 'fullObjectChecksums' | 'etag'>,
  { secure, signature }: SendingConditions,
  inParts: boolean,
): UploadProtection {
  const sums = quirks.checksums === 'when-supported';
  return {
    checksum: sums ? 'crc32' : null,
    type:
      !sums || !inParts ? null : quirks.fullObjectChecksums ? 'full-object' : 'composite',
    trailer: sums && mayUseTrailer(quirks, { secure, signature }),
    contentMd5: !sums,
    // Over https the payload may stay unsigned; over plain http only its hash guards it.
    sha256: !secure && signature === 'v4',
  };
}

/**
 * Whether a body may go out as aws-chunked with its checksum behind it. Only to servers
 * known to decode that: others store the framing as content, or answer 411 or 501. Only
 * over https, where the chunks need no signatures of their own.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
export function mayUseTrailer(
  quirks: Pick<ResolvedQuirks, 'checksums' | 'trailers'>,
  { secure, signature }: SendingConditions,
): boolean {
  const signed = signature === 'v4' || signature === 'v4-unsigned-payload';
  return secure && signed && quirks.trailers && quirks.checksums === 'when-supported';
}

/** A checksum a server states about an object. */
export interface StatedSum {
  readonly name: SumName;
  /** Base64; ending in `-N` when it is over the checksums of N parts. */
  readonly value: string;
}

/** What is known of an object when its copy here is to be checked. */
export interface CheckFacts {
  readonly size: number;
  readonly etag: string;
  /** As HEAD gives it; `null`: not encrypted, or not said. */
  readonly encryption: string | null;
  readonly stated: readonly StatedSum[];
  /** Size of all its parts but the last; `null`: not known, or not all alike. */
  readonly partSize: number | null;
}

/** One way to hold bytes against what the server says of them. */
export type Check =
  | {
      readonly kind: 'sum';
      readonly name: SumName;
      readonly value: string;
      /** Over the sums of parts of this size; `null`: over the content itself. */
      readonly partSize: number | null;
    }
  /** MD5 of the content is the ETag. */
  | { readonly kind: 'md5'; readonly value: string }
  /** MD5 of the parts' MD5 sums is the ETag. */
  | { readonly kind: 'etag'; readonly value: string; readonly partSize: number };

/** Cheapest first: native CRC32 and SHA-256, then ours. Full-object sums come before all. */
const ORDER: readonly SumName[] = ['crc32', 'crc32c', 'sha256', 'crc64nvme', 'sha1'];

/**
 * The checks that fit, best first; none: only the size can be compared. A mismatch of the
 * first proves the bytes wrong, except where it rests on the size of the parts, which a
 * server only tells of the first.
 */
export function chooseChecks(
  quirks: Pick<EffectiveQuirks, 'etag' | 'multipartEtag'>,
  facts: CheckFacts,
): readonly Check[] {
  const { etag, stated, partSize } = facts;
  const checks: Check[] = [];
  for (const name of ORDER) {
    for (const sum of stated) {
      if (sum.name === name && !isComposite(sum.value)) {
        checks.push({ kind: 'sum', name, value: sum.value, partSize: null });
      }
    }
  }
  const opaque = isOpaque(facts.encryption);
  if (/^[0-9a-f]{32}$/i.test(etag) && quirks.etag === 'md5' && !opaque) {
    checks.push({ kind: 'md5', value: etag.toLowerCase() });
  }
  if (partSize === null) return checks;
  for (const name of ORDER) {
    for (const sum of stated) {
      if (sum.name === name && isComposite(sum.value)) {
        checks.push({ kind: 'sum', name, value: sum.value, partSize });
      }
    }
  }
  if (isPartsEtag(etag) && quirks.multipartEtag === 'md5' && !opaque) {
    checks.push({ kind: 'etag', value: etag.toLowerCase(), partSize });
  }
  return checks;
}

/** Whether a mismatch of the check proves the bytes wrong. */
export function isProof(check: Check): boolean {
  return check.kind === 'md5' || (check.kind === 'sum' && check.partSize === null);
}

/** Whether an ETag looks like that of an upload in parts. */
export function isPartsEtag(etag: string): boolean {
  return /^[0-9a-f]{32}-[1-9]\d{0,4}$/i.test(etag);
}

/**
 * Whether the ETag is no MD5 of the plain bytes. With the server's own keys (plain
 * `AES256`) it is. https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html
 */
export function isOpaque(encryption: string | null): boolean {
  return encryption !== null && encryption !== 'AES256';
}

/** The stated checksums of an object that we can compute. */
export function readStated(
  checksums: readonly { readonly name: string; readonly value: string }[],
): readonly StatedSum[] {
  return checksums.flatMap(({ name, value }) => {
    const known = SUM_NAMES.find((each) => each === name.toLowerCase());
    return known === undefined ? [] : [{ name: known, value }];
  });
}

/** Whether a stated sum is over the sums of parts. */
export function isComposite(value: string): boolean {
  return /-\d+$/.test(value);
}
