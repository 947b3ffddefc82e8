import { inferRegion, splitHost } from './s3-hosts.ts';
import { decodePercent, queryValue, splitUrl, type UrlParts } from './url-text.ts';

export { inferRegion };

/** Something the parser did that the dialog should show. */
export type EndpointNote =
  /** No scheme was given. */
  | { readonly kind: 'scheme-assumed'; readonly secure: boolean }
  /** Plain http to a server that is not on this computer or network. */
  | { readonly kind: 'insecure' }
  | { readonly kind: 'bucket-from-host'; readonly bucket: string }
  | { readonly kind: 'bucket-from-path'; readonly bucket: string }
  | { readonly kind: 'path-from-url'; readonly path: string }
  /** The URL was one object's: only its folder was taken. */
  | { readonly kind: 'object-name-dropped'; readonly name: string }
  /** A query was dropped; `signed` when it was a signed link. */
  | { readonly kind: 'query-dropped'; readonly signed: boolean }
  /** The host serves files but not the API; the API's host was put in its place. */
  | { readonly kind: 'host-replaced'; readonly from: string; readonly to: string }
  | { readonly kind: 'console-url' }
  /** An `s3://` address names no server: the default one was taken. */
  | { readonly kind: 'endpoint-assumed'; readonly endpoint: string };

/** Why a text is no endpoint. The text itself is never repeated: it may hold a secret. */
export type EndpointProblem =
  | 'empty'
  | 'too-long'
  | 'placeholder'
  | 'scheme'
  | 'host'
  | 'port'
  | 'has-credentials'
  | 'console-url';

/** A server address understood. */
export interface ParsedEndpoint {
  readonly ok: true;
  /** `https://host[:port]`, the default port left out. */
  readonly endpoint: string;
  readonly host: string;
  readonly secure: boolean;
  readonly port: number;
  /** Told by the host's name; empty when it does not tell. */
  readonly region: string;
  readonly bucket: string | null;
  /** Prefix in the bucket: empty or ending in `/`. */
  readonly path: string;
  readonly notes: readonly EndpointNote[];
}

/** Answer of {@link parseEndpoint}. */
export type EndpointResult =
  | ParsedEndpoint
  | { readonly ok: false; readonly reason: EndpointProblem };

/** Options of {@link parseEndpoint}. */
export interface EndpointOptions {
  /** Server for `s3://bucket/prefix`, which names none. Amazon S3 when absent. */
  readonly defaultEndpoint?: string | undefined;
}

const MAX_LENGTH = 2_048;
const AMAZON_S3 = 'https://s3.amazonaws.com';
/** Ports where servers usually speak TLS even on a local network. */
const TLS_PORTS: readonly number[] = [443, 8443, 9443];
/** Web consoles that do not tell the endpoint in their address. */
const CONSOLE_HOSTS: readonly string[] = [
  'cloud.digitalocean.com',
  'console.scaleway.com',
  'console.wasabisys.com',
  'portal.exoscale.com',
  'secure.backblaze.com',
];

/**
 * Reads a server address the way people have it at hand: with or without scheme, port or
 * slash, with the bucket in the host, a pasted object or console URL, `s3://bucket/path`,
 * IP addresses. User names in the address are refused: secrets belong in their own field.
 */
export function parseEndpoint(
  text: string,
  options: EndpointOptions = {},
): EndpointResult {
  const input = clean(text);
  if (input === '') return problem('empty');
  if (input.length > MAX_LENGTH) return problem('too-long');
  const schemed = /^[a-z][a-z0-9+.-]*:\/\//i.test(input);
  const s3Path = /^s3:\/\//i.test(input) ? splitUrl(input) : null;
  if (s3Path !== null) return parseS3Path(s3Path, input, options);
  const notes: EndpointNote[] = [];
  let url: UrlParts | null;
  if (schemed) {
    url = splitUrl(input);
  } else {
    // A scheme without a default port tells whether a port was written.
    const bare = splitUrl(`unknown://${bracketIPv6(input)}`);
    const secure = bare === null || assumeTls(bare);
    url = splitUrl(`${secure ? 'https' : 'http'}://${bracketIPv6(input)}`);
    notes.push({ kind: 'scheme-assumed', secure });
  }
  if (url === null) return problem('host');
  // A secret with a slash in it moves the `@` out of what looks like the host.
  const slashedSecret = Number.isNaN(url.port) && url.path.includes('@');
  if (url.userInfo !== null || slashedSecret) return problem('has-credentials');
  if (/[{}<>]|%7b/i.test(url.host)) return problem('placeholder');
  if (url.scheme !== 'http' && url.scheme !== 'https') return problem('scheme');
  if (Number.isNaN(url.port)) return problem('port');
  const host = checkedHost(url.host);
  if (host === null) return problem('host');
  const console = consoleTarget(host, url);
  if (console !== null) return console;
  return fromServer({ ...url, host }, notes);
}

