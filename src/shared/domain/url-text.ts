/** Parts of an absolute URL as written, but host in lower case and ports as numbers. */
export interface UrlParts {
  /** Lower case, without colon. */
  readonly scheme: string;
  readonly userInfo: string | null;
  /** Lower case; IPv6 in brackets. */
  readonly host: string;
  /** Explicit or the scheme's own; NaN when it is not a port. */
  readonly port: number;
  /** As written: percent-encoded, with `..` and `//` kept. Empty or starts with `/`. */
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
}

const URL_PATTERN =
  /^(?<scheme>[a-z][a-z0-9+.-]*):\/\/(?<authority>[^/?#]*)(?<path>[^?#]*)(?:\?(?<query>[^#]*))?(?:#[\s\S]*)?$/i;

const DEFAULT_PORTS: Readonly<Record<string, number>> = { http: 80, https: 443 };

/**
 * Splits a URL without touching its path: the `URL` class resolves `..` and `%2e`, which
 * are ordinary characters in object keys. `null` when there is no `scheme://`.
 */
export function splitUrl(text: string): UrlParts | null {
  const groups = URL_PATTERN.exec(text)?.groups;
  if (groups === undefined) return null;
  const scheme = (groups['scheme'] ?? '').toLowerCase();
  const authority = groups['authority'] ?? '';
  const at = authority.lastIndexOf('@');
  const hostPort = authority.slice(at + 1);
  const colon = /:(?<port>[^:\]]*)$/.exec(hostPort);
  const portText = colon?.groups?.['port'] ?? '';
  return {
    scheme,
    userInfo: at === -1 ? null : authority.slice(0, at),
    host: (colon === null ? hostPort : hostPort.slice(0, colon.index)).toLowerCase(),
    port: portText === '' ? (DEFAULT_PORTS[scheme] ?? Number.NaN) : parsePort(portText),
    path: groups['path'] ?? '',
    query: groups['query'] ?? '',
  };
}

/** Decodes percent-encoded UTF-8; what is not valid stays as written. `+` stays `+`. */
export function decodePercent(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
    try {
      return decodeURIComponent(run);
    } catch {
      return run;
    }
  });
}

/** Value of a query parameter, decoded, with `+` as space; `null` when it is absent. */
export function queryValue(query: string, name: string): string | null {
  for (const pair of query.split('&')) {
    const equals = pair.indexOf('=');
    const key = equals === -1 ? pair : pair.slice(0, equals);
    if (key === name) {
      return equals === -1
        ? ''
        : decodePercent(pair.slice(equals + 1).replaceAll('+', ' '));
    }
  }
  return null;
}

function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  return port >= 1 && port <= 65_535 ? port : Number.NaN;
}
