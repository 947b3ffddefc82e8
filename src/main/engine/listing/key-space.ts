import { compareNames } from '../s3/name-order.ts';

/**
 * The space of names between two of them, to cut long listings into ranges that are read
 * side by side. S3 lists in the order of UTF-8 bytes:
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
 */

const FIRST_SURROGATE = 0xd800;
const FIRST_LOW_SURROGATE = 0xdc00;

/** Letters kept of one position: more are thinned out evenly. */
const MAX_LETTERS = 128;
/** Positions with letters of their own; what comes after hardly matters for a guess. */
const MAX_POSITIONS = 64;
/** Significant digits of a double, in bits. */
const PRECISION = 50;

/**
 * Names as fractions: the letters seen so far at a position are its digits, and those of
 * other positions that are like it, as the first page of numbered names has but few of
 * them. A guess at where names lie, never a promise: what is there is up to the server.
 */
export class KeySpace {
  readonly #prefixLength: number;
  /** Letters by position after the prefix. */
  readonly #seen: Set<string>[] = [];
  #digits: readonly Digits[] | undefined;

  /** All names begin with so many characters that tell nothing. */
  constructor(prefixLength: number) {
    this.#prefixLength = prefixLength;
  }

  /** Takes the letters of every `step`th name. */
  learn(names: readonly string[], step = 1): void {
    for (let index = 0; index < names.length; index += step) {
      let at = 0;
      for (const letter of (names[index] ?? '').slice(this.#prefixLength)) {
        if (at === MAX_POSITIONS) break;
        this.#learn(at, letter);
        at += 1;
      }
    }
  }

  #learn(at: number, letter: string): void {
    const seen = this.#seen[at];
    if (seen?.has(letter) === true) return;
    if (seen === undefined) this.#seen[at] = new Set([letter]);
    else seen.add(letter);
    this.#digits = undefined;
  }

  get #positions(): readonly Digits[] {
    if (this.#digits !== undefined) return this.#digits;
    const varied = this.#seen.filter((letters) => letters.size > 1);
    this.#digits = this.#seen.map((letters) => {
      const like = varied.filter((other) => [...letters].some((one) => other.has(one)));
      return new Digits(new Set([...letters, ...like.flatMap((other) => [...other])]));
    });
    return this.#digits;
  }

  /**
   * The first `most` of `count` names that cut the space between `after` and `to` (`null`:
   * its end) evenly, in order, all strictly between the two. Fewer where names end.
   */
  points(
    after: string,
    to: string | null,
    count: number,
    most = count,
  ): readonly string[] {
    const frame = this.#frame(after, to);
    const low = this.#fraction(after, frame);
    const high = to === null ? 1 : this.#fraction(to, frame);
    const head = after.slice(0, frame);
    const position = this.#positionOf(after, frame);
    const points: string[] = [];
    for (let index = 1; index <= Math.min(count, most); index += 1) {
      const at = low + ((high - low) * index) / (count + 1);
      const point = head + this.#name(at, position);
      const above = points.at(-1) ?? after;
      const inside = to === null || compareNames(point, to) < 0;
      if (compareNames(point, above) > 0 && inside) points.push(point);
    }
    return points;
  }

  /**
   * How many times the stretch from `first` to `last` fits between `last` and `to`.
   * Infinity when that cannot be told.
   */
  stretches(first: string, last: string, to: string | null): number {
    const frame = this.#frame(first, to);
    const from = this.#fraction(first, frame);
    const until = this.#fraction(last, frame);
    const end = to === null ? 1 : this.#fraction(to, frame);
    return until > from ? (end - until) / (until - from) : Number.POSITIVE_INFINITY;
  }

  #frame(after: string, to: string | null): number {
    let length = this.#prefixLength;
    if (to === null) return length;
    const end = Math.min(after.length, to.length);
    while (length < end && after.charCodeAt(length) === to.charCodeAt(length))
      length += 1;
    // Never in the middle of a surrogate pair.
    const unit = after.charCodeAt(length - 1);
    return unit >= FIRST_SURROGATE && unit < FIRST_LOW_SURROGATE ? length - 1 : length;
  }

  #fraction(name: string, frame: number): number {
    let unit = 1;
    let sum = 0;
    let at = this.#positionOf(name, frame);
    for (const letter of name.slice(frame, frame + MAX_POSITIONS)) {
      const position = this.#positions[at];
      at += 1;
      if (position === undefined) break;
      unit /= position.base;
      if (unit < 2 ** -PRECISION) break;
      sum += unit * position.digit(letter);
    }
    return sum;
  }

  /** Letters before the frame: not characters, as some letters have two. */
  #positionOf(name: string, frame: number): number {
    let count = 0;
    for (const _ of name.slice(this.#prefixLength, frame)) count += 1;
    return count;
  }

  #name(fraction: number, from: number): string {
    let name = '';
    let rest = fraction;
    let unit = 1;
    for (const position of this.#positions.slice(from)) {
      unit /= position.base;
      if (unit < 2 ** -PRECISION) break;
      const digit = Math.min(position.base - 1, Math.floor(rest / unit));
      if (digit === 0) break;
      name += position.letter(digit);
      rest -= digit * unit;
    }
    return name;
  }
}

/** The letters of one position, in order. */
class Digits {
  readonly #letters: readonly string[];

  constructor(letters: ReadonlySet<string>) {
    const all = [...letters].sort(compareNames);
    const kept = Math.min(all.length, MAX_LETTERS);
    this.#letters = Array.from(
      { length: kept },
      (_, index) => all[Math.floor((index * all.length) / kept)] ?? '',
    );
  }

  /** The end of a name is the lowest digit. */
  get base(): number {
    return this.#letters.length + 1;
  }

  letter(digit: number): string {
    return this.#letters[digit - 1] ?? '';
  }

  /** A letter that was never seen counts as the next lower one. */
  digit(letter: string): number {
    let low = 0;
    let high = this.#letters.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compareNames(this.#letters[middle] ?? '', letter) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
