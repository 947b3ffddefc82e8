/** Most bytes of a head, of a chunk's first line and of trailers. */
const MAX_HEAD_BYTES = 64 * 1024;
const MAX_HEADERS = 500;
const HEAD_END = Buffer.from('\r\n\r\n');

/** The first part of an answer. */
export interface ResponseHead {
  readonly status: number;
  /** Lower-case names; values as latin1, several joined as node:http does. */
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes of the body; `null`: not known beforehand. */
  readonly length: number | null;
  /** The connection may be used again after this answer. */
  readonly keepAlive: boolean;
}

/** What a {@link HttpReader} finds. */
export interface ReaderEvents {
  /** The final head; heads of status 1xx are passed over. */
  head(head: ResponseHead): void;
  /** Bytes of the body, a view of what was fed. */
  body(bytes: Buffer): void;
  end(): void;
}

/** An answer this reader does not speak; node:http shall have a look at it. */
export class UnsupportedAnswer extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'UnsupportedAnswer';
  }
}

type State =
  | 'idle'
  | 'head'
  | 'fixed'
  | 'to-end'
  | 'chunk-size'
  | 'chunk-data'
  | 'chunk-end'
  | 'trailers';

/**
 * Reads answers of HTTP/1.1 from bytes cut anywhere. Strict: whatever is unusual throws
 * {@link UnsupportedAnswer}. https://www.rfc-editor.org/rfc/rfc9112
 */
export class HttpReader {
  readonly #events: ReaderEvents;
  /** The lines of the last head: a server says most of them again. */
  readonly #lines: HeadLine[] = [];
  #state: State = 'idle';
  #noBody = false;
  /** The part of a head or line that came so far. */
  #pending = '';
  /** Bytes left of the body or chunk. */
  #left = 0;

  constructor(events: ReaderEvents) {
    this.#events = events;
  }

  /** Between answers: nothing may come. */
  get idle(): boolean {
    return this.#state === 'idle';
  }

  /** An answer to a request of this method comes next. */
  begin(method: string): void {
    this.#state = 'head';
    this.#noBody = method === 'HEAD';
    this.#pending = '';
  }

  /** Takes bytes. Returns how many belong to the answer; the rest came after its end. */
  feed(bytes: Buffer): number {
    let at = 0;
    while (at < bytes.length && this.#state !== 'idle') at = this.#step(bytes, at);
    return at;
  }

  /** The connection ended. Returns whether that ends the answer in order. */
  finish(): boolean {
    if (this.#state !== 'to-end') return false;
    this.#done();
    return true;
  }

  #step(bytes: Buffer, at: number): number {
    switch (this.#state) {
      case 'head':
        return this.#head(bytes, at);
      case 'to-end':
        this.#events.body(at === 0 ? bytes : bytes.subarray(at));
        return bytes.length;
      case 'fixed':
      case 'chunk-data':
        return this.#data(bytes, at);
      default:
        return this.#line(bytes, at);
    }
  }

  #head(bytes: Buffer, at: number): number {
    if (this.#pending === '') {
      // Nearly always it is there as a whole. What follows it is not made text of: a part
      // of a text keeps all of it in memory.
      const end = bytes.indexOf(HEAD_END, at);
      if (end !== -1 && end - at <= MAX_HEAD_BYTES) {
        this.#open(bytes.toString('latin1', at, end));
        return end + HEAD_END.length;
      }
    }
    const before = this.#pending.length;
    const limit = Math.min(bytes.length, at + MAX_HEAD_BYTES + 4 - before);
    this.#pending += bytes.toString('latin1', at, limit);
    const end = this.#pending.indexOf('\r\n\r\n', Math.max(0, before - 3));
    if (end === -1) {
      if (this.#pending.length > MAX_HEAD_BYTES) throw new UnsupportedAnswer('head size');
      return limit;
    }
    const text = this.#pending.slice(0, end);
    this.#pending = '';
    this.#open(text);
    return at + end + 4 - before;
  }

  #open(text: string): void {
    const { status, headers, version } = parseHead(text, this.#lines);
    if (status < 200) {
      // 101 would change the protocol, which nobody asked for. After one that closes the
      // connection, as all of HTTP/1.0 do, nothing more may come.
      const last = !staysOpen(version, headers['connection']);
      if (status === 101 || last) throw new UnsupportedAnswer(String(status));
      return;
    }
    const coding = headers['transfer-encoding']?.toLowerCase();
    const stated = headers['content-length'];
    const noBody = this.#noBody || status === 204 || status === 304;
    if (coding !== undefined && (coding !== 'chunked' || stated !== undefined)) {
      throw new UnsupportedAnswer('transfer-encoding');
    }
    if (stated !== undefined && !/^\d{1,15}$/.test(stated)) {
      throw new UnsupportedAnswer('content-length');
    }
    const length = noBody ? 0 : stated === undefined ? null : Number(stated);
    const toEnd = length === null && coding === undefined;
    this.#left = length ?? 0;
    this.#state = toEnd ? 'to-end' : length === null ? 'chunk-size' : 'fixed';
    this.#events.head({
      status,
      headers,
      length,
      keepAlive: !toEnd && staysOpen(version, headers['connection']),
    });
    if (length === 0) this.#done();
  }

  #data(bytes: Buffer, at: number): number {
    const end = Math.min(bytes.length, at + this.#left);
    this.#left -= end - at;
    this.#events.body(at === 0 && end === bytes.length ? bytes : bytes.subarray(at, end));
    if (this.#left === 0) {
      if (this.#state === 'fixed') this.#done();
      else this.#state = 'chunk-end';
    }
    return end;
  }

  #line(bytes: Buffer, at: number): number {
    const feed = bytes.indexOf(0x0a, at);
    const end = feed === -1 ? bytes.length : feed + 1;
    this.#pending += bytes.toString('latin1', at, end);
    if (this.#pending.length > MAX_HEAD_BYTES) throw new UnsupportedAnswer('line size');
    if (feed === -1) return end;
    if (!this.#pending.endsWith('\r\n')) throw new UnsupportedAnswer('line end');
    const line = this.#pending.slice(0, -2);
    // Trailers add up: they share one limit.
    this.#pending = '';
    this.#chunkLine(line);
    return end;
  }

  #chunkLine(line: string): void {
    if (this.#state === 'chunk-end') {
      if (line !== '') throw new UnsupportedAnswer('chunk end');
      this.#state = 'chunk-size';
    } else if (this.#state === 'trailers') {
      this.#left += line.length;
      if (this.#left > MAX_HEAD_BYTES) throw new UnsupportedAnswer('trailers size');
      if (line === '') this.#done();
      else if (!isHeader(line)) throw new UnsupportedAnswer('trailer');
    } else {
      const size = CHUNK_SIZE.exec(line)?.[1];
      if (size === undefined) throw new UnsupportedAnswer('chunk size');
      this.#left = Number.parseInt(size, 16);
      this.#state = this.#left === 0 ? 'trailers' : 'chunk-data';
    }
  }

  #done(): void {
    this.#state = 'idle';
    this.#events.end();
  }
}

