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

/** The place of an offset. */
export function placeAt(text: string, at: number): TextPlace {
  let line = 1;
  let start = 0;
  for (let index = 0; index < at && index < text.length; index += 1) {
    if (text.charCodeAt(index) !== 10) continue;
    line += 1;
    start = index + 1;
  }
  return { line, column: Math.min(at, text.length) - start + 1 };
}
