/** A request's head. */
export interface Request {
  readonly method: string;
  /** First part of the path, decoded. Empty at the service itself. */
  readonly bucket: string;
  /** The rest of the path, decoded. */
  readonly key: string;
  readonly query: URLSearchParams;
  /** Path and query as they came. */
  readonly target: string;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
}

/** Reads a head, without the empty line at its end. Throws on anything but HTTP/1.1. */
export function parseRequest(head: string): Request {
  const lines = head.split('\r\n');
  const match = /^(?<method>[A-Z]+) (?<target>\/\S*) HTTP\/1\.1$/.exec(lines[0] ?? '');
  const { method, target } = match?.groups ?? {};
  if (method === undefined || target === undefined) {
    throw new Error('This is no HTTP/1.1 request.');
  }
  const headers = new Map<string, string>();
  for (let index = 1; index < lines.length; index++) {
    const line = lines[index] ?? '';
    const colon = line.indexOf(':');
    if (colon < 1) throw new Error('A header has no name.');
    headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  const mark = target.indexOf('?');
  const path = mark === -1 ? target : target.slice(0, mark);
  const slash = path.indexOf('/', 1);
  return {
    method,
    target,
    headers,
    bucket: decodeURIComponent(slash === -1 ? path.slice(1) : path.slice(1, slash)),
    key: slash === -1 ? '' : decodeURIComponent(path.slice(slash + 1)),
    query: new URLSearchParams(mark === -1 ? '' : target.slice(mark + 1)),
  };
}

/** A byte range of an object. */
export interface Range {
  readonly start: number;
  readonly length: number;
}

/** What `Range` asks of `size` bytes; `null` for all, `undefined` where it cannot be met. */
export function parseRange(
  header: string | undefined,
  size: number,
): Range | null | undefined {
  const match = /^bytes=(?<from>\d*)-(?<to>\d*)$/.exec(header ?? '');
  const { from = '', to = '' } = match?.groups ?? {};
  if (from === '' && to === '') return null;
  if (from === '') {
    const length = Math.min(size, Number(to));
    return length === 0 ? undefined : { start: size - length, length };
  }
  const start = Number(from);
  if (start >= size) return undefined;
  const end = to === '' ? size - 1 : Math.min(size - 1, Number(to));
  return end < start ? undefined : { start, length: end - start + 1 };
}
