import { placeAt, TextFault } from './text-fault.ts';

/** A value of a JSON text with its offset. */
export type JsonNode =
  | {
      readonly kind: 'object';
      readonly at: number;
      readonly members: readonly JsonMember[];
    }
  | { readonly kind: 'list'; readonly at: number; readonly items: readonly JsonNode[] }
  | { readonly kind: 'text'; readonly at: number; readonly value: string }
  | { readonly kind: 'number'; readonly at: number; readonly value: number }
  | { readonly kind: 'word'; readonly at: number; readonly value: boolean | null };

/** A named value of an object. */
export interface JsonMember {
  readonly name: string;
  /** Offset of the name. */
  readonly at: number;
  readonly value: JsonNode;
}

/** Lists and objects in one another at most. */
const MAX_DEPTH = 32;

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/**
 * Reads JSON, knowing where everything is. `JSON.parse` would do, but says neither the
 * line of a wrong value nor what to do about the mistakes people make by hand.
 *
 * @throws TextFault at the first thing that is no JSON
 */
export function readJsonText(text: string): JsonNode {
  const reader = new JsonReader(text);
  return reader.document();
}

class JsonReader {
  readonly #text: string;
  #at: number;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
    // Windows editors put a byte order mark there.
    this.#at = text.startsWith('\uFEFF') ? 1 : 0;
  }

  document(): JsonNode {
    const node = this.#value();
    this.#blanks();
    if (this.#at < this.#text.length) {
      throw this.#fault(
        `There is something behind the end of the document: ${this.#here()}. Remove it.`,
      );
    }
    return node;
  }

  #value(): JsonNode {
    this.#blanks();
    const at = this.#at;
    const first = this.#text[at];
    if (first === '{' || first === '[') {
      this.#depth += 1;
      if (this.#depth > MAX_DEPTH) throw this.#fault('Too many brackets in one another.');
      const node = first === '{' ? this.#object(at) : this.#list(at);
      this.#depth -= 1;
      return node;
    }
    if (first === '"') return { kind: 'text', at, value: this.#string() };
    const number = this.#take(/-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])/y);
    if (number !== null) return { kind: 'number', at, value: Number(number) };
    const word = this.#take(/(?:true|false|null)\b/y);
    if (word !== null) {
      return { kind: 'word', at, value: word === 'null' ? null : word === 'true' };
    }
    if (first === undefined) {
      throw this.#fault(
        at === 0 ? 'The document is empty.' : 'The document ends where a value belongs.',
      );
    }
    if (first === ',') throw this.#fault('A value is missing before this comma.');
    if (first === ']' || first === '}') {
      throw this.#fault(`A value is missing before this ${first}.`);
    }
    throw this.#fault(
      `${this.#here()} is no JSON. Write texts in double quotes, such as "GET".`,
    );
  }

  #object(at: number): JsonNode {
    this.#at += 1;
    const members: JsonMember[] = [];
    const names = new Set<string>();
    if (this.#closes('}')) return { kind: 'object', at, members };
    for (;;) {
      this.#blanks();
      const nameAt = this.#at;
      if (this.#text[nameAt] !== '"') {
        if (nameAt >= this.#text.length) throw this.#open(at);
        throw this.#fault(
          `Write the name of a field in double quotes here, such as "AllowedOrigins". ${this.#here()} is none.`,
        );
      }
      const name = this.#string();
      if (names.has(name)) {
        throw new TextFault(nameAt, `"${name}" is there twice. Keep one of them.`);
      }
      names.add(name);
      this.#blanks();
      if (this.#take(/:/y) === null) {
        throw this.#fault(`A colon is missing behind "${name}".`);
      }
      members.push({ name, at: nameAt, value: this.#value() });
      if (this.#goesOn('}', at)) continue;
      return { kind: 'object', at, members };
    }
  }

  #list(at: number): JsonNode {
    this.#at += 1;
    const items: JsonNode[] = [];
    if (this.#closes(']')) return { kind: 'list', at, items };
    for (;;) {
      if (this.#at >= this.#text.length) throw this.#open(at);
      items.push(this.#value());
      if (this.#goesOn(']', at)) continue;
      return { kind: 'list', at, items };
    }
  }

  /** Whether a comma and something more follows; `false` behind the closing bracket. */
  #goesOn(bracket: ']' | '}', openedAt: number): boolean {
    this.#blanks();
    const at = this.#at;
    if (this.#take(/,/y) !== null) {
      this.#blanks();
      if (this.#text[this.#at] === bracket) {
        throw new TextFault(at, `Remove the comma before the ${bracket}.`);
      }
      return true;
    }
    if (this.#closes(bracket)) return false;
    if (at >= this.#text.length) throw this.#open(openedAt);
    if (bracket === ']' && this.#text[at] === ':') {
      throw this.#fault(
        'A list has no named fields. A { is missing before this name, and a } at its end.',
      );
    }
    if (/[\]}]/.test(this.#text[at] ?? '')) {
      const { line } = placeAt(this.#text, openedAt);
      throw this.#fault(
        `This ${this.#text[at] ?? ''} does not close the ${bracket === ']' ? '[' : '{'} of line ${line}: a ${bracket} is missing before it.`,
      );
    }
    throw this.#fault(`A comma or a ${bracket} is missing before ${this.#here()}.`);
  }

  #closes(bracket: ']' | '}'): boolean {
    this.#blanks();
    return this.#take(bracket === ']' ? /\]/y : /\}/y) !== null;
  }

  #string(): string {
    const start = this.#at;
    this.#at += 1;
    let value = '';
    for (;;) {
      value += this.#take(/(?:[^"\\\p{Cc}]|[\u007f-\u009f])+/uy) ?? '';
      const next = this.#text[this.#at];
      if (next === '"') {
        this.#at += 1;
        if (!value.isWellFormed()) {
          throw new TextFault(start, 'This text holds half of a character (\\ud8…).');
        }
        return value;
      }
      if (next === '\\') value += this.#escape();
      else if (next === undefined || next === '\n' || next === '\r') {
        throw new TextFault(start, 'This text has no double quote at its end.');
      } else {
        throw this.#fault(
          'A control character, such as a tab, has to be written as \\t.',
        );
      }
    }
  }

  #escape(): string {
    const at = this.#at;
    const hex = this.#take(/\\u[0-9a-fA-F]{4}/y);
    if (hex !== null) return String.fromCharCode(Number.parseInt(hex.slice(2), 16));
    const escape = this.#take(/\\["\\/bfnrt]/y);
    const character = escape === null ? undefined : ESCAPES[escape.slice(1)];
    if (character !== undefined) return character;
    throw new TextFault(at, 'Write \\\\ for the character \\ itself.');
  }

  #blanks(): void {
    this.#take(/[ \t\r\n]+/y);
    if (/^(?:\/\/|\/\*|#)/.test(this.#text.slice(this.#at, this.#at + 2))) {
      throw this.#fault('JSON has no comments. Remove this one.');
    }
  }

  #take(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found === undefined) return null;
    this.#at += found.length;
    return found;
  }

  /** What stands here, for a message. */
  #here(): string {
    const word = /^(?:[\w.$-]+|[\s\S])/u.exec(this.#text.slice(this.#at, this.#at + 30));
    return word === null ? 'the end' : word[0];
  }

  #open(at: number): TextFault {
    const bracket = this.#text[at] ?? '';
    return new TextFault(
      at,
      `This ${bracket} is never closed. Add a ${bracket === '[' ? ']' : '}'} at its end.`,
    );
  }

  #fault(message: string): TextFault {
    return new TextFault(this.#at, message);
  }
}
