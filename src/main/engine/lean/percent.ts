/** Every byte as `%XX`, or as itself where RFC 3986 leaves it unreserved. */
const QUERY_TABLE: readonly string[] = Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  return /[A-Za-z0-9\-._~]/.test(character)
    ? character
    : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
});

/**
 * A key as the path of a URL and of the canonical request: opaque, so that `..`, `//` and
 * control characters arrive as they are; only slashes stay.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
export function encodePath(key: string): string {
  return /^[A-Za-z0-9\-._~/]*$/.test(key) ? key : encodeBytes(key, true);
}

/** A name or value of a query, as sent and as signed. */
export function encodeQuery(text: string): string {
  return /^[A-Za-z0-9\-._~]*$/.test(text) ? text : encodeBytes(text, false);
}

function encodeBytes(text: string, keepSlash: boolean): string {
  let encoded = '';
  for (const byte of Buffer.from(text, 'utf8')) {
    encoded += keepSlash && byte === 0x2f ? '/' : QUERY_TABLE[byte];
  }
  return encoded;
}
