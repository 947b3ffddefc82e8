import { UnsupportedAnswer } from './http-reader.ts';

const NAMED: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
};

/**
 * The text of an element: entities decoded. Throws {@link UnsupportedAnswer} for what
 * parsers see differently, such as raw carriage returns and unknown entities.
 */
export function decodeText(raw: string): string {
  if (raw.includes('\r')) throw new UnsupportedAnswer('carriage return');
  if (!raw.includes('&')) return raw;
  return raw.replace(/&([^;&]*);?/g, (whole: string, name: string) => {
    const character = whole.endsWith(';') ? entity(name) : undefined;
    if (character === undefined) throw new UnsupportedAnswer('entity');
    return character;
  });
}

function entity(name: string): string | undefined {
  const [, hex, decimal] = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}))$/i.exec(name) ?? [];
  if (hex === undefined && decimal === undefined) {
    return Object.hasOwn(NAMED, name) ? NAMED[name] : undefined;
  }
  const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  const surrogate = point >= 0xd800 && point <= 0xdfff;
  return point > 0x10ffff || surrogate ? undefined : String.fromCodePoint(point);
}

/** An element without elements in it. */
export interface Leaf {
  readonly name: string;
  /** Still with its entities. */
  readonly raw: string;
  /** Offset behind it. */
  readonly end: number;
}

/**
 * The leaf that starts at `at`, or `null`: none does, or it is not whole yet. Elements
 * with attributes or prefixes are none.
 */
export function readLeaf(text: string, at: number): Leaf | null {
  const close = text.indexOf('>', at);
  if (close === -1 || text.charCodeAt(at) !== 0x3c) return null;
  const empty = text.charCodeAt(close - 1) === 0x2f;
  const name = text.slice(at + 1, empty ? close - 1 : close);
  if (!/^[A-Za-z][A-Za-z0-9]*$/.test(name)) return null;
  if (empty) return { name, raw: '', end: close + 1 };
  const next = text.indexOf('<', close);
  if (next === -1 || !text.startsWith(`</${name}>`, next)) return null;
  return { name, raw: text.slice(close + 1, next), end: next + name.length + 3 };
}

/** The offset of the next character that is no blank. */
export function skipBlanks(text: string, at: number): number {
  let index = at;
  for (; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code !== 0x20 && code !== 0x0a && code !== 0x09 && code !== 0x0d) break;
  }
  return index;
}

/** A text between tags, for a document of ours. */
export function encodeText(text: string): string {
  return /[&<>"'\n\t]/.test(text)
    ? text.replace(/[&<>"'\n\t]/g, (character) => `&#${character.charCodeAt(0)};`)
    : text;
}

/** The leaves between two offsets, by name; `null`: there is something else. */
export function readLeaves(
  text: string,
  from: number,
  to: number,
): ReadonlyMap<string, string> | null {
  const leaves = new Map<string, string>();
  for (let at = skipBlanks(text, from); at < to; ) {
    const leaf = readLeaf(text, at);
    if (leaf === null || leaf.end > to) return null;
    leaves.set(leaf.name, decodeText(leaf.raw));
    at = skipBlanks(text, leaf.end);
  }
  return leaves;
}
