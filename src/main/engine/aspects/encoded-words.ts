/**
 * The text of a header's value: encoded words are decoded, and so is UTF-8 that came as
 * bytes, which HTTP libraries give out as Latin-1. What is neither stays as it is.
 */
export function decodeValue(value: string): string {
  const text = utf8OfBytes(value);
  // Blanks between two encoded words belong to neither.
  const joined = text.replace(
    /(=\?[\w-]+\?[bq]\?[^?\s]*\?=)\s+(?==\?[\w-]+\?[bq]\?[^?\s]*\?=)/gi,
    '$1',
  );
  return joined.replace(
    /=\?([\w-]+)(?:\*[\w-]+)?\?([bq])\?([^?\s]*)\?=/gi,
    (whole: string, charset: string, kind: string, data: string) => {
      const bytes =
        kind.toLowerCase() === 'b' ? Buffer.from(data, 'base64') : quoted(data);
      try {
        return new TextDecoder(charset, { fatal: true }).decode(bytes);
      } catch {
        return whole;
      }
    },
  );
}

/** The Q encoding: an underscore is a blank. */
function quoted(data: string): Buffer {
  const bytes: number[] = [];
  for (const [part = ''] of data.matchAll(/=[0-9a-f]{2}|[^]/gi)) {
    if (part.length === 3) bytes.push(Number.parseInt(part.slice(1), 16));
    else bytes.push(part === '_' ? 0x20 : part.charCodeAt(0) & 0xff);
  }
  return Buffer.from(bytes);
}

/** UTF-8 that an HTTP library gave out as Latin-1; anything else as it is. */
export function utf8OfBytes(value: string): string {
  const bytes = Buffer.from(value, 'latin1');
  // Beyond Latin-1 nobody has taken bytes for letters.
  if (bytes.toString('latin1') !== value) return value;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return value;
  }
}
