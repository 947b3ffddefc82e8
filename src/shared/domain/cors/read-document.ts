import type { CorsReading } from './document.ts';
import { readCorsJson } from './read-json.ts';
import { readCorsXml } from './read-xml.ts';

/** Reads a file of rules, whichever way they are written: XML begins with `<`. */
export function readCorsDocument(text: string): CorsReading {
  return looksLikeXml(text) ? readCorsXml(text) : readCorsJson(text);
}

/** Whether a text is more likely XML than JSON. */
export function looksLikeXml(text: string): boolean {
  return /^\uFEFF?\s*</.test(text);
}
