import { decodeListed } from '../s3/decode-listed.ts';
import { bareEtag } from '../s3/etag.ts';
import { EntryPattern } from './entry-pattern.ts';
import { UnsupportedAnswer } from './http-reader.ts';
import { decodeText, readLeaf, skipBlanks } from './xml-text.ts';

/** Most characters of one entry; more is not S3. */
const MAX_PENDING = 1024 * 1024;
const PROLOG =
  /[ \t\n]*(?:<\?xml[^<>]*\?>[ \t\n]*)?<ListBucketResult(?: +[\w:]+="[^"<&]*")* *>/y;
/** The longest prolog we wait for. */
const MAX_PROLOG = 2_048;
const END = '</ListBucketResult>';
/** Layouts of entries that are learnt in a page: each costs as much as some entries do. */
const MAX_PATTERNS = 16;
/** Elements of an entry that hold others, none of which we want. */
const NESTED: ReadonlySet<string> = new Set(['Owner', 'RestoreStatus']);
/** Elements of the page that say what was asked or how many came. */
const PAGE_LEAVES: ReadonlySet<string> = new Set([
  'Name',
  'Prefix',
  'Marker',
  'MaxKeys',
  'Delimiter',
  'StartAfter',
  'ContinuationToken',
  'KeyCount',
  'EncodingType',
  'IsTruncated',
  'NextContinuationToken',
  'NextMarker',
  'RequestCharged',
]);

/** What a page of ListObjectsV2 says. */
export interface ScannedPage {
  readonly prefixes: readonly string[];
  readonly keys: readonly string[];
  readonly sizes: readonly number[];
  readonly modified: readonly number[];
  readonly etags: readonly string[];
  readonly storageClasses: readonly string[];
  readonly truncated: boolean;
  readonly token: string | undefined;
  readonly hasKeyCount: boolean;
}

/**
 * Reads a ListBucketResult while it comes. Knows just what S3 servers send; anything else
 * throws `UnsupportedAnswer`, and a real parser shall read the page.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
 */
export class ListScanner {
  #text = '';
  #at = 0;
  #state: 'prolog' | 'page' | 'after' = 'prolog';
  readonly #leaves = new Map<string, string>();
  readonly #prefixes: string[] = [];
  readonly #keys: string[] = [];
  readonly #sizes: number[] = [];
  readonly #modified: number[] = [];
  readonly #etags: string[] = [];
  readonly #storageClasses: string[] = [];
  #pattern: EntryPattern | null = null;
  #patterns = 0;

