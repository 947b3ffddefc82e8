/** Which browser wrote an error. */
export type BrowserName = 'chrome' | 'firefox' | 'safari';

/** What a browser says is in the way. */
export type ConsoleCause =
  /** The answer had no `Access-Control-Allow-Origin`. */
  | 'no-allow-origin'
  /** It named another origin. */
  | 'other-origin'
  /** The preflight was not answered with a 2xx. */
  | 'preflight-refused'
  | 'header-refused'
  | 'method-refused'
  /** `*` for a request with credentials. */
  | 'wildcard-with-credentials'
  /** `Access-Control-Allow-Credentials` is not `true`. */
  | 'credentials-refused'
  /** The preflight was sent elsewhere, as to the bucket's own region. */
  | 'preflight-redirected'
  /** Two `Access-Control-Allow-Origin`, as by a server in between. */
  | 'many-allow-origins'
  /** There was no answer at all: nothing that rules can change. */
  | 'no-answer';

/** What was read out of a browser's console. `null`: it does not say. */
export interface ConsoleReading {
  readonly browser: BrowserName;
  readonly cause: ConsoleCause;
  /** What was asked for. */
  readonly url: string | null;
  readonly origin: string | null;
  readonly method: string | null;
  readonly headers: readonly string[];
  /** `null`: does not say. */
  readonly credentials: boolean | null;
  /** What the server answered with, where it says. */
  readonly status: number | null;
}

interface Wording {
  readonly browser: BrowserName;
  readonly cause: ConsoleCause;
  /** Of the text with plain quotes and blanks. */
  readonly pattern: RegExp;
}

