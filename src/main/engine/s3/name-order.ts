import type { RemotePage } from './s3-connection.ts';

/** The names of a page, each kind in order. */
export type PageNames = Pick<RemotePage, 'keys' | 'prefixes'>;

const FIRST_SURROGATE = 0xd800;
const FIRST_AFTER_SURROGATES = 0xe000;

/** Compares names by their UTF-8 bytes, as S3 sorts them. */
export function compareNames(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let index = 0; index < shorter; index += 1) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

/** UTF-16 puts what lies beyond U+FFFF before U+E000; UTF-8 does not. */
function rank(unit: number): number {
  if (unit < FIRST_SURROGATE) return unit;
  return unit >= FIRST_AFTER_SURROGATES ? unit : unit + 0x1_0000;
}

/** Lowest name of a page, be it a key or a common prefix; `undefined` when it is empty. */
export function firstName(page: PageNames): string | undefined {
  return lower(page.keys[0], page.prefixes[0], -1);
}

/** Highest name of a page; `undefined` when it is empty. */
export function lastName(page: PageNames): string | undefined {
  return lower(page.keys.at(-1), page.prefixes.at(-1), 1);
}

function lower(
  a: string | undefined,
  b: string | undefined,
  sign: 1 | -1,
): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return compareNames(a, b) * sign > 0 ? a : b;
}