/** A chunk's size and its extensions, which are passed over: tokens only, unquoted. */
const CHUNK_SIZE =
  /^([0-9a-fA-F]{1,12})(?:;[!#$%&'*+\-.^_`|~0-9A-Za-z]+(?:=[!#$%&'*+\-.^_`|~0-9A-Za-z]+)?)*$/;
/** Field name and value. */
// oxlint-disable-next-line no-control-regex -- control characters are the point
const HEADER = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+:[^\0-\x08\x0a-\x1f\x7f]*$/;
/** node:http keeps the first of these. https://nodejs.org/api/http.html#messageheaders */
const ONCE: ReadonlySet<string> = new Set([
  'age',
  'content-length',
  'content-type',
  'etag',
  'expires',
  'last-modified',
  'location',
  'retry-after',
  'server',
]);

/** A line of a head; the first, which is no header, has no name. */
interface HeadLine {
  readonly text: string;
  /** In lower case. */
  readonly name: string;
  readonly value: string;
}

/** `lines`: of the head before; those of this one take their place. */
function parseHead(
  text: string,
  lines: HeadLine[],
): {
  readonly status: number;
  readonly version: string;
  readonly headers: Record<string, string>;
} {
  const headers: Record<string, string> = Object.create(null) as Record<string, string>;
  let from = 0;
  for (let index = 0; from <= text.length; index += 1) {
    const found = text.indexOf('\r\n', from);
    const end = found === -1 ? text.length : found;
    let line = lines[index];
    if (line?.text.length !== end - from || !text.startsWith(line.text, from)) {
      if (index >= MAX_HEADERS) throw new UnsupportedAnswer('headers');
      const own = text.slice(from, end);
      line = index === 0 ? statusLine(own) : headerLine(own);
      lines[index] = line;
    }
    from = end + 2;
    if (index === 0) continue;
    const { name, value } = line;
    const before = headers[name];
    if (before === undefined) headers[name] = value;
    else if (name === 'content-length') throw new UnsupportedAnswer('content-length');
    else if (!ONCE.has(name)) headers[name] = `${before}, ${value}`;
  }
  const first = lines[0]?.text ?? '';
  // `HTTP/1.1 200 OK`
  return { status: Number(first.slice(9, 12)), version: first.slice(5, 8), headers };
}

function statusLine(text: string): HeadLine {
  const plain = /^HTTP\/1\.[01] [1-9]\d\d(?: [^\r\n]*)?$/.test(text);
  if (!plain) throw new UnsupportedAnswer('status line');
  return { text, name: '', value: '' };
}

function headerLine(text: string): HeadLine {
  if (!isHeader(text)) throw new UnsupportedAnswer('header');
  const colon = text.indexOf(':');
  return {
    text,
    name: text.slice(0, colon).toLowerCase(),
    value: trimmed(text, colon + 1),
  };
}

function isHeader(line: string): boolean {
  return HEADER.test(line);
}

/** From `start`, without the blanks on both sides. */
function trimmed(line: string, start: number): string {
  let from = start;
  let to = line.length;
  while (from < to && isBlank(line.charCodeAt(from))) from += 1;
  while (to > from && isBlank(line.charCodeAt(to - 1))) to -= 1;
  return line.slice(from, to);
}

/** A space or a tab. */
function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

function staysOpen(version: string, connection: string | undefined): boolean {
  if (connection === undefined) return version === '1.1';
  const options = connection.toLowerCase().split(/\s*,\s*/);
  if (options.includes('close') || options.includes('upgrade')) return false;
  return version === '1.1' || options.includes('keep-alive');
}
