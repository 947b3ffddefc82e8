import { placeAt, TextFault } from './text-fault.ts';

/** An element of an XML text with its offset: text or elements, never both. */
export interface XmlNode {
  /** Without its prefix. */
  readonly name: string;
  readonly at: number;
  readonly text: string;
  readonly children: readonly XmlNode[];
}

interface OpenNode {
  readonly at: number;
  readonly qualifiedName: string;
  readonly children: XmlNode[];
  text: string;
  /** Offset of the first text that is more than blanks; `null`: none. */
  textAt: number | null;
}

const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

const NAME = '[A-Za-z_][\\w.:-]*';
const START = new RegExp(
  `<(${NAME})((?:\\s+${NAME}\\s*=\\s*(?:"[^"<]*"|'[^'<]*'))*)\\s*(/?)>`,
  'y',
);
const END = new RegExp(`</(${NAME})\\s*>`, 'y');

/** Elements in one another at most. */
const MAX_DEPTH = 32;

/**
 * Reads XML as far as S3's documents need it, knowing where everything is: elements,
 * attributes (ignored), texts, comments, CDATA and character references. Nothing of it is
 * ever expanded or fetched: a DOCTYPE is refused.
 *
 * @throws TextFault at the first thing that is no such XML
 */
export function readXmlText(text: string): XmlNode {
  return new XmlReader(text).document();
}

class XmlReader {
  readonly #text: string;
  #at: number;

  constructor(text: string) {
    this.#text = text;
    this.#at = text.startsWith('\uFEFF') ? 1 : 0;
  }

  document(): XmlNode {
    this.#skipMisc();
    if (this.#at >= this.#text.length) throw this.#fault('The document is empty.');
    const root = this.#element();
    this.#skipMisc();
    if (this.#at < this.#text.length) {
      throw this.#fault(
        `There is something behind </${root.name}>, the end of the document. Remove it.`,
      );
    }
    return root;
  }

  #element(): XmlNode {
    const stack: OpenNode[] = [];
    for (;;) {
      const parent = stack.at(-1);
      if (parent !== undefined) {
        this.#content(parent);
        const at = this.#at;
        const end = this.#take(END);
        if (end !== null) {
          if (end[1] !== parent.qualifiedName) throw this.#crossed(at, parent, end[0]);
          stack.pop();
          const node = closed(parent);
          const above = stack.at(-1);
          if (above === undefined) return node;
          above.children.push(node);
          continue;
        }
        if (this.#at >= this.#text.length) {
          throw new TextFault(
            parent.at,
            `This <${parent.qualifiedName}> is never closed. Add </${parent.qualifiedName}> at its end.`,
          );
        }
      }
      const at = this.#at;
      const start = this.#take(START);
      if (start === null) throw this.#noElement();
      const open: OpenNode = {
        at,
        qualifiedName: start[1] ?? '',
        children: [],
        text: '',
        textAt: null,
      };
      if (start[3] === '/') {
        if (parent === undefined) return closed(open);
        parent.children.push(closed(open));
      } else {
        if (stack.length >= MAX_DEPTH) {
          throw new TextFault(at, 'Too many elements in one another.');
        }
        stack.push(open);
      }
    }
  }

  /** Texts, comments and CDATA up to the next tag. */
  #content(into: OpenNode): void {
    for (;;) {
      const at = this.#at;
      const run = this.#take(/[^<]+/y)?.[0];
      const cdata = run === undefined ? this.#take(/<!\[CDATA\[([\s\S]*?)\]\]>/y) : null;
      if (run === undefined && cdata === null) {
        if (this.#take(/<!--(?:(?!--)[\s\S])*-->/y) === null) return;
        continue;
      }
      const piece = run === undefined ? lines(cdata?.[1] ?? '') : decode(run, at);
      into.text += piece;
      if (into.textAt === null && piece.trim() !== '') {
        into.textAt = at + Math.max(0, (run ?? '').search(/\S/));
      }
    }
  }

  #skipMisc(): void {
    while (
      this.#take(/\s+/y) !== null ||
      this.#take(/<\?xml\s[^<>]*\?>/y) !== null ||
      this.#take(/<!--(?:(?!--)[\s\S])*-->/y) !== null
    ) {
      // Each round takes one of them.
    }
  }

  #crossed(at: number, parent: OpenNode, end: string): TextFault {
    const { line } = placeAt(this.#text, parent.at);
    return new TextFault(
      at,
      `${end} does not close the <${parent.qualifiedName}> of line ${line}: write </${parent.qualifiedName}>.`,
    );
  }

  #noElement(): TextFault {
    const rest = this.#text.slice(this.#at, this.#at + 40);
    if (rest.startsWith('<!DOCTYPE')) {
      return this.#fault('A DOCTYPE is not allowed. Remove it.');
    }
    if (rest.startsWith('<!--'))
      return this.#fault('This comment is never closed (-->).');
    if (rest.startsWith('<?'))
      return this.#fault('This instruction is not allowed here.');
    if (rest.startsWith('</')) {
      return this.#fault(`${/^<\/[^>]*>?/.exec(rest)?.[0] ?? ''} closes nothing.`);
    }
    return this.#fault(
      rest.startsWith('<')
        ? `${/^<[^>\s]*/.exec(rest)?.[0] ?? ''} is no tag. Write &lt; for the character < itself.`
        : 'An element such as <CORSConfiguration> belongs here.',
    );
  }

  #take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found !== null) this.#at += found[0].length;
    return found;
  }

  #fault(message: string): TextFault {
    return new TextFault(this.#at, message);
  }
}

function closed(open: OpenNode): XmlNode {
  const name = open.qualifiedName.slice(open.qualifiedName.indexOf(':') + 1);
  if (open.children.length === 0) {
    return { name, at: open.at, text: open.text, children: [] };
  }
  if (open.textAt !== null) {
    throw new TextFault(
      open.textAt,
      `There is text beside the elements of <${name}>. Remove it, or put it into an element.`,
    );
  }
  return { name, at: open.at, text: '', children: open.children };
}

/** XML takes every line end for one `\n`. */
function lines(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}

function decode(run: string, at: number): string {
  return run.replace(/\r\n?|&([^;&\s]*;?)/g, (all, body: string | undefined, offset) => {
    if (body === undefined) return '\n';
    const character = body.endsWith(';') ? referenced(body.slice(0, -1)) : undefined;
    if (character !== undefined) return character;
    throw new TextFault(
      at + Number(offset),
      `${all} is no character. Write &amp; for the character & itself.`,
    );
  });
}

function referenced(name: string): string | undefined {
  if (Object.hasOwn(NAMED, name)) return NAMED[name];
  const [, hex, decimal] = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}))$/i.exec(name) ?? [];
  if (hex === undefined && decimal === undefined) return undefined;
  const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  const isSurrogate = point >= 0xd800 && point <= 0xdfff;
  return point > 0x10ffff || isSurrogate ? undefined : String.fromCodePoint(point);
}
