import { isSameService, splitHost } from './s3-hosts.ts';
import { decodePercent, splitUrl } from './url-text.ts';

/** A bucket and a key in it. `key` may be empty: the bucket itself. */
export interface RemoteLocation {
  readonly bucket: string;
  /** Object key or prefix. Opaque: never trimmed, normalised or decoded. */
  readonly key: string;
}

/** Why an address cannot be opened over this connection. */
export type AddressProblem = 'empty' | 'scheme' | 'no-bucket' | 'other-server';

/** What {@link parseAddress} made of a text. */
export type AddressResult =
  | ({ readonly ok: true } & RemoteLocation)
  | { readonly ok: false; readonly reason: AddressProblem };

/** What an address is read against. */
export interface AddressContext {
  /** Endpoint of the connection, `https://host[:port]`. */
  readonly endpoint: string;
  /** Bucket on screen; `null` at the list of buckets. */
  readonly currentBucket: string | null;
}

/**
 * Splits the "bucket or path" field: `iup-usa/123/xxx/` is bucket `iup-usa` and prefix
 * `123/xxx/`. One leading slash and `s3://` are accepted. The prefix is empty or ends in
 * `/`; an empty root has an empty bucket.
 */
export function splitRoot(root: string): {
  readonly bucket: string;
  readonly prefix: string;
} {
  const text = root.trimStart().replace(/^s3:\/\//i, '');
  const { bucket, key } = splitAtSlash(text.startsWith('/') ? text.slice(1) : text);
  return {
    bucket: bucket.trim(),
    prefix: key === '' || key.endsWith('/') ? key : `${key}/`,
  };
}

/** `s3://bucket/key`, the key as it is: nothing is encoded, as with the AWS tools. */
export function formatS3Path(location: RemoteLocation): string {
  return `s3://${location.bucket}/${location.key}`;
}

/**
 * Reads what was typed into the address bar or "Go to Folder".
 * - `s3://bucket/key`: the key as it stands.
 * - `https://…` in path or virtual-host style: percent-decoded; `+` stays `+`; the query is
 *   dropped. Must belong to the connection's endpoint or another region of its service.
 * - `/bucket/key`; without a leading slash `bucket/key` when it starts with the current
 *   bucket's name (as providers hand paths out) or at the list of buckets, else a key in
 *   the current bucket.
 */
export function parseAddress(text: string, context: AddressContext): AddressResult {
  const input = text.trimStart();
  if (input === '') return { ok: false, reason: 'empty' };
  if (/^s3:\/\//i.test(input)) return located(splitAtSlash(input.slice(5)));
  if (/^arn:[a-z-]*:s3:::/i.test(input)) {
    return located(splitAtSlash(input.slice(input.indexOf(':::') + 3)));
  }
  if (/^https?:\/\//i.test(input)) return parseHttpAddress(input.trimEnd(), context);
  // A colon may be part of a key, but `ftp://` never starts one anybody typed.
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(input)) return { ok: false, reason: 'scheme' };
  if (input.startsWith('/')) return located(splitAtSlash(input.slice(1)));
  const { currentBucket } = context;
  if (currentBucket === null || input.startsWith(`${currentBucket}/`)) {
    return located(splitAtSlash(input));
  }
  return { ok: true, bucket: currentBucket, key: text };
}

/** The prefix a key or folder lies in: of `a/b/` and of `a/b` it is `a/`; of `a` empty. */
export function parentPrefix(key: string): string {
  const end = key.endsWith('/') ? key.length - 2 : key.length - 1;
  return end < 0 ? '' : key.slice(0, key.lastIndexOf('/', end) + 1);
}

/** Last part without a trailing slash: of `a/b/` and `a/b` it is `b`; of `a//` empty. */
export function baseName(key: string): string {
  const end = key.endsWith('/') ? key.length - 1 : key.length;
  return key.slice(parentPrefix(key).length, end);
}

/** `name` under `prefix`; adds the slash between them when the prefix lacks it. */
export function joinKey(prefix: string, name: string): string {
  return prefix === '' || prefix.endsWith('/') ? prefix + name : `${prefix}/${name}`;
}

function parseHttpAddress(text: string, context: AddressContext): AddressResult {
  const url = splitUrl(text);
  const home = splitUrl(context.endpoint);
  if (url === null || home === null) return { ok: false, reason: 'other-server' };
  const path = url.path.startsWith('/') ? url.path.slice(1) : url.path;
  const host = url.host;
  const samePort = portKind(url.port) === portKind(home.port);
  if (host === home.host && samePort) return located(decoded(splitAtSlash(path)));
  if (host.endsWith(`.${home.host}`) && samePort) {
    const bucket = host.slice(0, -home.host.length - 1);
    return located({ bucket, key: decodePercent(path) });
  }
  const known = splitHost(host);
  if (known === null || !samePort || !isSameService(host, home.host)) {
    return { ok: false, reason: 'other-server' };
  }
  return known.bucket === null
    ? located(decoded(splitAtSlash(path)))
    : located({ bucket: known.bucket, key: decodePercent(path) });
}

/** http and https of one host are the same server when both are on their own ports. */
function portKind(port: number): number {
  return port === 80 ? 443 : port;
}

function located(location: RemoteLocation): AddressResult {
  return location.bucket === ''
    ? { ok: false, reason: 'no-bucket' }
    : { ok: true, ...location };
}

function decoded(location: RemoteLocation): RemoteLocation {
  return { bucket: decodePercent(location.bucket), key: decodePercent(location.key) };
}

function splitAtSlash(text: string): RemoteLocation {
  const slash = text.indexOf('/');
  return slash === -1
    ? { bucket: text, key: '' }
    : { bucket: text.slice(0, slash), key: text.slice(slash + 1) };
}
