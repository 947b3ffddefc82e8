/** What is wrong with a text, and where. Thrown by the readers, caught where they are used. */
export class TextFault extends Error {
  /** Offset into the text. */
  readonly at: number;

  constructor(at: number, message: string) {
    super(message);
    this.name = 'TextFault';
    this.at = at;
  }
}

/** A place in a text as editors count it: both from 1. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

/** Finds places of a text by their offsets, each in the logarithm of its lines. */
export function createPlaces(text: string): (at: number) => TextPlace {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) {
    starts.push(at + 1);
  }
  return (at) => {
    let low = 0;
    let high = starts.length;
    // The last line that starts at the offset or before it.
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((starts[middle] ?? 0) <= at) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: Math.min(at, text.length) - (starts[low] ?? 0) + 1 };
  };
}

/** The place of an offset. */
export function placeAt(text: string, at: number): TextPlace {
  return createPlaces(text)(at);
}