// Chromium: services/network/public/cpp/cors/cors_error_status and
// third_party/blink/renderer/platform/loader/cors/cors_error_string.cc. Firefox:
// dom/locales/en-US/chrome/security/security.properties. Safari: WebCore/loader.
// The more telling wordings come before those that may stand beside them.
const WORDINGS: readonly Wording[] = [
  {
    browser: 'chrome',
    cause: 'header-refused',
    pattern:
      /request header field (?<header>[^\s']+) is not allowed by access-control-allow-headers in preflight/i,
  },
  {
    browser: 'chrome',
    cause: 'method-refused',
    pattern:
      /method (?<method>[a-z]+) is not allowed by access-control-allow-methods in preflight/i,
  },
  {
    browser: 'chrome',
    cause: 'wildcard-with-credentials',
    pattern:
      /'access-control-allow-origin' header in the response must not be the wildcard/i,
  },
  {
    browser: 'chrome',
    cause: 'credentials-refused',
    pattern: /'access-control-allow-credentials' header in the response is/i,
  },
  {
    browser: 'chrome',
    cause: 'many-allow-origins',
    pattern: /'access-control-allow-origin' header contains multiple values/i,
  },
  {
    browser: 'chrome',
    cause: 'other-origin',
    pattern:
      /'access-control-allow-origin' header (?:has a value|contains the invalid value)/i,
  },
  {
    browser: 'chrome',
    cause: 'preflight-redirected',
    pattern: /redirect is not allowed for a preflight request/i,
  },
  {
    browser: 'chrome',
    cause: 'preflight-refused',
    pattern: /it does not have http ok status/i,
  },
  {
    browser: 'chrome',
    cause: 'no-allow-origin',
    pattern: /no 'access-control-allow-origin' header is present/i,
  },
  {
    browser: 'firefox',
    cause: 'header-refused',
    pattern:
      /header '(?<header>[^']+)' is not allowed according to header 'access-control-allow-headers'/i,
  },
  {
    browser: 'firefox',
    cause: 'header-refused',
    pattern: /missing token '(?<header>[^']+)' in cors header/i,
  },
  {
    browser: 'firefox',
    cause: 'method-refused',
    pattern: /did not find method in cors header/i,
  },
  {
    browser: 'firefox',
    cause: 'wildcard-with-credentials',
    pattern: /credential is not supported if the cors header/i,
  },
  {
    browser: 'firefox',
    cause: 'credentials-refused',
    pattern: /expected 'true' in cors header/i,
  },
  {
    browser: 'firefox',
    cause: 'many-allow-origins',
    pattern: /multiple cors header 'access-control-allow-origin' not allowed/i,
  },
  {
    browser: 'firefox',
    cause: 'other-origin',
    pattern: /cors header 'access-control-allow-origin' does not match/i,
  },
  {
    browser: 'firefox',
    cause: 'preflight-redirected',
    pattern: /cors request external redirect not allowed/i,
  },
  {
    browser: 'firefox',
    cause: 'preflight-refused',
    pattern: /cors preflight (?:response|channel) did not succeed/i,
  },
  {
    browser: 'firefox',
    cause: 'no-allow-origin',
    pattern: /cors header 'access-control-allow-origin' missing/i,
  },
  {
    browser: 'firefox',
    cause: 'no-answer',
    pattern: /cors request did not succeed|cors request not http/i,
  },
  {
    browser: 'safari',
    cause: 'header-refused',
    pattern:
      /request header field (?<header>[^\s']+) is not allowed by access-control-allow-headers/i,
  },
  {
    browser: 'safari',
    cause: 'method-refused',
    pattern: /method (?<method>[a-z]+) is not allowed by access-control-allow-methods/i,
  },
  {
    browser: 'safari',
    cause: 'wildcard-with-credentials',
    pattern: /cannot use wildcard in access-control-allow-origin when credentials/i,
  },
  {
    browser: 'safari',
    cause: 'credentials-refused',
    pattern: /access-control-allow-credentials is not "true"/i,
  },
  {
    browser: 'safari',
    cause: 'preflight-redirected',
    pattern: /preflight response is a redirection/i,
  },
  {
    browser: 'safari',
    cause: 'many-allow-origins',
    pattern:
      /access-control-allow-origin (?:cannot|can not) contain more than one origin/i,
  },
  {
    browser: 'safari',
    cause: 'no-allow-origin',
    pattern: /origin (?<origin>\S+) is not allowed by access-control-allow-origin/i,
  },
  {
    browser: 'safari',
    cause: 'preflight-refused',
    pattern: /preflight response is not successful/i,
  },
  {
    browser: 'safari',
    cause: 'no-allow-origin',
    pattern: /due to access control checks/i,
  },
];

/**
 * Reads what a browser wrote to its console, a whole log too: Chrome (with Edge and its
 * other kin), Firefox or Safari, in English. `null`: nothing there is about CORS.
 */
export function readConsoleError(pasted: string): ConsoleReading | null {
  const text = pasted
    .replace(/[‘’‛`]/g, "'")
    .replace(/[“”]/g, '"')
    .replace(/\s+/g, ' ');
  for (const { browser, cause, pattern } of WORDINGS) {
    const found = pattern.exec(text);
    if (found === null) continue;
    const groups = found.groups ?? {};
    const url = urlIn(text);
    return {
      browser,
      cause,
      url,
      origin: groups['origin'] ?? /from origin '([^']+)'/i.exec(text)?.[1] ?? null,
      method: groups['method']?.toUpperCase() ?? methodIn(text),
      headers: headersIn(text),
      credentials:
        cause === 'wildcard-with-credentials' || cause === 'credentials-refused'
          ? true
          : null,
      status: statusIn(text),
    };
  }
  return null;
}

/** Whether an address names this bucket, in its host or as the first part of its path. */
export function namesBucket(url: string, bucket: string): boolean {
  if (!URL.canParse(url)) return false;
  const { hostname, pathname } = new URL(url);
  return (
    hostname === bucket ||
    hostname.startsWith(`${bucket}.`) ||
    pathname.split('/')[1] === bucket
  );
}

function urlIn(text: string): string | null {
  const patterns = [
    /access to .{1,40} at '(https?:[^']+)'/i,
    /reading the remote resource at (https?:\S+?)\.?(?= |$)/i,
    /cannot load (https?:\S+?)\.?(?= due to|$)/i,
    /\b(?:GET|HEAD|PUT|POST|DELETE|OPTIONS) (https?:\S+)/,
  ];
  for (const pattern of patterns) {
    const url = pattern.exec(text)?.[1];
    if (url !== undefined && URL.canParse(url)) return url;
  }
  return null;
}

/** The request's line beside the error says the method; pictures and the like are read. */
function methodIn(text: string): string | null {
  const line = /\b(GET|HEAD|PUT|POST|DELETE) https?:/.exec(text)?.[1];
  if (line !== undefined) return line;
  return /access to (?:image|font|script|css stylesheet|video|audio|media|manifest)\b/i.test(
    text,
  )
    ? 'GET'
    : null;
}

function headersIn(text: string): readonly string[] {
  const patterns = [
    /request header field ([^\s']+) is not allowed/gi,
    /header '([^']+)' is not allowed according to header/gi,
    /missing token '([^']+)' in cors header/gi,
  ];
  const names = patterns.flatMap((pattern) =>
    [...text.matchAll(pattern)].map((match) => (match[1] ?? '').toLowerCase()),
  );
  return [...new Set(names)];
}

function statusIn(text: string): number | null {
  const found =
    /status code: (\d{3})\b/i.exec(text) ?? /net::ERR_\w+ (\d{3})\b/.exec(text);
  return found === null ? null : Number(found[1]);
}
