import { S3Error } from './errors.ts';

/** The namespace of S3's request and response documents. */
const S3_NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** An element of a request document: text or child elements, never both. */
export interface XmlNode {
  readonly name: string;
  readonly text: string;
  readonly children: readonly XmlNode[];
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

/**
 * Reads a request document of the S3 API.
 *
 * Takes elements, attributes (ignored), text, comments, the five named entities and
 * numeric references; a DOCTYPE, CDATA or processing instruction is refused. Prefixes
 * of names are dropped.
 *
 * @throws S3Error `MalformedXML`
 */
export function readXml(source: string): XmlNode {
  const reader = new XmlReader(source.replace(/^\uFEFF/, ''));
  return reader.document();
}

/** The first child of that name. */
export function child(node: XmlNode, name: string): XmlNode | undefined {
  return node.children.find((candidate) => candidate.name === name);
}

/** The text of the first child of that name. */
export function childText(node: XmlNode, name: string): string | undefined {
  return child(node, name)?.text;
}

interface OpenNode {
  readonly qualifiedName: string;
  readonly children: XmlNode[];
  text: string;
}

class XmlReader {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  document(): XmlNode {
    this.#take(/<\?xml\s[^<>]*\?>/y);
    this.#skipMisc();
    const root = this.#element();
    this.#skipMisc();
    if (this.#at !== this.#source.length) throw malformed();
    return root;
  }

  #element(): XmlNode {
    const stack: OpenNode[] = [];
    for (;;) {
      const parent = stack.at(-1);
      if (parent) {
        parent.text += this.#text();
        const end = this.#take(/<\/([A-Za-z_][\w.:-]*)\s*>/y);
        if (end) {
          if (end[1] !== parent.qualifiedName) throw malformed();
          stack.pop();
          const node = closed(parent);
          const above = stack.at(-1);
          if (!above) return node;
          above.children.push(node);
          continue;
        }
      }
      const start = this.#take(
        /<([A-Za-z_][\w.:-]*)((?:\s+[A-Za-z_][\w.:-]*\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y,
      );
      if (!start) throw malformed();
      const open: OpenNode = { qualifiedName: start[1] ?? '', children: [], text: '' };
      if (start[3] !== '/') {
        if (stack.length >= 32) throw malformed();
        stack.push(open);
      } else if (parent) {
        parent.children.push(closed(open));
      } else {
        return closed(open);
      }
    }
  }

  #text(): string {
    let text = '';
    for (;;) {
      const run = this.#take(/[^<]+/y);
      if (run) text += run[0];
      else if (!this.#take(/<!--(?:(?!--)[\s\S])*-->/y)) return decodeEntities(text);
    }
  }

  #skipMisc(): void {
    while (this.#take(/\s+/y) || this.#take(/<!--(?:(?!--)[\s\S])*-->/y)) {
      // Each round consumes one run of space or one comment.
    }
  }

  #take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#source);
    if (!match) return undefined;
    this.#at += match[0].length;
    return match;
  }
}

function closed(open: OpenNode): XmlNode {
  const name = open.qualifiedName.slice(open.qualifiedName.indexOf(':') + 1);
  if (open.children.length === 0) return { name, text: open.text, children: [] };
  if (open.text.trim() !== '') throw malformed();
  return { name, text: '', children: open.children };
}

function decodeEntities(text: string): string {
  // XML turns literal line ends into "\n"; a reference such as &#13; stays.
  return text.replace(/\r\n?/g, '\n').replace(/&([^;]*;?)/g, (_all, body: string) => {
    const name = body.slice(0, -1);
    const named = body.endsWith(';') ? ENTITIES[name] : undefined;
    if (named !== undefined) return named;
    const number = /^#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}));$/.exec(body);
    if (!number) throw malformed();
    const point = number[1] ? Number.parseInt(number[1], 16) : Number(number[2]);
    if (point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) throw malformed();
    return String.fromCodePoint(point);
  });
}

function malformed(): S3Error {
  return new S3Error('MalformedXML');
}

/**
 * Escapes text for XML as AWS does: control characters, which XML 1.0 cannot hold,
 * become numeric references all the same, so clients that parse strictly fail unless
 * they ask for `encoding-type=url`.
 */
export function escapeXml(text: string): string {
  return text.replace(ESCAPED, (c) => {
    switch (c) {
      case '&':
        return '&amp;';
      case '<':
        return '&lt;';
      case '>':
        return '&gt;';
      case '"':
        return '&quot;';
      default:
        return `&#x${c.charCodeAt(0).toString(16)};`;
    }
  });
}

// oxlint-disable-next-line no-control-regex -- control characters are the point.
const ESCAPED = /[&<>"\u0000-\u0008\u000b-\u001f\ufffe\uffff]/g;

/** An element with text; nothing at all when the value is undefined. */
export function leaf(name: string, value: string | number | boolean | undefined): string {
  return value === undefined ? '' : `<${name}>${escapeXml(String(value))}</${name}>`;
}

/** An element around elements already written. */
export function branch(name: string, ...parts: readonly string[]): string {
  return `<${name}>${parts.join('')}</${name}>`;
}

/** A response document in S3's namespace. */
export function xmlDocument(root: string, ...parts: readonly string[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="${S3_NAMESPACE}">${parts.join('')}</${root}>`;
}
