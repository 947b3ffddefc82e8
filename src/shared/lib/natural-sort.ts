/**
 * Punctuation in the order people see it in file managers (ICU root collation), before
 * digits and letters.
 */
const PUNCTUATION = '_-,;:!?.\'"()[]{}@*/\\&#%`^+<=>|~$';

const FIRST_PUNCTUATION = 0x10;
const SPACE = 0x0f;
const CONTROL = 0x01;
const DIGIT_ZERO = 0x30;
const DIGIT_NINE = 0x39;
/** Arguments a single `String.fromCharCode` call takes safely. */
const CHUNK = 4_096;
/** Longest run of digits whose length still fits one code unit below the surrogates. */
const LONGEST_COUNTED_RUN = 0xd000;

const ASCII_WEIGHTS = asciiWeights();

/**
 * A string whose plain `<` order is the natural order of names: `file 2` before `file 10`,
 * case and accents only as a tie-break. Compute it once per name and sort by it; for a
 * million names this is more than twice as fast as `Intl.Collator`. Different names have
 * different keys, so the order is total.
 */
export function naturalKey(name: string): string {
  const folded = fold(name);
  const units: number[] = [];
  let index = 0;
  while (index < folded.length) {
    const code = folded.charCodeAt(index);
    if (!isDigit(code)) {
      units.push(code < 128 ? (ASCII_WEIGHTS[code] ?? CONTROL) : code);
      index += 1;
      continue;
    }
    let end = index + 1;
    while (end < folded.length && isDigit(folded.charCodeAt(end))) end += 1;
    while (index < end - 1 && folded.charCodeAt(index) === DIGIT_ZERO) index += 1;
    // The longer number is the larger one once leading zeros are gone.
    units.push(DIGIT_ZERO, DIGIT_ZERO + Math.min(end - index, LONGEST_COUNTED_RUN));
    while (index < end) units.push(folded.charCodeAt(index++));
  }
  // Zero sorts below everything above: a name comes before longer names that start with it.
  units.push(0);
  return decode(units) + name;
}

/** Compares two names in natural order. For whole lists sort by {@link naturalKey}. */
export function compareNatural(a: string, b: string): number {
  if (a === b) return 0;
  return naturalKey(a) < naturalKey(b) ? -1 : 1;
}

/**
 * Whether `a` comes before `b` in the order of {@link naturalKey}, told by a look at the
 * first difference. `false` may also mean that this is not enough to tell. The first `from`
 * characters of both are no part of the names.
 */
export function surelyBefore(a: string, b: string, from = 0): boolean {
  const end = Math.min(a.length, b.length);
  let at = from;
  /** Where the digits begin that end here. */
  let run = from;
  let zeros = true;
  for (; at < end; at += 1) {
    const code = a.charCodeAt(at);
    if (code !== b.charCodeAt(at)) break;
    if (code > 127) return false;
    if (!isDigit(code)) run = at + 1;
    if (run > at) zeros = true;
    else if (code !== DIGIT_ZERO) zeros = false;
  }
  // One is the beginning of the other.
  if (at === a.length) return at < b.length && b.charCodeAt(at) < 128;
  if (at === b.length) return false;
  const left = a.charCodeAt(at);
  const right = b.charCodeAt(at);
  if (left > 127 || right > 127) return false;
  const digits = Number(isDigit(left)) + Number(isDigit(right));
  if (digits === 0 || (digits === 1 && run === at)) {
    return lowerWeight(left) < lowerWeight(right);
  }
  const leftStart = zeros ? skipZeros(a, at) : at;
  const rightStart = zeros ? skipZeros(b, at) : at;
  const leftEnd = endOfDigits(a, leftStart);
  const rightEnd = endOfDigits(b, rightStart);
  // Signs that are folded away may join two runs of digits.
  if (a.charCodeAt(leftEnd) > 127 || b.charCodeAt(rightEnd) > 127) return false;
  const longer = rightEnd - rightStart - (leftEnd - leftStart);
  if (longer !== 0) return longer > 0;
  for (let index = 0; index < leftEnd - leftStart; index += 1) {
    const difference = b.charCodeAt(rightStart + index) - a.charCodeAt(leftStart + index);
    if (difference !== 0) return difference > 0;
  }
  return false;
}

function lowerWeight(code: number): number {
  const folded = code >= 0x41 && code <= 0x5a ? code + 0x20 : code;
  return ASCII_WEIGHTS[folded] ?? CONTROL;
}

function skipZeros(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === DIGIT_ZERO) at += 1;
  return at;
}

function endOfDigits(text: string, from: number): number {
  let at = from;
  while (isDigit(text.charCodeAt(at))) at += 1;
  return at;
}

function fold(name: string): string {
  const lower = name.toLowerCase();
  for (let index = 0; index < lower.length; index++) {
    if (lower.charCodeAt(index) > 127) {
      return lower.normalize('NFD').replace(/\p{Mn}/gu, '');
    }
  }
  return lower;
}

function decode(units: readonly number[]): string {
  if (units.length <= CHUNK) return String.fromCharCode(...units);
  let text = '';
  for (let start = 0; start < units.length; start += CHUNK) {
    text += String.fromCharCode(...units.slice(start, start + CHUNK));
  }
  return text;
}

function isDigit(code: number): boolean {
  return code >= DIGIT_ZERO && code <= DIGIT_NINE;
}

function asciiWeights(): Uint16Array {
  const weights = new Uint16Array(128);
  for (let code = 0; code < 128; code++) weights[code] = code < 0x20 ? CONTROL : code;
  weights[0x7f] = CONTROL;
  weights[0x20] = SPACE;
  for (const space of [0x09, 0x0a, 0x0b, 0x0c, 0x0d]) weights[space] = SPACE - 1;
  for (let index = 0; index < PUNCTUATION.length; index++) {
    weights[PUNCTUATION.charCodeAt(index)] = FIRST_PUNCTUATION + index;
  }
  return weights;
}
