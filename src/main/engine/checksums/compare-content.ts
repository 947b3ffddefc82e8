import type { ObjectDetails } from '../../../shared/domain/listing.ts';
import { MIB } from '../../../shared/domain/part-plan.ts';
import { multipartEtag } from '../s3/etag.ts';
import type { PartLayout } from '../s3/s3-connection.ts';
import {
  type Check,
  type CheckFacts,
  chooseChecks,
  isOpaque,
  isPartsEtag,
  isProof,
  readStated,
} from './choose.ts';
import { compositeSum, fileSums } from './file-sums.ts';
import type { EffectiveQuirks } from './server-facts.ts';

/** Part sizes that programs use, MiB: boto 8, AWS CRT 8, s3cmd 15, rclone 5, ours 16… */
const USUAL_PARTS = [5, 8, 10, 15, 16, 20, 25, 32, 50, 64, 100, 128, 256, 512, 1_024];
/** Sizes tried by guess: each reads the file once more. */
const MAX_GUESSES = 3;
/** Parts asked about at once. */
const PARTS_AT_ONCE = 8;

/** How the content of a file and an object compare. */
export type Comparison =
  /** `check`: by what, a name as in `TransferRow.integrity`. */
  | { readonly kind: 'equal'; readonly check: string }
  | { readonly kind: 'different' }
  /** Sums over parts do not match; they would, for other parts than it seems to have. */
  | { readonly kind: 'unmatched'; readonly sum: string }
  | {
      readonly kind: 'unclear';
      readonly reason: 'no-checksum' | 'unknown-parts' | 'encrypted' | 'object-changed';
      /** It may have been cut as programs usually do; then these are other bytes. */
      readonly doubtful?: boolean;
    };

/** What {@link compareContent} holds against each other. Both have the same size. */
export interface CompareInput {
  readonly file: string;
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
  readonly quirks: EffectiveQuirks;
  /** HEAD. */
  readonly details: () => Promise<ObjectDetails>;
  /** How the object was cut, by one of its parts. */
  readonly layout: (partNumber: number) => Promise<PartLayout | null>;
  /** Known from when it was uploaded; `null`: ask. */
  readonly partSize: number | null;
  /** Try the part sizes that programs use where the server does not tell. */
  readonly guess: boolean;
  readonly onRead?: ((bytes: number) => void) | undefined;
  readonly signal: AbortSignal;
}

/**
 * Compares a file with an object by the cheapest check the server allows: the MD5 in a
 * plain ETag, a checksum, or the ETag of an upload in parts. Reads the file, never the
 * object. Throws `AppError`.
 */
export async function compareContent(input: CompareInput): Promise<Comparison> {
  const { size, etag, quirks } = input;
  if (size === 0) return { kind: 'equal', check: 'size' };
  const plain = /^[0-9a-f]{32}$/i.test(etag) && quirks.etag === 'md5';
  if (plain && (await holds(input, { kind: 'md5', value: etag.toLowerCase() }))) {
    return { kind: 'equal', check: 'md5' };
  }
  const inParts = isPartsEtag(etag);
  if (!plain && !asksForSums(quirks) && !(inParts && quirks.multipartEtag === 'md5')) {
    return { kind: 'unclear', reason: 'no-checksum' };
  }
  const seen = await input.details();
  // Another object by now: what it says is not about these bytes.
  if (seen.etag !== etag) return { kind: 'unclear', reason: 'object-changed' };
  const opaque = isOpaque(seen.encryption);
  if (plain && !opaque) return { kind: 'different' };
  const facts = {
    size,
    etag,
    encryption: seen.encryption,
    stated: readStated(seen.checksums),
  };
  const whole = chooseChecks(quirks, { ...facts, partSize: null })[0];
  if (whole !== undefined) {
    return (await holds(input, whole))
      ? { kind: 'equal', check: checkOf(whole) }
      : { kind: 'different' };
  }
  const none = opaque ? 'encrypted' : 'no-checksum';
  if (!inParts) return { kind: 'unclear', reason: none };
  const count = Number(etag.slice(etag.indexOf('-') + 1));
  const sizes = await partSizes(input, count);
  let unmatched: string | undefined;
  for (const partSize of sizes.sizes) {
    const checks = chooseChecks(quirks, { ...facts, partSize });
    for (const check of checks) {
      const sum = await sumFor(input, check);
      if (sum === check.value) return { kind: 'equal', check: checkOf(check) };
      unmatched = sum;
    }
  }
  const exact = sizes.told ? await compareCut(input, facts, count) : null;
  if (exact !== null) return exact;
  const known = unmatched === undefined && sizes.sizes.length > 0;
  if (unmatched !== undefined && sizes.told) return { kind: 'unmatched', sum: unmatched };
  const reason = known ? none : 'unknown-parts';
  return { kind: 'unclear', reason, doubtful: unmatched !== undefined };
}