/** Whether a host is this computer or plainly on the local network. */
export function isLocalHost(host: string): boolean {
  return (
    /^(?:localhost|.*\.localhost|\[::1\]|\[f[cd][0-9a-f:.]*\]|\[fe80:[0-9a-f:.]*\])$/.test(
      host,
    ) ||
    /^(?:127|10)\.|^192\.168\.|^172\.(?:1[6-9]|2\d|3[01])\.|^169\.254\./.test(host) ||
    /\.(?:local|lan|internal|home\.arpa|test)$/.test(host) ||
    // A single label can only be a name of the local network, such as `minio`.
    /^[a-z0-9_-]+$/.test(host)
  );
}

function fromServer(url: UrlParts, notes: EndpointNote[]): ParsedEndpoint {
  const secure = url.scheme === 'https';
  const known = splitHost(url.host);
  const host = known?.host ?? url.host;
  const rest = url.path.replace(/^\//, '');
  let bucket = known?.bucket ?? null;
  let rawPath = rest;
  if (bucket !== null) {
    notes.push({ kind: 'bucket-from-host', bucket });
  } else if (rest !== '') {
    const slash = rest.indexOf('/');
    bucket = decodePercent(slash === -1 ? rest : rest.slice(0, slash)) || null;
    rawPath = slash === -1 ? '' : rest.slice(slash + 1);
    if (bucket !== null) notes.push({ kind: 'bucket-from-path', bucket });
  }
  if (known !== null && known.host !== url.host && !url.host.endsWith(`.${known.host}`)) {
    notes.push({ kind: 'host-replaced', from: url.host, to: known.host });
  }
  const path = bucket === null ? '' : folderOf(decodePercent(rawPath), notes);
  if (url.query !== '') {
    const signed = /(?:^|&)(?:x-amz-signature|signature|awsaccesskeyid)=/i.test(
      url.query,
    );
    notes.push({ kind: 'query-dropped', signed });
  }
  if (!secure && !isLocalHost(host)) notes.push({ kind: 'insecure' });
  return build({
    secure,
    host,
    port: url.port,
    region: known?.region ?? '',
    bucket,
    path,
    notes,
  });
}

function parseS3Path(
  url: UrlParts,
  input: string,
  options: EndpointOptions,
): EndpointResult {
  if (url.userInfo !== null) return problem('has-credentials');
  const text = input.slice('s3://'.length);
  const slash = text.indexOf('/');
  const bucket = slash === -1 ? text : text.slice(0, slash);
  const base = parseEndpoint(options.defaultEndpoint ?? AMAZON_S3);
  if (!base.ok) return base;
  const notes: EndpointNote[] = [{ kind: 'endpoint-assumed', endpoint: base.endpoint }];
  if (bucket !== '') notes.push({ kind: 'bucket-from-path', bucket });
  const path = slash === -1 ? '' : folderOf(text.slice(slash + 1), notes);
  return { ...base, bucket: bucket === '' ? null : bucket, path, notes };
}

/** Endpoint and bucket out of a web console's address; a problem where it tells neither. */
function consoleTarget(host: string, url: UrlParts): EndpointResult | null {
  if (/^(?:[a-z0-9-]+\.)*console\.(?:aws\.amazon\.com|amazonaws\.cn)$/.test(host)) {
    const match = /^\/s3\/(?:buckets|object|upload)\/(?<bucket>[^/]+)/.exec(url.path);
    const own = /^(?<region>[a-z]{2}(?:-[a-z]+)+-\d)\.console\./.exec(host);
    const region =
      queryValue(url.query, 'region') ?? own?.groups?.['region'] ?? 'us-east-1';
    if (!/^[a-z0-9-]+$/.test(region)) return problem('console-url');
    const suffix = host.endsWith('.cn') ? 'amazonaws.com.cn' : 'amazonaws.com';
    const notes: EndpointNote[] = [{ kind: 'console-url' }];
    const bucket = decodePercent(match?.groups?.['bucket'] ?? '') || null;
    const path =
      bucket === null ? '' : folderOf(queryValue(url.query, 'prefix') ?? '', notes);
    const server = `s3.${region}.${suffix}`;
    return build({ secure: true, host: server, port: 443, region, bucket, path, notes });
  }
  if (host === 'dash.cloudflare.com') {
    const match =
      /^\/(?<account>[0-9a-f]{32})\/r2\/(?:(?<area>[a-z]+)\/)?(?:buckets\/(?<bucket>[^/]+))?/.exec(
        url.path,
      );
    const account = match?.groups?.['account'];
    if (account === undefined) return problem('console-url');
    const area = match?.groups?.['area'];
    const jurisdiction = area === 'eu' || area === 'fedramp' ? `.${area}` : '';
    return build({
      secure: true,
      host: `${account}${jurisdiction}.r2.cloudflarestorage.com`,
      port: 443,
      region: 'auto',
      bucket: match?.groups?.['bucket'] ?? null,
      path: '',
      notes: [{ kind: 'console-url' }],
    });
  }
  return CONSOLE_HOSTS.includes(host) ? problem('console-url') : null;
}

function build(parts: Omit<ParsedEndpoint, 'ok' | 'endpoint'>): ParsedEndpoint {
  const port = parts.port === (parts.secure ? 443 : 80) ? '' : `:${parts.port}`;
  const endpoint = `${parts.secure ? 'https' : 'http'}://${parts.host}${port}`;
  return { ok: true, endpoint, ...parts };
}

/** The folder a pasted path means. A last part with an extension is an object's name. */
function folderOf(path: string, notes: EndpointNote[]): string {
  let folder = path;
  if (path !== '' && !path.endsWith('/')) {
    const slash = path.lastIndexOf('/');
    const name = path.slice(slash + 1);
    if (/.\.[A-Za-z0-9]{1,8}$/.test(name)) {
      notes.push({ kind: 'object-name-dropped', name });
      folder = path.slice(0, slash + 1);
    } else {
      folder = `${path}/`;
    }
  }
  if (folder !== '') notes.push({ kind: 'path-from-url', path: folder });
  return folder;
}

function checkedHost(host: string): string | null {
  if (host === '' || /[\s"'`,;\\|^]/.test(host)) return null;
  if (!URL.canParse(`https://${host}`)) return null;
  const { hostname } = new URL(`https://${host}`);
  if (hostname.startsWith('[')) return hostname;
  const labels = hostname.replace(/\.$/, '').split('.');
  const valid = labels.every((label) =>
    /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label),
  );
  return valid ? labels.join('.') : null;
}

/** Public servers speak TLS; those at home do on the usual TLS ports only. */
function assumeTls(url: UrlParts): boolean {
  if (TLS_PORTS.includes(url.port)) return true;
  return url.port !== 80 && !isLocalHost(url.host);
}

/** `::1` is common to type; URLs demand brackets around it. */
function bracketIPv6(text: string): string {
  const host = /^[^/?#]*/.exec(text)?.[0] ?? '';
  const bare = /^[0-9a-f:.]+$/i.test(host) && (host.match(/:/g) ?? []).length > 1;
  return bare ? `[${host}]${text.slice(host.length)}` : text;
}

/** Takes off what comes along with copying: spaces, quotes, brackets, an option's name. */
function clean(text: string): string {
  return text
    .replace(/[\u200b-\u200d\u2060\ufeff]/g, '')
    .trim()
    .replace(/^--(?:endpoint-url|url-endpoint|endpoint)[=\s]+/, '')
    .replace(/^(["'`])(?<inner>.*)\1$/s, '$<inner>')
    .replace(/^<(?<inner>[^<>]*)>$/, '$<inner>')
    .trim();
}

function problem(reason: EndpointProblem): EndpointResult {
  return { ok: false, reason };
}
