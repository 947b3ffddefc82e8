/** Longest encoded word. https://www.rfc-editor.org/rfc/rfc2047#section-2 */
const MAX_WORD = 75;
const OPEN = '=?UTF-8?B?';
const CLOSE = '?=';

/**
 * A value of user metadata as it can be sent: ASCII as it is, anything else as encoded
 * words of RFC 2047, which S3 decodes and gives back the same way.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html#UserMetadata
 */
export function encodeValue(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  const room = Math.floor((MAX_WORD - OPEN.length - CLOSE.length) / 4) * 3;
  const words: number[][] = [[]];
  for (const character of text) {
    const bytes = new TextEncoder().encode(character);
    if ((words.at(-1)?.length ?? 0) + bytes.length > room) words.push([]);
    words.at(-1)?.push(...bytes);
  }
  return words
    .map((bytes) => `${OPEN}${btoa(String.fromCharCode(...bytes))}${CLOSE}`)
    .join(' ');
}