/**
 * By the size of every single part, which makes a mismatch proof. Costs a request for each,
 * so it comes last. `null`: the server does not tell them all.
 */
async function compareCut(
  input: CompareInput,
  facts: Omit<CheckFacts, 'partSize'>,
  count: number,
): Promise<Comparison | null> {
  const checks = chooseChecks(input.quirks, { ...facts, partSize: 1 });
  if (checks.length === 0) return null;
  const sizes: number[] = [];
  for (let first = 1; first <= count; first += PARTS_AT_ONCE) {
    const length = Math.min(PARTS_AT_ONCE, count - first + 1);
    const asked = Array.from({ length }, (_, index) => input.layout(first + index));
    for (const part of await Promise.all(asked)) {
      if (part === null || part.partCount !== count) return null;
      sizes.push(part.partSize);
    }
  }
  if (sizes.reduce((sum, size) => sum + size, 0) !== facts.size) return null;
  for (const check of checks) {
    if ((await sumFor(input, check, sizes)) === check.value) {
      return { kind: 'equal', check: checkOf(check) };
    }
  }
  return { kind: 'different' };
}

/** Whether HEAD asks for checksums: those who have them, or have nothing else. */
export function asksForSums(
  quirks: Pick<EffectiveQuirks, 'checksums' | 'etag' | 'multipartEtag'>,
): boolean {
  return (
    quirks.checksums === 'when-supported' ||
    quirks.etag === 'opaque' ||
    quirks.multipartEtag === 'opaque'
  );
}

/** Part sizes that give the number of parts the ETag names. */
async function partSizes(
  { size, partSize, guess, layout }: CompareInput,
  count: number,
): Promise<{ readonly sizes: readonly number[]; readonly told: boolean }> {
  const fits = (bytes: number): boolean => bytes > 0 && Math.ceil(size / bytes) === count;
  if (partSize !== null && fits(partSize)) return { sizes: [partSize], told: true };
  const told = await layout(1);
  if (told !== null) {
    return { sizes: fits(told.partSize) ? [told.partSize] : [], told: true };
  }
  return { sizes: guess ? usualPartSizes(size, count) : [], told: false };
}

/** Sizes, in bytes, of parts that programs would cut `size` bytes into `count` parts by. */
export function usualPartSizes(size: number, count: number): readonly number[] {
  const even = Math.ceil(size / count / MIB);
  const sizes = new Set([...USUAL_PARTS, even].map((mib) => mib * MIB));
  const fitting = [...sizes].filter((bytes) => Math.ceil(size / bytes) === count);
  return fitting.slice(0, MAX_GUESSES);
}

async function holds(input: CompareInput, check: Check): Promise<boolean> {
  return (await sumFor(input, check)) === check.value;
}

/** Our sum in the spelling of the server's. */
async function sumFor(
  input: CompareInput,
  check: Check,
  cut?: readonly number[],
): Promise<string> {
  const { file: path, onRead, signal } = input;
  const partSize = cut ?? (check.kind === 'md5' ? null : check.partSize);
  const name = check.kind === 'sum' ? check.name : 'md5';
  const sums = await fileSums({ path, name, partSize, onRead, signal });
  if (check.kind === 'etag') {
    return multipartEtag(sums.map((sum) => ({ etag: sum.toString('hex') }))) ?? '';
  }
  if (!isProof(check) && check.kind === 'sum') return compositeSum(check.name, sums);
  return sums[0]?.toString(check.kind === 'md5' ? 'hex' : 'base64') ?? '';
}

function checkOf(check: Check): string {
  return check.kind === 'sum' ? check.name : check.kind;
}
