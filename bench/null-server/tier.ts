/** Hash of no bytes: it protects nothing. */
const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/**
 * What a request for a body's upload says of its content: some of `sha256`, `md5`, `crc`.
 * The signature covers the hash, so a signed payload counts as protected by SHA-256.
 */
export function protectionOf(headers: ReadonlyMap<string, string>): readonly string[] {
  const content = headers.get('x-amz-content-sha256') ?? '';
  const trailer = headers.get('x-amz-trailer') ?? '';
  const found: string[] = [];
  const signed =
    (/^[0-9a-f]{64}$/.test(content) && content !== EMPTY_SHA256) ||
    content.startsWith('STREAMING-AWS4-HMAC-SHA256');
  const named = [...headers.keys(), trailer];
  if (signed || named.includes('x-amz-checksum-sha256')) found.push('sha256');
  if (headers.has('content-md5') || headers.has('x-amz-meta-md5chksum'))
    found.push('md5');
  if (named.some((name) => name.startsWith('x-amz-checksum-crc'))) found.push('crc');
  return found;
}

/** One word for a set of protections, such as `sha256+md5`; `none` for none. */
export function tierOf(found: ReadonlySet<string>): string {
  const names = ['sha256', 'md5', 'crc'].filter((name) => found.has(name));
  return names.length === 0 ? 'none' : names.join('+');
}
