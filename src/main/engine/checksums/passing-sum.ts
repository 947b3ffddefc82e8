import { isMd5Etag } from '../s3/etag.ts';
import { isComposite, type StatedSum, type SumName } from './choose.ts';
import { combineCrcs, type PartCrc } from './combine.ts';
import { type CrcMaker, createCrcMaker, type RunningSum } from './crc.ts';
import { startSum } from './file-sums.ts';
import type { EffectiveQuirks } from './server-facts.ts';

/** What content is held against as it passes. */
export interface PassingCheck {
  readonly name: SumName | 'md5';
  /** As the server spells it: MD5 in hexadecimal, the others in base64. */
  readonly value: string;
}

/** By processor time: MD5 takes six times as long as CRC32, CRC64NVME in JavaScript nine. */
const IN_ORDER = ['crc32', 'sha1', 'sha256', 'crc32c', 'md5', 'crc64nvme'] as const;
/** Sums that those of pieces can be put together to. */
const IN_PIECES = ['crc32', 'crc32c', 'crc64nvme'] as const;

/**
 * The cheapest sum of the whole content that the server stated with it; `null`: none, or
 * none that is cheaper than to read the file again for its MD5. `inPieces`: it comes in
 * ranges, in any order.
 */
export function choosePassing(
  quirks: Pick<EffectiveQuirks, 'etag'>,
  { etag, stated }: { readonly etag: string; readonly stated: readonly StatedSum[] },
  inPieces: boolean,
): PassingCheck | null {
  const plain = isMd5Etag(etag) && quirks.etag === 'md5';
  const md5 = { name: 'md5', value: etag.toLowerCase() } as const;
  for (const name of IN_ORDER) {
    // Also in pieces, where it will be looked at in the end.
    if (name === 'md5' && plain) return inPieces ? null : md5;
    if (inPieces && !(IN_PIECES as readonly string[]).includes(name)) continue;
    const sum = stated.find((each) => each.name === name && !isComposite(each.value));
    if (sum !== undefined) return sum;
  }
  return null;
}

/** Takes the sum of content on its way to its file, as a whole or piece by piece. */
export class PassingSum {
  readonly #check: PassingCheck;
  readonly #crcs: CrcMaker = createCrcMaker();
  readonly #pieces = new Map<number, PartCrc>();

  constructor(check: PassingCheck) {
    this.#check = check;
  }

  /** The sum of a piece, which is to be fed in order. */
  start(): RunningSum {
    return startSum(this.#check.name, this.#crcs);
  }

  /** All bytes of a piece have passed; pieces are numbered from 1. */
  passed(number: number, length: number, sum: RunningSum): void {
    this.#pieces.set(number, { value: sum.digest(), length });
  }

  /**
   * The name of the check when all of `count` pieces passed and make up what was stated.
   * `null` says nothing of the file: it has to be looked at.
   */
  holds(count: number): string | null {
    const { name, value } = this.#check;
    const pieces: PartCrc[] = [];
    for (let number = 1; number <= count; number += 1) {
      const piece = this.#pieces.get(number);
      if (piece === undefined) return null;
      pieces.push(piece);
    }
    const sum = this.#total(pieces)?.toString(name === 'md5' ? 'hex' : 'base64');
    return sum === value ? name : null;
  }

  #total(pieces: readonly PartCrc[]): Buffer | null {
    const [first] = pieces;
    if (first !== undefined && pieces.length === 1) return Buffer.from(first.value);
    const { name } = this.#check;
    const able = IN_PIECES.find((each) => each === name);
    return able === undefined || first === undefined ? null : combineCrcs(able, pieces);
  }
}
