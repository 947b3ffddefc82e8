import { isIP } from 'node:net';
import type { Addressing } from '../../../shared/domain/bookmark.ts';

/** Whether a bucket's name can be a label of a host: lower-case DNS, no dots. */
export function isHostLabel(bucket: string): boolean {
  return /^[a-z0-9](?:[a-z0-9-]{1,61})[a-z0-9]$/.test(bucket);
}

/** Whether an endpoint is an address, this computer or has a port of its own. */
export function isPlainHost(endpoint: URL): boolean {
  const host = endpoint.hostname.replace(/^\[|\]$/g, '');
  return isIP(host) !== 0 || host === 'localhost' || endpoint.port !== '';
}

/**
 * `true`: the bucket goes into the path. `preferred` is what the profile says of the
 * provider; a name that cannot be in a host always goes into the path.
 */
export function usesPathStyle(
  choice: Addressing,
  preferred: 'path' | 'virtual-host',
  endpoint: URL,
  bucket: string,
): boolean {
  if (!isHostLabel(bucket)) return true;
  if (choice !== 'auto') return choice === 'path';
  if (endpoint.hostname.includes('amazonaws.com')) return false;
  return preferred === 'path' || isPlainHost(endpoint);
}

/** Key or prefix as a URL path: every segment encoded, slashes kept. RFC 3986 */
export function encodeKey(key: string): string {
  return key.split('/').map(encodeSegment).join('/');
}

function encodeSegment(segment: string): string {
  return encodeURIComponent(segment).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