  /** Takes more of the document. */
  feed(text: string): void {
    this.#text = this.#at === 0 ? this.#text + text : this.#text.slice(this.#at) + text;
    this.#at = 0;
    if (this.#state === 'prolog') this.#prolog();
    while (this.#state === 'page' && this.#element()) {
      // On to the next.
    }
    if (this.#state === 'after' && skipBlanks(this.#text, this.#at) < this.#text.length) {
      throw new UnsupportedAnswer('more than a page');
    }
    if (this.#text.length - this.#at > MAX_PENDING) throw new UnsupportedAnswer('entry');
  }

  /** The document is over. Throws `provider.malformed-response` for broken escapes. */
  end(): ScannedPage {
    if (this.#state !== 'after') throw new UnsupportedAnswer('cut off');
    const encoding = this.#leaves.get('EncodingType');
    const decode = encoding === 'url' ? decodeUrl : (text: string): string => text;
    const truncated = this.#leaves.get('IsTruncated') ?? 'false';
    if (truncated !== 'true' && truncated !== 'false') {
      throw new UnsupportedAnswer('IsTruncated');
    }
    return {
      prefixes: apart(this.#prefixes).map(decode),
      keys: apart(this.#keys).map(decode),
      sizes: this.#sizes,
      modified: this.#modified,
      etags: apart(this.#etags),
      storageClasses: this.#storageClasses,
      truncated: truncated === 'true',
      token: this.#leaves.get('NextContinuationToken'),
      hasKeyCount: this.#leaves.has('KeyCount'),
    };
  }

  #prolog(): void {
    PROLOG.lastIndex = 0;
    if (PROLOG.test(this.#text)) {
      this.#at = PROLOG.lastIndex;
      this.#state = 'page';
    } else if (this.#text.length > MAX_PROLOG) {
      throw new UnsupportedAnswer('prolog');
    }
  }

  /** Reads one element of the page; `false`: it is not whole yet. */
  #element(): boolean {
    const text = this.#text;
    this.#at = skipBlanks(text, this.#at);
    const at = this.#at;
    if (text.startsWith('<Contents>', at)) {
      if (this.#likeTheLast()) return true;
      const end = text.indexOf('</Contents>', at);
      if (end === -1) return false;
      this.#entry(at + '<Contents>'.length, end);
      this.#learn(at);
      this.#at = end + '</Contents>'.length;
      return true;
    }
    if (text.startsWith('<CommonPrefixes>', at)) {
      const end = text.indexOf('</CommonPrefixes>', at);
      if (end === -1) return false;
      this.#commonPrefix(at + '<CommonPrefixes>'.length, end);
      this.#at = end + '</CommonPrefixes>'.length;
      return true;
    }
    if (text.startsWith(END, at)) {
      this.#at = at + END.length;
      this.#state = 'after';
      return true;
    }
    const leaf = readLeaf(text, at);
    if (leaf === null) return false;
    const { name } = leaf;
    if (!PAGE_LEAVES.has(name) || this.#leaves.has(name)) {
      throw new UnsupportedAnswer(`element ${name}`);
    }
    const value = decodeText(leaf.raw);
    if (name === 'KeyCount' && !/^\d{1,9}$/.test(value)) {
      throw new UnsupportedAnswer('KeyCount');
    }
    this.#leaves.set(name, value);
    this.#at = leaf.end;
    return true;
  }

  /** Reads an entry with the same elements as the one before. */
  #likeTheLast(): boolean {
    const entry = this.#pattern?.read(this.#text, this.#at) ?? null;
    if (entry === null) return false;
    const { key } = entry;
    this.#keys.push(key.includes('&') ? decodeText(key) : key);
    this.#sizes.push(entry.size);
    this.#modified.push(entry.modified);
    this.#etags.push(entry.etag);
    this.#storageClasses.push(entry.storageClass);
    this.#at = entry.end;
    return true;
  }

  #learn(at: number): void {
    if (this.#patterns === MAX_PATTERNS) return;
    this.#patterns += 1;
    this.#pattern = EntryPattern.of(this.#text, at) ?? this.#pattern;
  }

  #entry(from: number, to: number): void {
    const text = this.#text;
    let key: string | undefined;
    let size: string | undefined;
    let modified: string | undefined;
    let etag: string | undefined;
    let storageClass: string | undefined;
    for (let at = skipBlanks(text, from); at < to; at = skipBlanks(text, at)) {
      const leaf = readLeaf(text, at);
      if (leaf === null || leaf.end > to) {
        at = skipNested(text, at, to);
        continue;
      }
      at = leaf.end;
      switch (leaf.name) {
        case 'Key':
          key = once(key, leaf.raw);
          break;
        case 'Size':
          size = once(size, leaf.raw);
          break;
        case 'LastModified':
          modified = once(modified, leaf.raw);
          break;
        case 'ETag':
          etag = once(etag, leaf.raw);
          break;
        case 'StorageClass':
          storageClass = once(storageClass, leaf.raw);
          break;
        default:
          decodeText(leaf.raw);
      }
    }
    this.#keys.push(nameOf(key));
    this.#sizes.push(size === undefined ? 0 : numberOf(size));
    this.#modified.push(modified === undefined ? Number.NaN : timeOf(modified));
    this.#etags.push(bareEtag(etag === undefined ? etag : decodeText(etag)));
    this.#storageClasses.push(
      storageClass === undefined ? 'STANDARD' : decodeText(storageClass),
    );
  }

  #commonPrefix(from: number, to: number): void {
    const leaf = readLeaf(this.#text, skipBlanks(this.#text, from));
    if (leaf?.name !== 'Prefix' || skipBlanks(this.#text, leaf.end) !== to) {
      throw new UnsupportedAnswer('CommonPrefixes');
    }
    this.#prefixes.push(nameOf(leaf.raw));
  }
}

/**
 * The same names without the document: a piece of a long string keeps all of it in memory,
 * which is ten times the names.
 */
function apart(names: readonly string[]): readonly string[] {
  const copy = names.join('\0').split('\0');
  // XML has no such character; a server that sends one has its names kept as they are.
  return copy.length === names.length ? copy : names;
}

function once(before: string | undefined, raw: string): string {
  if (before !== undefined) throw new UnsupportedAnswer('twice');
  return raw;
}

/** A key or prefix. Parsers differ on names that are nothing but blanks. */
function nameOf(raw: string | undefined): string {
  if (raw === undefined || raw.trim() === '') throw new UnsupportedAnswer('no name');
  return decodeText(raw);
}

function numberOf(raw: string): number {
  if (!/^\d{1,15}$/.test(raw)) throw new UnsupportedAnswer('Size');
  return Number(raw);
}

function timeOf(raw: string): number {
  const match = /^\d{4}-\d\d-(\d\d)T\d\d:\d\d:[0-5]\d(?:\.\d{1,3})?Z$/.exec(raw);
  const time = match === null ? Number.NaN : Date.parse(raw);
  // The 30th of February is March to some.
  if (Number.isNaN(time) || new Date(time).getUTCDate() !== Number(match?.[1])) {
    throw new UnsupportedAnswer('LastModified');
  }
  return time;
}

/** Passes over an element with leaves in it; returns the offset behind it. */
function skipNested(text: string, from: number, to: number): number {
  const name = /<([A-Za-z]+)>/y;
  name.lastIndex = from;
  const [start = '', element = ''] = name.exec(text) ?? [];
  if (!NESTED.has(element)) throw new UnsupportedAnswer('entry');
  for (let at = skipBlanks(text, from + start.length); ; ) {
    if (text.startsWith(`</${element}>`, at)) return at + start.length + 1;
    const leaf = readLeaf(text, at);
    if (leaf === null || leaf.end > to) throw new UnsupportedAnswer('entry');
    decodeText(leaf.raw);
    at = skipBlanks(text, leaf.end);
  }
}

function decodeUrl(text: string): string {
  return text.includes('%') || text.includes('+') ? decodeListed(text) : text;
}
