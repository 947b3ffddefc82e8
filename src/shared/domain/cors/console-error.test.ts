import { describe, expect, it } from 'vitest';
import { type ConsoleReading, namesBucket, readConsoleError } from './console-error.ts';

const NONE: Omit<ConsoleReading, 'browser' | 'cause'> = {
  url: null,
  origin: null,
  method: null,
  headers: [],
  credentials: null,
  status: null,
};

const URL = 'https://media.s3.eu-west-1.amazonaws.com/a%20b.png?x-id=GetObject';
const ORIGIN = 'https://app.example.com';

const CHROME = `Access to fetch at '${URL}' from origin '${ORIGIN}' has been blocked by CORS policy:`;
const FIREFOX = `Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at ${URL}.`;

describe('readConsoleError', () => {
  it.each<[string, Partial<ConsoleReading>]>([
    [
      `${CHROME} No 'Access-Control-Allow-Origin' header is present on the requested resource. If an opaque response serves your needs, set the request's mode to 'no-cors' to fetch the resource with CORS disabled.`,
      { browser: 'chrome', cause: 'no-allow-origin', url: URL, origin: ORIGIN },
    ],
    [
      `app.js:12 ${CHROME.replace('fetch', 'XMLHttpRequest')} Response to preflight request doesn't pass access control check: No 'Access-Control-Allow-Origin' header is present on the requested resource.\napp.js:12 PUT ${URL} net::ERR_FAILED`,
      {
        browser: 'chrome',
        cause: 'no-allow-origin',
        url: URL,
        origin: ORIGIN,
        method: 'PUT',
      },
    ],
    [
      `${CHROME} Response to preflight request doesn't pass access control check: It does not have HTTP ok status.\nDELETE ${URL} net::ERR_FAILED 403 (Forbidden)`,
      {
        browser: 'chrome',
        cause: 'preflight-refused',
        url: URL,
        origin: ORIGIN,
        method: 'DELETE',
        status: 403,
      },
    ],
    [
      `${CHROME} Request header field X-Amz-Meta-Id is not allowed by Access-Control-Allow-Headers in preflight response.`,
      {
        browser: 'chrome',
        cause: 'header-refused',
        url: URL,
        origin: ORIGIN,
        headers: ['x-amz-meta-id'],
      },
    ],
    [
      `${CHROME} Method PUT is not allowed by Access-Control-Allow-Methods in preflight response.`,
      {
        browser: 'chrome',
        cause: 'method-refused',
        url: URL,
        origin: ORIGIN,
        method: 'PUT',
      },
    ],
    [
      `${CHROME} The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '*' when the request's credentials mode is 'include'.`,
      {
        browser: 'chrome',
        cause: 'wildcard-with-credentials',
        url: URL,
        origin: ORIGIN,
        credentials: true,
      },
    ],
    [
      `${CHROME} The value of the 'Access-Control-Allow-Credentials' header in the response is '' which must be 'true' when the request's credentials mode is 'include'.`,
      {
        browser: 'chrome',
        cause: 'credentials-refused',
        url: URL,
        origin: ORIGIN,
        credentials: true,
      },
    ],
    [
      `${CHROME} The 'Access-Control-Allow-Origin' header has a value 'https://b.example.com' that is not equal to the supplied origin.`,
      { browser: 'chrome', cause: 'other-origin', url: URL, origin: ORIGIN },
    ],
    [
      `${CHROME} Response to preflight request doesn't pass access control check: Redirect is not allowed for a preflight request.`,
      { browser: 'chrome', cause: 'preflight-redirected', url: URL, origin: ORIGIN },
    ],
    [
      `${CHROME} The 'Access-Control-Allow-Origin' header contains multiple values '*, *', but only one is allowed.`,
      { browser: 'chrome', cause: 'many-allow-origins', url: URL, origin: ORIGIN },
    ],
    [
      `Access to font at 'https://media.example.com/f.woff2' (redirected from 'https://x.example.com/') from origin 'null' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.`,
      {
        browser: 'chrome',
        cause: 'no-allow-origin',
        url: 'https://media.example.com/f.woff2',
        origin: 'null',
        method: 'GET',
      },
    ],
    [
      `${FIREFOX} (Reason: CORS header ‘Access-Control-Allow-Origin’ missing). Status code: 200.`,
      { browser: 'firefox', cause: 'no-allow-origin', url: URL, status: 200 },
    ],
    [
      `${FIREFOX} (Reason: CORS preflight response did not succeed). Status code: 403.`,
      { browser: 'firefox', cause: 'preflight-refused', url: URL, status: 403 },
    ],
    [
      `${FIREFOX} (Reason: header ‘x-amz-acl’ is not allowed according to header ‘Access-Control-Allow-Headers’ from CORS preflight response).`,
      { browser: 'firefox', cause: 'header-refused', url: URL, headers: ['x-amz-acl'] },
    ],
    [
      `${FIREFOX} (Reason: missing token ‘content-type’ in CORS header ‘Access-Control-Allow-Headers’ from CORS preflight channel).`,
      {
        browser: 'firefox',
        cause: 'header-refused',
        url: URL,
        headers: ['content-type'],
      },
    ],
    [
      `XHR PUT ${URL}\n${FIREFOX} (Reason: Did not find method in CORS header ‘Access-Control-Allow-Methods’).`,
      { browser: 'firefox', cause: 'method-refused', url: URL, method: 'PUT' },
    ],
    [
      `${FIREFOX} (Reason: Credential is not supported if the CORS header ‘Access-Control-Allow-Origin’ is ‘*’).`,
      {
        browser: 'firefox',
        cause: 'wildcard-with-credentials',
        url: URL,
        credentials: true,
      },
    ],
    [
      `${FIREFOX} (Reason: expected ‘true’ in CORS header ‘Access-Control-Allow-Credentials’).`,
      { browser: 'firefox', cause: 'credentials-refused', url: URL, credentials: true },
    ],
    [
      `${FIREFOX} (Reason: CORS header ‘Access-Control-Allow-Origin’ does not match ‘https://b.example.com’).`,
      { browser: 'firefox', cause: 'other-origin', url: URL },
    ],
    [
      `${FIREFOX} (Reason: CORS request did not succeed). Status code: (null).`,
      { browser: 'firefox', cause: 'no-answer', url: URL },
    ],
    [
      `[Error] Origin ${ORIGIN} is not allowed by Access-Control-Allow-Origin. Status code: 403\n[Error] Fetch API cannot load ${URL} due to access control checks.`,
      {
        browser: 'safari',
        cause: 'no-allow-origin',
        url: URL,
        origin: ORIGIN,
        status: 403,
      },
    ],
    [
      `XMLHttpRequest cannot load ${URL} due to access control checks.`,
      { browser: 'safari', cause: 'no-allow-origin', url: URL },
    ],
    [
      `[Error] Preflight response is not successful. Status code: 403\n[Error] XMLHttpRequest cannot load ${URL} due to access control checks.`,
      { browser: 'safari', cause: 'preflight-refused', url: URL, status: 403 },
    ],
    [
      '[Error] Request header field X-Custom is not allowed by Access-Control-Allow-Headers.',
      { browser: 'safari', cause: 'header-refused', headers: ['x-custom'] },
    ],
    [
      'Method PUT is not allowed by Access-Control-Allow-Methods.',
      { browser: 'safari', cause: 'method-refused', method: 'PUT' },
    ],
    [
      'Cannot use wildcard in Access-Control-Allow-Origin when credentials flag is true.',
      { browser: 'safari', cause: 'wildcard-with-credentials', credentials: true },
    ],
    [
      'Credentials flag is true, but Access-Control-Allow-Credentials is not "true".',
      { browser: 'safari', cause: 'credentials-refused', credentials: true },
    ],
  ])('reads %s', (text, expected) => {
    expect(readConsoleError(text)).toEqual({ ...NONE, ...expected });
  });

  it('reads the error of a page that hides the addresses, with typographic quotes', () => {
    const seed = `Access to XMLHttpRequest at '' from origin
'' has been blocked by CORS policy: No
‘Access-Control-Allow-Origin’ header is present on the requested resource.`;
    expect(readConsoleError(seed)).toEqual({
      ...NONE,
      browser: 'chrome',
      cause: 'no-allow-origin',
    });
  });

  it('collects the headers of several errors', () => {
    const lines = ['x-amz-acl', 'Content-MD5', 'x-amz-acl'].map(
      (name) =>
        `${CHROME} Request header field ${name} is not allowed by Access-Control-Allow-Headers in preflight response.`,
    );
    expect(readConsoleError(lines.join('\n'))?.headers).toEqual([
      'x-amz-acl',
      'content-md5',
    ]);
  });

  it.each(['', 'Uncaught TypeError: x is not a function', 'GET https://a.com/ 404'])(
    'finds nothing in %j',
    (text) => {
      expect(readConsoleError(text)).toBeNull();
    },
  );
});

describe('namesBucket', () => {
  it.each([
    ['https://media.s3.amazonaws.com/a', 'media', true],
    ['https://s3.amazonaws.com/media/a', 'media', true],
    ['https://media.example.com/a', 'media.example.com', true],
    ['https://s3.amazonaws.com/media2/a', 'media', false],
    ['https://mediaserver.com/a', 'media', false],
    ['no address', 'media', false],
  ])('%s names %s: %s', (url, bucket, is) => {
    expect(namesBucket(url, bucket)).toBe(is);
  });
});
